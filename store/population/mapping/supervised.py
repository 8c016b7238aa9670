"""Into which ranges of a number does an outcome divide it best?"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from store.population.mapping.bins import LEAST_SHARE, MOST, bin_of, candidate_edges

# Quantiles of 8 parts are rounder than those of 40; together at most 64 edges, and those of a frequent zero.
_PARTS = (8, 16, 40)

Floats = NDArray[np.float64]


def supervised_bins(
    values: np.ndarray,
    having: np.ndarray,
    *,
    most: int = MOST,
    least_share: float = LEAST_SHARE,
    candidates: list[float] | None = None,
) -> list[float]:
    """Rising inner edges of the ranges whose shares of the outcome explain it best.

    values: numbers, NaN where missing. having: 0 or 1, NaN where the outcome is unknown; rows that lack
    either have no say. The best of all partitions by edges that are sane numbers, by dynamic programming
    (Fisher 1958): most binomial log-likelihood less log(rows) a cut, which is BIC (Schwarz 1978) with two
    parameters, the place of the cut and one more share. Each range holds `least_share` of the rows at
    least, and there are `most` ranges at most. Empty when no cut is better than none.
    """
    known = np.isfinite(values) & np.isfinite(having.astype(np.float64))
    numbers, outcome = values[known].astype(np.float64), having[known].astype(np.float64)
    edges = candidate_edges(numbers, _PARTS) if candidates is None else candidates
    if not edges:
        return []
    cells = bin_of(numbers, edges)
    rows = np.bincount(cells, minlength=len(edges) + 1)
    won = np.bincount(cells, weights=outcome, minlength=len(edges) + 1)
    worth = _worth(rows, won, least_share * len(numbers))
    return [edges[cut - 1] for cut in _best_cuts(worth, most, float(np.log(len(numbers))))]


def _worth(rows: np.ndarray, won: np.ndarray, least: float) -> Floats:
    """[a, b]: log-likelihood of the cells from a up to before b as one range; -inf for too few rows."""
    all_rows, all_won = (np.concatenate(([0.0], np.cumsum(each))) for each in (rows, won))
    n, k = all_rows[None, :] - all_rows[:, None], all_won[None, :] - all_won[:, None]
    n, k = np.maximum(n, 0.0), np.clip(k, 0.0, np.maximum(n, 0.0))
    total = np.maximum(n, 1.0)
    likelihood = xlogy(k, k / total) + xlogy(n - k, (n - k) / total)
    # A tolerance: 5 % of 60 rows are 3, and not 3.0000000000000004.
    return np.where(n >= max(least - 1e-9, 1.0), likelihood, -np.inf)


def _best_cuts(worth: Floats, most: int, penalty: float) -> list[int]:
    """The cells that begin a range, other than the first, in the best partition; the coarsest of equals."""
    cells = len(worth) - 1
    best, came = worth[0], [np.zeros(cells + 1, dtype=np.intp)]
    chosen, score = 1, best[cells]
    for ranges in range(2, most + 1):
        through = best[:, None] + worth
        came.append(np.argmax(through, axis=0))
        best = np.max(through, axis=0) - penalty
        if best[cells] > score + 1e-9:
            chosen, score = ranges, best[cells]
    cuts, end = [], cells
    for step in reversed(came[1:chosen]):
        end = int(step[end])
        cuts.append(end)
    return cuts[::-1]
