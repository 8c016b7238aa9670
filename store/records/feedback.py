"""What was said, what was decided about it, and when?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import update
from sqlmodel import Session, col, func, or_, select

from store.errors import Conflict, NotFound
from store.records.database import Database
from store.records.tables import Feedback
from store.records.webhooks import plain

FeedbackStatus = Literal["new", "accepted", "declined"]
RECORD_ID = r"^[A-Za-z0-9_-]{1,80}$"  # what an id can be; a NUL is refused by Postgres
RECORD_ID_OR_NONE = r"^[A-Za-z0-9_-]{0,80}$"
FORGOTTEN = "Forgotten with the person it was about."


def feedback_named(database: Database, feedback_id: str, warehouse: str | None = None) -> Feedback:
    """The feedback of this id, in this warehouse where one is named. Raises NotFound."""
    found = database.get(Feedback, plain(feedback_id))
    if found is None or warehouse not in (None, found.warehouse):
        raise NotFound("There is no such feedback", where="feedback_id", instead="`list_feedback` names it.")
    return found


def decide(database: Database, feedback: Feedback, **values: Any) -> Feedback:
    """The feedback with these columns set. Raises Conflict where its status is another one by now."""
    with database.session() as session:
        decide_in(session, feedback, **values)
    return feedback_named(database, feedback.feedback_id)


def deciding(feedback: Feedback | None, **values: Any) -> Callable[[Session], None]:
    """What decides about a feedback beside what else a session does; without one it does nothing."""
    return lambda session: decide_in(session, feedback, **values) if feedback else None


def decide_in(session: Session, feedback: Feedback, **values: Any) -> None:
    """Set these columns of the feedback in a session. Raises Conflict as `decide` does."""
    step = (
        update(Feedback)
        .where(col(Feedback.feedback_id) == feedback.feedback_id, col(Feedback.status) == feedback.status)
        .values(**values)
    )
    if session.exec(step).rowcount != 1:  # type: ignore[call-overload]  # an UPDATE
        raise Conflict(
            "Somebody decided about this feedback in the meantime",
            where="feedback_id",
            instead="Read it again; `reopen` takes a decision back.",
        )


def accepted_feedback(database: Database, warehouse: str) -> list[Feedback]:
    """What was accepted and holds, in the order of the decisions."""
    found = select(Feedback).where(Feedback.warehouse == warehouse, Feedback.status == "accepted")
    with database.session() as session:
        return list(session.exec(found.order_by(col(Feedback.decided_at), col(Feedback.feedback_id))))


def feedback_counts(database: Database, warehouse: str, since: datetime | None) -> dict[str, int]:
    """How many came in (`received`), were `accepted` and `declined` since, and how many wait by now."""
    later: list[Any] = [col(Feedback.decided_at) > since] if since else []
    asked = {
        "received": [col(Feedback.created_at) > since] if since else [],
        "accepted": [Feedback.status == "accepted", *later],
        "declined": [Feedback.status == "declined", *later],
        "waiting": [Feedback.status == "new"],
    }
    with database.session() as session:
        return {
            name: session.exec(
                select(func.count()).select_from(Feedback).where(Feedback.warehouse == warehouse, *wanted)
            ).one()
            for name, wanted in asked.items()
        }


def waiting_feedback(database: Database) -> int:
    """How much is not decided yet, of all warehouses together."""
    with database.session() as session:
        waiting = select(func.count()).select_from(Feedback).where(Feedback.status == "new")
        return session.exec(waiting).one()


def feedback_on_persons(database: Database, warehouse: str) -> list[Feedback]:
    """What is about a person or about a row of a score."""
    about = or_(col(Feedback.person_id).is_not(None), col(Feedback.subject).startswith("lead:"))
    with database.session() as session:
        return list(session.exec(select(Feedback).where(Feedback.warehouse == warehouse, about)))
