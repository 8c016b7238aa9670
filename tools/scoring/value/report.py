"""How good is a forecast of value, and why was this model chosen?"""

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate


class CandidateScore(BaseModel):
    """One candidate on customers or days that it has not learned from."""

    name: str
    error: float = Field(description="Mean absolute error / mean spend, mean over the held-out windows.")
    behind: Estimate | None = Field(
        default=None,
        description="Its error less that of the lowest eligible one, paired by customer; None of that one.",
    )
    rank_correlation: float | None = Field(
        default=None, description="Spearman; None where all forecasts are the same."
    )
    top_tenth_share: float = Field(description="Share of the true top tenth that its top tenth holds.")
    total_bias: float = Field(description="Forecast total / true total - 1, mean over the windows.")
    eligible: bool = Field(description="Whether its total is near enough.")


class Decile(BaseModel):
    """A tenth of the held-out customers by forecast, the lowest first."""

    customers: int
    foretold: float = Field(description="Mean forecast.")
    spent: Estimate = Field(description="Mean spend; normal interval.")


class Importance(BaseModel):
    """How much worse held-out customers are ranked when one column is shuffled."""

    column: str
    fall: Estimate = Field(description="Of the rank correlation; interval over repeated shuffles.")


class ValueReport(BaseModel):
    """How the model was chosen and what it is worth."""

    customers: int
    buyers_share: float = Field(description="Share of the customers of the windows who spent anything.")
    horizon_days: int | None = Field(
        default=None, description="None where the spend was given and not counted from days."
    )
    validation: str = Field(description="What the candidates were held out from, in words.")
    candidates: list[CandidateScore]
    chosen: str
    why: str
    coverage: Estimate = Field(
        description="Held-out share of customers whose spend lies in their interval; Wilson interval."
    )
    coverage_asked: float
    deciles: list[Decile]
    importances: list[Importance]
    warnings: list[str]
