"""Who did what, to what, and when?"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.shown import EntryShown, PlainText, shown
from api.access.visit import Admin
from api.pages.settings.parts import names_for, part_page
from api.pages.words import texts
from api.rest.form.paging import Pages, page_of
from store.records.access.audit import entries_of
from store.records.newest import Place

ADDRESS = "/settings/audit"
WORDED = "did_"  # how the texts of actions are named: `did_key.made`
Wanted = Annotated[PlainText, Query(max_length=128)]


def audit_pages() -> APIRouter:
    """`/settings/audit`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def audit(
        request: Request, visit: Admin, pages: Pages, action: Wanted = "", actor: Wanted = ""
    ) -> HTMLResponse:
        """What was done, newest first; of one action, or by one key or member."""
        rows = entries_of(
            visit.house.database, pages.limit, pages.after, action=action or None, actor=actor.strip() or None
        )
        asked = {name: value for name, value in (("action", action), ("actor", actor)) if value}
        return part_page(
            request,
            visit,
            "audit",
            "records/audit.html.j2",
            found=page_of(
                rows,
                pages.limit,
                lambda entry: Place(entry.created_at, entry.entry_id),
                lambda entry: shown(EntryShown, entry),
            ),
            action=action,
            actor=actor,
            address=f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS,
            worded=worded_actions(),
            names=names_for(visit),
        )

    return router


def worded_actions() -> dict[str, str]:
    """The actions that have words of their own, in their order."""
    found = texts("settings").items()
    return {name.removeprefix(WORDED): words for name, words in found if name.startswith(WORDED)}
