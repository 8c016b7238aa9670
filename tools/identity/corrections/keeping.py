"""A correction is made or taken back: what is written, and who is told?"""

from typing import Any

from pydantic import BaseModel, Field

from store.errors import BadInput, Conflict, NotFound
from store.population.population import Population
from store.records import Feedback
from store.records.access.audit import AuditEntry, note
from store.records.corrections import (
    Correction,
    active_ids,
    add_correction,
    correction_named,
    corrections_from,
    undo,
)
from store.records.feedback import RECORD_ID, deciding, feedback_named
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.feedback.effects import Corrected as CorrectedEffect
from tools.identity.corrections.known_again import Named, Place, places_of

MOST_CORRECTIONS = 10_000  # of a warehouse: an overlay of more is a reason to mend the source


def keep(workspace: Workspace, correction: Correction, action: str) -> None:
    """Keep a correction; the feedback that it was made from is accepted with it. Raises Conflict."""
    database = workspace.database
    if len(active_ids(database, workspace.warehouse.name)) >= MOST_CORRECTIONS:
        raise Conflict(
            f"There are {MOST_CORRECTIONS:,} corrections already",
            where="warehouse",
            instead="Mend the source, and take back those that it makes needless.",
        )
    said = wrong_match(workspace, correction.feedback_id) if correction.feedback_id else None
    before = corrections_from(database, correction.feedback_id) if said else []

    effect = CorrectedEffect(correction_ids=[*before, correction.correction_id]).model_dump()
    values = {"status": "accepted", "decided_by": workspace.actor, "decided_at": workspace.now()}
    add_correction(database, correction, deciding(said, effect=effect, **values))
    noted(workspace, action, correction.correction_id)


def wrong_match(workspace: Workspace, feedback_id: str) -> Feedback:
    """The feedback of this id, which says that a match is wrong. Raises NotFound, BadInput, Conflict."""
    said = feedback_named(workspace.database, feedback_id, workspace.warehouse.name)
    if said.kind != "wrong_match":
        raise BadInput(
            f"This feedback is of the kind `{said.kind}`",
            where="feedback_id",
            instead="A correction is made from one of the kind `wrong_match`, or from none.",
        )
    if said.status == "declined":
        raise Conflict(
            "This feedback was declined", where="feedback_id", instead="Reopen it, then correct the match."
        )
    return said


class UndoCorrection(ToolQuery):
    """Which correction is taken back."""

    correction_id: str = Field(pattern=RECORD_ID)


class CorrectionUndone(ToolResult):
    """What is as it was before."""

    correction_id: str
    kind: str
    feedback_reopened: str = Field(default="", description="The feedback that is open again; empty for none.")


def undo_correction(workspace: Workspace, query: UndoCorrection) -> CorrectionUndone:
    """Take a split or a merge back: matches are at once as they were. Its feedback is open again."""
    found = correction_named(workspace.database, query.correction_id, workspace.warehouse.name)
    said = workspace.database.get(Feedback, found.feedback_id) if found.feedback_id else None
    made = corrections_from(workspace.database, found.feedback_id) if said else []
    left = [each for each in made if each != found.correction_id]
    accepted = said if said and said.status == "accepted" else None
    also = deciding(accepted, **_after_undoing(left))
    undo(workspace.database, found, workspace.actor, workspace.now(), also)
    noted(workspace, "match.undone", found.correction_id)
    reopened = found.feedback_id if accepted and not left else ""
    return CorrectionUndone(correction_id=found.correction_id, kind=found.kind, feedback_reopened=reopened)


def _after_undoing(left: list[str]) -> dict[str, Any]:
    """What becomes of the feedback: it is open again where no other correction was made from it."""
    if left:
        return {"effect": CorrectedEffect(correction_ids=left).model_dump()}
    return {"status": "new", "decided_by": "", "decided_at": None, "reason": "", "effect": {}}


def noted(workspace: Workspace, action: str, about: str) -> None:
    """Keep in the audit who did it."""
    entry = AuditEntry(
        entry_id=f"audit_{workspace.new_id()}",
        actor=workspace.actor,
        action=action,
        about=about,
        created_at=workspace.now(),
    )
    note(workspace.database, entry)


class SeenIdentifier(BaseModel):
    """An identifier of a person, by its place and not its value."""

    which: str = Field(description="`email2`: their second e-mail.")
    shared_by: int = Field(description="How many other persons have it too.")


def place_of(population: Population, person_id: int, where: str) -> Place:
    """Where the person is. Raises NotFound."""
    (place,) = places_of(population, [Named(person_id, "", ())])
    if place is None:
        raise NotFound(
            "Nobody in this population has this id",
            where=where,
            instead="`resolve_identities` tells whose identifiers are whose.",
        )
    return place
