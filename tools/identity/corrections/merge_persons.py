"""These two ids are one person: what speaks for it?"""

from typing import Literal

from pydantic import Field, model_validator

from store.errors import Conflict
from store.records.corrections import Correction, active_corrections
from store.records.feedback import RECORD_ID_OR_NONE
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery, ToolResult
from tools.identity.corrections.keeping import keep, place_of, wrong_match
from tools.identity.corrections.known_again import Place, identifiers_of, snapshot_of_ids
from tools.identity.corrections.likeness import Likeness, likeness
from tools.identity.corrections.overlay import SHIFT, overlay_of


class MergePersons(ToolQuery):
    """Whose id is kept, and which other id is theirs too."""

    person_id: PersonId = Field(description="The one that is kept.")
    other_person_id: PersonId = Field(description="The one that leads there from now on.")
    feedback_id: str = Field(
        default="", pattern=RECORD_ID_OR_NONE, description="The wrong_match it is made from."
    )
    dry_run: bool = Field(default=False, description="Only show the evidence.")

    @model_validator(mode="after")
    def _two(self) -> "MergePersons":
        if self.person_id == self.other_person_id:
            raise ValueError("`person_id` and `other_person_id` are the same")
        return self


class PersonsMerged(ToolResult):
    """What was corrected, and the evidence it was shown with."""

    correction_id: str = Field(description="Empty for a dry run.")
    person_id: PersonId
    other_person_id: PersonId
    evidence: Likeness
    state: Literal["merged", "dry_run"]


def merge_persons(workspace: Workspace, query: MergePersons) -> PersonsMerged:
    """Correct two persons into one: identifiers of either lead to the id that is kept, who counts once.

    Holds at once and in later snapshots; `undo_correction` takes it back. Raises NotFound for an id that is
    nobody's, Conflict where the two are one already.
    """
    population = workspace.population
    if query.feedback_id:
        wrong_match(workspace, query.feedback_id)
    one = place_of(population, query.person_id, "person_id")
    other = place_of(population, query.other_person_id, "other_person_id")
    _require_two(workspace, one, other)
    evidence = likeness(population, one, other)
    correction = _correction(workspace, query, one, other)
    if not query.dry_run:
        correction.evidence = evidence.model_dump()
        keep(workspace, correction, "match.merged")
    return PersonsMerged(
        correction_id="" if query.dry_run else correction.correction_id,
        person_id=query.person_id,
        other_person_id=query.other_person_id,
        evidence=evidence,
        state="dry_run" if query.dry_run else "merged",
    )


def _require_two(workspace: Workspace, one: Place, other: Place) -> None:
    active = active_corrections(workspace.database, workspace.warehouse.name)
    overlay = overlay_of(workspace.population, active)
    kept = dict(zip(overlay.others.tolist(), overlay.kept.tolist(), strict=True))
    first, second = (shard << SHIFT | number for shard, number in (one, other))
    if kept.get(first, first) == kept.get(second, second):
        raise Conflict(
            "These two are one person already",
            where="other_person_id",
            instead="`list_corrections` names the correction.",
        )


def _correction(workspace: Workspace, query: MergePersons, one: Place, other: Place) -> Correction:
    population = workspace.population
    snapshot_id = snapshot_of_ids(population)
    mine, theirs = (
        {each.digest for each in identifiers_of(population, place)} if snapshot_id else set()
        for place in (one, other)
    )
    return Correction(
        correction_id=f"correction_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        kind="merge",
        person_id=query.person_id,
        other_person_id=query.other_person_id,
        snapshot_id=snapshot_id,
        known_by=sorted(mine - theirs) or sorted(mine),
        other_known_by=sorted(theirs - mine) or sorted(theirs),
        feedback_id=query.feedback_id,
        actor=workspace.actor,
        created_at=workspace.now(),
    )
