"""Which bins of a column tell ideal rows from others, and is it proven that they do?"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, gammaln

from tools.scoring.fit.bins.partition import best_partitions
from tools.scoring.fit.queries import FitQuery

SMALLEST_P = 1e-300  # a p-value of 0 would claim too much


@dataclass(frozen=True)
class Binning:
    """How the cells of a column are joined, and the proof."""

    bin_of: np.ndarray  # (cells + 1,) int64: the bin of each cell, 0 of the unknown
    bins: int  # without the unknown; 1: nothing sets them apart
    gain: float  # nats of log-likelihood above one bin
    p_value: float
    unknown_p: float  # of being unknown, likelihood ratio


def cell_counts(codes: np.ndarray, label: np.ndarray, fold: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(folds, columns, 256, 2) rows of each cell: of the others, and of the ideal.

    codes: (columns, rows) uint8. label: (rows,) 1 of an ideal one. fold: (rows,) from 0. weights: (rows,).
    """
    from tools.scoring.fit.bins.kernels import count  # compiled code takes a second to load

    folds = int(fold.max(initial=0)) + 1
    counts = np.zeros((folds, len(codes), 256, 2))
    count(codes, label.astype(np.uint8), fold.astype(np.uint8), weights, counts)
    return counts


def binned(counts: np.ndarray, cells: int, ordered: bool, trend: int, query: FitQuery) -> Binning:
    """The division of the cells that the log-likelihood is worth, joined to one bin where none is.

    counts: (cells + 1 or more, 2) rows of each cell, others and ideal, the unknown first.
    A division into k bins must gain more than its cost: (k - 1) / 2 log n of its rates, and the log of how
    many such divisions there are (Rissanen's description length). n is the size of balanced sides of the
    same information, 4 E O / (E + O). Where only neighbours may be joined there are C(L - 1, k - 1). Levels
    of a category are ordered by their rate first, which looks at the labels: by chance alone L levels gain
    (L - 1) / 2 nats, which is added to the cost.

    p_value: of the gain above the cost, t. By chance a division into k gains t + cost(k) as often as a
    chi-square of k - 1 does, and there are so many (Bonferroni over all k); and none gains more than all L
    cells do, a chi-square of L - 1. The smaller of the two bounds.
    """
    known = counts[1 : cells + 1].astype(np.float64)
    e, o = known[:, 1], known[:, 0]
    unknown_p = _unknown_p(counts[: cells + 1])
    if e.sum() <= 0 or o.sum() <= 0 or np.count_nonzero(e + o) < 2:
        return Binning(_joined(cells), 1, 0.0, 1.0, unknown_p)
    order = np.arange(cells) if ordered else np.argsort(_smoothed_rates(e, o), kind="stable")
    share = (e / e.sum() + o / o.sum()) / 2
    rows_each = min(float(counts[:, 1].sum()), float(counts[:, 0].sum()))
    least = max(query.min_share, query.min_events / (2 * rows_each))
    gains, firsts = best_partitions(e[order], o[order], share[order], least, query.max_bins, trend)
    used = int(np.count_nonzero(e + o))
    ways = log_ways(used, query.max_bins, ordered)
    k = np.arange(1, query.max_bins + 1)
    n = 4 * e.sum() * o.sum() / (e.sum() + o.sum())
    peeking = 0.0 if ordered else (used - 1) / 2
    cost = (k - 1) / 2 * np.log(n) + log_ways(used, query.max_bins, True) + peeking
    cost[0] = 0.0
    best = int(np.argmax(np.where(k <= used, gains - cost, -np.inf)))
    bin_of = np.zeros(cells + 1, dtype=np.int64)
    bin_of[1 + order] = np.searchsorted(firsts[best, : best + 1], np.arange(cells), side="right")
    p_value = _p_value(float(gains[best] - cost[best]), cost, used, ways) if best else 1.0
    return Binning(bin_of, best + 1, float(gains[best]), p_value, unknown_p)


def log_ways(cells: int, most: int, ordered: bool) -> np.ndarray:
    """(most,) the log of how many divisions of the cells into 1, 2, ... bins there are; 0 where none is.

    Of neighbours C(cells - 1, k - 1); of any cells Stirling's number, at most k^cells / k!.
    """
    k = np.arange(1, most + 1)
    if not ordered:
        return np.maximum(cells * np.log(k) - gammaln(k + 1), 0.0)
    possible = np.minimum(k, cells)
    return gammaln(cells) - gammaln(possible) - gammaln(cells - possible + 1)


def _p_value(above: float, cost: np.ndarray, cells: int, ways: np.ndarray) -> float:
    """A bound on how often chance alone gains as much above the cost, whatever the number of bins."""
    k = np.arange(2, min(len(cost), cells) + 1)
    needed = 2 * (above + cost[k - 1])
    with np.errstate(over="ignore"):
        united = float((np.exp(ways[k - 1]) * np.maximum(chdtrc(k - 1, needed), SMALLEST_P)).sum())
    return min(1.0, united, max(float(chdtrc(cells - 1, needed.min())), SMALLEST_P))


def _unknown_p(counts: np.ndarray) -> float:
    unknown, known = counts[0], counts[1:].sum(axis=0)
    table = np.stack((unknown, known))
    if (table.sum(axis=0) <= 0).any() or (table.sum(axis=1) <= 0).any():
        return 1.0
    expected = table.sum(axis=1)[:, None] * table.sum(axis=0) / table.sum()
    g = 2 * float(np.sum(table * np.log(np.where(table > 0, table, expected) / expected)))
    return max(float(chdtrc(1, max(g, 0.0))), SMALLEST_P)


def _smoothed_rates(ideal: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Rates with one row at the overall rate added, so that small levels do not go to the ends."""
    overall = ideal.sum() / (ideal.sum() + others.sum())
    return (ideal + overall) / (ideal + others + 1)


def _joined(cells: int) -> np.ndarray:
    return np.minimum(np.arange(cells + 1), 1)


def bin_counts(binning: Binning, counts: np.ndarray) -> np.ndarray:
    """(bins + 1, 2) rows of each bin, others and ideal, the unknown first."""
    cells = len(binning.bin_of)
    return np.stack(
        [
            np.bincount(binning.bin_of, weights=counts[:cells, side], minlength=binning.bins + 1)
            for side in (0, 1)
        ],
        axis=1,
    )


def bin_evidence(counts: np.ndarray, pseudo: float, unknown_proven: bool) -> np.ndarray:
    """(bins + 1,) the weight of evidence of each bin, nats: log of its share of the ideal / of the others.

    counts: (bins + 1, 2), others and ideal, the unknown first. Each side has `pseudo` rows added that are
    spread as both sides together are, so that a small bin says little and an empty one nothing (Good 1950,
    with a Dirichlet prior). Shares are of the rows of which it is known; where being unknown is itself
    proven to tell, that evidence is added, else the unknown say nothing.
    """
    known = counts[1:]
    evidence = np.zeros(len(counts))
    evidence[1:] = _log_ratio(known, pseudo)
    if unknown_proven:
        told = _log_ratio(np.stack((counts[0], known.sum(axis=0))), pseudo)
        evidence[0] = told[0]
        evidence[1:] += np.where(known.sum(axis=1) > 0, told[1], 0.0)
    return evidence


def _log_ratio(counts: np.ndarray, pseudo: float) -> np.ndarray:
    total = counts.sum(axis=0)
    if counts.sum() <= 0:
        return np.zeros(len(counts))
    spread = counts.sum(axis=1) / counts.sum()
    shares = (counts + pseudo * spread[:, None]) / (total + pseudo)
    safe = np.where(spread[:, None] > 0, shares, 1.0)
    return np.log(safe[:, 1] / safe[:, 0])
