"""How do typed columns become the numbers that a model multiplies or splits?"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from store.errors import BadInput
from store.features import Feature, FeatureTable
from tools.scoring.conversion.queries import DesignQuery

FEW_VALUES = 3  # a number with fewer distinct values bends nowhere
TAILS = (0.005, 0.995)  # a linear model would follow what lies beyond; it is cut there


@dataclass(frozen=True)
class ColumnPlan:
    """How one column is turned into numbers; learned from training rows."""

    name: str
    kind: str
    label: str
    levels: tuple[str, ...] = ()  # kept ones, by frequency
    joined: bool = False  # whether rare levels are one column
    blank: bool = False  # whether unknown is a column
    middle: float = 0.0
    scale: float = 1.0
    low: float = 0.0
    high: float = 0.0
    knots: tuple[float, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """float64 columns, and which original column each comes from."""

    values: np.ndarray
    origin: np.ndarray
    categorical: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))


@dataclass(frozen=True)
class Design:
    """What was learned from training rows about every column, ready for any other rows."""

    plans: tuple[ColumnPlan, ...]
    left_out: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [plan.name for plan in self.plans]

    def for_linear(self, table: FeatureTable) -> Matrix:
        """Indicators, and numbers as lines that may bend; a row's unknown number takes the median."""
        return _matrix(table.rows, [_linear(plan, _column(plan, table)) for plan in self.plans])

    def for_trees(self, table: FeatureTable) -> Matrix:
        """Numbers and codes, NaN where unknown; indicators of sets."""
        parts = [_tree(plan, _column(plan, table)) for plan in self.plans]
        matrix = _matrix(table.rows, parts)
        kinds = [plan.kind for plan, part in zip(self.plans, parts, strict=True) for _ in part]
        return Matrix(
            matrix.values, matrix.origin, np.array([kind == "category" for kind in kinds], dtype=bool)
        )


def learn_design(table: FeatureTable, query: DesignQuery) -> Design:
    """Plans of the columns that vary in these rows; the others are left out."""
    planned = [(each.name, _planned(each, query)) for each in table.features]
    return Design(
        tuple(plan for _, plan in planned if plan), tuple(name for name, plan in planned if plan is None)
    )


def _planned(column: Feature, query: DesignQuery) -> ColumnPlan | None:
    known = column.known()
    blank = bool(known.any() and not known.all())
    if not known.any():
        return None
    if column.kind == "number":
        return _planned_number(column, column.values[known], blank, query)
    counts = _level_rows(column)
    by_size = np.argsort(-counts, kind="stable")
    kept = [int(at) for at in by_size if counts[at] >= query.rare_rows][: query.most_levels]
    joined = bool(counts.sum() > counts[kept].sum())
    one_value = len(kept) + joined < 2 and not blank
    if (not kept and not blank) or (one_value and (column.kind == "category" or counts.max() == column.rows)):
        return None
    levels = tuple(column.levels[at] for at in kept)
    return ColumnPlan(column.name, column.kind, column.told, levels, joined, blank)


def _level_rows(column: Feature) -> np.ndarray:
    """Rows that hold each level, int64."""
    return np.bincount(column.values[column.values >= 0], minlength=len(column.levels))


def _planned_number(column: Feature, known: np.ndarray, blank: bool, query: DesignQuery) -> ColumnPlan | None:
    if np.isinf(known).any():
        raise BadInput("A number is infinite", where=column.name, instead="Leave it unknown.")
    low, high = (float(edge) for edge in np.quantile(known, TAILS))
    if low == high:  # nearly constant: what is rare may still tell
        low, high = float(known.min()), float(known.max())
    if low == high and not blank:
        return None
    middle = float(np.median(known))
    quarters = np.quantile(known, (0.25, 0.75))
    scale = float(quarters[1] - quarters[0]) or float(np.std(np.clip(known, low, high))) or 1.0
    distinct = np.unique(known)
    places = np.quantile(known, np.arange(1, query.knots + 1) / (query.knots + 1))
    knots = np.unique(places[(places > low) & (places < high)]) if len(distinct) >= FEW_VALUES else []
    return ColumnPlan(
        column.name,
        "number",
        column.told,
        (),
        False,
        blank,
        middle,
        scale,
        low,
        high,
        tuple(map(float, knots)),
    )


def _column(plan: ColumnPlan, table: FeatureTable) -> Feature:
    column = table.find(plan.name)
    if column is None:
        raise BadInput(
            "A column that the model was learned with is missing",
            where=plan.name,
            instead="Give it, with unknown values where nothing is known.",
        )
    if column.kind != plan.kind:
        raise BadInput(f"A column is of the kind {column.kind}, and was a {plan.kind}", where=plan.name)
    return column


def _linear(plan: ColumnPlan, column: Feature) -> list[np.ndarray]:
    if plan.kind != "number":
        return list(_indicators(plan, column))
    known = column.known()
    values = np.clip(np.where(known, column.values, plan.middle), plan.low, plan.high)
    lines = [(values - plan.middle) / plan.scale] if plan.high > plan.low else []
    bends = [np.maximum(values - knot, 0.0) / plan.scale for knot in plan.knots]
    return [*lines, *bends, *([(~known).astype(float)] if plan.blank else [])]


def _indicators(plan: ColumnPlan, column: Feature) -> Iterator[np.ndarray]:
    """Of each kept level, of the joined rare ones (and new ones), and of unknown."""
    codes = column.recoded(plan.levels)
    rows = np.arange(column.rows) if column.starts is None else _row_of(column)
    for code in range(len(plan.levels) + plan.joined):
        held = np.zeros(column.rows)
        held[rows[codes == code]] = 1.0
        yield held
    if plan.blank:
        yield (~column.known()).astype(float)


def _row_of(column: Feature) -> np.ndarray:
    assert column.starts is not None
    return np.repeat(np.arange(column.rows), np.diff(column.starts))


def _tree(plan: ColumnPlan, column: Feature) -> list[np.ndarray]:
    if plan.kind == "number":
        return [column.values]
    if plan.kind == "set":
        return list(_indicators(plan, column))
    codes = column.recoded(plan.levels).astype(float)
    return [np.where(column.known(), codes, np.nan)]


def _matrix(rows: int, parts: list[list[np.ndarray]]) -> Matrix:
    columns = [column for part in parts for column in part]
    origin = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    values = np.empty((rows, len(columns)), order="F")
    for at, column in enumerate(columns):
        values[:, at] = column
    return Matrix(values, origin)
