"""Somebody wants to be forgotten: what is done, and what cannot be undone?"""

import numpy as np
from pydantic import BaseModel, Field

from store.errors import Conflict
from store.population.shard import Shard
from store.records import Export
from store.records.access.audit import AuditEntry, note
from store.workspace import Workspace
from tools.privacy.exports_about_person import looked_through
from tools.privacy.forgetting import forget
from tools.privacy.person import AboutPerson, Known, known

ACTION = "person.erased"


class OutOfReach(BaseModel):
    """A file that holds them and left the house: whoever has it is to be told."""

    export_id: str
    platform: str = Field(description="In whose form it was; empty for none.")
    delivered_to: str = Field(description="The destination to which it was written; empty for none.")
    delivered_url: str
    downloads: int = Field(description="How often it was fetched before.")


class Erased(BaseModel):
    """What was done."""

    erasure_id: str
    known: bool = Field(description="False: nobody here has this id; a later load refuses it all the same.")
    identifiers: int = Field(description="Identifiers that later loads will refuse.")
    exports_revoked: list[str] = Field(description="Exports that held them and were still open.")
    out_of_reach: list[OutOfReach] = Field(
        description="Exports that held them and were delivered or fetched: they cannot be called back."
    )
    exports_unknown: int = Field(description="Exports of which nothing tells who was in them.")
    artifacts: int = Field(description="Kept samples, sets of people and answers out of which they are.")


def erase_person(workspace: Workspace, query: AboutPerson) -> Erased:
    """Never answer a person again, keep later deliveries from bringing them back, revoke what holds them.

    Asked again it does what is still to be done, so one that was broken off is gone on with. Raises Conflict
    where identifiers are of several people.
    """
    person = known(workspace, query)
    if person.persons > 1:
        raise Conflict(
            f"These identifiers are of {person.persons} people",
            where="multi_identifiers",
            instead="Erase each by their person_id; resolve_identities tells them.",
        )
    ids = sorted(person.person_ids)  # several, where they were merged into one
    is_known = any(len(each) for each in workspace.population.ask(_places, ids))
    # First of all: what is written after this is without them, or refuses itself.
    for each in ids:
        workspace.warehouse.erase(each, {kind: list(values) for kind, values in person.identifiers.items()})
    revoked, gone, unknown = _exports(workspace, person)
    erased = Erased(
        erasure_id=f"erasure_{workspace.new_id()}",
        known=is_known,
        identifiers=sum(map(len, person.identifiers.values())),
        exports_revoked=revoked,
        out_of_reach=gone,
        exports_unknown=unknown,
        artifacts=forget(workspace, person),
    )
    _noted(workspace, erased)
    return erased


def _places(shard: Shard, person_ids: list[int]) -> np.ndarray:
    return shard.numbers_of(np.array(person_ids, dtype=np.int64))[1]


def _exports(workspace: Workspace, person: Known) -> tuple[list[str], list[OutOfReach], int]:
    revoked: list[str] = []
    gone: list[OutOfReach] = []
    unknown = 0
    workspace.exports.forget_expired(workspace.now())
    for record, holds in looked_through(workspace, person):
        unknown += holds is None
        if not holds:
            continue
        if record.downloads or record.delivered_to:
            gone.append(OutOfReach.model_validate(record.model_dump(include=set(OutOfReach.model_fields))))
        if _is_open(workspace, record) and workspace.exports.revoke(
            record.export_id, workspace.now(), workspace.actor
        ):
            revoked.append(record.export_id)
    return revoked, gone, unknown


def _is_open(workspace: Workspace, record: Export) -> bool:
    return record.revoked_at is None and workspace.now() < record.expires_at


def _noted(workspace: Workspace, erased: Erased) -> None:
    """Keep when it was done, by whom, and how much; not whom: that would name them for good."""
    detail = {
        "known": erased.known,
        "identifiers": erased.identifiers,
        "exports_revoked": len(erased.exports_revoked),
        "out_of_reach": len(erased.out_of_reach),
        "artifacts": erased.artifacts,
    }
    entry = AuditEntry(
        entry_id=erased.erasure_id,
        actor=workspace.actor,
        action=ACTION,
        about=workspace.warehouse.name,
        detail=detail,
        created_at=workspace.now(),
    )
    note(workspace.database, entry)
