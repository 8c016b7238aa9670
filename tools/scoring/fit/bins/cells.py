"""Which small cells do the values of a column fall into, before any label is looked at?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from store.features import Feature, FeatureTable
from tools.scoring.fit.bins.edges import number_edges
from tools.scoring.fit.queries import FitQuery

MOST_LEVELS = 200  # of a category, and values of a set; a cell is one byte
POOLED = "other"


@dataclass(frozen=True)
class Cells:
    """One column, or one value of a set, as a cell for each row."""

    feature: Feature
    codes: np.ndarray  # uint8: 0 unknown, then 1..count
    count: int
    edges: np.ndarray  # of a number: count - 1, rising
    levels: tuple[str, ...] = ()  # of a category: of each cell; the pooled one is last
    pooled: bool = False
    value: str = ""  # of a set

    @property
    def ordered(self) -> bool:
        """Whether only neighbours may be joined."""
        return self.feature.kind != "category"


def cells_of(table: FeatureTable, balance: np.ndarray, rows_each: float, query: FitQuery) -> list[Cells]:
    """The cells of every column with two or more, by name; a value of a set is a column of its own.

    balance: (rows,) weights of the rows, which sum to a half of each side. rows_each: rows that a side has.
    """
    found: list[Cells] = []
    for feature in sorted(table.features, key=lambda each: each.name):
        found += _of_feature(feature, balance, rows_each, query)
    return found


def _of_feature(feature: Feature, balance: np.ndarray, rows_each: float, query: FitQuery) -> Iterator[Cells]:
    if feature.kind == "number":
        yield _of_number(feature, query)
    elif feature.kind == "category":
        yield _of_category(feature, balance, query.min_events / (2 * rows_each))
    else:
        least = max(query.min_share, query.min_events / (2 * rows_each))
        yield from _of_set(feature, balance, least)


def _of_number(feature: Feature, query: FitQuery) -> Cells:
    edges = number_edges(feature.values[np.isfinite(feature.values)], query.max_cells)
    codes = np.searchsorted(edges, feature.values, side="right").astype(np.uint8) + np.uint8(1)
    codes[np.isnan(feature.values)] = 0
    return Cells(feature, codes, len(edges) + 1, edges)


def _of_category(feature: Feature, balance: np.ndarray, least: float) -> Cells:
    known = feature.values >= 0
    shares = np.bincount(feature.values[known], weights=balance[known], minlength=len(feature.levels))
    order = sorted(range(len(shares)), key=lambda level: (-shares[level], feature.levels[level]))
    kept = [level for level in order[:MOST_LEVELS] if shares[level] >= least]
    pooled = bool(shares.sum() - shares[kept].sum() > 1e-12)
    cell = np.zeros(len(feature.levels) + 1, dtype=np.uint8)
    cell[:-1] = len(kept) + 1
    cell[kept] = np.arange(1, len(kept) + 1)
    levels = tuple(feature.levels[level] for level in kept)
    count = len(kept) + pooled
    return Cells(feature, cell[feature.values], count, np.empty(0), levels, pooled)


def _of_set(feature: Feature, balance: np.ndarray, least: float) -> Iterator[Cells]:
    assert feature.starts is not None
    rows = np.repeat(np.arange(feature.rows), np.diff(feature.starts))
    shares = np.bincount(feature.values, weights=balance[rows], minlength=len(feature.levels))
    known = feature.known().astype(np.uint8)
    whole = float(balance[known > 0].sum())
    fit = [level for level in range(len(shares)) if least <= shares[level] <= whole - least]
    kept = sorted(fit, key=lambda level: (-shares[level], feature.levels[level]))[:MOST_LEVELS]
    order = np.argsort(feature.values, kind="stable")
    bounds = np.searchsorted(feature.values[order], np.arange(len(shares) + 1))
    for level in sorted(kept, key=lambda level: feature.levels[level]):
        codes = known.copy()
        codes[rows[order[bounds[level] : bounds[level + 1]]]] = 2
        yield Cells(feature, codes, 2, np.array([0.5]), value=feature.levels[level])
