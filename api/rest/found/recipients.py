"""Recipients of briefings, and what became of what they were sent."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.visit import Admin, Reader, Runner
from api.rest.form.paging import Page, Pages, page_of
from api.sending import recipients as sending
from api.sending.recipients import (
    BouncedMail,
    BounceNoted,
    BriefingSent,
    NewRecipient,
    RecipientChange,
    RecipientShown,
    deliveries_shown,
    recipient_shown,
)
from api.webhooks.endpoints import reach_of
from store.records.briefing_deliveries import DeliveryStatus, deliveries_of, recipients_of, send_again
from store.records.newest import Place
from store.records.recipients import RecipientStatus, recipient_named, remove_recipient
from store.workspace import House

ONCE = {"Cache-Control": "no-store"}  # what shows a secret is kept by nobody between
Status = Annotated[DeliveryStatus | None, Query(description="Only those that are so.")]


def recipient_routes() -> APIRouter:
    """`/v1/recipients`, `/v1/deliveries` and `/v1/briefings/{briefing_id}/deliveries`."""
    router = APIRouter(prefix="/v1", tags=["briefings"])
    _add_recipient_routes(router)
    _add_delivery_routes(router)
    return router


def _add_recipient_routes(router: APIRouter) -> None:
    @router.get("/recipients")
    def list_recipients(
        visit: Reader,
        pages: Pages,
        status: Annotated[RecipientStatus | None, Query(description="Only those that are so.")] = None,
    ) -> Page[RecipientShown]:
        """Recipients of briefings, newest first, their addresses masked."""
        rows = recipients_of(visit.house.database, pages.limit, pages.after, status=status)
        return page_of(
            rows, pages.limit, lambda row: Place(row.created_at, row.recipient_id), recipient_shown
        )

    @router.post("/recipients", status_code=201)
    def add_recipient(visit: Runner, wanted: NewRecipient, response: Response) -> RecipientShown:
        """The recipient of an address, the same one each time. A channel needs the scope `admin` too."""
        if sending.needs_admin(wanted):
            visit.require("admin")
        reach = reach_of(visit.settings)
        made = sending.add_recipient(visit.house, reach, wanted, visit.principal.actor)
        visit.note("recipient.added", made.recipient_id, channel=made.channel)
        response.headers.update({"Location": f"/v1/recipients/{made.recipient_id}", **ONCE})
        return made

    @router.get("/recipients/{recipient_id}")
    def get_recipient(visit: Reader, recipient_id: str) -> RecipientShown:
        """One recipient, masked."""
        return recipient_shown(recipient_named(visit.house.database, recipient_id))

    @router.patch("/recipients/{recipient_id}")
    def change_recipient(visit: Admin, recipient_id: str, change: RecipientChange) -> RecipientShown:
        """The recipient, active again after a bounce."""
        changed = sending.change_recipient(visit.house, recipient_id, change)
        visit.note("recipient.changed", recipient_id, status=changed.status)
        return changed

    @router.delete("/recipients/{recipient_id}", status_code=204)
    def delete_recipient(visit: Admin, recipient_id: str) -> None:
        """Forget an address. Who had unsubscribed stays so if somebody adds it again."""
        remove_recipient(visit.house.database, recipient_id, visit.house.now())
        visit.note("recipient.removed", recipient_id)


def _add_delivery_routes(router: APIRouter) -> None:
    @router.get("/deliveries")
    def list_briefing_deliveries(
        visit: Reader,
        pages: Pages,
        status: Status = None,
        warehouse: Annotated[str | None, Query(max_length=63, description="Only of this one.")] = None,
        recipient_id: Annotated[str | None, Query(max_length=90, description="Only to them.")] = None,
    ) -> Page[BriefingSent]:
        """The log of briefings that were sent: when, which, to whom, how often it was tried, and why not."""
        only = {"warehouse": warehouse, "recipient_id": recipient_id, "status": status}
        return _page(visit.house, pages, **only)

    @router.get("/briefings/{briefing_id}/deliveries")
    def list_deliveries_of_briefing(
        visit: Reader, briefing_id: str, pages: Pages, status: Status = None
    ) -> Page[BriefingSent]:
        """To whom a briefing was sent, and how that went."""
        return _page(visit.house, pages, briefing_id=briefing_id, status=status)

    @router.post("/deliveries/bounces")
    def note_bounced_mail(visit: Admin, wanted: BouncedMail) -> BounceNoted:
        """What a mail that came back changed. The notification is read and not kept."""
        noted = sending.note_bounced(visit.house, wanted.message.encode(errors="replace"))
        if noted.delivery:
            visit.note("delivery.bounced", noted.delivery.delivery_id, permanent=noted.is_permanent)
        return noted

    @router.post("/deliveries/{delivery_id}/retry", status_code=202)
    def retry_delivery(visit: Admin, delivery_id: str) -> BriefingSent:
        """The delivery, on its way again as the same mail. What was sent is not sent again."""
        again = send_again(visit.house.database, delivery_id, visit.house.now())
        visit.note("delivery.retried", delivery_id)
        return deliveries_shown(visit.house, [again])[0]


def _page(house: House, pages: Pages, **only: str | None) -> Page[BriefingSent]:
    rows = deliveries_of(house.database, pages.limit, pages.after, **only)  # type: ignore[arg-type]  # the names are those of its columns
    shown = {one.delivery_id: one for one in deliveries_shown(house, rows)}
    return page_of(
        rows,
        pages.limit,
        lambda row: Place(row.created_at, row.delivery_id),
        lambda row: shown[row.delivery_id],
    )
