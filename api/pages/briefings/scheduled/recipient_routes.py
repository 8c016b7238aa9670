"""`/briefings/recipients`: who gets briefings, why somebody gets none, added, active again, removed."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, Reader, Runner, Visit
from api.pages.briefings.scheduled.people import added_recipient
from api.pages.rendering import joined, page, rendered
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.sending import recipients as sending
from api.sending.recipients import RecipientChange, RecipientShown, recipient_shown
from store.records.briefing_deliveries import recipients_of
from store.records.newest import Place
from store.records.recipients import remove_recipient

FOLDER = "briefings/scheduled"


def recipient_pages() -> APIRouter:
    """`/briefings/recipients`."""
    router = APIRouter(prefix="/briefings/recipients")

    @router.get("")
    def recipients(request: Request, visit: Reader, pages: Pages) -> HTMLResponse:
        """Recipients of briefings, masked, newest first."""
        words = {"found": _found(visit, pages), "has_mail": bool(visit.settings.mail_server)}
        return page(request, f"{FOLDER}/recipients.html.j2", screen="briefings", said="", **words)

    @router.post("")
    def add(
        request: Request, visit: Runner, address: Annotated[str, Form(max_length=2_000)] = ""
    ) -> HTMLResponse:
        """One more recipient; of a webhook with the secret that its briefings are signed with."""
        made = added_recipient(visit, address.strip())
        answer = _list(request, visit, "briefings.said_added")
        if made.secret is None:
            return HTMLResponse(answer)
        shown = rendered(request, f"{FOLDER}/secret.html.j2", made=made)
        return HTMLResponse(joined([answer, shown]), headers={"Cache-Control": "no-store"})

    @router.post("/{recipient_id}/activate")
    def activate(request: Request, visit: Admin, recipient_id: str) -> HTMLResponse:
        """A recipient is sent briefings again after a bounce."""
        changed = sending.change_recipient(visit.house, recipient_id, RecipientChange(status="active"))
        visit.note("recipient.changed", recipient_id, status=changed.status)
        return HTMLResponse(_list(request, visit, "briefings.said_active"))

    @router.post("/{recipient_id}/remove")
    def remove(request: Request, visit: Admin, recipient_id: str) -> HTMLResponse:
        """Forget an address; who had unsubscribed stays so."""
        remove_recipient(visit.house.database, recipient_id, visit.house.now())
        visit.note("recipient.removed", recipient_id)
        return HTMLResponse(_list(request, visit, "briefings.said_forgotten"))

    return router


def _list(request: Request, visit: Visit, said: str) -> str:
    return rendered(request, f"{FOLDER}/recipients_list.html.j2", found=_found(visit, Turned()), said=said)


def _found(visit: Visit, pages: Turned) -> Page[RecipientShown]:
    rows = recipients_of(visit.house.database, pages.limit, pages.after)
    return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.recipient_id), recipient_shown)
