"""Which deals were decided? Generated ones, in which the win rate of an industry may be moved."""

from typing import NamedTuple

import numpy as np

from tools.mining.evidence.statistics import as_p_values, log_p_depleted, log_p_enriched, wilson_interval
from tools.mining.findings import Estimate

INDUSTRIES = ("Logistics", "Software", "Manufacturing", "Health care", "Retail")
TIERS = ("A", "B", "C", "D")
RATES = {"A": 0.42, "B": 0.3, "C": 0.18, "D": 0.09}
LEVEL = 0.05 / 52


class Deals(NamedTuple):
    """Decided deals: place in INDUSTRIES and in TIERS, won or not, amount, days."""

    industry: np.ndarray
    tier: np.ndarray
    won: np.ndarray
    amount: np.ndarray
    days: np.ndarray


def deals_of(rng: np.random.Generator, deals: int, moved: dict[str, float]) -> Deals:
    """Deals decided, with win rates moved by so much in these industries."""
    industry = rng.integers(0, len(INDUSTRIES), deals)
    tier = rng.choice(len(TIERS), deals, p=[0.2, 0.3, 0.3, 0.2])
    shift = np.array([moved.get(each, 0.0) for each in INDUSTRIES])
    won = rng.random(deals) < np.array([RATES[each] for each in TIERS])[tier] + shift[industry]
    amount = rng.lognormal(10.2 - 0.22 * tier, 0.6)
    return Deals(industry, tier, won, amount, rng.gamma(9, 6 + tier, deals))


def share_of(won: int, all_of: int) -> Estimate:
    """The share with its Wilson interval."""
    low, high = wilson_interval(won, all_of)
    return Estimate(value=won / max(all_of, 1), low=float(low), high=float(high))


def mean_of(values: np.ndarray) -> Estimate | None:
    """The mean with its normal interval; nothing of fewer than two."""
    if len(values) < 2:
        return None
    mean, spread = float(values.mean()), 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(value=mean, low=mean - spread, high=mean + spread)


def has_moved(now: np.ndarray, before: np.ndarray) -> bool:
    """Whether the win rate moved, at the level of the briefing, in either direction."""
    counts = (int(now.sum()), len(now), int(now.sum() + before.sum()), len(now) + len(before))
    smaller = min(float(log_p_enriched(*counts)), float(log_p_depleted(*counts)))
    return 2 * float(as_p_values(smaller)) < LEVEL
