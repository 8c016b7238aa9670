"""What does a turn tell while it runs, and what is it when it has ended?"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from tools.declaration import ToolResult

Status = Literal["running", "done", "waiting", "asked", "declined", "refused", "cancelled", "failed"]
EventKind = Literal["plan", "progress", "answer", "done"]


class Event(NamedTuple):
    """One thing told. A later `answer` holds the whole text so far, so each can be shown on its own."""

    number: int
    kind: EventKind
    body: dict[str, Any]


Watch = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Tell nobody."""


class Reply(BaseModel):
    """What came of a message."""

    conversation_id: str
    turn: int
    status: Status
    text: str = Field(description="Markdown, whole.")
    follow_ups: list[str] = Field(default_factory=list)
    plan: dict[str, Any] = Field(default_factory=dict, description="The plan, identifiers masked.")
    results: list[dict[str, Any]] = Field(
        default_factory=list, description="For each answered step its place, tool and figures."
    )
    whole_results: list[ToolResult] = Field(
        default_factory=list, exclude=True, description="The results themselves; not kept with the turn."
    )
    workflow_id: str


class Section(NamedTuple):
    """What one step adds to the text: as it is shown, and as it is kept."""

    text: str
    kept: str
