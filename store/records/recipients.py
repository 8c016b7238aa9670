"""Who gets briefings, by which channel, and what became of each one sent?"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Index, UniqueConstraint, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Column, Field, Session, col, select

from store.access import LOCAL
from store.errors import BadInput, NotAllowed, NotFound
from store.records.database import Database
from store.records.outbox import Teller
from store.records.recipient_address import Address, address_of, digest_of, sealed
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned
from store.signing import Signer

RecipientStatus = Literal["active", "unsubscribed", "bounced"]
Channel = Literal["mail", "slack", "teams", "webhook", "other"]
ID = re.compile(r"rcp_[A-Za-z0-9_-]{1,80}")
MOST = 200  # in one request


class Recipient(Owned, table=True):
    """One address or channel. What it is lies sealed: an address is personal, a channel's URL is a secret."""

    __table_args__ = (UniqueConstraint("organisation_id", "digest", name="uq_recipient_digest"),)

    recipient_id: str = Field(primary_key=True)
    channel: str  # mail, slack, teams, webhook, other
    sealed: str  # the address or URL, sealed with the house's secret; empty once it was removed
    digest: str  # keyed, of the same: the same address is one recipient
    shown: str = ""  # masked: a…@example.com
    status: str = "active"  # unsubscribed, bounced
    status_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


class BriefingDelivery(Owned, table=True):
    """One briefing on its way to one recipient."""

    __table_args__ = (
        UniqueConstraint("briefing_id", "recipient_id", name="uq_briefingdelivery_briefing_recipient"),
        Index("ix_briefingdelivery_due", "status", "next_attempt_at"),
    )

    delivery_id: str = Field(primary_key=True)
    briefing_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    recipient_id: str = Field(index=True)
    status: str = "pending"  # sent; failed: tried again; dead: not; bounced; unsubscribed
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    claimed_by: str = ""
    claimed_until: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    last_code: int | None = None  # of SMTP or HTTP
    last_error: str = ""  # a kind: no_answer, refused, bounced …
    message_id: str = ""  # of the mail, without its host
    created_at: datetime = Field(sa_column=time_column())
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


class Asking(Teller, Protocol):
    """A Workspace: also who asks, and what signs."""

    exports: Any  # it holds the signer of the house
    actor: str


def recipients_for(workspace: Asking, said: Sequence[str], *, channels: bool | None = None) -> list[str]:
    """The ids of these recipients, each once: mail addresses, channel URLs, or ids that are known.

    An address that nobody gave before becomes a recipient. channels: whether a new channel may be added; by
    default only by whoever is on this machine, since a channel leaves the house. Raises BadInput, and
    NotAllowed for a new channel, that name the place in the list and never the value.
    """
    if len(said) > MOST:
        raise BadInput("Too many recipients", where="recipients", instead=f"At most {MOST} at a time.")
    may_add = workspace.actor == LOCAL if channels is None else channels
    signer = signer_of(workspace)
    found = [_found(workspace, signer, text, f"recipients[{i}]", may_add) for i, text in enumerate(said)]
    return list(dict.fromkeys(found))


def signer_of(workspace: Asking) -> Signer:
    """The signer of the house that a workspace is of."""
    return workspace.exports.signer


def _found(workspace: Asking, signer: Signer, text: str, where: str, may_add: bool) -> str:
    if ID.fullmatch(text):
        if workspace.database.get(Recipient, text) is None:
            raise BadInput(
                "There is no such recipient", where=where, instead="`fieldmark recipients list` shows them."
            )
        return text
    address = address_of(text, where)
    if address.channel != "mail" and not may_add and not _is_known(workspace.database, address, signer):
        raise NotAllowed(
            "Only an administrator adds a channel",
            where=where,
            instead="Add it with `POST /v1/recipients`, then give its id.",
        )
    return known_or_new(workspace, signer, address, workspace.actor).recipient_id


def _is_known(database: Database, address: Address, signer: Signer) -> bool:
    known = _of_digest(database, digest_of(address, signer))
    return known is not None and bool(known.sealed)


def known_or_new(teller: Teller, signer: Signer, address: Address, actor: str) -> Recipient:
    """The recipient of this address: the one there is, or a new one."""
    digest, database = digest_of(address, signer), teller.database
    known = _of_digest(database, digest)
    if known is not None:
        return known if known.sealed else _sealed_again(database, known, address, signer)
    new = Recipient(
        recipient_id=f"rcp_{teller.new_id()}",
        channel=address.channel,
        sealed=sealed(address.value, signer),
        digest=digest,
        shown=address.shown,
        created_by=actor,
        created_at=teller.now(),
    )
    try:
        with database.session() as session:
            session.add(new)
    except IntegrityError:  # somebody added it in this very moment
        known = _of_digest(database, digest)
        assert known is not None
        return known
    return new


def _of_digest(database: Database, digest: str) -> Recipient | None:
    with database.session() as session:
        return session.exec(select(Recipient).where(Recipient.digest == digest)).first()


def _sealed_again(database: Database, known: Recipient, address: Address, signer: Signer) -> Recipient:
    # It was removed, but had unsubscribed or bounced: it still has.
    return change_recipient(
        database, known.recipient_id, sealed=sealed(address.value, signer), shown=address.shown
    )


def recipient_named(database: Database, recipient_id: str) -> Recipient:
    """The recipient of this id. Raises NotFound."""
    found = database.get(Recipient, recipient_id) if ID.fullmatch(recipient_id) else None
    if found is None:
        raise NotFound(
            "There is no such recipient", where="recipient_id", instead="`GET /v1/recipients` lists them."
        )
    return found


def change_recipient(database: Database, recipient_id: str, **values: Any) -> Recipient:
    """The recipient with these columns set. Raises NotFound."""
    with database.session() as session:
        this = update(Recipient).where(col(Recipient.recipient_id) == recipient_id)
        session.exec(this.values(**values))  # type: ignore[call-overload]  # an UPDATE
    return recipient_named(database, recipient_id)


def set_status(database: Database, recipient_id: str, status: RecipientStatus, now: datetime) -> Recipient:
    """The recipient, active or not from now on; what waits for one that is not is ended. Raises NotFound."""
    changed = change_recipient(database, recipient_id, status=status, status_at=now)
    if status != "active":
        with database.session() as session:
            end_waiting(session, recipient_id, status, now)
    return changed


def end_waiting(session: Session, recipient_id: str, status: str, now: datetime) -> None:
    """What waits for a recipient who takes no more ends so; what is being sent is settled by its sender."""
    waiting = update(BriefingDelivery).where(
        col(BriefingDelivery.recipient_id) == recipient_id,
        col(BriefingDelivery.status).in_(("pending", "failed")),
        col(BriefingDelivery.claimed_by) == "",
    )
    ended = {"status": status, "last_error": status, "next_attempt_at": None, "ended_at": now}
    session.exec(waiting.values(**ended))  # type: ignore[call-overload]  # an UPDATE


def remove_recipient(database: Database, recipient_id: str, now: datetime) -> None:
    """Forget an address. Of one that unsubscribed or bounced its digest stays, so that adding it again does
    not write to it. Raises NotFound.
    """
    found = recipient_named(database, recipient_id)
    with database.session() as session:
        end_waiting(session, recipient_id, "dead", now)
        this = col(Recipient.recipient_id) == recipient_id
        if found.status == "active":
            session.exec(delete(Recipient).where(this))  # type: ignore[call-overload]  # a DELETE
        else:
            session.exec(update(Recipient).where(this).values(sealed="", shown=""))  # type: ignore[call-overload]  # an UPDATE or a DELETE


def queue_briefing(
    database: Database,
    briefing_id: str,
    warehouse: str,
    recipient_ids: Sequence[str],
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """How many of these recipients the briefing is sent to, queued now or by an earlier call.

    Each gets it once, however often this is called. Those who unsubscribed or bounced are recorded so, and
    those who were removed are left out.
    """
    wanted = list(dict.fromkeys(recipient_ids))
    for last in (False, True):
        try:
            with database.session() as session:
                _queue(session, briefing_id, warehouse, wanted, now, new_id)
            break
        except IntegrityError:  # somebody queues the same in this very moment
            if last:
                raise
    return _on_their_way(database, briefing_id, wanted)


def _queue(
    session: Session,
    briefing_id: str,
    warehouse: str,
    wanted: list[str],
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    of_briefing = select(BriefingDelivery.recipient_id).where(BriefingDelivery.briefing_id == briefing_id)
    have = set(session.exec(of_briefing))
    found = session.exec(select(Recipient).where(col(Recipient.recipient_id).in_(wanted))).all()
    known = {one.recipient_id: one for one in found if one.sealed or one.status != "active"}
    for recipient_id in wanted:
        if recipient_id in have or recipient_id not in known:
            continue
        status = known[recipient_id].status
        is_active = status == "active"
        session.add(
            BriefingDelivery(
                delivery_id=f"bdl_{new_id()}",
                briefing_id=briefing_id,
                warehouse=warehouse,
                recipient_id=recipient_id,
                status="pending" if is_active else status,
                last_error="" if is_active else status,
                next_attempt_at=now if is_active else None,
                message_id=message_id_of(briefing_id, recipient_id),
                created_at=now,
                ended_at=None if is_active else now,
            )
        )


def message_id_of(briefing_id: str, recipient_id: str) -> str:
    """40 hex digits: of a mail's Message-ID, its left part; the same for every attempt."""
    return hashlib.sha256(f"{briefing_id}\n{recipient_id}".encode()).hexdigest()[:40]


def _on_their_way(database: Database, briefing_id: str, wanted: list[str]) -> int:
    sent = select(BriefingDelivery.delivery_id).where(
        BriefingDelivery.briefing_id == briefing_id,
        col(BriefingDelivery.recipient_id).in_(wanted),
        col(BriefingDelivery.status).not_in(("unsubscribed", "bounced")),
    )
    with database.session() as session:
        return len(session.exec(sent).all())
