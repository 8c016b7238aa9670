"""What changed between two analyses, told apart: the customers, the market, or both."""

from typing import Literal, NamedTuple

from markupsafe import Markup

from agent.changes.result import Changes
from api.pages.outcomes.showing.drawings import changes_drawn
from store.errors import NotFound
from store.workspace import Workspace
from tools.mining.changes.change_findings import SegmentChange, TraitChange

Whose = Literal["customers", "market", "both"]
WHOSE: dict[str, Whose] = {
    "customers": "customers",
    "both": "both",
    "together": "market",
    "population": "market",
}


class Group(NamedTuple):
    """The traits that moved in one way."""

    whose: Whose
    traits: list[TraitChange]


class ChangesShown(NamedTuple):
    """A comparison as a page shows it; segments: those that did not just stay."""

    found: Changes
    groups: list[Group]
    segments: list[SegmentChange]
    drawing: Markup


def changes_shown(found: Changes, locale: str) -> ChangesShown:
    """The comparison with its traits told apart, the surest first, and its chart for readers of a locale."""
    sure = [each for each in found.traits if min(each.q_value, each.lift_q_value) <= found.q]
    kinds: tuple[Whose, ...] = ("customers", "both", "market")
    groups = [Group(whose, [each for each in sure if WHOSE[each.moved] == whose]) for whose in kinds]
    return ChangesShown(
        found,
        [group for group in groups if group.traits],
        [each for each in found.segments if each.change != "kept"],
        changes_drawn(sure, locale),
    )


def changes_of_briefing(workspace: Workspace, briefing_id: str, locale: str) -> ChangesShown | None:
    """What a briefing compared; None for a first one."""
    try:
        found = Changes.model_validate(workspace.artifacts.document("changes", briefing_id))
    except NotFound:
        return None
    return changes_shown(found, locale)
