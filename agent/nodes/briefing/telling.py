"""The steps of run_briefing that find its words."""

from typing import Any

from agent.briefing_result import Words
from agent.changes import briefed
from agent.changes.briefing.found import Found
from agent.nodes.step import Step, begin, end
from agent.state import BriefingState


def tell_first(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say what is known: there is nothing to compare it with yet."""
    workspace = begin(state, runtime, "tell_first")
    return _told(briefed.first(Found(workspace, state)), runtime, "tell_first")


def tell_changes(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say what changed: a headline, three changes at most, a risk, and what to do with what it brings."""
    workspace = begin(state, runtime, "tell_changes")
    return _told(briefed.changed(Found(workspace, state)), runtime, "tell_changes")


def tell_unchanged(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say in one sentence that nothing new changed beyond chance."""
    workspace = begin(state, runtime, "tell_unchanged")
    return _told(briefed.unchanged(Found(workspace, state)), runtime, "tell_unchanged")


def _told(words: Words, runtime: Step, name: str) -> dict[str, Any]:
    end(runtime, name, len(words.changes))
    return {"told": words.model_dump(mode="json")}
