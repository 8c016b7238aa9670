"""What does an answer consist of?"""

from typing import Any

from pydantic import BaseModel, Field

MOST_FOLLOW_UPS = 3


class Answer(BaseModel):
    """What is said of one result."""

    text: str = Field(description="Markdown.")
    shown: dict[str, Any] = Field(
        default_factory=dict, description="The result in figures; of people only what is masked."
    )
    follow_ups: list[str] = Field(default_factory=list, max_length=MOST_FOLLOW_UPS)
    kept: str | None = Field(
        default=None, description="What is kept of the text, where it holds somebody's values."
    )
