"""This identifier is not this person's: what speaks for it, and who is it then?"""

from collections import Counter
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field, model_validator

from store.errors import BadInput, Conflict, NotFound
from store.identifiers import Malformed, normalise
from store.population.domains import HashType, IdentifierType
from store.population.lookup import digest
from store.population.population import Population
from store.records.corrections import Correction, active_corrections
from store.records.feedback import RECORD_ID_OR_NONE
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery, ToolResult
from tools.identity.corrections.keeping import SeenIdentifier, keep, place_of, wrong_match
from tools.identity.corrections.known_again import (
    Own,
    Place,
    holders,
    identifiers_of,
    person_id_at,
    snapshot_of_ids,
)
from tools.identity.corrections.overlay import overlay_of
from tools.identity.matching import Group, match, persons_of

MOST_CANDIDATES = 10
WHICH = r"^(email|phone|address|maid|id)[1-3]$"


class SplitMatch(ToolQuery):
    """Whose identifier it is not: by its value, by its place, or the only one there is."""

    person_id: PersonId | None = Field(default=None, description="That of the feedback where none is given.")
    id_type: IdentifierType | None = Field(default=None, description="The type of `value`.")
    hash_type: HashType = Field(default="plaintext", description="How `value` is hashed.")
    value: str | None = Field(default=None, min_length=1, max_length=500, description="It is not kept.")
    which: str | None = Field(default=None, pattern=WHICH, description="Its place instead: `email2`.")
    feedback_id: str = Field(
        default="", pattern=RECORD_ID_OR_NONE, description="The wrong_match it is made from."
    )
    dry_run: bool = Field(default=False, description="Only show the evidence.")

    @model_validator(mode="after")
    def _said(self) -> "SplitMatch":
        if self.person_id is None and not self.feedback_id:
            raise ValueError("say whose match it is: `person_id` or `feedback_id`")
        if (self.value is None) != (self.id_type is None):
            raise ValueError("`value` and `id_type` go together")
        if self.value is not None and self.which is not None:
            raise ValueError("give either `value` or `which`")
        return self


class Candidate(BaseModel):
    """Somebody else to whom the identifier leads."""

    person_id: PersonId
    quality_score: float


class MatchSplit(ToolResult):
    """What was corrected, and the evidence it was shown with."""

    correction_id: str = Field(description="Empty for a dry run.")
    person_id: PersonId
    which: str = Field(description="The identifier, by its place.")
    identifiers: list[SeenIdentifier] = Field(description="All identifiers of the person.")
    candidates: list[Candidate] = Field(description="To whom it leads from now on, the surest first.")
    others: int = Field(description="How many those are.")
    state: Literal["split", "dry_run"]


def split_match(workspace: Workspace, query: SplitMatch) -> MatchSplit:
    """Correct a match: this identifier does not lead to this person any more, but to the next candidate.

    Holds at once and in later snapshots; `undo_correction` takes it back. The value is kept as a digest only.
    Raises NotFound for a person or an identifier that is not there, BadInput where it is not clear which is
    meant, Conflict where it was split already.
    """
    population = workspace.population
    person_id = _whom(workspace, query)
    place = place_of(population, person_id, "person_id")
    own = identifiers_of(population, place)
    wrong = _which(own, query)
    correction = _correction(workspace, query, person_id, own, wrong)
    active = active_corrections(workspace.database, workspace.warehouse.name)
    if any(_is_same(each, correction) for each in active):
        raise Conflict(
            "This match was split already", where="person_id", instead="`list_corrections` names it."
        )
    found = _candidates(population, [*active, correction], wrong)
    seen = seen_identifiers(population, own, place)
    if not query.dry_run:
        correction.evidence = {
            "which": wrong.which,
            "identifiers": len(own),
            "shared_by": next(each.shared_by for each in seen if each.which == wrong.which),
            "candidates": len(found),
        }
        keep(workspace, correction, "match.split")
    return MatchSplit(
        correction_id="" if query.dry_run else correction.correction_id,
        person_id=person_id,
        which=wrong.which,
        identifiers=seen,
        candidates=found[:MOST_CANDIDATES],
        others=len(found),
        state="dry_run" if query.dry_run else "split",
    )


def _whom(workspace: Workspace, query: SplitMatch) -> int:
    said = wrong_match(workspace, query.feedback_id) if query.feedback_id else None
    if query.person_id is not None:
        return query.person_id
    if said is None or said.person_id is None:
        raise BadInput("The feedback names no person", where="feedback_id", instead="Give `person_id` too.")
    if said.snapshot_id not in ("", workspace.population.snapshot_id):
        raise BadInput(
            "The person id of this feedback is a row of an older snapshot",
            where="feedback_id",
            instead="Give `person_id` of the snapshot in use.",
        )
    return said.person_id


def _which(own: list[Own], query: SplitMatch) -> Own:
    """The identifier that is meant. Never names a value."""
    there = ", ".join(each.which for each in own) or "none"
    if query.value is not None:
        found = [each for each in own if _is_value(each, query)]
    elif query.which is not None:
        found = [each for each in own if each.which == query.which]
    elif len({each.digest for each in own}) == 1:
        found = own
    else:
        raise BadInput(
            f"The person has {len(own)} identifiers",
            where="which",
            instead=f"Say which one is not theirs: {there}.",
        )
    if not found:
        raise NotFound(
            "The person has no such identifier",
            where="value" if query.value is not None else "which",
            instead=f"Theirs are: {there}.",
        )
    return found[0]


def _is_value(own: Own, query: SplitMatch) -> bool:
    if query.id_type is None or query.value is None or own.id_type != query.id_type:
        return False
    if query.hash_type != "plaintext":
        return digest(own.normal, query.hash_type) == query.value.strip().lower()
    try:
        return normalise(query.id_type, query.value) == own.normal
    except Malformed as malformed:
        raise BadInput(
            f"This is no well-formed {query.id_type}: {malformed}", where="value", instead="Write it whole."
        ) from None


def _correction(
    workspace: Workspace, query: SplitMatch, person_id: int, own: list[Own], wrong: Own
) -> Correction:
    snapshot_id = snapshot_of_ids(workspace.population)
    rest = sorted({each.digest for each in own if each.digest != wrong.digest})
    if snapshot_id and not rest:
        rest = [wrong.digest]  # nothing else tells who they are: whoever alone has it
    return Correction(
        correction_id=f"correction_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        kind="split",
        person_id=person_id,
        snapshot_id=snapshot_id,
        digests=[wrong.digest],
        known_by=rest if snapshot_id else [],
        feedback_id=query.feedback_id,
        actor=workspace.actor,
        created_at=workspace.now(),
    )


def _is_same(one: Correction, other: Correction) -> bool:
    def said(each: Correction) -> tuple:
        return each.kind, each.person_id, each.snapshot_id, each.digests

    return said(one) == said(other)


def _candidates(population: Population, corrections: list[Correction], wrong: Own) -> list[Candidate]:
    """Who is found by the identifier under these corrections, the surest first."""
    hexed = wrong.digest.partition(":")[2]
    kind: IdentifierType = wrong.id_type  # type: ignore[assignment]  # of IDENTIFIER_TYPES
    persons = persons_of(
        match(population, [Group(kind, "sha256", [hexed])], overlay_of(population, corrections))[0]
    )
    order = np.argsort(-persons.quality, kind="stable").tolist()
    return [
        Candidate(
            person_id=person_id_at(population, (int(persons.shard[at]), int(persons.number[at]))),
            quality_score=round(float(persons.quality[at]), 4),
        )
        for at in order
    ]


def seen_identifiers(population: Population, own: list[Own], place: Place) -> list[SeenIdentifier]:
    """The identifiers of a person by their places, each with how many other persons have it too."""
    digests = sorted({each.digest for each in own})
    asked, shard, number, _ = holders(population, digests)
    rows = {row for row in zip(asked.tolist(), shard.tolist(), number.tolist(), strict=True)}
    others = Counter(digests[at] for at, *where in rows if tuple(where) != place)
    return [SeenIdentifier(which=each.which, shared_by=others[each.digest]) for each in own]
