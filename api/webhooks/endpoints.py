"""How are the receivers of webhooks added, changed, tried and removed?"""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.settings import Settings
from api.webhooks.addresses import Reach
from api.webhooks.destinations import LONGEST, Resolve, addresses_of, destination_of, system_resolve
from api.webhooks.signing import new_secret, sealed
from store.errors import BadInput, Conflict
from store.records import deliveries as records
from store.records.outbox import DeliveryStatus, OutboxDelivery, tell_one
from store.records.webhooks import (
    EventType,
    WebhookEndpoint,
    add_endpoint,
    change_endpoint,
    endpoint_named,
    plain,
    rotate_secret,
)
from store.workspace import House

Url = Annotated[str, Field(max_length=LONGEST, description="Where messages are posted: https://host/path.")]
Description = Annotated[
    str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="What it is for.")
]
Events = Annotated[
    list[EventType], Field(max_length=20, description="Types of events that are sent; none: all of them.")
]


class NewWebhook(BaseModel):
    """A receiver that is to be told."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    description: Description = ""
    events: Events = []


class WebhookChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    description: Description | None = None
    events: Events | None = None
    enabled: bool | None = Field(
        default=None, description="False: nothing is sent, and what waits is dead. True: from now on."
    )


class Webhook(BaseModel):
    """A receiver as it is shown; its secret is shown once, when it is made or rotated."""

    webhook_id: str
    url: str
    description: str
    events: list[str] = Field(description="None: all.")
    enabled: bool
    disabled_why: str = Field(description="`asked`, `gone` (it answered 410) or `failing` (for five days).")
    failing_since: datetime | None = Field(description="Since when every attempt has failed.")
    old_secret_until: datetime | None = Field(description="Until when the secret before is used too.")
    created_by: str
    created_at: datetime
    secret: str | None = Field(default=None, description="`whsec_…`; shown once.")


class Delivery(BaseModel):
    """One message on its way to one receiver."""

    delivery_id: str
    message_id: str = Field(description="The header webhook-id: the same at every attempt.")
    event: str
    status: DeliveryStatus = Field(
        description="`pending`, `sent`, `failed` (it is tried again) or `dead` (it is not)."
    )
    attempts: int
    next_attempt_at: datetime | None
    last_status: int | None = Field(description="HTTP status of the last answer.")
    last_error: str = Field(
        description="`no_answer`, `refused`, `redirected`, `gone`, `disabled` or `secret`."
    )
    created_at: datetime
    ended_at: datetime | None


def reach_of(settings: Settings) -> Reach:
    """How far the webhooks of these settings may go."""
    ports = frozenset(int(port) for port in settings.webhooks_ports.split(","))
    return Reach(private=settings.webhooks_private, ports=ports)


def add_webhook(
    house: House, reach: Reach, wanted: NewWebhook, actor: str, resolve: Resolve = system_resolve
) -> Webhook:
    """The new receiver, with its secret. Raises BadInput for a URL that leads nowhere outside."""
    secret = new_secret()
    endpoint = WebhookEndpoint(
        endpoint_id=f"hook_{house.new_id()}",
        url=_checked(wanted.url, reach, resolve),
        description=wanted.description,
        events=sorted(set(wanted.events)),
        secret=sealed(secret, house.signer),
        created_by=actor,
        created_at=house.now(),
    )
    add_endpoint(house.database, endpoint)
    return webhook_shown(endpoint, secret)


def change_webhook(
    house: House, reach: Reach, webhook_id: str, change: WebhookChange, resolve: Resolve = system_resolve
) -> Webhook:
    """The receiver as it is after the change. Raises NotFound; BadInput for a URL as `add_webhook` does."""
    endpoint_named(house.database, webhook_id)
    values = change.model_dump(exclude_none=True, exclude={"enabled"})
    if change.url is not None:
        values["url"] = _checked(change.url, reach, resolve)
    if change.events is not None:
        values["events"] = sorted(set(change.events))
    if change.enabled:
        values |= {"enabled": True, "disabled_why": "", "failing_since": None}
    if values:
        change_endpoint(house.database, webhook_id, **values)
    if change.enabled is False:
        records.disable(house.database, webhook_id, house.now())
    return webhook_shown(endpoint_named(house.database, webhook_id))


def remove_webhook(house: House, webhook_id: str) -> None:
    """Forget a receiver and what it was sent. Raises NotFound."""
    endpoint_named(house.database, webhook_id)
    records.remove_endpoint(house.database, webhook_id)


def rotate_webhook(house: House, webhook_id: str) -> Webhook:
    """The receiver with a new secret; for 24 hours messages are signed with both. Raises NotFound."""
    secret = new_secret()
    endpoint = rotate_secret(house.database, webhook_id, sealed(secret, house.signer), house.now())
    return webhook_shown(endpoint, secret)


def try_webhook(house: House, webhook_id: str) -> Delivery:
    """A message `webhook.test`, on its way. Raises NotFound, and Conflict for one that is disabled."""
    endpoint = _enabled(house, webhook_id)
    delivery_id = tell_one(house, endpoint, "webhook.test", {"webhook_id": webhook_id})
    found = house.database.get(OutboxDelivery, delivery_id)
    assert found is not None  # it was written in this moment
    return delivery_shown(found)


def replay_one(house: House, delivery_id: str) -> Delivery:
    """The delivery, due now. Raises NotFound, Busy while it is sent, Conflict for a disabled receiver."""
    found = house.database.get(OutboxDelivery, plain(delivery_id))
    if found is not None:
        _enabled(house, found.endpoint_id)
    return delivery_shown(records.replay(house.database, delivery_id, house.now()))


def replay_all_dead(house: House, webhook_id: str, since: datetime | None) -> int:
    """Replay what a receiver did not take since a time, or in 30 days; how many. Raises as replay_one."""
    _enabled(house, webhook_id)
    now = house.now()
    if since is not None and since.tzinfo is None:
        raise BadInput("The time has no zone", where="since", instead="Write it as 2026-03-02T08:00:00Z.")
    return records.replay_dead(house.database, webhook_id, since or now - timedelta(days=30), now)


def webhook_shown(endpoint: WebhookEndpoint, secret: str | None = None) -> Webhook:
    """The endpoint without its sealed secrets, with this one where it is new."""
    return Webhook(webhook_id=endpoint.endpoint_id, secret=secret, **_same(Webhook, endpoint))


def delivery_shown(delivery: OutboxDelivery) -> Delivery:
    """The delivery without what its sender keeps."""
    return Delivery(**_same(Delivery, delivery))


def _same(shown: type[BaseModel], record: WebhookEndpoint | OutboxDelivery) -> dict:
    given = record.model_dump(exclude={"secret"})
    return {name: given[name] for name in shown.model_fields if name in given}


def _enabled(house: House, webhook_id: str) -> WebhookEndpoint:
    endpoint = endpoint_named(house.database, webhook_id)
    if not endpoint.enabled:
        raise Conflict("The webhook is disabled", where="webhook_id", instead="Enable it first.")
    return endpoint


def _checked(url: str, reach: Reach, resolve: Resolve) -> str:
    reached = destination_of(url, reach)
    addresses_of(reached, reach, resolve)
    return reached.url
