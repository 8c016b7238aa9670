"""Webhooks: who is told, what they were sent, and sending it again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import Admin
from api.rest.form.paging import Page, Pages, page_of
from api.webhooks import endpoints
from api.webhooks.endpoints import Delivery, NewWebhook, Webhook, WebhookChange, reach_of
from store.records.deliveries import deliveries_of
from store.records.newest import Place
from store.records.outbox import DeliveryStatus
from store.records.webhooks import EventType, endpoint_named, endpoints_of

ONCE = {"Cache-Control": "no-store"}  # what shows a secret is kept by nobody between


class DeadSince(BaseModel):
    """What is to be replayed."""

    model_config = ConfigDict(extra="forbid")

    since: datetime | None = Field(
        default=None, description="Only messages told since then, with its zone; 30 days by default."
    )


class Replayed(BaseModel):
    """What is on its way again."""

    replayed: int = Field(description="Messages.")


def webhook_routes() -> APIRouter:
    """`/v1/webhooks` and `/v1/webhook-deliveries`."""
    router = APIRouter(prefix="/v1", tags=["webhooks"])
    _add_endpoint_routes(router)
    _add_delivery_routes(router)
    return router


def _add_endpoint_routes(router: APIRouter) -> None:
    @router.get("/webhooks")
    def list_webhooks(visit: Admin, pages: Pages) -> Page[Webhook]:
        """Receivers of webhooks, newest first; those that were disabled say why."""
        rows = endpoints_of(visit.house.database, pages.limit, pages.after)
        return page_of(
            rows, pages.limit, lambda row: Place(row.created_at, row.endpoint_id), endpoints.webhook_shown
        )

    @router.post("/webhooks", status_code=201)
    def add_webhook(visit: Admin, wanted: NewWebhook, response: Response) -> Webhook:
        """The new receiver with its secret, which is shown this once."""
        made = endpoints.add_webhook(
            visit.house, reach_of(visit.settings), wanted, actor=visit.principal.actor
        )
        visit.note("webhook.added", made.webhook_id)
        response.headers.update({"Location": f"/v1/webhooks/{made.webhook_id}", **ONCE})
        return made

    @router.get("/webhooks/{webhook_id}")
    def get_webhook(visit: Admin, webhook_id: str) -> Webhook:
        """One receiver."""
        return endpoints.webhook_shown(endpoint_named(visit.house.database, webhook_id))

    @router.patch("/webhooks/{webhook_id}")
    def change_webhook(visit: Admin, webhook_id: str, change: WebhookChange) -> Webhook:
        """The receiver as it is now; what is left out stays."""
        changed = endpoints.change_webhook(visit.house, reach_of(visit.settings), webhook_id, change)
        visit.note("webhook.changed", webhook_id, enabled=changed.enabled)
        return changed

    @router.delete("/webhooks/{webhook_id}", status_code=204)
    def remove_webhook(visit: Admin, webhook_id: str) -> None:
        """Forget a receiver and what it was sent."""
        endpoints.remove_webhook(visit.house, webhook_id)
        visit.note("webhook.removed", webhook_id)

    @router.post("/webhooks/{webhook_id}/rotate-secret")
    def rotate_webhook_secret(visit: Admin, webhook_id: str, response: Response) -> Webhook:
        """The receiver with a new secret; for 24 hours messages are signed with the one before too."""
        rotated = endpoints.rotate_webhook(visit.house, webhook_id)
        visit.note("webhook.rotated", webhook_id)
        response.headers.update(ONCE)
        return rotated


def _add_delivery_routes(router: APIRouter) -> None:
    @router.post("/webhooks/{webhook_id}/test", status_code=202)
    def test_webhook(visit: Admin, webhook_id: str) -> Delivery:
        """A message `webhook.test`, on its way to this receiver."""
        return endpoints.try_webhook(visit.house, webhook_id)

    @router.get("/webhooks/{webhook_id}/deliveries")
    def list_deliveries(
        visit: Admin,
        webhook_id: str,
        pages: Pages,
        status: Annotated[DeliveryStatus | None, Query(description="Only those that are so.")] = None,
        event: Annotated[EventType | None, Query(description="Only of this type.")] = None,
    ) -> Page[Delivery]:
        """What a receiver was sent in the last 30 days, newest first."""
        endpoint_named(visit.house.database, webhook_id)
        rows = deliveries_of(
            visit.house.database, webhook_id, pages.limit, pages.after, status=status, event=event
        )
        return page_of(
            rows, pages.limit, lambda row: Place(row.created_at, row.delivery_id), endpoints.delivery_shown
        )

    @router.post("/webhook-deliveries/{delivery_id}/replay", status_code=202)
    def replay_delivery(visit: Admin, delivery_id: str) -> Delivery:
        """The delivery, on its way again under the same message id."""
        replayed = endpoints.replay_one(visit.house, delivery_id)
        visit.note("webhook.replayed", delivery_id)
        return replayed

    @router.post("/webhooks/{webhook_id}/replay-dead", status_code=202)
    def replay_dead(visit: Admin, webhook_id: str, wanted: DeadSince | None = None) -> Replayed:
        """How many messages that the receiver did not take are on their way again."""
        since = wanted.since if wanted else None
        many = endpoints.replay_all_dead(visit.house, webhook_id, since)
        visit.note("webhook.replayed", webhook_id, messages=many)
        return Replayed(replayed=many)
