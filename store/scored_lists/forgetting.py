"""Who may not be in a kept list any more, and is every trace of them out of it?"""

import re
from collections import Counter
from collections.abc import Callable, Set
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import duckdb

from store.artifacts import written_whole
from store.population.source.engine import name_sql
from store.scored_lists.kept import KeptList, KeptLists
from store.scored_lists.writing import GROUP

# Names of leads that may be an identifier by which people are erased; their digests tell whether one is.
LOOKS_LIKE = {
    "email": re.compile(r".@."),
    "maid": re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}"),
    "id": re.compile(r"\S"),
}
IdsIn: TypeAlias = Callable[[str], Set[int] | None]  # of a snapshot; None where nothing tells
IsErased: TypeAlias = Callable[[str, str], bool]  # of a kind of identifier and its value


def forget_people(home: Path, warehouse: str, ids_in: IdsIn, is_erased: IsErased, now: datetime) -> int:
    """Take people out of the lists of a warehouse; how many lists lost a row or the file they came as.

    A row goes by its person, or by a name that is an erased identifier. The file that such a list came as is
    removed: it names them, and is not rewritten. So is that of a list that was not scored yet, and of one
    whose ids nothing tells any more: who is in them is not known.
    """
    lists = KeptLists(home)
    lists.remove_expired(now)
    of_warehouse = [kept for kept in lists.newest(now) if kept.warehouse == warehouse]
    return sum(_forget(lists, kept, ids_in(kept.snapshot_id), is_erased) for kept in of_warehouse)


def _forget(lists: KeptLists, kept: KeptList, ids: Set[int] | None, is_erased: IsErased) -> bool:
    has_file = bool(kept.file)
    if not lists.is_scored(kept):
        lists.forget_given(kept)
        return has_file
    with duckdb.connect(config={"threads": 1}) as connection:
        gone = _rows_of(connection, lists.rows(kept), ids or frozenset(), is_erased)
        if gone:
            kept = _rewritten(connection, lists.rows(kept), kept, gone)
            lists.keep(kept)
    is_unknown = ids is None and bool(kept.snapshot_id)
    if gone or is_unknown:
        lists.forget_given(kept)
    return bool(gone) or (is_unknown and has_file)


def _rows_of(
    connection: duckdb.DuckDBPyConnection, path: Path, ids: Set[int], is_erased: IsErased
) -> list[int]:
    found = connection.execute("SELECT row, lead, person_id FROM read_parquet($path)", {"path": str(path)})
    return [row for row, lead, person in found.fetchall() if person in ids or _names_them(lead, is_erased)]


def _names_them(lead: str, is_erased: IsErased) -> bool:
    return any(form.search(lead) and is_erased(kind, lead) for kind, form in LOOKS_LIKE.items())


def _rewritten(
    connection: duckdb.DuckDBPyConnection, path: Path, kept: KeptList, gone: list[int]
) -> KeptList:
    """The list with its rows written anew without these, and counted again."""
    import pyarrow.parquet as pq  # a tenth of a second to import

    with written_whole(path) as beside:
        rows = connection.sql(
            "SELECT * FROM read_parquet($path) WHERE NOT list_contains($gone, row) ORDER BY row",
            params={"path": str(path), "gone": gone},
        ).to_arrow_table()
        pq.write_table(rows, beside, row_group_size=GROUP, compression="zstd")
    against = [
        each.model_copy(update={"tiers": dict.fromkeys(each.tiers, 0) | _tiers(connection, path, at)})
        for at, each in enumerate(kept.against)
    ]
    return kept.model_copy(update={"rows": rows.num_rows, "against": against})


def _tiers(connection: duckdb.DuckDBPyConnection, path: Path, at: int) -> Counter[str]:
    tier = name_sql(f"tier_{at}")
    found = connection.execute(
        f"SELECT {tier}, count(*) FROM read_parquet($path) GROUP BY 1",  # noqa: S608  # quoted
        {"path": str(path)},
    )
    return Counter(dict(found.fetchall()))
