"""Are figures of now higher or lower than before, and by how much?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import log_ndtr, stdtrit

from tools.mining.evidence.statistics import as_p_values
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import Z, fisher_p

# A larger share of equal values leaves scores too skewed for the normal tail of a rank sum: at 10 values and
# half of them equal, its errors at 4 standard deviations (skewness up, kurtosis down) still cancel.
MOST_TIED = 0.5
MOST_PAIRS = 4_000_000


class Shift(NamedTuple):
    """sign: 1 higher now, -1 lower, 0 neither."""

    sign: int
    p: float


def rank_shift(now: np.ndarray, before: np.ndarray) -> Shift:
    """Whether known values are higher now: two-sided test of Mann and Whitney (1947), ties counted.

    The normal approximation with continuity, whose tail is heavier than the exact one's; where more than
    half of the values are equal, the exact test of Mood (1950) of how many are above the median. p is 1
    where all values are equal.
    """
    values = np.concatenate((now, before))
    total, first = len(values), len(now)
    ordered = np.sort(values)
    left, right = np.searchsorted(ordered, now, "left"), np.searchsorted(ordered, now, "right")
    ties = np.diff(np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1], [True]))))
    if len(ties) < 2:
        return Shift(0, 1.0)
    if ties.max() > MOST_TIED * total:
        return _above_most(now, before, float(ordered[np.repeat(ties, ties).argmax()]))
    gap = float((left + right).sum()) / 2 - first * total / 2
    cubes = float((ties.astype(np.float64) ** 3 - ties).sum())
    variance = first * (total - first) / 12 * (total + 1 - cubes / (total * (total - 1)))
    z = max(abs(gap) - 0.5, 0.0) / np.sqrt(variance)
    return Shift(int(np.sign(gap)), float(as_p_values(min(np.log(2) + float(log_ndtr(-z)), 0.0))))


def _above_most(now: np.ndarray, before: np.ndarray, common: float) -> Shift:
    """Values above the commonest, and values below it, each by Fisher's exact test; the surer, doubled."""
    found = []
    for sign, here, there in ((1, now > common, before > common), (-1, now < common, before < common)):
        more = here.mean() - there.mean()
        p = float(fisher_p(here.sum(), len(now), there.sum(), len(before)))
        found.append((min(1.0, 2 * p), sign * int(np.sign(more))))
    p, sign = min(found, key=lambda each: each[0])
    return Shift(sign, p)


def t_mean(values: np.ndarray, effective: float) -> Estimate | None:
    """The mean with Student's 95 % interval, at this many independent values; None of fewer than two."""
    if len(values) < 2:
        return None
    mean = float(values.mean())
    half = float(stdtrit(max(effective - 1, 1.0), 0.975)) * float(values.std(ddof=1)) / np.sqrt(effective)
    return Estimate(value=mean, low=mean - half, high=mean + half)


def welch_difference(now: np.ndarray, before: np.ndarray, effective: tuple[float, float]) -> Estimate | None:
    """Mean of now - mean of before with the 95 % interval of Welch (1947); None under two values a side."""
    if min(len(now), len(before)) < 2:
        return None
    parts = [float(x.var(ddof=1)) / e for x, e in zip((now, before), effective, strict=True)]
    gap, spread = float(now.mean() - before.mean()), sum(parts)
    if spread == 0:
        return Estimate(value=gap, low=gap, high=gap)
    degrees = spread**2 / sum(part**2 / max(e - 1, 1.0) for part, e in zip(parts, effective, strict=True))
    half = float(stdtrit(degrees, 0.975)) * np.sqrt(spread)
    return Estimate(value=gap, low=float(gap - half), high=float(gap + half))


def shift_estimate(now: np.ndarray, before: np.ndarray) -> Estimate | None:
    """Median of all differences now - before with its 95 % interval. Hodges, Lehmann (1963); Moses (1965).

    Of more than 4 million pairs an even sample of the earlier values is taken.
    """
    if min(len(now), len(before)) < 2:
        return None
    step = -(-len(now) * len(before) // MOST_PAIRS)
    others = np.sort(before)[step // 2 :: step]
    gaps: Any = np.sort((np.sort(now)[:, None] - others).ravel())
    first, second = len(now), len(others)
    below = first * second / 2 - Z * np.sqrt(first * second * (first + second + 1) / 12)
    at = max(int(np.floor(below)), 0)
    return Estimate(value=float(np.median(gaps)), low=float(gaps[at]), high=float(gaps[len(gaps) - 1 - at]))
