"""What a comparison of two analyses says."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from tools.declaration import ToolResult
from tools.mining.changes.change_findings import ChangesFound


class ComparedAnalysis(BaseModel):
    """One of the two."""

    analysis_id: str
    created_at: datetime
    snapshot_id: str
    customers: int
    headline: str


class ToldChange(BaseModel):
    """One significant change in words, and what it rests on."""

    sentence: str
    evidence: str
    key: str = Field(default="", description="What changed, and in which direction: the same every week.")
    about: Literal["customers", "outcomes", "population"] = "customers"
    q_value: float | None = None
    link: str = Field(default="", description="The page of the figure, from `/`.")


class Changes(ToolResult, ChangesFound):
    """What changed beyond chance between two analyses, the surest first; nothing is an answer too."""

    headline: str
    before: ComparedAnalysis
    after: ComparedAnalysis
    joined: int | None = Field(
        default=None, description="Customers of `after` only; left out where it is not known who they were."
    )
    left: int | None = Field(default=None, description="Customers of `before` only.")
    told: list[ToldChange] = Field(description="Every significant change in words; empty when there is none.")
    q: float
    notes: list[str] = Field(description="What to keep in mind when reading this.")
