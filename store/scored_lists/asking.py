"""Which rows of a scored list pass, in what order, and what is known of one?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput, NotFound
from store.population.source.engine import name_sql, told

MOST_MEMORY = "512MB"
BATCH = 10_000
LETTERS = "ABCD"
MOST_PROFILES = 3
PLAIN = ("lead", "place", "win_chance", "expected_value", "expansion_chance", "churn_chance")
OF_PROFILE = ("score", "tier", "confidence", "reasoning", "disqualifier")


class RowsQuery(BaseModel):
    """Which rows of a list are looked at, and in what order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: int = Field(
        default=0, ge=0, lt=MOST_PROFILES, description="Whose tier and reasons: the place of the profile."
    )
    tier: Literal["", "A", "B", "C", "D"] = Field(default="", description="Only of this tier.")
    text: str = Field(default="", max_length=200, description="Only with these words among the reasons.")
    sort: str = Field(
        default="-score",
        max_length=40,
        description="The column that sorts: `score`, `tier`, `confidence`, `reasoning` of the profile, "
        "`score_1` of another one, `lead`, `place` (as given), `win_chance`, `expected_value`. "
        "`-` before it: downwards.",
    )
    page: int = Field(default=1, ge=1, le=1_000_000, description="The page, from 1.")
    limit: int = Field(default=50, ge=1, le=500, description="Rows of a page.")


class Found(NamedTuple):
    """A page of rows."""

    rows: list[dict[str, Any]]  # by the stored columns
    total: int  # rows that pass, on all pages


def found_rows(path: Path, query: RowsQuery, without: np.ndarray) -> Found:
    """The rows of one page, and how many pass in all.

    without: ids of people who are never told of. Equal ones keep the order of the list: the best score of
    the first profile first, then as they were given.
    """
    with _opened(path) as connection:
        where, given = _where(query, without)
        asked = [name for name in _names(connection, path) if not name.startswith("value_")]
        _require(asked, query)
        source = "FROM read_parquet($path)"
        given |= {"path": str(path)}
        (total,) = connection.execute(f"SELECT count(*) {source} WHERE {where}", given).fetchone() or (0,)
        chosen = ", ".join(map(name_sql, asked))
        rows = connection.execute(
            f"SELECT {chosen} {source} WHERE {where} ORDER BY {_order(query)} LIMIT $limit OFFSET $skipped",
            given | {"limit": query.limit, "skipped": (query.page - 1) * query.limit},
        ).fetchall()
    return Found([dict(zip(asked, row, strict=True)) for row in rows], int(total))


def tier_counts(path: Path, query: RowsQuery, without: np.ndarray) -> dict[str, int]:
    """Rows in each tier of the profile, of those that pass the words; the tier itself is not looked at."""
    with _opened(path) as connection:
        where, given = _where(query.model_copy(update={"tier": ""}), without)
        tier = _own("tier", query)
        found = connection.execute(
            f"SELECT {tier}, count(*) FROM read_parquet($path) WHERE {where} GROUP BY ALL",  # noqa: S608  # quoted
            given | {"path": str(path)},
        ).fetchall()
    counts = dict(found)
    return {letter: int(counts.get(letter, 0)) for letter in LETTERS}


def one_row(path: Path, row: int, without: np.ndarray) -> dict[str, Any]:
    """Everything that is kept of one row, by its number in the list from 0. Raises NotFound."""
    with _opened(path) as connection:
        asked = _names(connection, path)
        where, given = _where(RowsQuery(), without)
        found = connection.execute(
            f"SELECT * FROM read_parquet($path) WHERE row = $row AND {where}",  # noqa: S608  # fixed words
            given | {"path": str(path), "row": row},
        ).fetchone()
    if found is None:
        raise NotFound("The list has no such row", where="row", instead="Open one from the list.")
    return dict(zip(asked, found, strict=True))


def batches_of(
    path: Path, query: RowsQuery, without: np.ndarray, columns: Mapping[str, str]
) -> Iterator[pa.Table]:
    """All rows that pass, in order, some at a time. columns: stored name by the name in the batch."""
    with _opened(path) as connection:
        _require(_names(connection, path), query)
        where, given = _where(query, without)
        chosen = ", ".join(f"{name_sql(stored)} AS {name_sql(name)}" for name, stored in columns.items())
        found = connection.sql(
            f"SELECT {chosen} FROM read_parquet($path) "  # noqa: S608  # names are quoted
            f"WHERE {where} ORDER BY {_order(query)}",
            params=given | {"path": str(path)},
        )
        for batch in found.to_arrow_reader(BATCH):
            yield pa.Table.from_batches([batch])


def people_in(path: Path, query: RowsQuery, without: np.ndarray) -> np.ndarray:
    """Ids of the people among the rows that pass, int64."""
    with _opened(path) as connection:
        where, given = _where(query, without)
        found = connection.execute(
            f"SELECT DISTINCT person_id FROM read_parquet($path) "  # noqa: S608  # fixed words
            f"WHERE {where} AND person_id IS NOT NULL",
            given | {"path": str(path)},
        ).fetchnumpy()
    return np.asarray(found["person_id"], dtype=np.int64)


class _opened:  # noqa: N801  # used as a function
    """A connection for one question, whose errors are told without a cell in them."""

    def __init__(self, path: Path) -> None:
        self._path, self._told = path, told(path.name)

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        self._told.__enter__()
        # One thread: a page is a tenth of a second of work, and other readers wait for the second core.
        config = {"memory_limit": MOST_MEMORY, "threads": 1, "autoinstall_known_extensions": False}
        self._connection = duckdb.connect(config=config)
        return self._connection

    def __exit__(self, *raised: Any) -> None:
        with closing(self._connection):
            self._told.__exit__(*raised)


def _names(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    found = connection.execute("SELECT * FROM read_parquet($path) LIMIT 0", {"path": str(path)})
    return [each[0] for each in found.description or ()]


def _own(name: str, query: RowsQuery) -> str:
    return name_sql(f"{name}_{query.profile}")


def _where(query: RowsQuery, without: np.ndarray) -> tuple[str, dict[str, Any]]:
    parts, given = ["true"], {}
    if len(without):
        parts.append("(person_id IS NULL OR NOT list_contains($without, person_id))")
        given["without"] = without.tolist()
    if query.tier:
        parts.append(f"{_own('tier', query)} = $tier")
        given["tier"] = query.tier
    if query.text.strip():
        parts.append(f"contains(lower({_own('reasoning', query)}), $text)")
        given["text"] = query.text.strip().lower()
    return " AND ".join(parts), given


def sort_column(query: RowsQuery) -> str:
    """The stored column that sorts."""
    name = query.sort.removeprefix("-")
    return f"{name}_{query.profile}" if name in OF_PROFILE else name


def _order(query: RowsQuery) -> str:
    column = sort_column(query)
    ranked = name_sql(column)
    if column.startswith("confidence_"):
        ranked = f"list_position(['low', 'medium', 'high'], {ranked})"
    return f"{ranked} {'DESC' if query.sort.startswith('-') else 'ASC'} NULLS LAST, row"


def _require(names: Sequence[str], query: RowsQuery) -> None:
    """Raise BadInput where the list has no such profile, or nothing to sort by of that name."""
    if f"score_{query.profile}" not in names:
        raise BadInput(
            "The list was not scored against so many profiles", where="profile", instead="0 is the first."
        )
    column = sort_column(query)
    sorts = {each for each in names if each in PLAIN or each.rpartition("_")[0] in OF_PROFILE}
    if column not in sorts:
        raise BadInput(
            "The list cannot be sorted by that",
            where="sort",
            instead="Give `score`, `tier`, `confidence`, `reasoning`, `lead` or `place`.",
        )
