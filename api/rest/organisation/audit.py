"""What was done in the organisation, by whom."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access.shown import EntryShown, PlainText, shown
from api.access.visit import Admin
from api.rest.form.paging import Page, Pages, page_of
from store.records.access.audit import entries_of
from store.records.newest import Place

Wanted = Annotated[PlainText | None, Query(max_length=128)]


def audit_routes() -> APIRouter:
    """`GET /v1/audit`."""
    router = APIRouter(prefix="/v1/audit", tags=["access"])

    @router.get("")
    def audit(visit: Admin, pages: Pages, action: Wanted = None, actor: Wanted = None) -> Page[EntryShown]:
        """What was done, newest first: ids and figures, nobody's values."""
        rows = entries_of(visit.house.database, pages.limit, pages.after, action=action, actor=actor)
        return page_of(
            rows,
            pages.limit,
            lambda entry: Place(entry.created_at, entry.entry_id),
            lambda entry: shown(EntryShown, entry),
        )

    return router
