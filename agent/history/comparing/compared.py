"""What is told of two runs side by side."""

from datetime import datetime

from pydantic import BaseModel, Field

from agent.changes.result import Changes


class ComparedRun(BaseModel):
    """One of the two."""

    run_id: str
    made_at: datetime
    headline: str
    result_hash: str = Field(default="", description="Empty for a run older than recipes.")


class ComparedFigure(BaseModel):
    """One figure or text of both."""

    what: str
    before: str | None = Field(description="None where it was not there.")
    after: str | None
    same: bool


class ComparedRuns(BaseModel):
    """Two runs of a kind in one warehouse: what they were made from, and what they found."""

    kind: str
    warehouse: str
    before: ComparedRun
    after: ComparedRun
    same_result: bool = Field(description="Whether both found the same, as their digests say.")
    inputs: list[str] = Field(description="What they were not alike made from; empty: nothing.")
    figures: list[ComparedFigure] = Field(description="Of the results, those that differ first.")
    changes: Changes | None = Field(
        default=None, description="Of two analyses of customers: what changed beyond chance."
    )
    notes: list[str] = Field(default_factory=list)
