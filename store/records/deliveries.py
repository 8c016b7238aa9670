"""Which messages are on their way, who sends them now, and how did it end?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, update
from sqlmodel import Session, col, func, or_, select

from store.errors import Busy, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.outbox import DeliveryStatus, OutboxDelivery, OutboxMessage
from store.records.webhooks import WebhookEndpoint, it_fails, it_listens, plain

OPEN: tuple[DeliveryStatus, ...] = ("pending", "failed")
CLAIMED = timedelta(seconds=60)  # four times what an attempt may take: its sender was killed
KEPT = timedelta(days=30)
AT_A_TIME = 500
NOT_ITS = ("disabled", "secret")  # errors that say nothing of the receiver


class Claimed(NamedTuple):
    """One attempt that is to be made, and what it needs."""

    delivery: OutboxDelivery
    message: OutboxMessage
    endpoint: WebhookEndpoint


def claim_due(database: Database, now: datetime, claim: str, most: int, most_each: int) -> list[Claimed]:
    """Attempts that are due, for whoever holds this claim, at most so many in all and to one endpoint.

    Of two who ask at once each gets others. An endpoint that fails has one at a time, and all that fail
    together no more than one healthy endpoint: what hangs does not keep the rest waiting.
    claim: an id of its own for each call.
    """
    wanted = _candidates(database, now, most, most_each)
    if not wanted:
        return []
    values = {
        "claimed_by": claim,
        "claimed_until": now + CLAIMED,
        "attempts": OutboxDelivery.attempts + 1,  # now, so that what kills its sender ends nevertheless
    }
    with database.session() as session:
        taken = update(OutboxDelivery).where(col(OutboxDelivery.delivery_id).in_(wanted), *_due(now))
        session.exec(taken.values(**values))  # type: ignore[call-overload]  # an UPDATE
    return _claimed(database, claim)


def _due(now: datetime) -> tuple[Any, ...]:
    free = or_(col(OutboxDelivery.claimed_until).is_(None), col(OutboxDelivery.claimed_until) <= now)
    return col(OutboxDelivery.status).in_(OPEN), col(OutboxDelivery.next_attempt_at) <= now, free


def _candidates(database: Database, now: datetime, most: int, most_each: int) -> list[str]:
    found: list[str] = []
    endpoint_id, first = col(OutboxDelivery.endpoint_id), func.min(OutboxDelivery.next_attempt_at)
    with database.session() as session:
        waiting = session.exec(
            select(OutboxDelivery.endpoint_id, WebhookEndpoint.failing_since)
            .join(WebhookEndpoint, col(WebhookEndpoint.endpoint_id) == endpoint_id)
            .where(*_due(now))
            .group_by(endpoint_id, col(WebhookEndpoint.failing_since))
            .order_by(first, endpoint_id)
        ).all()
        busy, busy_failing = _in_flight(session, now)
        failing_room = most_each - busy_failing
        for one, failing_since in waiting:
            each = min(1, failing_room) if failing_since else most_each
            room = min(each - busy.get(one, 0), most - len(found))
            taken = _first_due(session, one, now, room) if room > 0 else []
            failing_room -= len(taken) if failing_since else 0
            found += taken
    return found


def _in_flight(session: Session, now: datetime) -> tuple[dict[str, int], int]:
    """How many attempts each endpoint is being sent, and how many those that fail are."""
    sending = session.exec(
        select(OutboxDelivery.endpoint_id, WebhookEndpoint.failing_since, func.count())
        .join(WebhookEndpoint, col(WebhookEndpoint.endpoint_id) == col(OutboxDelivery.endpoint_id))
        .where(col(OutboxDelivery.claimed_until) > now)
        .group_by(col(OutboxDelivery.endpoint_id), col(WebhookEndpoint.failing_since))
    ).all()
    return {one: count for one, _, count in sending}, sum(count for _, since, count in sending if since)


def _first_due(session: Session, endpoint_id: str, now: datetime, most: int) -> list[str]:
    due = select(OutboxDelivery.delivery_id).where(OutboxDelivery.endpoint_id == endpoint_id, *_due(now))
    first = due.order_by(col(OutboxDelivery.next_attempt_at), col(OutboxDelivery.delivery_id)).limit(most)
    return list(session.exec(first))


def _claimed(database: Database, claim: str) -> list[Claimed]:
    with database.session() as session:
        rows = session.exec(
            select(OutboxDelivery, OutboxMessage, WebhookEndpoint)
            .join(OutboxMessage, col(OutboxMessage.message_id) == col(OutboxDelivery.message_id))
            .join(WebhookEndpoint, col(WebhookEndpoint.endpoint_id) == col(OutboxDelivery.endpoint_id))
            .where(OutboxDelivery.claimed_by == claim)
            .order_by(col(OutboxDelivery.next_attempt_at), col(OutboxDelivery.delivery_id))
        ).all()
    return [Claimed(*row) for row in rows]


def settle(
    database: Database,
    claimed: Claimed,
    now: datetime,
    *,
    status: int | None,
    error: str = "",
    again_at: datetime | None = None,
) -> bool:
    """Remember how an attempt ended; whether the claim still held. Without an error it was taken.

    again_at: when it is tried again; None: never.
    """
    outcome: DeliveryStatus = "sent" if not error else "failed" if again_at else "dead"
    values = _let_go() | {
        "status": outcome,
        "last_status": status,
        "last_error": error,
        "next_attempt_at": again_at,
        "ended_at": now if outcome != "failed" else None,
    }
    endpoint_id = claimed.endpoint.endpoint_id
    with database.session() as session:
        ours = update(OutboxDelivery).where(
            col(OutboxDelivery.delivery_id) == claimed.delivery.delivery_id,
            col(OutboxDelivery.claimed_by) == claimed.delivery.claimed_by,
        )
        if session.exec(ours.values(**values)).rowcount == 0:  # type: ignore[call-overload]  # an UPDATE
            return False
        if not error:
            it_listens(session, endpoint_id)
        elif error not in NOT_ITS and it_fails(session, endpoint_id, now, is_gone=error == "gone"):
            drop_open(session, endpoint_id, now)
    return True


def _let_go() -> dict[str, Any]:
    return {"claimed_by": "", "claimed_until": None}


def drop_open(session: Session, endpoint_id: str, now: datetime) -> None:
    """What waits for an endpoint that is disabled is dead; it can be replayed."""
    waiting = update(OutboxDelivery).where(
        col(OutboxDelivery.endpoint_id) == endpoint_id, col(OutboxDelivery.status).in_(OPEN)
    )
    dropped = {"status": "dead", "last_error": "disabled", "next_attempt_at": None, "ended_at": now}
    session.exec(waiting.values(**_let_go(), **dropped))  # type: ignore[call-overload]  # an UPDATE


def disable(database: Database, endpoint_id: str, now: datetime) -> None:
    """Send nothing more there, for it was asked."""
    with database.session() as session:
        off = update(WebhookEndpoint).where(col(WebhookEndpoint.endpoint_id) == endpoint_id)
        session.exec(off.values(enabled=False, disabled_why="asked"))  # type: ignore[call-overload]  # UPDATE
        drop_open(session, endpoint_id, now)


def remove_endpoint(database: Database, endpoint_id: str) -> None:
    """Forget an endpoint and what it was sent."""
    with database.session() as session:
        gone = delete(OutboxDelivery).where(col(OutboxDelivery.endpoint_id) == endpoint_id)
        session.exec(gone)  # type: ignore[call-overload]  # a DELETE
        itself = delete(WebhookEndpoint).where(col(WebhookEndpoint.endpoint_id) == endpoint_id)
        session.exec(itself)  # type: ignore[call-overload]  # a DELETE


def deliveries_of(
    database: Database,
    endpoint_id: str,
    limit: int,
    after: Place | None = None,
    *,
    status: DeliveryStatus | None = None,
    event: str | None = None,
) -> list[OutboxDelivery]:
    """What an endpoint was sent, newest first; one more than the limit where there are more."""
    key, only = OutboxDelivery.delivery_id, {"endpoint_id": endpoint_id, "status": status, "event": event}
    return newest(database, OutboxDelivery, OutboxDelivery.created_at, key, limit, after, **only)


def replay(database: Database, delivery_id: str, now: datetime) -> OutboxDelivery:
    """The delivery, from its first attempt on, due now; its message keeps its id.

    Raises NotFound, and Busy while it is being sent.
    """
    this = col(OutboxDelivery.delivery_id) == plain(delivery_id)
    replayed = _replayed(database, now, this)
    with database.session() as session:
        found = session.exec(select(OutboxDelivery).where(this)).first()
    if found is None:
        raise NotFound(
            "There is no such delivery",
            where="delivery_id",
            instead="`GET /v1/webhooks/{webhook_id}/deliveries` lists them.",
        )
    if not replayed:
        raise Busy("It is being sent right now", where="delivery_id", instead="Look at it in a minute.")
    return found


def replay_dead(database: Database, endpoint_id: str, since: datetime, now: datetime) -> int:
    """Replay what an endpoint did not take of all that was told since; how many they are."""
    return _replayed(
        database,
        now,
        col(OutboxDelivery.endpoint_id) == endpoint_id,
        col(OutboxDelivery.status) == "dead",
        col(OutboxDelivery.created_at) >= since,
    )


def _replayed(database: Database, now: datetime, *which: Any) -> int:
    free = or_(col(OutboxDelivery.claimed_until).is_(None), col(OutboxDelivery.claimed_until) <= now)
    fresh = {"status": "pending", "attempts": 0, "next_attempt_at": now, "ended_at": None}
    with database.session() as session:
        again = update(OutboxDelivery).where(*which, free).values(**_let_go(), **fresh)
        return session.exec(again).rowcount  # type: ignore[call-overload]  # an UPDATE


def forget_old(database: Database, now: datetime) -> int:
    """Remove messages that are 30 days old, unless they are still tried; how many they were."""
    held = select(OutboxDelivery.delivery_id).where(
        col(OutboxDelivery.message_id) == col(OutboxMessage.message_id),
        col(OutboxDelivery.status).in_(OPEN),
        col(OutboxDelivery.endpoint_id).in_(select(WebhookEndpoint.endpoint_id)),
    )
    old = select(OutboxMessage.message_id).where(
        and_(col(OutboxMessage.created_at) <= now - KEPT, ~held.exists())
    )
    with database.session() as session:
        gone: Sequence[str] = session.exec(old.limit(AT_A_TIME)).all()
    with database.session() as session:
        for table in (OutboxDelivery, OutboxMessage):
            session.exec(delete(table).where(col(table.message_id).in_(gone)))  # type: ignore[call-overload]  # a DELETE
    return len(gone)
