"""What may be asked of patterns of outcomes, with the unit, the bounds and the default of each figure?"""

import datetime as dt

from pydantic import Field

from tools.outcomes.patterns.conditions.query import ConditionQuery


class _Query(ConditionQuery):
    min_won: int = Field(default=20, ge=2, description="Won records below which nothing is said.")
    min_lost: int = Field(default=20, ge=2, description="Lost records below which nothing is said.")
    now: dt.date | None = Field(
        default=None, description="Today; the last day in the records when it is not given."
    )
    draws: int = Field(default=1_000, ge=100, le=20_000, description="Bootstrap samples of a mean.")
    seed: int = Field(default=0, ge=0, description="Seed of the bootstrap.")


class OutcomeAntiPatternQuery(_Query):
    """Which conditions count as a sign against pursuing."""

    max_rate_ratio: float = Field(
        default=0.7, gt=0, lt=1, description="Win rate / win rate without it, at or below which it counts."
    )
    hours_per_week: float | None = Field(
        default=None,
        gt=0,
        le=168,
        description="Hours of selling an open deal takes a week, to tell hours freed.",
    )
    next_deals: int = Field(
        default=20, ge=1, le=1_000, description="Further deals by which a verdict might change."
    )


class LossQuery(_Query):
    """Which reasons of losing are told, and by whom."""

    min_losses: int = Field(default=20, ge=2, description="Losses that a reason needs.")
    min_matching: int = Field(default=10, ge=2, description="Losses of a reason that a condition needs.")
    max_reasons: int = Field(default=20, ge=1, le=100, description="Reasons at most, the commonest.")
    min_ratio: float = Field(
        default=1.5, ge=1, description="Ratio of a condition's share to that among other losses and the won."
    )
    hopeless_return_rate: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Share that comes back, 0..1, below which a lost deal is lost for good.",
    )
    go_dark_share: float = Field(
        default=0.3, ge=0, le=1, description="Share, 0..1, from which going dark marks a reason."
    )
    long_cycle_ratio: float = Field(
        default=1.3, ge=1, description="Median cycle / that of other losses, from which it counts as long."
    )


class CustomerQuery(_Query):
    """Which customers are compared, over how long, and what tells them apart."""

    horizon_days: int = Field(
        default=365,
        ge=1,
        le=3_650,
        description="Days after being won within which it has to happen. Customers not observed "
        "for as long are left out.",
    )
    min_happened: int = Field(default=20, ge=2, description="Customers to whom it happened, at least.")
    min_risk_ratio: float = Field(
        default=1.5, ge=1, description="Risk with a condition / risk without it, either way up."
    )


class EmergingQuery(_Query):
    """Which periods are compared, and when a segment counts as new or growing."""

    min_records: int = Field(
        default=8, ge=2, description="Won records of both periods that a condition needs at least."
    )
    min_share: float = Field(
        default=0.005, ge=0, le=0.5, description="Share of the won, 0..1, that a condition needs at least."
    )
    recent_days: int = Field(default=90, ge=1, le=3_650, description="Days up to now: the period looked at.")
    before_days: int = Field(
        default=365, ge=1, le=3_650, description="Days before those: what it is compared with."
    )
    min_growth: float = Field(
        default=1.5, ge=1, description="Share of the won now / before, at or above which it counts."
    )
    min_recent: int = Field(default=5, ge=2, description="Won records of the period that a segment needs.")


class SegmentOutcomeQuery(_Query):
    """How segments are measured, and how their best angle is sought."""

    min_segment: int = Field(
        default=20, ge=1, description="Decided records of a segment below which it is only counted."
    )
    min_rate_ratio: float = Field(
        default=1.2, ge=1, description="Win rate with the angle / without it inside the segment, at least."
    )
