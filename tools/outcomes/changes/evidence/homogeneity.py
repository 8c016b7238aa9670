"""Did the odds move by one factor inside a group and outside it?"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, log_ndtr, logsumexp, ndtri_exp

from tools.mining.evidence.statistics import Floats, Ints, as_p_values

MOST_CELLS = 2_000_000  # of a block of distributions that is in memory at once


def homogeneity_p(having: ArrayLike, totals: ArrayLike) -> Floats:
    """Two-sided p-values that two tables have one odds ratio: twice the smaller tail of Zelen's exact test.

    having, totals: (..., 4) counts of inside now, inside before, outside now, outside before. Given the
    margins of both tables and how many are had now in both together, the count inside now is distributed as
    C(n1, a) C(m1, K1 - a) C(n2, t - a) C(m2, K2 - t + a), whatever the common odds ratio. Zelen (1971), The
    analysis of several 2 x 2 contingency tables.
    """
    k = np.asarray(having, dtype=np.int64)
    n = np.broadcast_to(np.asarray(totals, dtype=np.int64), k.shape)
    flat_k, flat_n = k.reshape(-1, 4), n.reshape(-1, 4)
    low, high = _support(flat_k, flat_n)
    logs = gammaln(np.arange(int(flat_n.max(initial=0)) + 2, dtype=np.float64) + 1)
    answer = np.empty(len(flat_k))
    step = max(1, MOST_CELLS // int((high - low).max(initial=0) + 1))
    for start in range(0, len(flat_k), step):
        part = slice(start, start + step)
        answer[part] = _log_tails(flat_k[part], flat_n[part], low[part], high[part], logs)
    return as_p_values(np.minimum(answer + np.log(2), 0.0)).reshape(k.shape[:-1])


def _support(k: Ints, n: Ints) -> tuple[Ints, Ints]:
    """The least and the most that the count inside now can be."""
    inside, outside, now = k[:, 0] + k[:, 1], k[:, 2] + k[:, 3], k[:, 0] + k[:, 2]
    low = np.maximum.reduce([np.zeros_like(now), inside - n[:, 1], now - n[:, 2], now - outside])
    high = np.minimum.reduce([n[:, 0], inside, now, n[:, 3] - outside + now])
    return low, high


def _log_tails(k: Ints, n: Ints, low: Ints, high: Ints, logs: Floats) -> Floats:
    inside, outside, now = k[:, 0] + k[:, 1], k[:, 2] + k[:, 3], k[:, 0] + k[:, 2]
    a = low[:, None] + np.arange(int((high - low).max(initial=0)) + 1)
    possible = a <= high[:, None]
    a = np.minimum(a, high[:, None])
    counts = (a, inside[:, None] - a, now[:, None] - a, (outside - now)[:, None] + a)
    weight = np.zeros(a.shape)
    for cell, count in enumerate(counts):
        weight -= logs[count] + logs[n[:, cell, None] - count]
    weight[~possible] = -np.inf
    whole = logsumexp(weight, axis=1)
    upper = logsumexp(np.where(a >= k[:, :1], weight, -np.inf), axis=1)
    lower = logsumexp(np.where(a <= k[:, :1], weight, -np.inf), axis=1)
    return np.minimum(upper, lower) - whole


def discounted(p_values: ArrayLike, share: ArrayLike) -> Floats:
    """The p-values of the same statistics, had there been only this share, 0..1, of independent records.

    The deviate z of each becomes z sqrt(share): the first-order correction of Rao and Scott (1981) for
    records that come in clusters.
    """
    p, f = np.broadcast_arrays(np.asarray(p_values, dtype=np.float64), np.asarray(share, dtype=np.float64))
    z = -ndtri_exp(np.log(np.maximum(p, 1e-300) / 2))
    fewer = as_p_values(np.minimum(np.log(2) + log_ndtr(-z * np.sqrt(f)), 0.0))
    return np.where(f >= 1.0, p, fewer)


def common_odds_p(having: ArrayLike, totals: ArrayLike) -> float:
    """Two-sided p-value that now and before have the same odds in every stratum: Mantel, Haenszel (1959).

    having, totals: (strata, 2) counts of now and before; 1 where no stratum can tell. The normal
    approximation with continuity: good for judging what is left of a change, not in the far tail.
    """
    k, n = np.asarray(having, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    whole, won = n.sum(axis=1), k.sum(axis=1)
    use = whole > 1
    k, n, whole, won = k[use], n[use], whole[use], won[use]
    gap = float((k[:, 0] - n[:, 0] * won / whole).sum())
    variance = float((n[:, 0] * n[:, 1] * won * (whole - won) / (whole**2 * (whole - 1))).sum())
    if variance <= 1e-12:
        return 1.0
    return float(as_p_values(np.log(2) + log_ndtr(-max(abs(gap) - 0.5, 0.0) / np.sqrt(variance))))
