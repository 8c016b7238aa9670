"""What evenly spread rows of a source say of each column: how filled, how varied, of what form."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from store.population.mapping.model import Mapping
from store.population.mapping.vocabulary import words_of
from store.population.source.cells import missing_sql
from store.population.source.dates import days_sql
from store.population.source.engine import name_sql, text_sql, told
from store.population.source.opening import Source
from store.population.source.part import BATCH

FEW = 12
_CELLS = 20_000_000  # of a sample; fewer rows where there are many columns
_SAMPLE = "profiled"
# Fibonacci hashing (Knuth, TAOCP 3, 6.4): evenly spread, and blind to rows that alternate.
_SPREAD = "(source_row % 2147483648 * 2654435769 % 4294967296 // 65536)"

_NUMBER = "TRY_CAST({c} AS DOUBLE)"
# Counted in each column, by the field of ColumnProfile that it fills.
_COUNTS = {
    "filled": "count({c})",
    "distinct": "count(DISTINCT {c})",
    "numbers": f"count_if(isfinite({_NUMBER}))",
    "wholes": f"count_if(isfinite({_NUMBER}) AND {_NUMBER} = floor({_NUMBER}))",
    "coded": "count_if(regexp_matches({c}, '^[+-]?0[0-9]'))",
    "emails": "count_if(regexp_full_match({c}, '[^@\\s]+@[^@\\s]+\\.[^@\\s]+'))",
    "phones": "count_if(regexp_full_match({c}, '[+(]?[0-9][0-9 ().\\-/]{{5,18}}[0-9]( ?x ?[0-9]+)?'))",
    "digests": "count_if(regexp_full_match({c}, '[0-9a-fA-F]{{32}}|[0-9a-fA-F]{{40}}|[0-9a-fA-F]{{64}}'))",
    "uuids": "count_if(regexp_full_match({c}, '[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}'))",
    "times": "count_if(TRY_CAST({c} AS TIMESTAMPTZ) IS NOT NULL)",
    "pipes": "count_if(contains({c}, '|'))",
    "semicolons": "count_if(contains({c}, ';'))",
    "low": f"coalesce(min({_NUMBER}) FILTER (isfinite({_NUMBER})), 0)",
    "high": f"coalesce(max({_NUMBER}) FILTER (isfinite({_NUMBER})), 0)",
}


@dataclass
class ColumnProfile:
    """A column in a sample: all counts are of sampled cells that are not missing."""

    name: str
    type: str
    rows: int
    filled: int = 0
    distinct: int = 0
    numbers: int = 0
    wholes: int = 0
    coded: int = 0
    emails: int = 0
    phones: int = 0
    digests: int = 0
    uuids: int = 0
    times: int = 0
    pipes: int = 0
    semicolons: int = 0
    low: float = 0.0
    high: float = 0.0
    values: list[str] = field(default_factory=list)  # all of them, where there are at most 12
    words: list[str] = field(default_factory=list)

    def share(self, count: int) -> float:
        """The count's share of the filled cells."""
        return count / self.filled if self.filled else 0.0

    @property
    def is_number(self) -> bool:
        """Whether all cells are numbers, and none a code with a leading zero."""
        return self.filled > 0 and self.numbers == self.filled and not self.coded

    @property
    def is_text(self) -> bool:
        """Whether less than half of the cells are numbers."""
        return self.type != "list" and self.share(self.numbers) < 0.5

    @property
    def is_whole(self) -> bool:
        """Whether all cells are whole numbers."""
        return self.is_number and self.wholes == self.filled


class Sample:
    """Evenly spread rows of a source, kept beside it until closed."""

    def __init__(self, source: Source, sample_rows: int) -> None:
        self.connection = source.connection
        self.types = source.columns
        rows = min(sample_rows, max(100, _CELLS // len(source.columns)))
        step = max(1, -(-source.rows // rows))
        unmapped = Mapping(columns={})
        cells = [
            f"{name_sql(name) if type == 'list' else missing_sql(name, unmapped)} AS {name_sql(name)}"
            for name, type in source.columns.items()
        ]
        with told(str(source.parts[0].path)):
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {_SAMPLE} AS SELECT {', '.join(cells)}"
                f" FROM {source.sql} WHERE {_SPREAD} % {step} = 0"
            )
        self.rows = self._one("count(*)")[0]

    def close(self) -> None:
        """Remove the rows."""
        self.connection.execute(f"DROP TABLE {_SAMPLE}")

    def profiles(self) -> dict[str, ColumnProfile]:
        """The profile of each column."""
        found = {
            name: ColumnProfile(name, type, self.rows, words=words_of(name))
            for name, type in self.types.items()
        }
        self._count([profile for profile in found.values() if profile.type != "list"])
        for profile in found.values():
            if profile.type == "list":
                profile.filled, profile.distinct = self._one(
                    f"count_if(len({name_sql(profile.name)}) > 0), count(DISTINCT {name_sql(profile.name)})"
                )
        return found

    def numbers(self, name: str) -> np.ndarray:
        """The column's finite numbers."""
        number = _NUMBER.format(c=name_sql(name))
        found = self.connection.execute(
            f"SELECT {number} AS n FROM {_SAMPLE} WHERE isfinite({number})"
        ).fetchnumpy()
        return np.asarray(found["n"], dtype=np.float64)

    def days(self, name: str, format: str = "") -> np.ndarray:
        """The column's dates in this format, as days since 1970-01-01."""
        days = days_sql(name_sql(name), format)
        found = self.connection.execute(
            f"SELECT {days} AS d FROM {_SAMPLE} WHERE {days} IS NOT NULL"
        ).fetchnumpy()
        return np.asarray(found["d"], dtype=np.float64)

    def numbers_by(self, name: str, outcome: str, value: str) -> tuple[np.ndarray, np.ndarray]:
        """The column's finite numbers where the outcome is known, and whether it is this value."""
        number, known = _NUMBER.format(c=name_sql(name)), name_sql(outcome)
        found = self.connection.execute(
            f"SELECT {number} AS n, {known} = {text_sql(value)} AS having FROM {_SAMPLE}"
            f" WHERE isfinite({number}) AND {known} IS NOT NULL"
        ).fetchnumpy()
        return np.asarray(found["n"], dtype=np.float64), np.asarray(found["having"], dtype=np.bool_)

    def having(self, outcome: str, value: str) -> np.ndarray:
        """Whether each known cell of the column is this value."""
        cell = name_sql(outcome)
        rows = self.connection.execute(
            f"SELECT {cell} = {text_sql(value)} FROM {_SAMPLE} WHERE {cell} IS NOT NULL"
        ).fetchall()
        return np.array([has for (has,) in rows], dtype=np.bool_)

    def lowest(self, name: str, most: int) -> list[str]:
        """The different ones among so many cells, those that come first by their text."""
        [cells] = self._one(f"min({name_sql(name)}, {most})")
        return sorted(set(cells or []))

    def parts(self, name: str, separator: str) -> tuple[int, int]:
        """How many values the cells hold when they are split, and how many different ones."""
        split = f"unnest(string_split({name_sql(name)}, '{separator}'))"
        [found] = self.connection.execute(
            f"SELECT count(v), count(DISTINCT trim(v)) FROM (SELECT {split} AS v FROM {_SAMPLE})"
        ).fetchall()
        return found

    def not_numbers(self, name: str, most: int) -> list[str]:
        """Different cells that are no finite numbers, at most so many."""
        number = _NUMBER.format(c=name_sql(name))
        rows = self.connection.execute(
            f"SELECT DISTINCT {name_sql(name)} AS c FROM {_SAMPLE}"
            f" WHERE {name_sql(name)} IS NOT NULL AND NOT coalesce(isfinite({number}), false)"
            f" ORDER BY c LIMIT {most}"
        ).fetchall()
        return [text for (text,) in rows]

    def _count(self, profiles: Sequence[ColumnProfile]) -> None:
        size = max(1, BATCH // len(_COUNTS))
        for start in range(0, len(profiles), size):
            batch = profiles[start : start + size]
            counts = iter(
                self._one(
                    ", ".join(sql.format(c=name_sql(each.name)) for each in batch for sql in _COUNTS.values())
                )
            )
            for profile in batch:
                for counted in _COUNTS:
                    # DuckDB's count_if is NULL where every cell was.
                    setattr(profile, counted, next(counts) or 0)
            self._fill_values([profile for profile in batch if profile.distinct <= FEW])

    def _fill_values(self, profiles: Sequence[ColumnProfile]) -> None:
        if profiles:
            lists = self._one(", ".join(f"list(DISTINCT {name_sql(each.name)})" for each in profiles))
            for profile, values in zip(profiles, lists, strict=True):
                profile.values = sorted(value for value in values or [] if value is not None)

    def _one(self, select: str) -> tuple:
        [row] = self.connection.execute(f"SELECT {select} FROM {_SAMPLE}").fetchall()
        return row
