"""Sending a briefing now, and the log of what was sent."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.access.visit import Admin, Reader, Runner
from api.pages.briefings.kept import briefing_named
from api.pages.briefings.scheduled.asked import LONGEST, MOST
from api.pages.briefings.scheduled.people import meant, recipients_to_choose
from api.pages.briefings.sent.events import log_events
from api.pages.briefings.sent.log import STATUSES, log_of
from api.pages.here import Chosen, workspace_if_any
from api.pages.rendering import joined, page, rendered
from api.rest.form.paging import Pages
from api.rest.work.events import HEADERS, MEDIA_TYPE
from store.errors import BadInput
from store.records.briefing_deliveries import DeliveryStatus, deliveries_of, send_again
from store.records.recipients import queue_briefing

FOLDER = "briefings/sent"
Which = Annotated[DeliveryStatus | None, Query()]
Yes = Annotated[str, Form(max_length=10)]


def delivery_pages() -> APIRouter:
    """`/briefings/deliveries`: the log."""
    router = APIRouter(prefix="/briefings/deliveries")

    @router.get("")
    def log(
        request: Request, visit: Reader, chosen: Chosen, pages: Pages, status: Which = None
    ) -> HTMLResponse:
        """What became of each briefing of the warehouse that was sent."""
        workspace = workspace_if_any(visit, chosen)
        name = workspace.warehouse.name if workspace else ""
        words = {"statuses": STATUSES, "warehouse": name, "log_page": True}
        sent = log_of(visit, pages, warehouse=name, status=status)
        return page(request, f"{FOLDER}/log.html.j2", screen="briefings", sent=sent, **words)

    @router.post("/{delivery_id}/retry")
    def retry(request: Request, visit: Admin, delivery_id: str) -> HTMLResponse:
        """A delivery, on its way again as the same mail."""
        again = send_again(visit.house.database, delivery_id, visit.house.now())
        visit.note("delivery.retried", delivery_id)
        found = log_of(visit, briefing_id=again.briefing_id)
        (line,) = [each for each in found.lines if each.sent.delivery_id == delivery_id]
        return page(request, f"{FOLDER}/row.html.j2", line=line, log_page=False, row_focus=True)

    return router


def sending_pages() -> APIRouter:
    """`/briefings/{briefing_id}/send` and how its deliveries go."""
    router = APIRouter(prefix="/briefings/{briefing_id}")

    @router.get("/send")
    def ask(request: Request, visit: Runner, briefing_id: str) -> HTMLResponse:
        """To whom it is to be sent."""
        found = briefing_named(visit.house.artifacts, briefing_id)
        had = deliveries_of(visit.house.database, MOST, briefing_id=briefing_id)
        words = {
            "found": found,
            "recipients": recipients_to_choose(visit),
            "had": [each.recipient_id for each in had],
            "has_mail": bool(visit.settings.mail_server),
        }
        return page(request, f"{FOLDER}/dialog.html.j2", **words)

    @router.post("/send")
    def send(
        request: Request,
        visit: Runner,
        briefing_id: str,
        recipient: Annotated[list[str] | None, Form(max_length=MOST)] = None,
        others: Annotated[str, Form(max_length=LONGEST)] = "",
        yes: Yes = "",
    ) -> HTMLResponse:
        """The briefing, on its way to each of these once."""
        found = briefing_named(visit.house.artifacts, briefing_id)
        if yes != "yes":
            raise BadInput(
                "Nothing was sent, for nobody said yes", where="yes", instead="Tick the yes above the button."
            )
        ids = meant(visit, recipient or [], others)
        if not ids:
            raise BadInput(
                "Nobody was chosen", where="recipient", instead="Tick a recipient, or type an address."
            )
        house = visit.house
        given = queue_briefing(house.database, briefing_id, found.warehouse, ids, house.now(), house.new_id)
        visit.note("briefing.sent", briefing_id, recipients=given)
        words: dict[str, Any] = {"found": found, "sent": log_of(visit, briefing_id=briefing_id)}
        section = rendered(request, f"{FOLDER}/section.html.j2", **words, log_page=False, focus=True)
        return HTMLResponse(joined([rendered(request, f"{FOLDER}/closed.html.j2"), section]))

    @router.get("/deliveries/events", response_class=StreamingResponse)
    def follow(request: Request, visit: Reader, briefing_id: str) -> StreamingResponse:
        """The deliveries as they go, and the whole section at the end."""
        found = briefing_named(visit.house.artifacts, briefing_id)

        def look() -> tuple[str, bool]:
            sent = log_of(visit, briefing_id=briefing_id)
            return rendered(request, f"{FOLDER}/rows.html.j2", sent=sent, log_page=False), sent.is_moving

        def whole() -> str:
            sent = log_of(visit, briefing_id=briefing_id)._replace(is_moving=False)
            return rendered(request, f"{FOLDER}/section.html.j2", found=found, sent=sent, log_page=False)

        return StreamingResponse(log_events(look, whole), media_type=MEDIA_TYPE, headers=HEADERS)

    return router
