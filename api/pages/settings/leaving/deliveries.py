"""What was one receiver of webhooks sent, and did it take it?"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, Visit
from api.pages.settings.parts import part_page
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.webhooks import endpoints
from api.webhooks.endpoints import Delivery, Webhook
from store.records.deliveries import deliveries_of
from store.records.newest import Place
from store.records.outbox import DeliveryStatus
from store.records.webhooks import EVENT_TYPES, endpoint_named

A_PAGE = 25
Which = Annotated[DeliveryStatus | None, Query()]


def add_delivery_pages(router: APIRouter) -> None:
    """`/settings/webhooks/{webhook_id}`, and what is done with its messages."""

    @router.get("/{webhook_id}")
    def webhook(
        request: Request, visit: Admin, webhook_id: str, pages: Pages, status: Which = None
    ) -> HTMLResponse:
        """One receiver, and what it was sent."""
        return webhook_page(request, visit, webhook_id, pages, status)

    @router.post("/{webhook_id}/test")
    def test(request: Request, visit: Admin, webhook_id: str) -> HTMLResponse:
        """A message that tells nothing, on its way."""
        endpoints.try_webhook(visit.house, webhook_id)
        return webhook_page(request, visit, webhook_id, done="webhook_tested", fragment=True)

    @router.post("/{webhook_id}/deliveries/{delivery_id}/replay")
    def replay(request: Request, visit: Admin, webhook_id: str, delivery_id: str) -> HTMLResponse:
        """A message, on its way again."""
        endpoints.replay_one(visit.house, delivery_id)
        visit.note("webhook.replayed", delivery_id)
        return webhook_page(request, visit, webhook_id, done="webhook_replayed", fragment=True)

    @router.post("/{webhook_id}/replay-dead")
    def replay_dead(request: Request, visit: Admin, webhook_id: str) -> HTMLResponse:
        """All that it did not take in 30 days, on its way again."""
        many = endpoints.replay_all_dead(visit.house, webhook_id, None)
        visit.note("webhook.replayed", webhook_id, messages=many)
        return webhook_page(
            request, visit, webhook_id, done="webhook_replayed_dead", many=many, fragment=True
        )


def webhook_page(
    request: Request,
    visit: Visit,
    webhook_id: str,
    pages: Turned | None = None,
    status: DeliveryStatus | None = None,
    *,
    made: Webhook | None = None,
    done: str = "",
    many: int = 0,
    fragment: bool = False,
) -> HTMLResponse:
    """One receiver as a page, or as the fragment that takes its place after a change. Raises NotFound."""
    shown = endpoints.webhook_shown(endpoint_named(visit.house.database, webhook_id))
    return part_page(
        request,
        visit,
        "webhooks",
        f"leaving/{'webhook_part' if fragment else 'webhook'}.html.j2",
        webhook=shown,
        found=_deliveries(visit, webhook_id, pages or Turned(A_PAGE), status),
        only=status or "",
        statuses=("pending", "sent", "failed", "dead"),
        events=EVENT_TYPES,
        made=made,
        done=done,
        many=many,
    )


def _deliveries(
    visit: Visit, webhook_id: str, pages: Turned, status: DeliveryStatus | None
) -> Page[Delivery]:
    rows = deliveries_of(
        visit.house.database, webhook_id, pages.limit, pages.after, status=status, event=None
    )
    return page_of(
        rows, pages.limit, lambda row: Place(row.created_at, row.delivery_id), endpoints.delivery_shown
    )
