"""What does an explanation consist of?"""

from typing import Literal

from pydantic import BaseModel, Field

from tools.declaration import ToolResult

Form = Literal["ratio", "share", "count", "number", "q"]


class ExplainedFigure(BaseModel):
    """One figure of an analysis or an audience, with where it comes from."""

    what: str = Field(description="What it says, in words.")
    form: Form
    value: float
    low: float | None = Field(default=None, description="The 95 % interval.")
    high: float | None = None
    q_value: float | None = None
    counts: dict[str, int] = Field(default_factory=dict, description="What was counted for it.")
    worked: str = Field(default="", description="The arithmetic, with these counts.")
    part: Literal["value", "low", "high"] = "value"
    tool: str = ""
    inputs: str = ""
    formula: str = ""


class Explanation(ToolResult):
    """What was asked about, explained from what is kept; no model is asked."""

    about: str
    found: bool = Field(description="Whether there is such a figure, term, segment or trait.")
    text: str = Field(description="Markdown.")
    figures: list[ExplainedFigure] = Field(
        default_factory=list, description="The figures meant, the likeliest first; else the nearest."
    )
