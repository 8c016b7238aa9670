"""What may be asked of a fit profile, with the unit, the bounds and the default of each figure?"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Trend = Literal["rising", "falling"]


class FitQuery(BaseModel):
    """How criteria are found, weighed and told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    max_bins: int = Field(default=6, ge=2, le=10, description="Ranges or groups of one column at most.")
    max_cells: int = Field(
        default=64, ge=4, le=64, description="Quantile cells of a number before they are joined to ranges."
    )
    min_share: float = Field(
        default=0.05, gt=0, le=0.5, description="Share, 0..1, of a bin: mean of that of the ideal and others."
    )
    min_events: float = Field(
        default=10,
        ge=1,
        description="Rows of a bin at least, with both sides of the smaller's size; rarer levels are pooled.",
    )
    q: float = Field(default=0.05, gt=0, le=0.5, description="False discovery rate, 0..1, of criteria.")
    trends: dict[str, Trend] = Field(
        default_factory=dict, description="Names of numbers whose evidence may only rise, or only fall."
    )
    pseudo_rows: float = Field(
        default=20,
        gt=0,
        le=10_000,
        description="Rows of no evidence that are added to each side (shrinkage).",
    )
    few_rows: int = Field(
        default=50, ge=1, description="Ideal rows or others below which it is said, and shrunk further."
    )
    min_rows: int = Field(
        default=10, ge=4, description="Ideal rows or others below which no criterion is looked for."
    )
    folds: int = Field(default=5, ge=2, le=20, description="Parts, each held out once.")
    l2: float = Field(
        default=1.0, gt=0, le=1e6, description="Penalty on the squared coefficient of a unit of spread."
    )
    max_rows: int = Field(
        default=20_000,
        ge=100,
        description="Rows of each side that weights are fitted on at most; counts use all.",
    )
    max_criteria: int = Field(default=30, ge=1, le=60, description="Criteria at most.")
    resamples: int = Field(default=10, ge=2, le=100, description="Resampled scorecards kept for confidence.")
    heavy: float = Field(
        default=0.5, gt=0, le=10, description="Weight, in even shares, from which a criterion is heavy."
    )
    must_share: float = Field(
        default=0.5, ge=0, le=1, description="Share of the ideal, 0..1, with a good value of a must-have."
    )
    must_factor: float = Field(
        default=2.0, ge=1, description="Factor of the odds that missing a must-have costs at least."
    )
    strong_share: float = Field(
        default=0.15,
        ge=0,
        le=1,
        description="Share of the ideal, 0..1, of a strong signal that is not heavy.",
    )
    strong_ratio: float = Field(
        default=1.5, ge=1, description="Ratio of the shares of a strong signal that is not heavy."
    )
    disqualifier_ratio: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Upper bound of ideal share / others' share, up to which a bin disqualifies.",
    )
    disqualifier_share: float = Field(
        default=0.1, gt=0, le=1, description="Upper bound, 0..1, of the share of the ideal that it needs too."
    )
    actionable: tuple[str, ...] | None = Field(
        default=None, description="Columns that can be changed on the way to the next tier; none given: all."
    )
    ideal_word: str = Field(default="customers", min_length=1, description="What the ideal rows are called.")
    others_word: str = Field(default="others", min_length=1, description="What the other rows are called.")
    seed: int = Field(default=0, ge=0, description="Of the folds and the resampled scorecards.")
