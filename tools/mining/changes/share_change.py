"""How did one share change, and could a test tell?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tools.mining.changes.change_findings import Change
from tools.mining.evidence.statistics import Floats, difference_interval, difference_p, wilson_interval
from tools.mining.findings import Estimate

# People with the trait, and without it, whom the two sets do not have in common: the normal tail needs some.
FEWEST_DIFFERENT = 10.0


def correlation(shared: int, total: int, before_total: int, agreement: ArrayLike = 1.0) -> Floats:
    """Of two shares, when `shared` people are in both; agreement: phi between what they have then and now."""
    return np.asarray(agreement, dtype=np.float64) * shared / np.sqrt(total * before_total)


def phi(both: ArrayLike, now: ArrayLike, then: ArrayLike, people: int) -> Floats:
    """Agreement of the same people now and then, 0..1; 0 where one of the two never varies."""
    a, k, m = (np.asarray(each, dtype=np.float64) for each in (both, now, then))
    spread = np.sqrt(k * (people - k) * m * (people - m))
    agreed = np.divide(a * people - k * m, spread, out=np.zeros(spread.shape), where=spread > 0)
    return np.clip(agreed, 0.0, 1.0)


def can_differ(
    having: ArrayLike, total: int, before: ArrayLike, before_total: int, rho: ArrayLike = 0.0
) -> NDArray[np.bool_]:
    """Whether enough people differ for the test to hold."""
    share = (np.asarray(having) + np.asarray(before)) / (total + before_total)
    different = total + before_total - 2 * np.asarray(rho) * np.sqrt(total * before_total)
    return np.minimum(share, 1 - share) * different >= FEWEST_DIFFERENT


def change_of(having: float, total: int, before: float, before_total: int, rho: float = 0.0) -> Change:
    """The change of having / total since before / before_total; its q-value is not known yet."""
    difference = having / total - before / before_total
    low, high = difference_interval(having, total, before, before_total, correlation=rho)
    return Change(
        before=_share(before, before_total),
        after=_share(having, total),
        difference=Estimate(value=difference, low=float(low), high=float(high)),
        p_value=float(difference_p(having, total, before, before_total, correlation=rho)),
    )


def _share(having: float, total: int) -> Estimate:
    low, high = wilson_interval(having, total)
    return Estimate(value=having / total, low=float(low), high=float(high))
