"""Is what was said right, and what follows from it?"""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from store.errors import BadInput, Conflict, NotFound
from store.records import Analysis, Feedback
from store.records.corrections import corrections_from
from store.records.feedback import RECORD_ID, FeedbackStatus, decide, feedback_named
from store.records.newest import newest
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.feedback.effects import (
    ClusterLeftOut,
    Corrected,
    DataNote,
    Effect,
    Noted,
    RowLeftOut,
    SegmentNamed,
    SegmentNotTold,
    TextByTemplate,
    ValueNotCounted,
    lead_of,
    missing_for,
    text_of,
)
from tools.feedback.list_feedback import FeedbackLine, line_of
from tools.identity.corrections.keeping import noted
from tools.identity.corrections.known_again import Named, identifiers_of, places_of

MOST_ANALYSES = 50  # of a workflow that are looked through for a segment
BECOMES: dict[str, FeedbackStatus] = {"accept": "accepted", "decline": "declined", "reopen": "new"}


class Decision(ToolQuery):
    """What is decided, and why."""

    decision: Literal["accept", "decline", "reopen"]
    reason: str = Field(default="", max_length=1_000, description="Why; a refusal needs one.")
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        description="Of a bad segment: the name it has from now on. Without one it is not told.",
    )
    dry_run: bool = Field(default=False, description="Only tell what it would do.")

    @field_validator("name", "reason")
    @classmethod
    def _one_line(cls, given: str | None) -> str | None:
        if given is not None and not given.isprintable():
            raise ValueError("write one line")
        return given.strip() if given else given

    @model_validator(mode="after")
    def _with_reason(self) -> "Decision":
        if self.decision == "decline" and not self.reason:
            raise ValueError("say why it is declined: `reason`")
        if self.name is not None and self.decision != "accept":
            raise ValueError("`name` goes with accepting a bad segment")
        return self


class DecideFeedback(Decision):
    """Which feedback, and what is decided."""

    feedback_id: str = Field(pattern=RECORD_ID)


class FeedbackDecided(ToolResult):
    """The feedback as it is now; of a dry run, as it would be."""

    feedback: FeedbackLine
    dry_run: bool = False


def decide_feedback(workspace: Workspace, query: DecideFeedback) -> FeedbackDecided:
    """Accept or decline feedback, or open it again: what was accepted changes the next run, which says so.

    Raises Conflict for a decision that is made already, or that needs a correction of a match first.
    """
    said = feedback_named(workspace.database, query.feedback_id, workspace.warehouse.name)
    _require_open(workspace, said, query)
    effect = _effect(workspace, said, query) if query.decision == "accept" else None
    values: dict[str, Any] = {
        "status": BECOMES[query.decision],
        "reason": query.reason,
        "effect": effect.model_dump() if effect else {},
        "decided_by": "" if query.decision == "reopen" else workspace.actor,
        "decided_at": None if query.decision == "reopen" else workspace.now(),
    }
    if query.dry_run:
        return FeedbackDecided(feedback=line_of(Feedback(**said.model_dump() | values)), dry_run=True)
    decided = decide(workspace.database, said, **values)
    noted(
        workspace, f"feedback.{'reopened' if decided.status == 'new' else decided.status}", said.feedback_id
    )
    return FeedbackDecided(feedback=line_of(decided))


def _require_open(workspace: Workspace, said: Feedback, query: DecideFeedback) -> None:
    if query.decision == "reopen" and corrections_from(workspace.database, said.feedback_id):
        raise Conflict(
            "A correction was made from this feedback and holds",
            where="feedback_id",
            instead="Take it back with `undo_correction`; that opens the feedback again.",
        )
    if (said.status == "new") == (query.decision == "reopen"):
        raise Conflict(
            "This feedback is open" if said.status == "new" else f"This feedback was {said.status} already",
            where="decision",
            instead="Accept or decline it." if said.status == "new" else "Reopen it first.",
        )


def _effect(workspace: Workspace, said: Feedback, query: DecideFeedback) -> Effect:
    if query.name is not None and said.kind != "bad_segment":
        raise BadInput("Only a segment is given a name", where="name", instead="Leave it out.")
    if missing_for(said):
        return Noted()
    makers = {
        "wrong_match": _corrected,
        "wrong_attribute": _not_counted,
        "useless_cluster": lambda *_: ClusterLeftOut(cluster_hash=said.cluster_hash),
        "bad_segment": _segment,
        "bad_score": lambda *_: RowLeftOut(unit_id=lead_of(said)),
        "bad_text": _text,
        "missing_data": _data_note,
        "stale_data": _data_note,
    }
    make = makers.get(said.kind)
    return make(workspace, said, query) if make else Noted()


def _corrected(workspace: Workspace, said: Feedback, _: DecideFeedback) -> Effect:
    made = corrections_from(workspace.database, said.feedback_id)
    if not made:
        raise Conflict(
            "A wrong match is accepted by correcting it",
            where="feedback_id",
            instead="Call `split_match` or `merge_persons` with this `feedback_id`.",
        )
    return Corrected(correction_ids=made)


def _not_counted(workspace: Workspace, said: Feedback, _: DecideFeedback) -> Effect:
    known_by: list[str] = []
    if said.snapshot_id and said.person_id is not None:
        population = workspace.population
        (place,) = places_of(population, [Named(said.person_id, said.snapshot_id, ())])
        if place is None:
            raise NotFound(
                "The person of this feedback cannot be told in the snapshot in use",
                where="feedback_id",
                instead="Decline it, and say it again of a row of this snapshot.",
            )
        known_by = sorted({each.digest for each in identifiers_of(population, place)})
    return ValueNotCounted(cluster_hash=said.cluster_hash, known_by=known_by)


def _segment(workspace: Workspace, said: Feedback, query: DecideFeedback) -> Effect:
    traits = _traits_of_segment(workspace, said)
    if query.name is None:
        return SegmentNotTold(traits=traits)
    return SegmentNamed(traits=traits, name=query.name)


def _text(workspace: Workspace, said: Feedback, _: DecideFeedback) -> Effect:
    if said.segment:
        return TextByTemplate(subject="segment", traits=_traits_of_segment(workspace, said))
    part, _dash, number = text_of(said).rpartition("-")
    if part not in ("segment", "anti_pattern") or not number.isdigit():
        return TextByTemplate(subject=text_of(said))
    for analysis in _analyses(workspace, said):
        for at, each in enumerate(analysis["segments" if part == "segment" else "anti_patterns"]):
            if int(number) == each.get("segment_id", at):
                return TextByTemplate(subject=part, traits=_hashes(each["traits"]))
    raise _unknown("text", "subject")


def _data_note(workspace: Workspace, said: Feedback, _: DecideFeedback) -> Effect:
    snapshot_id = workspace.warehouse.current_id if workspace.warehouse.exists else ""
    kind: Any = said.kind
    return DataNote(snapshot_id=snapshot_id, said=kind, cluster_hash=said.cluster_hash)


def _traits_of_segment(workspace: Workspace, said: Feedback) -> list[str]:
    """Cluster hashes that mark the segment of this name in the analysis the feedback is about."""
    for analysis in _analyses(workspace, said):
        for each in analysis["segments"]:
            if each["name"].casefold() == said.segment.casefold():
                return _hashes(each["traits"])
    raise _unknown("segment", "segment")


def _analyses(workspace: Workspace, said: Feedback) -> list[dict[str, Any]]:
    """The analyses of the feedback's workflow, newest first; those of the warehouse where it has none."""
    wanted = {"workflow_id": said.workflow_id, "warehouse": said.warehouse}
    rows = _rows(workspace, wanted) or _rows(workspace, {"warehouse": said.warehouse})
    found = []
    for row in rows[:MOST_ANALYSES]:
        try:
            found.append(workspace.artifacts.document("analysis", row.analysis_id))
        except NotFound:  # removed since
            continue
    return found


def _rows(workspace: Workspace, wanted: dict[str, Any]) -> list[Analysis]:
    at, key = Analysis.created_at, Analysis.analysis_id
    return newest(workspace.database, Analysis, at, key, MOST_ANALYSES, **wanted)


def _hashes(traits: list[dict[str, Any]]) -> list[str]:
    """Of lifts of traits, or of traits."""
    return sorted({each.get("trait", each)["cluster_hash"] for each in traits})


def _unknown(what: str, where: str) -> NotFound:
    return NotFound(
        f"No analysis that is kept has the {what} of this feedback",
        where=where,
        instead="Decline it, and say it again of the newest analysis.",
    )
