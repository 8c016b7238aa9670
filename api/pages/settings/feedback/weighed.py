"""What would accepting a feedback change, or what did it?"""

from typing import NamedTuple

from api.access.visit import Visit
from api.pages.here import warehouses_of
from api.pages.settings.feedback.about import cluster_label
from store.errors import ToolRefused
from tools.feedback.decide_feedback import DecideFeedback, decide_feedback
from tools.feedback.list_feedback import FeedbackLine

CORRECTED = "corrected"
MOST_TRAITS = 8


class Weighed(NamedTuple):
    """The effect: the text `settings.would_` or `settings.did_` and its kind.

    told: the tool's own sentence, before it is decided. name: that a segment was given. traits: by which it
    is known again, more: how many others. refused: why it cannot be accepted as it is; empty where it can.
    """

    kind: str
    told: str = ""
    name: str = ""
    traits: tuple[str, ...] = ()
    more: int = 0
    refused: str = ""


def weighed(visit: Visit, line: FeedbackLine) -> Weighed | None:
    """What accepting it would do, or did; None for one that was declined, or whose warehouse is gone."""
    if line.status == "accepted":
        return _of_effect(visit, line)
    if line.status != "new" or line.warehouse not in warehouses_of(visit):
        return None
    if line.kind == "wrong_match":
        return Weighed(CORRECTED)
    query = DecideFeedback(feedback_id=line.feedback_id, decision="accept", dry_run=True)
    workspace = visit.house.workspace(line.warehouse, visit.principal.actor)
    try:
        tried = decide_feedback(workspace, query).feedback
    except ToolRefused as refusal:
        return Weighed("", told=line.effect_preview, refused=str(refusal))
    return _of_effect(visit, tried)._replace(told=line.effect_preview)


def _of_effect(visit: Visit, line: FeedbackLine) -> Weighed:
    traits = line.effect.get("traits", [])
    return Weighed(
        kind=str(line.effect.get("kind", "noted")),
        name=str(line.effect.get("name", "")),
        traits=tuple(cluster_label(visit, line.warehouse, each) for each in traits[:MOST_TRAITS]),
        more=max(0, len(traits) - MOST_TRAITS),
    )
