"""What patterns of outcomes are told as, each with its evidence."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate
from tools.outcomes.patterns.conditions.condition import Condition
from tools.outcomes.patterns.customers.tenure import Tenure


class Compared(BaseModel):
    """A figure of some records beside that of the others, with a test."""

    value: Estimate
    others: Estimate | None = Field(default=None, description="The same of the other records.")
    p_value: float | None = Field(
        default=None, description="Two-sided; None where one side has no known value."
    )


class _Pattern(BaseModel):
    conditions: list[Condition] = Field(description="All of them together.")
    words: str = Field(description="The conditions as one phrase.")
    p_value: float = Field(description="The largest of the one-sided Fisher tests that it had to pass.")
    q_value: float = Field(
        description="False discovery rate over every condition, pair and triple that could have been told."
    )
    sentence: str


class PursuitVerdict(BaseModel):
    """What would have to be true for pursuing them to pay, and what would follow from leaving them."""

    verdict: Literal["leave", "watch", "pursue", "unknown"] = Field(
        description="leave: even the high end of the win rate pays less than other deals do a day. watch: "
        "the interval holds the break-even rate. pursue: even the low end pays as much."
    )
    break_even_rate: float | None = Field(
        default=None,
        description="Win rate from which they bring as much a day as other deals: others' win rate x "
        "(others' "
        "contract value / theirs) x (their cycle / others').",
    )
    deals_a_year: float | None = Field(
        default=None, description="Deals that leaving them would free, by their past."
    )
    deal_days_a_year: float | None = Field(default=None, description="Those deals times their mean cycle.")
    hours_a_year: float | None = Field(
        default=None, description="Only when hours per week of an open deal are given."
    )
    wins_to_reconsider: int | None = Field(
        default=None,
        description="Of the next deals so many must be won for the interval to reach the break-even.",
    )
    next_deals: int
    sentence: str


class OutcomeAntiPattern(_Pattern):
    """A condition under which deals are won clearly more seldom."""

    deals: int = Field(description="Decided deals that meet it.")
    won: int
    win_rate: Estimate = Field(description="Wilson interval; at the number of units where units repeat.")
    other_win_rate: Estimate = Field(description="Of the decided deals that are known not to meet it.")
    cycle_days: Compared | None = Field(
        default=None, description="Median from opening to decision; Mann-Whitney test."
    )
    go_dark_share: Compared | None = Field(
        default=None, description="Share of the lost whose buyer stopped answering; Fisher."
    )
    lost_amount: float | None = Field(default=None, description="Sum of the known amounts of its lost deals.")
    open_deals: int
    open_amount: float | None = Field(
        default=None, description="At stake: known amounts of the open deals that meet it."
    )
    pursuit: PursuitVerdict


class AntiPatternReport(BaseModel):
    """Who they are not, among deals."""

    won: int
    lost: int
    win_rate: Estimate
    currency: str
    tested: dict[str, int] = Field(description="Conditions, pairs and triples that could have been told.")
    patterns: list[OutcomeAntiPattern]
    notes: list[str] = Field(default_factory=list)


class LossCondition(_Pattern):
    """A condition more frequent among losses of one reason than among others, and than among the won."""

    losses: int = Field(description="Losses of this reason that meet it.")
    share: Estimate = Field(description="Share of the losses of this reason, of which it is known.")
    other_loss_share: Estimate
    won_share: Estimate | None = Field(default=None, description="None without won records.")
    ratio: Estimate = Field(description="share / other_loss_share; log interval of Katz.")


class ReasonTrend(BaseModel):
    """Whether a reason becomes more or less frequent among the losses."""

    direction: Literal["rising", "falling", "steady"]
    z: float = Field(description="Cochran-Armitage over the quarters; above 0 where it rises.")
    p_value: float
    q_value: float = Field(description="Benjamini-Hochberg over the reasons.")
    quarters: dict[str, Estimate] = Field(description="Share of the losses with a reason, by quarter.")


class LossPattern(BaseModel):
    """One reason of losing: who, how it goes, and what to do."""

    reason: str
    losses: int
    share: Estimate = Field(description="Share of the lost records of which a reason is known.")
    conditions: list[LossCondition]
    cycle_days: Compared | None = None
    go_dark_share: Compared | None = None
    came_back: Estimate | None = Field(
        default=None, description="Share of the lost persons or accounts with a won record later."
    )
    came_back_at: Estimate | None = Field(
        default=None,
        description="Median of the later amount / the amount first lost, of those who came back.",
    )
    trend: ReasonTrend | None = None
    pattern: str = Field(description="Who they are, in a sentence.")
    typical_outcome: str
    recommendation: Literal["qualify out", "playbook", "watch"]
    advice: str


class LossReport(BaseModel):
    """Why deals are lost."""

    lost: int
    with_reason: int
    patterns: list[LossPattern] = Field(description="Commonest reason first.")
    tested: dict[str, int]
    notes: list[str] = Field(default_factory=list)


class CustomerSignal(_Pattern):
    """A condition of customers to whom it happened clearly more often, or more seldom."""

    direction: Literal["raises", "lowers"]
    customers: int = Field(description="Customers who meet it.")
    happened: int
    risk: Estimate = Field(description="Share of them to whom it happened within the horizon; Wilson.")
    other_risk: Estimate = Field(description="Of the customers who are known not to meet it.")
    risk_ratio: Estimate = Field(description="risk / other_risk; log interval of Katz.")


class CustomerReport(BaseModel):
    """What goes with churning, or with expanding."""

    what: Literal["churned", "expanded"]
    horizon_days: int
    customers: int = Field(description="Observed for the whole horizon.")
    happened: int
    risk: Estimate
    left_out: int = Field(description="Customers not observed for long enough, or of unknown start.")
    signals: list[CustomerSignal]
    tenure: Tenure
    reasons: dict[str, Estimate] = Field(description="Share of the records with reasons that name it.")
    products: dict[str, Estimate] = Field(description="Share of the records with products that name it.")
    tested: dict[str, int]
    notes: list[str] = Field(default_factory=list)
    sentence: str


class EmergingSegment(_Pattern):
    """A condition whose share of the won grew."""

    won: int = Field(description="Won in the recent period.")
    won_before: int
    share_of_volume: Estimate = Field(description="Of the won of the recent period.")
    share_before: Estimate
    growth: Estimate = Field(description="share_of_volume / share_before; log interval of Katz.")
    share_of_revenue: float | None = Field(
        default=None, description="Of the known amounts of the recent period."
    )
    share_of_decided: Estimate = Field(description="Of all deals decided in the recent period.")
    share_of_decided_before: Estimate
    win_rate: Estimate | None = None
    win_rate_before: Estimate | None = None
    win_rate_p: float | None = Field(
        default=None, description="Fisher, two-sided: whether its win rate changed."
    )
    cause: Literal["more are asked", "more of them buy", "both", "not told apart"] = Field(
        description="Whether its share of the decided deals grew, its win rate, or both, each tested at 5 %."
    )
    evidence: str
    recommendation: str


class EmergingReport(BaseModel):
    """Who newly buys."""

    recent_from: dt.date
    before_from: dt.date
    until: dt.date
    won: int = Field(description="Won in the recent period.")
    won_before: int
    segments: list[EmergingSegment]
    tested: dict[str, int]
    notes: list[str] = Field(default_factory=list)


class BestAngle(_Pattern):
    """The condition that most raises the win rate inside a segment."""

    deals: int
    win_rate: Estimate
    other_win_rate: Estimate


class SegmentOutcome(BaseModel):
    """How one segment fares."""

    segment: str
    records: int
    won: int
    lost: int
    win_rate: Estimate | None = None
    overall_win_rate: Estimate | None = None
    win_rate_ratio: Estimate | None = Field(
        default=None, description="To the other decided records; log interval of Katz."
    )
    p_value: float | None = Field(
        default=None, description="Fisher, two-sided, against the other decided records."
    )
    q_value: float | None = Field(default=None, description="Benjamini-Hochberg over the segments.")
    contract_value_mean: Estimate | None = Field(default=None, description="Of the won; bootstrap interval.")
    contract_value_median: Estimate | None = None
    overall_contract_value_mean: Estimate | None = None
    contract_value_p: float | None = Field(
        default=None, description="Mann-Whitney, against the other won records."
    )
    cycle_days: Compared | None = Field(
        default=None, description="Median of the won from opening to decision."
    )
    best_angle: BestAngle | None = None
    sentence: str
