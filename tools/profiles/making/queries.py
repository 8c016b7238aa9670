"""What may be asked of a proposal, with the unit, the bounds and the default of each figure?"""

from pydantic import BaseModel, ConfigDict, Field


class ProposalQuery(BaseModel):
    """How lines of a profile are found among the best customers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    min_share: float = Field(
        default=0.1, gt=0, le=1, description="Share, 0..1, of the customers who have a value at least."
    )
    min_signal_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share, 0..1, of the customers who have a signal at least, where nobody is compared: "
        "one lead has several signals, so that a rarer one says little of what customers have in common.",
    )
    min_rows: int = Field(default=3, ge=1, le=1_000_000, description="Customers who have a value at least.")
    max_values: int = Field(default=8, ge=1, le=50, description="Values of one dimension at most.")
    max_looked: int = Field(
        default=100, ge=1, le=10_000, description="Values of one dimension that are looked at."
    )
    size_tail: float = Field(
        default=0.1,
        ge=0,
        lt=0.5,
        description="Share, 0..1, of the customers at each end left out of the size.",
    )
    q: float = Field(default=0.05, gt=0, le=0.5, description="False discovery rate, 0..1, against others.")
    few: int = Field(
        default=30, ge=2, le=10_000, description="Customers below which the proposal says that they are few."
    )
