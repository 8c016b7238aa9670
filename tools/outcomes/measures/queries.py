"""What may be asked of measures of outcomes, with the unit, the bounds and the default of each figure?"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    now: dt.date | None = Field(
        default=None, description="Today; the last day in the records when it is not given."
    )
    draws: int = Field(default=1_000, ge=100, le=20_000, description="Bootstrap samples of a mean.")
    seed: int = Field(default=0, ge=0, description="Seed of the bootstrap.")


class OverviewQuery(_Query):
    """When outcomes suffice to learn from."""

    enough_won: int = Field(default=50, ge=2, description="Won records below which nothing learned is sure.")
    enough_lost: int = Field(
        default=50, ge=2, description="Lost records below which nothing learned is sure."
    )
    enough_days: int = Field(
        default=180, ge=0, description="Days covered below which seasons and changes cannot be told apart."
    )
    max_reasons: int = Field(default=10, ge=1, le=100, description="Reasons of each outcome at most.")


class MeasuresQuery(_Query):
    """How outcomes are measured over tiers and time."""

    period: Literal["month", "quarter"] = Field(default="quarter", description="Length of a period.")
    max_periods: int = Field(default=12, ge=1, le=120, description="Periods at most, the latest.")
    tier_a: float = Field(default=80, description="Score from which tier A begins.")
    tier_b: float = Field(default=60, description="Score from which tier B begins.")
    tier_c: float = Field(default=40, description="Score from which tier C begins; below it is D.")
    picked: Literal["A", "B", "C"] = Field(
        default="B", description="The lowest tier that counts as expected to buy, for precision and recall."
    )
    target_amount: float | None = Field(
        default=None, gt=0, description="Amount to be won, in the currency of the records, for coverage."
    )
    narrow_share: float = Field(
        default=0.02, ge=0, le=1, description="Share of the market in tier A, 0..1, under which it is narrow."
    )
    broad_share: float = Field(
        default=0.3, ge=0, le=1, description="Share of the market in tier A, 0..1, over which it is broad."
    )

    @model_validator(mode="after")
    def _falling(self) -> "MeasuresQuery":
        if not self.tier_a > self.tier_b > self.tier_c:
            raise ValueError("Tiers have to begin at falling scores: tier_a > tier_b > tier_c.")
        return self
