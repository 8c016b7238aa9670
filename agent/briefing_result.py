"""What a briefing says."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from agent.changes.result import ToldChange
from tools.declaration import ToolResult


class Words(BaseModel):
    """The words of a briefing."""

    kind: Literal["first", "changes", "unchanged"]
    headline: str
    changes: list[ToldChange] = Field(
        default_factory=list, max_length=3, description="The surest, at most three."
    )
    known: list[str] = Field(default_factory=list, description="Of a first briefing: what is known.")
    risk: str | None = None
    action: str | None = None


class Briefing(ToolResult, Words):
    """This week's briefing, in a minute's reading."""

    briefing_id: str
    warehouse: str
    created_at: datetime
    analysis_id: str = Field(description="The analysis that it tells of.")
    compared_with: str | None = Field(default=None, description="The analysis before it.")
    since: datetime | None = Field(default=None, description="When that one was made.")
    analysed_again: bool = Field(description="Newer data was analysed for it.")
    significant: int = Field(description="How many changes are significant, told here or not.")
    feedback: int = Field(description="Notes of feedback that came in since the analysis before, or ever.")
    notes: list[str] = Field(description="What to keep in mind when reading this.")
    approved: bool | None = Field(
        default=None, description="Whether sending it was allowed; none: not asked."
    )
    markdown: str = Field(description="The whole as Markdown.")
