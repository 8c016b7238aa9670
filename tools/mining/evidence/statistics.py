"""How sure is a share, a ratio of shares, or a difference from chance?

Every function takes numbers or arrays that broadcast, and gives arrays.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, log_ndtr, ndtri, xlogy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Interval = tuple[Floats, Floats]

# With every cell above this the signed root of G stands for the exact tail (within a few per cent).
EXACT_BELOW = 25.0
# exp() of less is 0; a p-value of 0 would claim too much.
SMALLEST_LOG_P = np.log(1e-300)


def wilson_interval(having: ArrayLike, total: ArrayLike, confidence: float = 0.95) -> Interval:
    """Low and high of a share having / total; 0..1 when total is 0. Wilson (1927)."""
    k, n = _floats(having, total)
    z2 = _z(confidence) ** 2
    denominator = n + z2
    middle = (k + z2 / 2) / denominator
    safe = np.maximum(n, 1.0)
    half = np.sqrt(z2 * (k * (n - k) / safe + z2 / 4)) / denominator
    # At 0 and at n the bound is the end of the scale exactly; rounding may miss it.
    low = np.where(k <= 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(k >= n, 1.0, np.clip(middle + half, 0.0, 1.0))
    return low, high


def ratio_interval(
    having: ArrayLike, total: ArrayLike, share: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Low and high of (having / total) / share, where the share is known exactly.

    The population is counted whole, so its share has no error of its own, and only the customers are
    a sample: the Wilson bounds of their share, divided by a constant, keep their coverage. (A log
    method for two samples, Katz 1978, would count an error that is not there; see relative_interval.)
    """
    low, high = wilson_interval(having, total, confidence)
    (known,) = _floats(share)
    return low / known, high / known


def gap_interval(having: ArrayLike, total: ArrayLike, share: ArrayLike, confidence: float = 0.95) -> Interval:
    """Low and high of having / total - share, where the share is known exactly: as ratio_interval."""
    low, high = wilson_interval(having, total, confidence)
    (known,) = _floats(share)
    return low - known, high - known


def independence_interval(
    joint: ArrayLike, total: ArrayLike, members: ArrayLike, pair_lifts: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Low and high of the lift of a set, P(all) / product of P(member), all from the same customers.

    members: (..., L) customers of each member. pair_lifts: the sum of the lifts of all L (L - 1) / 2
    pairs of members. Delta method on log lift: joint share and member shares come from the same rows,
    so with X = I(all) / P(all) - sum I(i) / P(i), n var(log lift) = var X
    = 1 / P(all) - sum 1 / P(i) + 2 pair_lifts - (L - 1)^2.
    """
    k, n, lifts = _floats(joint, total, pair_lifts)
    counts = np.asarray(members, dtype=np.float64)
    length = counts.shape[-1]
    shares = counts / n[..., None]
    lift = k / n / shares.prod(axis=-1)
    variance = n / k - (1 / shares).sum(axis=-1) + 2 * lifts - (length - 1) ** 2
    spread = np.exp(_z(confidence) * np.sqrt(np.maximum(variance, 0.0) / n))
    return lift / spread, lift * spread


def relative_interval(
    having: ArrayLike, total: ArrayLike, others: ArrayLike, others_total: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Ratio of two sampled shares with low and high: the log method of Katz et al. (1978).

    Half a person is added everywhere where one of the counts is 0 (Walter 1975).
    """
    k, n, m, t = _floats(having, total, others, others_total)
    half = np.where((k == 0) | (m == 0), 0.5, 0.0)
    k, n, m, t = k + half, n + half, m + half, t + half
    ratio = (k / n) / (m / t)
    spread = np.exp(_z(confidence) * np.sqrt(np.maximum(1 / k - 1 / n + 1 / m - 1 / t, 0.0)))
    return ratio, ratio / spread, ratio * spread


def difference_interval(
    having: ArrayLike,
    total: ArrayLike,
    before: ArrayLike,
    before_total: ArrayLike,
    confidence: float = 0.95,
    correlation: ArrayLike = 0.0,
) -> Interval:
    """Low and high of having / total - before / before_total: Newcombe (1998), method 10, from Wilson bounds.

    correlation: of the two shares, 0 for different people; with it Zou and Donner's general form (2008).
    """
    k, n, m, t, rho = _floats(having, total, before, before_total, correlation)
    now, then = k / n, m / t
    (low, high), (then_low, then_high) = wilson_interval(k, n, confidence), wilson_interval(m, t, confidence)
    down = _together(now - low, then_high - then, rho)
    up = _together(high - now, then - then_low, rho)
    return now - then - down, now - then + up


def difference_p(
    having: ArrayLike,
    total: ArrayLike,
    before: ArrayLike,
    before_total: ArrayLike,
    growth: ArrayLike = 1.0,
    correlation: ArrayLike = 0.0,
) -> Floats:
    """Two-sided p-value of having / total = growth * before / before_total, shares pooled under that claim.

    With a growth of 1 the two-proportion z-test. correlation: of the two shares, c / sqrt(n t) where c people
    are in both and have the same; then the variance of Derrick et al. (2015) for partly overlapping samples.
    """
    k, n, m, t, g, rho = _floats(having, total, before, before_total, growth, correlation)
    then = np.minimum((k + m) / (g * n + t), 1.0)
    now = np.minimum(g * then, 1.0)
    spread = _together(np.sqrt(now * (1 - now) / n), g * np.sqrt(then * (1 - then) / t), rho)
    gap = np.abs(k / n - g * m / t)
    z = np.divide(gap, spread, out=np.where(gap > 1e-12, np.inf, 0.0), where=spread > 1e-12)
    return as_p_values(np.minimum(np.log(2) + log_ndtr(-z), 0.0))


def _together(one: Floats, other: Floats, correlation: Floats) -> Floats:
    """Spread of a difference from the spreads of its parts."""
    return np.sqrt(np.maximum(one**2 + other**2 - 2 * correlation * one * other, 0.0))


def log_p_enriched(having: ArrayLike, drawn: ArrayLike, marked: ArrayLike, total: ArrayLike) -> Floats:
    """log P(X >= having), where X counts the marked ones among `drawn` of `total`, `marked` of them marked.

    The hypergeometric tail (one-sided Fisher test): summed exactly where a cell of the 2 x 2 table
    holds or expects fewer than 25, else the normal tail of the signed root of G with continuity correction,
    which neither underflows nor drifts in the far tail as z does.
    """
    k, n, K, N = _floats(having, drawn, marked, total)
    mean = n * K / np.maximum(N, 1.0)
    smallest = np.minimum.reduce([mean, n - mean, K - mean, N - n - K + mean, n - k, K - k])
    answer = np.zeros(k.shape)
    certain = k <= np.maximum(0.0, n + K - N)
    impossible = k > np.minimum(n, K)
    answer[impossible] = -np.inf
    few = ~certain & ~impossible & (smallest < EXACT_BELOW)
    many = ~certain & ~impossible & ~few
    answer[few] = _log_tail_exact(k[few], n[few], K[few], N[few])
    answer[many] = _log_tail_root_g(k[many], n[many], K[many], N[many])
    return answer


def log_p_depleted(having: ArrayLike, drawn: ArrayLike, marked: ArrayLike, total: ArrayLike) -> Floats:
    """log P(X <= having), as log_p_enriched: few marked ones drawn are many unmarked ones drawn."""
    k, n, K, N = _floats(having, drawn, marked, total)
    return log_p_enriched(n - k, n, N - K, N)


def as_p_values(log_p: ArrayLike) -> Floats:
    """exp(log_p), never below 1e-300."""
    return np.exp(np.maximum(np.asarray(log_p, dtype=np.float64), SMALLEST_LOG_P))


def benjamini_hochberg(p_values: ArrayLike, tests: int | None = None) -> Floats:
    """The smallest false discovery rate at which each test is a discovery. Benjamini, Hochberg (1995).

    tests: how many were made, where only the promising ones are given; the others count as p = 1.
    """
    p = np.asarray(p_values, dtype=np.float64)
    made = len(p) if tests is None else max(tests, len(p))
    order = np.argsort(p)[::-1]
    scaled = p[order] * made / np.arange(len(p), 0, -1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return q


def largest_discovery(p_values: ArrayLike, q_values: ArrayLike, q: float) -> float:
    """The p-value up to which Benjamini-Hochberg at q makes a discovery: q * discoveries / tests; 0 for none.

    A discovery stays one as long as its p-value, the others' unchanged, is at most this; so it may lie
    above the largest p-value among the discoveries. Where only some of a list are given it is a lower bound,
    reached when the least significant discovery is among them: p / q-value is its rank / tests.
    """
    p, adjusted = _floats(p_values, q_values)
    found = adjusted <= q
    return float(q * (p[found] / adjusted[found]).max(initial=0.0))


def information(share: ArrayLike, baseline: ArrayLike) -> Floats:
    """Nats by which one customer's having or lacking a trait tells them from the population.

    Kullback-Leibler divergence of Bernoulli(share) from Bernoulli(baseline); a baseline of 0 or 1
    that the share contradicts gives infinity.
    """
    p, b = _floats(share, baseline)
    with np.errstate(divide="ignore"):
        gain = xlogy(p, p) - xlogy(p, b) + xlogy(1 - p, 1 - p) - xlogy(1 - p, 1 - b)
    return np.maximum(gain, 0.0)


def _log_tail_exact(k: Floats, n: Floats, K: Floats, N: Floats) -> Floats:
    """log P(X >= k): summed upwards from k above the mean, and from the other side below it."""
    upper = k > n * K / N
    answer = np.empty(k.shape)
    answer[upper] = _log_sum_upwards(k[upper], n[upper], K[upper], N[upper])
    lower = ~upper
    k, n, K, N = k[lower], n[lower], K[lower], N[lower]
    answer[lower] = np.log(-np.expm1(_log_sum_upwards(n - k + 1, n, N - K, N)))
    return answer


def _log_sum_upwards(k: Floats, n: Floats, K: Floats, N: Floats) -> Floats:
    """log of P(k) (1 + P(k+1)/P(k) + ...); above the mean the ratios are below 1 and fall."""
    term, total, x = np.ones(k.shape), np.ones(k.shape), k
    while np.any(term > 1e-15 * total):
        term = term * np.maximum(K - x, 0) * np.maximum(n - x, 0) / ((x + 1) * (N - K - n + x + 1))
        total = total + term
        x = x + 1
    return np.minimum(_log_choose(K, k) + _log_choose(N - K, n - k) - _log_choose(N, n) + np.log(total), 0.0)


def _log_choose(n: Floats, k: Floats) -> Floats:
    return -np.log(n + 1) - betaln(n - k + 1, k + 1)


def _log_tail_root_g(k: Floats, n: Floats, K: Floats, N: Floats) -> Floats:
    mean = n * K / N
    less = k - 0.5 - mean
    g = np.zeros(k.shape)
    for expected, sign in ((mean, 1), (n - mean, -1), (K - mean, -1), (N - n - K + mean, 1)):
        observed = expected + sign * less
        g += observed * np.log(observed / expected)
    return log_ndtr(-np.sign(less) * np.sqrt(np.maximum(2 * g, 0.0)))


def _z(confidence: float) -> float:
    return float(ndtri(0.5 + confidence / 2))


def _floats(*values: ArrayLike) -> list[Floats]:
    return [a.astype(np.float64) for a in np.broadcast_arrays(*values)]
