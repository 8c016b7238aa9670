"""How long do customers stay?"""

import numpy as np
from pydantic import BaseModel, Field

from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import Z
from tools.outcomes.measures.span import days_between
from tools.outcomes.patterns.customers.labels import Customers


class Tenure(BaseModel):
    """Survival of the customers whose start is known, those who still stay counted as censored."""

    customers: int
    churned: int
    median_days: float | None = Field(
        default=None, description="Days after which half have churned; None where half never do so far."
    )
    median_low_days: float | None = Field(default=None, description="95 % bound; None: not reached.")
    median_high_days: float | None = Field(default=None, description="95 % bound; None: not reached.")
    churned_median_days: float | None = Field(
        default=None, description="Median tenure of those who churned so far: shorter than that of all."
    )
    staying_share: Estimate | None = Field(
        default=None,
        description="Share of customers who stay for the horizon; Kaplan-Meier, log-log interval.",
    )
    horizon_days: int


def tenure(customers: Customers, horizon_days: int) -> Tenure:
    """How long customers stay: Kaplan and Meier (1958), its interval by Brookmeyer and Crowley (1982).

    Counted from being won to churning, or to now.
    """
    last = np.where(np.isnat(customers.churned), customers.now, customers.churned)
    days = days_between(customers.since, last)
    observed = days >= 0
    churned = ~np.isnat(customers.churned) & observed
    times, stay, low, high = survival(days[observed], churned[observed])
    return Tenure(
        customers=int(observed.sum()),
        churned=int(churned.sum()),
        median_days=_first_at_or_below(times, stay),
        median_low_days=_first_at_or_below(times, low),
        median_high_days=_first_at_or_below(times, high),
        churned_median_days=float(np.median(days[churned])) if churned.any() else None,
        staying_share=_at(horizon_days, times, (stay, low, high), days[observed]),
        horizon_days=horizon_days,
    )


def survival(days: np.ndarray, churned: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days on which somebody churned, ascending, the share that stays beyond each, and its low and high.

    Greenwood's variance on the scale of log(-log), so that bounds lie in 0..1.
    """
    times, left = np.unique(days[churned], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), times, side="left")
    stay = np.cumprod(1 - left / np.maximum(at_risk, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(left / (at_risk * (at_risk - left)))
        spread = np.exp(Z * np.sqrt(greenwood) / np.abs(np.log(stay)))
        low, high = stay**spread, stay ** (1 / spread)
    # When the last one at risk has churned the variance is without bound.
    return times, stay, np.where(stay > 0, low, 0.0), np.where(stay > 0, high, _before(high))


def _before(values: np.ndarray) -> np.ndarray:
    """Each value's predecessor; of the first 1."""
    return np.concatenate(([1.0], values[:-1])) if len(values) else values


def _first_at_or_below(times: np.ndarray, share: np.ndarray, level: float = 0.5) -> float | None:
    below = np.flatnonzero(share <= level)
    return float(times[below[0]]) if len(below) else None


def _at(
    day: int, times: np.ndarray, curves: tuple[np.ndarray, np.ndarray, np.ndarray], days: np.ndarray
) -> Estimate | None:
    """The share that stays on this day; None where nobody was observed for as long, or nobody left before."""
    place = int(np.searchsorted(times, day, side="right")) - 1
    if place < 0 or not (days >= day).any():
        return None
    value, low, high = (float(curve[place]) for curve in curves)
    return Estimate(value=value, low=min(low, value), high=max(high, value))
