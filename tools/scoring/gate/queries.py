"""What may be tuned when models are compared and drift is looked for?"""

from pydantic import BaseModel, ConfigDict, Field


class GateQuery(BaseModel):
    """When a new model may take the place of the published one."""

    model_config = ConfigDict(extra="forbid")

    level: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="Chance of keeping an equally good model aside for its ranking.",
    )
    least_each: int = Field(
        default=50, ge=10, description="New outcomes of either kind under which nothing replaces a model."
    )
    most_calibration_error: float = Field(
        default=0.05, gt=0, lt=1, description="Mean gap of predicted and observed rate that is let pass."
    )
    bins: int = Field(default=10, ge=2, le=50, description="Of as many rows each, for calibration.")
    resamples: int = Field(default=500, ge=100, le=10_000, description="Bootstrap samples.")
    seed: int = Field(default=0, ge=0, description="Of the bootstrap.")


class DriftQuery(BaseModel):
    """What counts as a change."""

    model_config = ConfigDict(extra="forbid")

    level: float = Field(
        default=0.05, gt=0, lt=0.5, description="False discovery rate over every test of one report."
    )
    least_psi: float = Field(
        default=0.05, ge=0, description="Population stability index under which a proven change is not told."
    )
    least_share: float = Field(
        default=0.02, ge=0, le=1, description="Change of a share of rows under which it is not told."
    )
    least_factor: float = Field(
        default=1.8, gt=1, description="Factor, up or down, from which a number may have changed its unit."
    )
    bins: int = Field(default=10, ge=2, le=50, description="Of a number, as many earlier rows in each.")
    fewest: int = Field(
        default=20, ge=5, description="Known rows on either side under which nothing is tested."
    )
    seed: int = Field(default=0, ge=0, description="Of the folds in which outcomes are predicted.")
