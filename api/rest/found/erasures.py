"""Erasures: somebody is never answered again, and what was done about it is told."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.visit import Admin, Visit
from api.rest.form.paging import Page, Pages, Turned, page_of
from store.records.access.audit import AuditEntry
from store.records.newest import Place, newest
from tools.declaration import PersonId
from tools.identity.resolve_identities import Identifiers
from tools.privacy.erase_person import ACTION, Erased, erase_person
from tools.privacy.person import AboutPerson

MOST = 100  # identifiers of one person, by kind and form


class Erasure(BaseModel):
    """Whom to erase: by their id, or by identifiers that are theirs alone."""

    model_config = ConfigDict(extra="forbid")

    person_id: PersonId | None = Field(default=None, description="A number, or a number as text.")
    identifiers: list[Identifiers] | None = Field(
        default=None, max_length=MOST, description="As `resolve_identities` takes them."
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Erasure":
        if (self.person_id is None) == (self.identifiers is None):
            raise ValueError("give either `person_id` or `identifiers`")
        return self


class ErasureLine(BaseModel):
    """One erasure: when, by whom, and how much; not whom."""

    erasure_id: str
    actor: str = Field(description="`local`, `key_…` or `member_…`.")
    created_at: datetime
    known: bool
    identifiers: int = Field(description="That later loads refuse.")
    exports_revoked: int
    out_of_reach: int = Field(description="Exports that had been delivered or fetched.")
    artifacts: int


def erasure_routes() -> APIRouter:
    """`/v1/warehouses/{warehouse}/erasures`."""
    router = APIRouter(prefix="/v1/warehouses", tags=["privacy"])

    @router.post("/{warehouse}/erasures", status_code=201)
    def erase(visit: Admin, warehouse: str, wanted: Erasure) -> Erased:
        """What was done: erased, exports revoked, and what left before and cannot be called back."""
        query = AboutPerson(person_id=wanted.person_id, multi_identifiers=wanted.identifiers)
        return erase_person(visit.workspace(warehouse), query)

    @router.get("/{warehouse}/erasures")
    def list_erasures(visit: Admin, warehouse: str, pages: Pages) -> Page[ErasureLine]:
        """Erasures, newest first: counts and times alone."""
        known = visit.workspace(warehouse).warehouse
        known.require_loaded()
        return page_of_erasures(visit, known.name, pages)

    return router


def page_of_erasures(visit: Visit, warehouse: str, pages: Turned) -> Page[ErasureLine]:
    """A page of the erasures of a warehouse, newest first."""
    rows = newest(
        visit.house.database,
        AuditEntry,
        AuditEntry.created_at,
        AuditEntry.entry_id,
        pages.limit,
        pages.after,
        action=ACTION,
        about=warehouse,
    )
    return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.entry_id), _line)


def _line(row: AuditEntry) -> ErasureLine:
    given = {"erasure_id": row.entry_id, "actor": row.actor, "created_at": row.created_at}
    return ErasureLine.model_validate({**row.detail, **given})
