"""How sure is a share, a mean or a median, and do two groups differ in it?"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import Floats, as_p_values, log_p_enriched, wilson_interval
from tools.mining.findings import Estimate

# Of more values the bootstrap's mean is normal to three digits, and costs as many draws as there are values.
MOST_RESAMPLED = 5_000
Z = 1.959963984540054  # 95 %, two-sided


def share_estimate(having: int, total: int, units: int | None = None) -> Estimate | None:
    """having / total with its Wilson interval; None of nothing.

    units: persons or accounts behind the total, where some have several records. The interval is then that
    of as many records as units: right where the records of a unit always agree, cautious where not.
    """
    if not total:
        return None
    scale = 1.0 if units is None else min(units, total) / total
    low, high = wilson_interval(having * scale, total * scale)
    return Estimate(value=having / total, low=float(low), high=float(high))


def median_estimate(values: np.ndarray) -> Estimate | None:
    """The median of the known values with its distribution-free 95 % interval; None of fewer than two.

    The interval runs between two order statistics, found by the binomial: what the percentile bootstrap of a
    median tends to, without drawing. Of fewer than six values it is their whole range, and covers less.
    """
    known = np.sort(values[~np.isnan(values)])
    total = len(known)
    if total < 2:
        return None
    below = _order_below(total)
    return Estimate(
        value=float(np.median(known)), low=float(known[below]), high=float(known[total - 1 - below])
    )


@lru_cache(maxsize=10_000)
def _order_below(total: int) -> int:
    """The largest r with P(B < r + 1) at most 2.5 %, B binomial (total, 1/2); 0 when there is none."""
    from scipy.stats import binom

    place = max(int(binom.ppf(0.025, total, 0.5)), 0)
    while place > 0 and binom.cdf(place, total, 0.5) > 0.025:
        place -= 1
    return place


def mean_estimate(values: np.ndarray, draws: int = 1_000, seed: int = 0) -> Estimate | None:
    """The mean of the known values with its 95 % interval; None of fewer than two.

    Up to 5,000 values the percentile bootstrap of `draws` samples; of more the normal interval.
    """
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return None
    mean = float(known.mean())
    if len(known) > MOST_RESAMPLED:
        half = Z * float(known.std(ddof=1)) / np.sqrt(len(known))
        return Estimate(value=mean, low=float(mean - half), high=float(mean + half))
    low, high = np.quantile(_resampled_means(known, draws, seed), [0.025, 0.975])
    return Estimate(value=mean, low=min(float(low), mean), high=max(float(high), mean))


def _resampled_means(known: Floats, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    step = max(1, 1_000_000 // len(known))
    parts = [
        known[rng.integers(0, len(known), (min(step, draws - first), len(known)))].mean(axis=1)
        for first in range(0, draws, step)
    ]
    return np.concatenate(parts)


def shift_p(values: np.ndarray, others: np.ndarray) -> float | None:
    """Two-sided p-value of Mann and Whitney (1947), ties counted; None where a group has no known value."""
    one, other = values[~np.isnan(values)], others[~np.isnan(others)]
    if not len(one) or not len(other):
        return None
    if min(one.min(), other.min()) == max(one.max(), other.max()):
        return 1.0
    from scipy.stats import mannwhitneyu

    return float(max(mannwhitneyu(one, other, alternative="two-sided").pvalue, 1e-300))


def fisher_p(having: ArrayLike, total: ArrayLike, others: ArrayLike, others_total: ArrayLike) -> Floats:
    """Two-sided p-values that two shares are equal: twice the smaller tail of Fisher's exact test."""
    k, n, o, m = (np.asarray(each, dtype=np.float64) for each in (having, total, others, others_total))
    log_p = np.minimum(log_p_enriched(k, n, k + o, n + m), log_p_enriched(o, m, k + o, n + m))
    return as_p_values(np.minimum(log_p + np.log(2), 0.0))


def trend_p(having: ArrayLike, totals: ArrayLike, scores: ArrayLike | None = None) -> tuple[float, float]:
    """z and two-sided p-value of a trend of shares over ordered groups: Cochran (1954), Armitage (1955).

    scores: of the groups, 0, 1, 2 … when not given. z is above 0 where shares rise with the scores; 0 with
    p = 1 where there is nothing to tell: fewer than two groups, or all or none in them.
    """
    k, n = np.asarray(having, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    t = np.arange(len(n), dtype=np.float64) if scores is None else np.asarray(scores, dtype=np.float64)
    total = n.sum()
    share = k.sum() / total if total else 0.0
    middle = (t * n).sum() / total if total else 0.0
    variance = share * (1 - share) * (n * (t - middle) ** 2).sum()
    if variance <= 1e-12:
        return 0.0, 1.0
    from scipy.special import ndtr

    z = float((k * (t - middle)).sum() / np.sqrt(variance))
    return z, float(max(2 * ndtr(-abs(z)), 1e-300))


def units_of(outcomes: OutcomeTable, rows: np.ndarray) -> int:
    """Different persons or accounts among these rows."""
    return len(np.unique(outcomes.unit_ids[rows]))


def percent(share: float) -> str:
    """`4 %`, `0.4 %`: a share as a reader meets it."""
    return f"{100 * share:.1f} %" if 0 < share < 0.0095 else f"{100 * share:.0f} %"


def money(amount: float, currency: str) -> str:
    """`45,000 EUR`: to three digits."""
    rounded = float(f"{amount:.3g}")
    return f"{rounded:,.0f} {currency}".strip()


def days(estimate: Estimate) -> str:
    """`420 days`."""
    return f"{estimate.value:,.0f} days"
