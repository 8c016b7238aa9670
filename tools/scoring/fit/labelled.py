"""Which rows is a profile learned from, and in which cells and folds are they?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.errors import BadInput
from store.features import FeatureTable, stacked
from tools.scoring.fit.bins.cells import Cells, cells_of
from tools.scoring.fit.held_out.folds import TIMELESS, as_times, folds_of, row_keys
from tools.scoring.fit.queries import FitQuery

Times = Sequence[object] | np.ndarray | None


@dataclass(frozen=True)
class LabelledRows:
    """All rows with their cells: the ideal first."""

    cells: list[Cells]
    codes: np.ndarray  # (columns, rows) uint8
    label: np.ndarray  # bool
    weights: np.ndarray
    keys: np.ndarray
    fold: np.ndarray
    columns: int

    @property
    def sides(self) -> tuple[float, float]:
        """Effective rows of the ideal and the others."""
        return float(self.weights[self.label].sum()), float(self.weights[~self.label].sum())

    def evidence(self, tables: Sequence[np.ndarray], columns: Sequence[int]) -> np.ndarray:
        """The sum, for each row, of what its cells in these columns say."""
        total = np.zeros(len(self.label))
        for table, column in zip(tables, columns, strict=True):
            total += table[self.codes[column]]
        return total


def labelled(
    ideal: FeatureTable,
    others: FeatureTable,
    query: FitQuery,
    times: tuple[Times, Times],
    weights: Sequence[float] | np.ndarray | None,
) -> LabelledRows:
    """Both tables as one, with the columns that both have.

    times, weights: as learn_fit has them. Raises BadInput where they do not fit the rows.
    """
    names = sorted(set(ideal.names) & set(others.names))
    table = stacked([ideal.only(names), others.only(names)]) if names else FeatureTable(0, ())
    strange = sorted(set(query.trends) - {each.name for each in table.features if each.kind == "number"})
    if strange:
        raise BadInput(
            "Trends are asked for of columns that are no numbers of both sides", where=", ".join(strange)
        )
    label = np.arange(ideal.rows + others.rows) < ideal.rows
    counted = _effective(weights, label)
    sides = counted[label].sum(), counted[~label].sum()
    balance = counted / np.where(label, sides[0], sides[1]) / 2
    found = cells_of(table, balance, float(min(sides)), query)
    cells = [each for each in found if each.count > 1 or (each.count == 1 and not each.codes.all())]
    codes = np.stack([each.codes for each in cells]) if cells else np.zeros((0, len(label)), dtype=np.uint8)
    keys = row_keys(codes, counted, query.seed)
    given = as_times(times[0], ideal.rows, "ideal"), as_times(times[1], others.rows, "other")
    lacking = [np.full(size, TIMELESS) for size in (ideal.rows, others.rows)]
    at = np.concatenate([lacking[i] if each is None else each for i, each in enumerate(given)])
    folds = max(2, min(query.folds, ideal.rows, others.rows))
    fold = folds_of(keys, label, at, folds)
    return LabelledRows(cells, codes, label, counted, keys, fold, len(names))


def _effective(weights: Sequence[float] | np.ndarray | None, label: np.ndarray) -> np.ndarray:
    if weights is None:
        return np.ones(len(label))
    given = np.array(weights, dtype=np.float64)
    if given.shape != label.shape or not np.isfinite(given).all() or (given < 0).any():
        raise BadInput(
            f"Weights are not {len(label):,} finite numbers of 0 and above", where="weights",
            instead="Give one for each ideal row, then one for each other.",
        )  # fmt: skip
    for side in (label, ~label):
        if not given[side].sum() > 0:
            raise BadInput("All weights of one side are 0", where="weights")
        given[side] *= given[side].sum() / (given[side] ** 2).sum()
    return given
