"""Who is to be told that something is done, where, and whether they still listen?"""

import re
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import update
from sqlmodel import JSON, Column, Field, Session, col, func, select

from store.errors import Conflict, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

EventType = Literal[
    "analysis.done",
    "audience.done",
    "outcomes.done",
    "job.done",
    "job.failed",
    "export.ready",
    "profile.changed",
    "briefing.ready",
    "audience.synced",
    "webhook.test",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
DisabledWhy = Literal["", "asked", "gone", "failing"]

ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
MOST_ENDPOINTS = 50  # of an organisation: each event is sent to every one of them
GIVEN_UP = timedelta(days=5)  # of nothing but failures
BOTH_SECRETS = timedelta(hours=24)  # hold after a rotation


def _later() -> Column:
    return Column(UtcTime, nullable=True)


class WebhookEndpoint(Owned, table=True):
    """One receiver of an organisation. Its secrets are sealed with the key of the house."""

    endpoint_id: str = Field(primary_key=True)
    url: str
    description: str = ""
    events: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # none: all
    secret: str
    old_secret: str = ""
    old_secret_until: datetime | None = Field(default=None, sa_column=_later())
    enabled: bool = True
    disabled_why: str = ""  # asked, gone (it answered 410), failing (for five days)
    failing_since: datetime | None = Field(default=None, sa_column=_later())
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


def add_endpoint(database: Database, endpoint: WebhookEndpoint) -> None:
    """Keep an endpoint. Raises Conflict when the organisation has so many already."""
    with database.session() as session:
        session.add(endpoint)
        session.flush()  # from here on nobody else writes to a file, so the count below holds
        if session.exec(select(func.count()).select_from(WebhookEndpoint)).one() > MOST_ENDPOINTS:
            raise Conflict(
                f"There are {MOST_ENDPOINTS} webhooks already",
                where="webhooks",
                instead="Remove one that is not used.",
            )


def endpoint_named(database: Database, endpoint_id: str) -> WebhookEndpoint:
    """The endpoint of this id. Raises NotFound."""
    with database.session() as session:
        wanted = select(WebhookEndpoint).where(WebhookEndpoint.endpoint_id == plain(endpoint_id))
        endpoint = session.exec(wanted).first()
    if endpoint is None:
        raise NotFound(
            "There is no such webhook", where="webhook_id", instead="`GET /v1/webhooks` lists them."
        )
    return endpoint


def plain(given: str) -> str:
    """An id as it was given; what none can be, such as a NUL that Postgres refuses, is that of nothing."""
    return given if ID.fullmatch(given) else ""


def endpoints_of(database: Database, limit: int = 200, after: Place | None = None) -> list[WebhookEndpoint]:
    """The endpoints, newest first; one more than the limit where there are more."""
    return newest(
        database, WebhookEndpoint, WebhookEndpoint.created_at, WebhookEndpoint.endpoint_id, limit, after
    )


def change_endpoint(database: Database, endpoint_id: str, **values: Any) -> WebhookEndpoint:
    """The endpoint with these columns set. Raises NotFound."""
    endpoint_named(database, endpoint_id)
    with database.session() as session:
        session.exec(_this(endpoint_id).values(**values))  # type: ignore[call-overload]  # an UPDATE
    return endpoint_named(database, endpoint_id)


def rotate_secret(database: Database, endpoint_id: str, secret: str, now: datetime) -> WebhookEndpoint:
    """The endpoint with a new sealed secret, beside which the one before holds for a day. Raises NotFound.

    In one statement, so that of two rotations at once each one's secret is used for that day.
    """
    return change_endpoint(
        database,
        endpoint_id,
        old_secret=WebhookEndpoint.secret,
        old_secret_until=now + BOTH_SECRETS,
        secret=secret,
    )


def sealed_secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The sealed secrets that messages are signed with now, the newest first."""
    until = endpoint.old_secret_until
    both = bool(endpoint.old_secret) and until is not None and now < until
    return [endpoint.secret, endpoint.old_secret] if both else [endpoint.secret]


def listeners_of(session: Session, event: str) -> list[WebhookEndpoint]:
    """The endpoints that are enabled and want this event."""
    enabled = session.exec(select(WebhookEndpoint).where(col(WebhookEndpoint.enabled)))
    return [endpoint for endpoint in enabled if not endpoint.events or event in endpoint.events]


def it_listens(session: Session, endpoint_id: str) -> None:
    """Remember that a message was taken."""
    listening = _this(endpoint_id).where(col(WebhookEndpoint.failing_since).is_not(None))
    session.exec(listening.values(failing_since=None))  # type: ignore[call-overload]  # an UPDATE


def it_fails(session: Session, endpoint_id: str, now: datetime, *, is_gone: bool) -> bool:
    """Remember that a message was not taken; whether the endpoint is disabled for that.

    One that says it is gone is disabled at once, another after five days of failures only.
    """
    first = _this(endpoint_id).where(col(WebhookEndpoint.failing_since).is_(None))
    session.exec(first.values(failing_since=now))  # type: ignore[call-overload]  # an UPDATE
    over = _this(endpoint_id).where(col(WebhookEndpoint.enabled))
    if not is_gone:
        over = over.where(col(WebhookEndpoint.failing_since) <= now - GIVEN_UP)
    disabled = over.values(enabled=False, disabled_why="gone" if is_gone else "failing")
    return session.exec(disabled).rowcount > 0  # type: ignore[call-overload]  # an UPDATE


def _this(endpoint_id: str):  # an UPDATE that has no values yet
    return update(WebhookEndpoint).where(col(WebhookEndpoint.endpoint_id) == endpoint_id)
