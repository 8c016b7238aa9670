"""Which programs are told when something is done?"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, Visit
from api.pages.rendering import gone_to
from api.pages.settings.leaving.deliveries import add_delivery_pages, webhook_page
from api.pages.settings.parts import formed, part_page
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.webhooks import endpoints
from api.webhooks.endpoints import NewWebhook, Webhook, WebhookChange, reach_of
from store.records.newest import Place
from store.records.webhooks import EVENT_TYPES, endpoints_of

ADDRESS = "/settings/webhooks"
Text = Annotated[str, Form()]
Events = Annotated[list[str] | None, Form()]


def webhook_pages() -> APIRouter:
    """`/settings/webhooks`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def webhooks(request: Request, visit: Admin, pages: Pages) -> HTMLResponse:
        """The receivers, newest first, and the form for another one."""
        return _page(request, visit, pages, "webhooks")

    @router.post("")
    def add(
        request: Request, visit: Admin, url: Text, description: Text = "", events: Events = None
    ) -> HTMLResponse:
        """A new receiver with its secret, which is shown this once."""
        wanted = formed(NewWebhook, {"url": url, "description": description, "events": events or []})
        made = endpoints.add_webhook(
            visit.house, reach_of(visit.settings), wanted, actor=visit.principal.actor
        )
        visit.note("webhook.added", made.webhook_id)
        return _page(request, visit, Turned(), "webhooks_list", made)

    @router.post("/{webhook_id}")
    def change(
        request: Request,
        visit: Admin,
        webhook_id: str,
        url: Text,
        description: Text = "",
        events: Events = None,
    ) -> HTMLResponse:
        """Another address, other events."""
        given = {"url": url, "description": description, "events": events or []}
        return _changed(request, visit, webhook_id, formed(WebhookChange, given), "webhook_changed")

    @router.post("/{webhook_id}/enable")
    def enable(request: Request, visit: Admin, webhook_id: str) -> HTMLResponse:
        """It is told again from now on."""
        return _changed(request, visit, webhook_id, WebhookChange(enabled=True), "webhook_enabled")

    @router.post("/{webhook_id}/disable")
    def disable(request: Request, visit: Admin, webhook_id: str) -> HTMLResponse:
        """Nothing is sent to it any more."""
        return _changed(request, visit, webhook_id, WebhookChange(enabled=False), "webhook_disabled")

    @router.post("/{webhook_id}/rotate")
    def rotate(request: Request, visit: Admin, webhook_id: str) -> HTMLResponse:
        """A new secret, shown this once."""
        rotated = endpoints.rotate_webhook(visit.house, webhook_id)
        visit.note("webhook.rotated", webhook_id)
        return webhook_page(request, visit, webhook_id, made=rotated, fragment=True)

    @router.post("/{webhook_id}/remove")
    def remove(visit: Admin, webhook_id: str) -> HTMLResponse:
        """Forget a receiver and what it was sent."""
        endpoints.remove_webhook(visit.house, webhook_id)
        visit.note("webhook.removed", webhook_id)
        return gone_to(ADDRESS)

    add_delivery_pages(router)
    return router


def _changed(
    request: Request, visit: Visit, webhook_id: str, change: WebhookChange, done: str
) -> HTMLResponse:
    changed = endpoints.change_webhook(visit.house, reach_of(visit.settings), webhook_id, change)
    visit.note("webhook.changed", webhook_id, enabled=changed.enabled)
    return webhook_page(request, visit, webhook_id, done=done, fragment=True)


def _page(
    request: Request, visit: Visit, pages: Turned, template: str, made: Webhook | None = None
) -> HTMLResponse:
    return part_page(
        request,
        visit,
        "webhooks",
        f"leaving/{template}.html.j2",
        found=_webhooks(visit, pages),
        made=made,
        done="",
        events=EVENT_TYPES,
    )


def _webhooks(visit: Visit, pages: Turned) -> Page[Webhook]:
    rows = endpoints_of(visit.house.database, pages.limit, pages.after)
    return page_of(
        rows, pages.limit, lambda row: Place(row.created_at, row.endpoint_id), endpoints.webhook_shown
    )
