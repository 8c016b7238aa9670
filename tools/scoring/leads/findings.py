"""What is told of one lead?"""

from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate
from tools.scoring.fit.told.next_tier import NextTier
from tools.scoring.fit.told.reasons import FitReason


class LeadScore(BaseModel):
    """One lead. Fit, chance, value and expansion are separate figures."""

    lead: str
    score: float = Field(description="Fit, 0-100.")
    tier: str
    match_confidence: Literal["high", "medium", "low"]
    reasoning: str
    reasons_for: list[FitReason]
    reasons_against: list[FitReason]
    matched: list[str] = Field(description="Dimensions with a value to look for.")
    missed: list[str] = Field(description="Dimensions with a value to avoid.")
    unknown: list[str]
    disqualifier: str | None = None
    to_next_tier: NextTier | None = Field(
        default=None, description="The fewest changes that raise it a tier."
    )
    win_chance: Estimate | None = Field(
        default=None, description="Calibrated on outcomes; none without a model."
    )
    expected_value: Estimate | None = Field(default=None, description="Amount if won.")
    expansion_chance: Estimate | None = None
    churn_chance: Estimate | None = None
    other_scores: dict[str, float] = Field(
        default_factory=dict, description="Fit by the other profiles asked for, by their ids."
    )
    best_profile: str | None = Field(
        default=None,
        description="Of several profiles the one it fits best, by name; of equals the first.",
    )
