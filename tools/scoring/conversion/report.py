"""What is told about a conversion model?"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate
from tools.scoring.conversion.queries import CandidateKind

CalibrationKind = Literal["none", "platt", "beta", "isotonic"]


class ReliabilityPoint(BaseModel):
    """Held-out rows of about the same probability, and how often it happened."""

    rows: int
    predicted_rate: float = Field(description="Mean probability.")
    observed_rate: Estimate = Field(description="Share that happened; Wilson interval.")


class CandidateScore(BaseModel):
    """One candidate on held-out rows, calibrated on rows before them (without dates: on other rows)."""

    kind: CandidateKind
    calibration: CalibrationKind
    recentred: bool = Field(description="Whether it is centred to the newest rate of the training rows.")
    auc: Estimate = Field(
        description="Chance that one that happened scores above one that did not, within windows; DeLong."
    )
    log_loss: Estimate = Field(description="Nats a row.")
    brier: Estimate
    calibration_error: Estimate = Field(
        description="Mean gap between predicted and observed rate over bins of as many rows; bootstrap."
    )
    calibration_error_by_chance: float = Field(
        description="95th percentile of it under perfect calibration with these probabilities."
    )
    better_than_base: Estimate = Field(description="Log loss of the base rate - its own, paired by row.")
    p_value: float = Field(description="That it is no better than the base rate; one-sided, paired.")


class CalibrationTrial(BaseModel):
    """One way of calibrating the chosen candidate, on held-out rows."""

    calibration: CalibrationKind
    recentred: bool
    log_loss: float
    worse_than_chosen: Estimate = Field(description="Log loss - the chosen one's, paired by row.")


class WindowRate(BaseModel):
    """The rate in one held-out part."""

    begins: date | None = None
    ends: date | None = None
    trained_on: int
    rows: int
    happened: int
    rate: Estimate = Field(description="Wilson interval.")


class Importance(BaseModel):
    """What is lost when a column's values are dealt out anew among held-out rows."""

    column: str
    label: str
    log_loss_rise: Estimate = Field(description="Nats a row; below 0 the column did harm.")


class Representation(BaseModel):
    """How the labelled rows differ from those that are to be scored."""

    rows: int
    outside_share: float = Field(
        description="Share of them with a number outside the labelled range or a level never seen there."
    )
    separability: Estimate = Field(
        description="AUC of telling the two apart on held-out rows; 0.5: alike. DeLong."
    )
    separating: list[str] = Field(description="Columns that tell them apart most, in words.")


class ConversionReport(BaseModel):
    """What was tried, what was chosen, why, and what to beware of."""

    rows: int
    happened: int
    not_happened: int
    split: Literal["time", "folds"] = Field(description="How held-out rows were set apart.")
    chosen: CandidateKind
    is_model: bool = Field(description="False: nothing is better than the base rate.")
    why: str
    strength: float = Field(description="Penalty as a share of the least that empties the model, or trees.")
    candidates: list[CandidateScore] = Field(description="Simplest first.")
    calibrations: list[CalibrationTrial] = Field(description="Of the chosen candidate.")
    reliability: list[ReliabilityPoint] = Field(description="Of the chosen candidate, on held-out rows.")
    windows: list[WindowRate]
    importances: list[Importance] = Field(description="Largest first; of the chosen candidate.")
    representation: Representation | None = None
    columns_left_out: list[str] = Field(
        description="Columns that hold one value, nothing, or rare levels alone."
    )
    warnings: list[str]
