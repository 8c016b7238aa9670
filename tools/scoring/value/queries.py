"""What may be asked of a forecast of value?"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ValueQuery(BaseModel):
    """How far ahead to look, and by what rule a model is chosen."""

    model_config = ConfigDict(extra="forbid")

    horizon_days: int = Field(default=365, ge=1, le=3_650, description="Days ahead whose spend is foretold.")
    purpose: Literal["customers", "groups"] = Field(
        default="customers",
        description="customers: each forecast as near as it can be while the total is right (low customers "
        "may get 0); groups: only models of the mean, so that sums over groups are right too.",
    )
    max_total_bias: float = Field(
        default=0.2, gt=0, le=1, description="How far the held-out total may be off, as a share of it."
    )
    coverage: float = Field(
        default=0.8, ge=0.5, le=0.99, description="Share of customers whose spend lies in their interval."
    )
    few_customers: int = Field(
        default=300,
        ge=50,
        le=10_000,
        description="Below so many customers only models of few parameters are tried, with a warning.",
    )
    most_rows: int = Field(
        default=40_000, ge=1_000, le=5_000_000, description="Rows that boosting learns from, drawn by seed."
    )
    trees: int = Field(default=80, ge=10, le=1_000, description="Trees of each boosted model.")
    learning_rate: float = Field(default=0.05, gt=0, le=1, description="Step of each tree.")
    leaves: int = Field(default=8, ge=2, le=64, description="Leaves of a tree.")
    seed: int = Field(default=0, ge=0, description="Of the samples and folds.")
