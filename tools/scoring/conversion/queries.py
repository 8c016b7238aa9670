"""What may be tuned when a conversion model is learned?"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CandidateKind = Literal["base_rate", "linear", "additive", "boosting"]
FEWEST = 10  # of either outcome; fewer say nothing of a rate, let alone of what moves it


class DesignQuery(BaseModel):
    """How columns become numbers."""

    model_config = ConfigDict(extra="forbid")

    rare_rows: int = Field(
        default=20, ge=1, description="Levels held by fewer training rows are joined as one."
    )
    most_levels: int = Field(
        default=60, ge=1, le=250, description="Levels of one column that are kept, the most frequent first."
    )
    knots: int = Field(
        default=5, ge=0, le=20, description="Places where the slope of a number may change in a linear model."
    )


class ConversionQuery(DesignQuery):
    """How a model of a yes/no outcome is learned, judged and calibrated."""

    seed: int = Field(default=0, ge=0, description="Of folds, boosting, permutations and resamples.")
    candidates: tuple[CandidateKind, ...] = Field(
        default=("linear", "additive", "boosting"),
        description="What is tried; the base rate always is. With few outcomes only the linear one.",
    )
    windows: int = Field(default=4, ge=3, le=12, description="Held-out windows in time.")
    folds: int = Field(default=5, ge=3, le=10, description="Held-out parts where there are no dates.")
    first_share: float = Field(
        default=0.4, ge=0.1, le=0.8, description="Share of the rows before the first held-out window."
    )
    few: int = Field(
        default=50, ge=FEWEST, description="Fewer of either outcome: a linear model only, shrunk more."
    )
    isotonic_events: int = Field(
        default=1_000, ge=100, description="Isotonic calibration is tried from so many of either outcome."
    )
    recent_share: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Share of the held-out outcomes, newest first, to whose rate a model may be centred.",
    )
    iterations: int = Field(default=240, ge=10, le=2_000, description="Most trees of a boosted candidate.")
    learning_rate: float = Field(default=0.06, gt=0, le=1, description="Of the boosted candidates.")
    leaves: int = Field(
        default=6, ge=2, le=64, description="Most leaves of a tree that may hold interactions."
    )
    l1_share: float = Field(
        default=0.7, gt=0, le=1, description="Of the linear penalty; the rest is on squares (elastic net)."
    )
    level: float = Field(
        default=0.05, gt=0, lt=0.5, description="Of the test that a model is better than the base rate."
    )
    bins: int = Field(default=10, ge=2, le=50, description="Of as many rows each, for calibration.")
    resamples: int = Field(default=200, ge=50, le=5_000, description="Bootstrap samples for its interval.")
    permutations: int = Field(
        default=3, ge=0, le=50, description="Of each column for its importance; 0: none is measured."
    )
    most_permuted: int = Field(
        default=5_000, ge=100, description="Held-out rows that importance is taken on."
    )
    most_rows: int = Field(
        default=200_000,
        ge=1_000,
        description="Rows learned from: the newest, or a seeded sample without dates.",
    )
