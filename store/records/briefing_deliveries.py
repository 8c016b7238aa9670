"""Which briefings are on their way, who sends them now, and how did it end?"""

import re
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from store.errors import Busy, Conflict, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.recipients import BriefingDelivery, Recipient, end_waiting

DeliveryStatus = Literal["pending", "sent", "failed", "dead", "bounced", "unsubscribed"]
OPEN = ("pending", "failed")
# Longer than the longest attempt (a connection and a mail, 60 s each): whoever held it was killed.
CLAIMED = timedelta(minutes=5)
ID = re.compile(r"bdl_[A-Za-z0-9_-]{1,80}")


class Claimed(NamedTuple):
    """One attempt that is to be made, and to whom; nobody where they were removed."""

    delivery: BriefingDelivery
    recipient: Recipient | None


class Settled(NamedTuple):
    """How an attempt ended."""

    status: DeliveryStatus
    code: int | None = None  # of SMTP or HTTP
    error: str = ""
    again_at: datetime | None = None


def is_any_due(database: Database, now: datetime) -> bool:
    """Whether there is an attempt to make."""
    due = select(BriefingDelivery.delivery_id).where(*_due(now)).limit(1)
    with database.session() as session:
        return session.exec(due).first() is not None


def claim_due(database: Database, now: datetime, claim: str, most: int, *, mail: bool) -> list[Claimed]:
    """Attempts that are due, for whoever holds this claim: mails, or all that is no mail.

    Of two who ask at once each gets others. claim: an id of its own for each call.
    """
    values = {
        "claimed_by": claim,
        "claimed_until": now + CLAIMED,
        "attempts": BriefingDelivery.attempts + 1,  # now, so that what kills its sender ends nevertheless
    }
    while wanted := _candidates(database, now, most, mail):
        with database.session() as session:
            taken = update(BriefingDelivery).where(col(BriefingDelivery.delivery_id).in_(wanted), *_due(now))
            count = session.exec(taken.values(**values)).rowcount  # type: ignore[call-overload]  # an UPDATE
        if count:
            return _claimed(database, claim)
        # Somebody else was quicker: what is left may be due as well.
    return []


def _due(now: datetime) -> tuple[Any, ...]:
    until = col(BriefingDelivery.claimed_until)
    free = or_(until.is_(None), until <= now)
    return col(BriefingDelivery.status).in_(OPEN), col(BriefingDelivery.next_attempt_at) <= now, free


def _candidates(database: Database, now: datetime, most: int, mail: bool) -> list[str]:
    # A recipient who was removed is of neither kind: whoever looks for channels ends what waits for them.
    kind = col(Recipient.channel) == "mail"
    due = (
        select(BriefingDelivery.delivery_id)
        .join(Recipient, _of_recipient(), isouter=True)
        .where(*_due(now), kind if mail else or_(~kind, col(Recipient.channel).is_(None)))
        .order_by(col(BriefingDelivery.next_attempt_at), col(BriefingDelivery.delivery_id))
    )
    with database.session() as session:
        return list(session.exec(due.limit(most)))


def _of_recipient() -> Any:
    return col(Recipient.recipient_id) == col(BriefingDelivery.recipient_id)


def _claimed(database: Database, claim: str) -> list[Claimed]:
    with database.session() as session:
        rows = session.exec(
            select(BriefingDelivery, Recipient)
            .join(Recipient, _of_recipient(), isouter=True)
            .where(BriefingDelivery.claimed_by == claim)
            .order_by(col(BriefingDelivery.next_attempt_at), col(BriefingDelivery.delivery_id))
        ).all()
    return [Claimed(*row) for row in rows]


def settle(database: Database, claimed: Claimed, now: datetime, how: Settled) -> bool:
    """Remember how an attempt ended; whether the claim still held.

    Of an address that does not exist the recipient is marked, and is sent nothing until made active again.
    """
    values = {
        "claimed_by": "",
        "claimed_until": None,
        "status": how.status,
        "last_code": how.code,
        "last_error": how.error,
        "next_attempt_at": how.again_at,
        "ended_at": None if how.status in OPEN else now,
    }
    with database.session() as session:
        ours = update(BriefingDelivery).where(
            col(BriefingDelivery.delivery_id) == claimed.delivery.delivery_id,
            col(BriefingDelivery.claimed_by) == claimed.delivery.claimed_by,
        )
        if session.exec(ours.values(**values)).rowcount == 0:  # type: ignore[call-overload]  # an UPDATE
            return False
        if how.status == "bounced":
            _mark_bounced(session, claimed.delivery.recipient_id, now)
    return True


def _mark_bounced(session: Session, recipient_id: str, now: datetime) -> None:
    marked = update(Recipient).where(
        col(Recipient.recipient_id) == recipient_id, col(Recipient.status) == "active"
    )
    session.exec(marked.values(status="bounced", status_at=now))  # type: ignore[call-overload]  # an UPDATE
    end_waiting(session, recipient_id, "bounced", now)


def note_bounce(
    database: Database, message_id: str, code: int | None, now: datetime, *, is_permanent: bool
) -> BriefingDelivery:
    """The delivery of the mail that came back; told again it is the same. Raises NotFound.

    For good: it and its recipient are marked as bounced. Else only the code is kept, for the mail's servers
    go on trying.
    """
    with database.session() as session:
        wanted = select(BriefingDelivery).where(BriefingDelivery.message_id == message_id)
        found = session.exec(wanted).first() if message_id else None
        if found is None:
            raise NotFound(
                "It is of no mail that was sent from here",
                where="Message-ID, Original-Envelope-Id",
                instead="Give the whole message that came back, with the part message/delivery-status.",
            )
        found.last_code = code
        found.last_error = "bounced" if is_permanent else "delayed"
        if is_permanent and found.status != "bounced":
            found.status, found.ended_at, found.next_attempt_at = "bounced", now, None
            found.claimed_by, found.claimed_until = "", None
            _mark_bounced(session, found.recipient_id, now)
        session.add(found)
    return found


def send_again(database: Database, delivery_id: str, now: datetime) -> BriefingDelivery:
    """The delivery, from its first attempt on, due now; its mail keeps its Message-ID.

    Only what did not arrive is sent again. Raises NotFound, Busy while it is being sent, Conflict for what
    was sent or whose recipient takes no more.
    """
    found = database.get(BriefingDelivery, delivery_id) if ID.fullmatch(delivery_id) else None
    if found is None:
        raise NotFound(
            "There is no such delivery", where="delivery_id", instead="`GET /v1/deliveries` lists them."
        )
    recipient = database.get(Recipient, found.recipient_id)
    if found.status == "sent" or recipient is None or recipient.status != "active":
        raise Conflict(
            "It was sent already, or its recipient takes no more briefings",
            where="delivery_id",
            instead="Make the recipient active again first, where they want it.",
        )
    fresh = {"status": "pending", "attempts": 0, "next_attempt_at": now, "ended_at": None}
    until = col(BriefingDelivery.claimed_until)
    this = update(BriefingDelivery).where(
        col(BriefingDelivery.delivery_id) == delivery_id,
        col(BriefingDelivery.status) != "sent",
        or_(until.is_(None), until <= now),
    )
    with database.session() as session:
        let_go = {"claimed_by": "", "claimed_until": None}
        is_due = session.exec(this.values(**fresh, **let_go)).rowcount > 0  # type: ignore[call-overload]  # an UPDATE or a DELETE
    if not is_due:
        raise Busy("It is being sent right now", where="delivery_id", instead="Look at it in a minute.")
    again = database.get(BriefingDelivery, delivery_id)
    assert again is not None
    return again


def deliveries_of(
    database: Database,
    limit: int,
    after: Place | None = None,
    *,
    briefing_id: str | None = None,
    warehouse: str | None = None,
    recipient_id: str | None = None,
    status: DeliveryStatus | None = None,
) -> list[BriefingDelivery]:
    """The log, newest first; one more than the limit where there are more."""
    only = {"briefing_id": briefing_id, "warehouse": warehouse, "recipient_id": recipient_id}
    key, at = BriefingDelivery.delivery_id, BriefingDelivery.created_at
    return newest(database, BriefingDelivery, at, key, limit, after, status=status, **only)


def recipients_of(
    database: Database, limit: int, after: Place | None = None, *, status: str | None = None
) -> list[Recipient]:
    """The recipients, newest first, without the removed; one more than the limit where there are more."""
    found = select(Recipient).where(Recipient.sealed != "")
    found = found.order_by(col(Recipient.created_at).desc(), col(Recipient.recipient_id).desc())
    if status is not None:
        found = found.where(Recipient.status == status)
    if after is not None:
        at, key = col(Recipient.created_at), col(Recipient.recipient_id)
        found = found.where((at < after.at) | ((at == after.at) & (key < after.key)))
    with database.session() as session:
        return list(session.exec(found.limit(limit + 1)))


def shown_of(database: Database, deliveries: list[BriefingDelivery]) -> dict[str, Recipient]:
    """The recipients of these deliveries, by id; those who were removed are not among them."""
    ids = {one.recipient_id for one in deliveries}
    with database.session() as session:
        found = session.exec(select(Recipient).where(col(Recipient.recipient_id).in_(ids)))
        return {one.recipient_id: one for one in found}
