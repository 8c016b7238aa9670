"""What in this house needs somebody?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from api.access.visit import Visit
from api.observing.readiness import Looker
from api.pages.here import warehouses_of
from api.pages.settings.tracing.model import is_answering
from store.records.access.keys import keys_of
from store.records.feedback import waiting_feedback
from store.records.newest import newest
from store.records.outbox import OutboxDelivery
from store.records.usage import credits_since
from store.records.webhooks import endpoints_of
from tools.usage.credits import month_of

SOON = timedelta(days=14)  # before a key ends
NEAR = 0.2  # of a month's credits that are left
MOST = 200


class Thing(NamedTuple):
    """One thing to mend: the text `settings.attend_` and its name, filled with these blanks."""

    name: str
    address: str
    blanks: dict[str, Any]
    is_bad: bool = True  # something does not work; else it soon will not


def things_to_mend(visit: Visit, looker: Looker) -> list[Thing]:
    """What needs somebody, of what whoever asks may see; the worst first."""
    found = [*_nothing_loaded(visit), *_credits(visit), *_model(visit), *_feedback(visit)]
    if visit.principal.may("admin"):
        found += [*_readiness(looker), *_webhooks(visit), *_keys(visit)]
    return sorted(found, key=lambda thing: not thing.is_bad)


def _nothing_loaded(visit: Visit) -> Iterator[Thing]:
    if not warehouses_of(visit):
        yield Thing("nothing_loaded", "/settings/warehouses", {}, False)


def _credits(visit: Visit) -> Iterator[Thing]:
    limit = visit.settings.credits_per_month
    if not limit:
        return
    left = max(0.0, limit - credits_since(visit.house.database, month_of(visit.house.now())))
    if left <= 0:
        yield Thing("credits_gone", "/settings/usage", {"limit": f"{limit:,.0f}"})
    elif left < NEAR * limit:
        yield Thing(
            "credits_near", "/settings/usage", {"left": f"{left:,.0f}", "limit": f"{limit:,.0f}"}, False
        )


def _model(visit: Visit) -> Iterator[Thing]:
    if is_answering(visit) is False and visit.principal.may("people"):
        yield Thing("model_silent", "/settings/model", {})


def _feedback(visit: Visit) -> Iterator[Thing]:
    waiting = waiting_feedback(visit.house.database) if visit.principal.may("people") else 0
    if waiting:
        name = "feedback_waits" if waiting > 1 else "feedback_waits_one"
        yield Thing(name, "/settings/feedback?status=new", {"many": f"{waiting:,}"}, False)


def _readiness(looker: Looker) -> Iterator[Thing]:
    for name, check in looker.look().checks.items():
        if not check.ok:
            yield Thing(f"check_{name}", "/settings", {})


def _webhooks(visit: Visit) -> Iterator[Thing]:
    for row in endpoints_of(visit.house.database, MOST)[:MOST]:
        address = f"/settings/webhooks/{row.endpoint_id}"
        if not row.enabled and row.disabled_why in ("gone", "failing"):
            yield Thing(f"webhook_{row.disabled_why}", address, {"url": row.url})
        elif row.enabled and row.failing_since is not None:
            yield Thing("webhook_fails", address, {"url": row.url})
    at, key = OutboxDelivery.created_at, OutboxDelivery.delivery_id
    dead = newest(visit.house.database, OutboxDelivery, at, key, MOST, status="dead")
    if dead:
        address = f"/settings/webhooks/{dead[0].endpoint_id}?status=dead"
        yield Thing("deliveries_dead", address, {"many": min(len(dead), MOST)}, False)


def _keys(visit: Visit) -> Iterator[Thing]:
    now = visit.house.now()
    for key in keys_of(visit.house.database, MOST)[:MOST]:
        if key.revoked_at is None and key.expires_at is not None and now < key.expires_at <= now + SOON:
            days = max(1, (key.expires_at - now).days)
            yield Thing("key_ends", "/settings/keys", {"name": key.name or key.prefix, "days": days}, False)
