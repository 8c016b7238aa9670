"""Which columns set ideal rows apart beyond chance, and what do they say of rows that were held out?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.mining.evidence.statistics import benjamini_hochberg
from tools.scoring.fit.bins.binning import Binning, bin_counts, bin_evidence, binned
from tools.scoring.fit.bins.cells import Cells
from tools.scoring.fit.queries import FitQuery

TRENDS = {"rising": 1, "falling": -1}


@dataclass(frozen=True)
class Proof:
    """The bins of each column from these rows, and whether they are proven. Arrays: (columns,)."""

    binnings: list[Binning]
    p_values: np.ndarray
    q_values: np.ndarray
    found: np.ndarray  # bool
    unknown: np.ndarray  # bool: being unknown is proven to tell


def proof(counts: np.ndarray, cells: Sequence[Cells], query: FitQuery) -> Proof:
    """The bins of each column, found where Benjamini-Hochberg over all columns at query.q says so.

    counts: (columns, 256, 2). Being unknown counts as proven under q / (2 * columns) (Bonferroni); a column
    of which rows are unknown has two tests, and its p-value is twice the smaller.
    """
    binnings = [_binning(each, counts[at], query) for at, each in enumerate(cells)]
    unknown_p = np.array([each.unknown_p for each in binnings])
    bins_p = np.array([each.p_value for each in binnings])
    p_values = np.where(unknown_p < 1, np.minimum(2 * np.minimum(bins_p, unknown_p), 1.0), bins_p)
    q_values = benjamini_hochberg(p_values)
    unknown = unknown_p <= query.q / (2 * max(len(cells), 1))
    telling = np.array([each.bins > 1 for each in binnings], dtype=bool) | unknown
    return Proof(binnings, p_values, q_values, telling & (q_values <= query.q), unknown)


def _binning(cells: Cells, counts: np.ndarray, query: FitQuery) -> Binning:
    trend = TRENDS.get(query.trends.get(cells.feature.name, ""), 0) if cells.ordered else 0
    found = binned(counts, cells.count, cells.ordered, trend, query)
    # That a set is empty would be told once for each of its values.
    return replace(found, unknown_p=1.0) if cells.feature.kind == "set" else found


def cell_evidence(proven: Proof, counts: np.ndarray, pseudo: float) -> np.ndarray:
    """(columns, 256) nats that each cell says by the bin it is joined to; 0 of a column that is not found."""
    table = np.zeros(counts.shape[:2])
    for at in np.flatnonzero(proven.found):
        binning = proven.binnings[at]
        evidence = bin_evidence(bin_counts(binning, counts[at]), pseudo, bool(proven.unknown[at]))
        table[at, : len(binning.bin_of)] = evidence[binning.bin_of]
    return table


def cross_fitted(
    counts: np.ndarray, cells: Sequence[Cells], pseudo: float, query: FitQuery
) -> tuple[np.ndarray, np.ndarray]:
    """What each cell says by the rows of all folds but one, and which columns they find.

    counts: (folds, columns, 256, 2). Gives (folds, columns, 256) nats and (folds, columns) bool; the rows of
    the fold itself had no part in its bins, its evidence or the choice of its columns.
    """
    total = counts.sum(axis=0)
    evidence, found = np.zeros(counts.shape[:3]), np.zeros(counts.shape[:2], dtype=bool)
    for fold in range(len(counts)):
        rest = total - counts[fold]
        proven = proof(rest, cells, query)
        evidence[fold], found[fold] = cell_evidence(proven, rest, pseudo), proven.found
    return evidence, found
