"""What is to be told to whoever listens? Written in the transaction of what it tells of."""

import math
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, Session, select

from store.records.database import Database
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned
from store.records.webhooks import EVENT_TYPES, EventType, WebhookEndpoint, listeners_of

DeliveryStatus = Literal["pending", "sent", "failed", "dead"]

# What a payload may say: ids (of no person), names of tools and warehouses, figures, links into the house.
NAMES = frozenset({"warehouse", "tool", "status", "format", "kind"})
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}")
LINK = re.compile(r"/v1/[A-Za-z0-9_.:/-]{1,300}")
MOST_ENTRIES = 40  # of counts or links: a message stays under 20 kB


class OutboxMessage(Owned, table=True):
    """One thing that happened, as it is told."""

    __table_args__ = (UniqueConstraint("organisation_id", "key", name="uq_outboxmessage_key"),)

    message_id: str = Field(primary_key=True)
    key: str  # of what happened: told twice it is one message
    event: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=time_column())


class OutboxDelivery(Owned, table=True):
    """One message on its way to one endpoint."""

    __table_args__ = (
        UniqueConstraint("message_id", "endpoint_id", name="uq_outboxdelivery_message_endpoint"),
        Index("ix_outboxdelivery_due", "status", "next_attempt_at"),
        Index("ix_outboxdelivery_of_endpoint", "endpoint_id", "status", "next_attempt_at"),
    )

    delivery_id: str = Field(primary_key=True)
    message_id: str
    endpoint_id: str
    event: str
    status: str = "pending"  # sent; failed: it is tried again; dead: it is not
    attempts: int = 0  # begun since it was told or replayed
    next_attempt_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    last_status: int | None = None  # that the endpoint answered
    last_error: str = ""  # no_answer, refused, redirected, gone, disabled, secret
    claimed_by: str = ""  # whoever sends it now
    claimed_until: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    created_at: datetime = Field(sa_column=time_column())
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


class Teller(Protocol):
    """A House or a Workspace: whose records, what time it is, and new ids."""

    database: Database

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def new_id(self) -> Callable[[], str]: ...


def tell(
    teller: Teller, key: str, event: EventType, data: Mapping[str, Any], session: Session | None = None
) -> None:
    """Queue a message to every endpoint that wants it, once for the key, however often it is told.

    session: of the transaction that the message belongs to, of the same organisation; else it has its own.
    data: `…_id`, NAMES, numbers, `counts` (name to number) and `links` (name to /v1/…). Anything else, such
    as a person's id or value, is a bug of the caller: ValueError.
    """
    message = _message(teller, key, event, data)
    try:
        with nullcontext(session) if session is not None else teller.database.session() as writing:
            if _is_told(writing, key):
                return
            writing.add(message)
            _queue(writing, teller, message, listeners_of(writing, event))
    except IntegrityError:
        if session is not None:
            raise
        # Somebody told it in this very moment.


def tell_one(teller: Teller, endpoint: WebhookEndpoint, event: EventType, data: Mapping[str, Any]) -> str:
    """Queue a message to one endpoint, whatever it wants; the id of its delivery."""
    message = _message(teller, f"one:{teller.new_id()}", event, data)
    with teller.database.session() as session:
        session.add(message)
        (delivery_id,) = _queue(session, teller, message, [endpoint])
    return delivery_id


def _message(teller: Teller, key: str, event: EventType, data: Mapping[str, Any]) -> OutboxMessage:
    check_data(data)
    if event not in EVENT_TYPES:
        raise ValueError("no such type of event")
    now = teller.now()
    payload = {"type": event, "timestamp": now.isoformat(), "data": dict(data)}
    return OutboxMessage(
        message_id=f"msg_{teller.new_id()}", key=key, event=event, payload=payload, created_at=now
    )


def _is_told(session: Session, key: str) -> bool:
    return session.exec(select(OutboxMessage.message_id).where(OutboxMessage.key == key)).first() is not None


def _queue(
    session: Session, teller: Teller, message: OutboxMessage, listeners: list[WebhookEndpoint]
) -> list[str]:
    made = [
        OutboxDelivery(
            delivery_id=f"dlv_{teller.new_id()}",
            message_id=message.message_id,
            endpoint_id=endpoint.endpoint_id,
            event=message.event,
            next_attempt_at=message.created_at,
            created_at=message.created_at,
        )
        for endpoint in listeners
    ]
    session.add_all(made)
    return [delivery.delivery_id for delivery in made]


def check_data(data: Mapping[str, Any]) -> None:
    """Raise ValueError unless this says ids, names, figures and links only."""
    for name, value in data.items():
        if not fits(name, value):
            raise ValueError("a webhook says ids, names, figures and links only")


def fits(name: str, value: Any) -> bool:
    """Whether a payload may say this."""
    return _is_figure(name, value) or _is_word(name, value) or _is_table(name, value)


def _is_figure(name: str, value: Any) -> bool:
    return WORD.fullmatch(name) is not None and name != "person_id" and _is_number(value)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, bool | int | float) and math.isfinite(value))


def _is_word(name: str, value: Any) -> bool:
    may = name in NAMES or (name.endswith("_id") and name != "person_id")
    return may and isinstance(value, str) and WORD.fullmatch(value) is not None


def _is_table(name: str, value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MOST_ENTRIES or not all(map(WORD.fullmatch, value)):
        return False
    if name == "counts":
        return all(map(_is_number, value.values()))
    return name == "links" and all(isinstance(link, str) and LINK.fullmatch(link) for link in value.values())
