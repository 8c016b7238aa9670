"""What was answered to a request under an idempotency key? Never what it asked or what the answer says."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, col, or_, select

from store.records.database import Database
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=10)  # a server that was killed frees the key after so long
SENT = "sent_answer"  # the kind of the artifact that is an answer's body
AT_A_TIME = 500


class Answer(Owned, table=True):
    """One request under a key, and what was answered. The body is an artifact, removed with the row."""

    answer_id: str = Field(primary_key=True)  # keyed digest of who asked, for what, under which key
    request_hash: str  # keyed digest of the body
    body_key: str  # of the artifact; a new one for each try
    status: int = 0  # 0 while it is being answered
    headers: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON))
    is_shown_once: bool = False  # its body is not kept
    begun_at: datetime = Field(sa_column=time_column())
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


def begin_answer(database: Database, answer: Answer, now: datetime) -> Answer | None:
    """None where this try may answer; else the row of an earlier one, answered or not yet.

    Of two that come at once one wins, in whichever process. A row whose time is over makes room.
    """
    try:
        with database.session() as session:
            session.add(answer)
        return None
    except IntegrityError:
        pass
    if _taken_over(database, answer, now):
        return None
    with database.session() as session:
        # None: it was given up in this moment, which is as if it were still being answered.
        return session.get(Answer, answer.answer_id) or answer


def _taken_over(database: Database, answer: Answer, now: datetime) -> bool:
    over = or_(
        col(Answer.begun_at) <= now - KEPT,
        (col(Answer.status) == 0) & (col(Answer.begun_at) <= now - GIVEN_UP),
    )
    fresh = {
        name: getattr(answer, name)
        for name in ("request_hash", "body_key", "status", "headers", "is_shown_once", "begun_at", "ended_at")
    }
    with database.session() as session:
        taken = update(Answer).where(col(Answer.answer_id) == answer.answer_id, over).values(**fresh)
        return session.exec(taken).rowcount > 0  # type: ignore[call-overload]  # an UPDATE


def end_answer(
    database: Database,
    answer: Answer,
    status: int,
    headers: Sequence[tuple[str, str]],
    now: datetime,
    *,
    is_shown_once: bool,
) -> bool:
    """Keep what was answered, unless another try has taken over; whether it was kept."""
    values = {
        "status": status,
        "headers": [list(pair) for pair in headers],
        "is_shown_once": is_shown_once,
        "ended_at": now,
    }
    with database.session() as session:
        ended = update(Answer).where(*_this_try(answer)).values(**values)
        return session.exec(ended).rowcount > 0  # type: ignore[call-overload]  # an UPDATE


def give_up(database: Database, answer: Answer) -> None:
    """Free the key: what was answered is not to be said again."""
    with database.session() as session:
        session.exec(delete(Answer).where(*_this_try(answer)))  # type: ignore[call-overload]  # a DELETE


def _this_try(answer: Answer) -> tuple:
    return col(Answer.answer_id) == answer.answer_id, col(Answer.body_key) == answer.body_key


def forget_answers(database: Database, now: datetime) -> list[str]:
    """Remove the rows whose day is over; the keys of their bodies, which are to be removed."""
    with database.session() as session:
        old = select(Answer).where(col(Answer.begun_at) <= now - KEPT).limit(AT_A_TIME)
        rows = list(session.exec(old))
        gone = delete(Answer).where(col(Answer.answer_id).in_([row.answer_id for row in rows]))
        session.exec(gone)  # type: ignore[call-overload]  # a DELETE
    return [row.body_key for row in rows]
