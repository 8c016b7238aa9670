"""What measures of outcomes are told as, each with its interval."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate

Tier = Literal["A", "B", "C", "D"]


class Gate(BaseModel):
    """Something that limits what can be said, and what it means."""

    what: Literal["few won", "few lost", "no lost", "no won", "short", "undated"]
    found: int
    needed: int
    sentence: str


class OutcomeOverview(BaseModel):
    """What there is to learn from."""

    records: int
    units: int = Field(description="Different persons or accounts.")
    unit: Literal["person", "account"]
    counts: dict[str, int] = Field(description="Records of each outcome.")
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    days_covered: int
    win_rate: Estimate | None = Field(
        default=None, description="Won / won and lost; at the number of units where they repeat."
    )
    cycle_won_days: Estimate | None = Field(
        default=None, description="Median from opening to decision of the won."
    )
    cycle_lost_days: Estimate | None = None
    contract_value_mean: Estimate | None = Field(default=None, description="Of the won; bootstrap interval.")
    contract_value_median: Estimate | None = None
    won_amount: float | None = None
    lost_amount: float | None = None
    open_amount: float | None = None
    currency: str
    amounts_known_share: float
    reasons: dict[str, dict[str, Estimate]] = Field(
        description="By outcome, the share of its records with a reason that name it, the commonest first."
    )
    gates: list[Gate]
    sentence: str


class Cell(BaseModel):
    """Outcomes of one tier, or of all, in one period, or in all."""

    tier: Tier | None = Field(default=None, description="None: all tiers.")
    period: str | None = Field(default=None, description="`2026-Q3`, `2026-07`; None: all periods.")
    won: int
    lost: int
    win_rate: Estimate | None = Field(
        default=None, description="Wilson interval; at the number of units where they repeat."
    )
    contract_value: Estimate | None = Field(default=None, description="Mean of the won; bootstrap interval.")
    cycle_days: Estimate | None = Field(default=None, description="Median of the won.")


class Trend(BaseModel):
    """Whether a figure rises with the tier, from D to A."""

    direction: Literal["rises", "falls", "no trend"] = Field(description="At a level of 5 %, two-sided.")
    statistic: float = Field(description="z of Cochran-Armitage, or Kendall's tau b; above 0 where it rises.")
    p_value: float
    test: Literal["Cochran-Armitage", "Kendall"]


class Accuracy(BaseModel):
    """How well the tier threshold told the won from the lost."""

    period: str | None = None
    true_positives: int = Field(description="Picked and won.")
    false_positives: int = Field(description="Picked and lost.")
    false_negatives: int = Field(description="Not picked, and won.")
    true_negatives: int
    precision: Estimate | None = Field(default=None, description="Share of the picked that were won.")
    recall: Estimate | None = Field(
        default=None, description="Share of the won that were picked: coverage of conversions."
    )
    false_positive_rate: Estimate | None = Field(
        default=None, description="Share of the lost that were picked."
    )
    false_negative_rate: Estimate | None = Field(
        default=None, description="Share of the won that were not picked."
    )


class MarketShare(BaseModel):
    """How the market divides into tiers."""

    scored: int
    tiers: dict[Tier, Estimate]
    width: Literal["narrow", "fitting", "broad"] = Field(description="Of tier A.")
    sentence: str


class TierPipeline(BaseModel):
    """Open deals of one tier."""

    tier: Tier
    open_deals: int
    open_amount: float
    without_amount: int
    win_rate: Estimate | None = Field(
        default=None, description="Of the decided deals of the tier; of all where it has none."
    )
    expected_amount: Estimate | None = Field(default=None, description="open_amount x win_rate.")


class PipelineCoverage(BaseModel):
    """What the open deals will bring."""

    tiers: list[TierPipeline]
    open_amount: float
    unscored_deals: int
    expected_amount: Estimate | None = Field(
        default=None, description="Sum over tiers; the tiers' errors are independent, so their squares add."
    )
    target_amount: float | None = None
    coverage: Estimate | None = Field(default=None, description="expected_amount / target_amount.")
    sentence: str


class OutcomeMeasures(BaseModel):
    """How outcomes go, by tier and over time."""

    scored: int = Field(description="Decided records with a score.")
    unscored: int
    currency: str
    by_tier: list[Cell]
    by_period: list[Cell]
    by_tier_and_period: list[Cell]
    win_rate_trend: Trend
    contract_value_trend: Trend | None = None
    cycle_trend: Trend | None = None
    accuracy: Accuracy
    accuracy_by_period: list[Accuracy]
    precision_over_time: Trend | None = Field(
        default=None, description="Whether precision rises over the periods."
    )
    recall_over_time: Trend | None = None
    market: MarketShare | None = None
    pipeline: PipelineCoverage | None = None
    sentences: list[str]
