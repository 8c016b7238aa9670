"""What is known of rows of any kind: typed columns side by side, which models learn from and score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from store.errors import BadInput

FeatureKind = Literal["number", "category", "set"]
UNKNOWN = -1  # the code of a category that is not known


@dataclass(frozen=True)
class Feature:
    """One column. What is missing is unknown, never "No" and never zero.

    number: `values` is float64, NaN where unknown. category: int32 codes into `levels`, -1 where unknown;
    a yes/no column is one with the levels No and Yes. set: several values a row; `values` are the codes of
    all rows, one after another, and those of row i lie in `starts[i]:starts[i + 1]`; an empty set is unknown.
    """

    name: str
    kind: FeatureKind
    values: np.ndarray
    levels: tuple[str, ...] = ()
    starts: np.ndarray | None = None  # int64, of a set: one more than rows
    label: str = ""  # how a reader calls it: "Household income"
    unit: str = ""  # of a number: "EUR", "days"
    domain: str = ""  # firmographic, technographic, behavioural, intent, or a domain of persons

    @property
    def rows(self) -> int:
        return len(self.values) if self.starts is None else len(self.starts) - 1

    @property
    def told(self) -> str:
        """The label, or the name as words."""
        return self.label or self.name.replace("_", " ").capitalize()

    def known(self) -> np.ndarray:
        """Whether each row has a value, bool."""
        if self.kind == "number":
            return ~np.isnan(self.values)
        return self.values != UNKNOWN if self.starts is None else np.diff(self.starts) > 0

    def recoded(self, levels: Sequence[str]) -> np.ndarray:
        """The codes in terms of these levels, int32; a value that is not among them gets `len(levels)`."""
        code = {level: at for at, level in enumerate(levels)}
        new = np.array([code.get(level, len(levels)) for level in self.levels] + [UNKNOWN], dtype=np.int32)
        return new[self.values]

    def take(self, rows: np.ndarray) -> "Feature":
        """The column of these rows, given by number or as a mask, in the order given."""
        if self.starts is None:
            return replace(self, values=self.values[rows])
        chosen = np.arange(self.rows)[rows]
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        places = np.repeat(self.starts[chosen] - starts[:-1], lengths) + np.arange(starts[-1])
        return replace(self, values=self.values[places], starts=starts)


@dataclass(frozen=True)
class FeatureTable:
    """Columns of the same rows, each name once."""

    rows: int
    features: tuple[Feature, ...]

    def __post_init__(self) -> None:
        uneven = [each.name for each in self.features if each.rows != self.rows]
        if uneven:
            raise BadInput(f"Columns have another number of rows than {self.rows:,}", where=", ".join(uneven))
        if len(set(self.names)) < len(self.names):
            raise BadInput("Two columns have the same name", where="features")

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.features]

    def find(self, name: str) -> Feature | None:
        """The column of this name, or None."""
        return next((each for each in self.features if each.name == name), None)

    def take(self, rows: np.ndarray) -> "FeatureTable":
        """These rows, given by number or as a mask, in the order given."""
        return FeatureTable(len(np.arange(self.rows)[rows]), tuple(each.take(rows) for each in self.features))

    def only(self, names: Sequence[str]) -> "FeatureTable":
        """The columns of these names that there are, in the order given."""
        return FeatureTable(self.rows, tuple(each for name in names if (each := self.find(name))))

    def without(self, names: Sequence[str]) -> "FeatureTable":
        """All columns but these."""
        return FeatureTable(self.rows, tuple(each for each in self.features if each.name not in set(names)))

    def beside(self, *more: Feature) -> "FeatureTable":
        """The same rows with more columns, a new one in the place of one of its name."""
        kept = self.without([each.name for each in more])
        return FeatureTable(self.rows, (*kept.features, *more))


def number(
    name: str,
    values: Sequence[float | None] | np.ndarray,
    *,
    label: str = "",
    unit: str = "",
    domain: str = "",
) -> Feature:
    """A column of numbers; None and NaN are unknown."""
    told = np.array(values, dtype=np.float64)
    return Feature(name, "number", told, label=label, unit=unit, domain=domain)


def category(
    name: str, values: Sequence[object] | np.ndarray, *, label: str = "", domain: str = ""
) -> Feature:
    """A column of categories from their values; None and blanks are unknown, the levels are sorted."""
    told = ["" if value is None else str(value) for value in values]
    levels = tuple(sorted(set(told) - {""}))
    code = {level: at for at, level in enumerate(levels)} | {"": UNKNOWN}
    codes = np.array([code[value] for value in told], dtype=np.int32)
    return Feature(name, "category", codes, levels, label=label, domain=domain)


def sets(name: str, values: Sequence[Sequence[object]], *, label: str = "", domain: str = "") -> Feature:
    """A column of sets from the values of each row; the levels are sorted, a value counts once a row."""
    told = [sorted({str(value) for value in row if value is not None and str(value)}) for row in values]
    levels = tuple(sorted({value for row in told for value in row}))
    code = {level: at for at, level in enumerate(levels)}
    flat = np.array([code[value] for row in told for value in row], dtype=np.int32)
    starts = np.concatenate(([0], np.cumsum([len(row) for row in told]))).astype(np.int64)
    return Feature(name, "set", flat, levels, starts, label=label, domain=domain)


def stacked(tables: Sequence[FeatureTable]) -> FeatureTable:
    """The rows of these tables, one after another, of the columns that all of them have.

    Raises BadInput where a column is of another kind in one of them.
    """
    names = [name for name in tables[0].names if all(name in table.names for table in tables)]
    columns = tuple(_stacked([table.only([name]).features[0] for table in tables]) for name in names)
    return FeatureTable(sum(table.rows for table in tables), columns)


def _stacked(parts: Sequence[Feature]) -> Feature:
    if len({part.kind for part in parts}) > 1:
        raise BadInput("A column is not of one kind in all tables", where=parts[0].name)
    levels = tuple(sorted({level for part in parts for level in part.levels}))
    if parts[0].kind == "number":
        return replace(parts[0], values=np.concatenate([part.values for part in parts]))
    values = np.concatenate([part.recoded(levels) for part in parts])
    if parts[0].kind == "category":
        return replace(parts[0], values=values, levels=levels)
    lengths = np.concatenate([np.diff(part.starts) for part in parts if part.starts is not None])
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return replace(parts[0], values=values, levels=levels, starts=starts)


def completed(table: FeatureTable, columns: Mapping[str, FeatureKind]) -> FeatureTable:
    """The table with those of these columns that it lacks, unknown in every row."""
    lacking: list[tuple[str, FeatureKind]] = [
        (name, kind) for name, kind in columns.items() if table.find(name) is None
    ]
    return table.beside(*(_unknown(name, kind, table.rows) for name, kind in lacking))


def _unknown(name: str, kind: FeatureKind, rows: int) -> Feature:
    if kind == "number":
        return Feature(name, kind, np.full(rows, np.nan))
    if kind == "category":
        return Feature(name, kind, np.full(rows, UNKNOWN, dtype=np.int32))
    return Feature(name, kind, np.empty(0, dtype=np.int32), starts=np.zeros(rows + 1, dtype=np.int64))
