"""What is remembered of a job: who asked for what, how far it has come, and how it ended."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import UniqueConstraint, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, Session, col, func, select

from store.errors import Busy, Conflict, NotFound
from store.records.database import Database
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

Status = Literal["queued", "running", "waiting", "done", "failed", "refused", "cancelled"]
OPEN: tuple[Status, ...] = ("queued", "running", "waiting")


def _later() -> Column:
    return Column(UtcTime, nullable=True)


class Run(Owned, table=True):
    """One job: a run of a workflow that a worker brings to its end."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "warehouse", "kind", "idempotency_key", name="uq_run_request"),
    )

    run_id: str = Field(primary_key=True)
    kind: str  # the tool's name
    warehouse: str = Field(index=True)
    workflow_id: str = Field(index=True)
    idempotency_key: str | None = None
    actor: str = ""  # who asked for it
    request_hash: str  # keyed: the request may hold identifiers, which a plain digest would give away
    approval: str = "given"  # or ask: what leaves the house waits for a yes
    status: str = Field(default="queued", index=True)
    turn: int = 0  # how often it was handed to the workers: at first, after an answer, after a stop
    attempts: int = 0  # how often it was begun in this turn; more than one after a kill
    worker: str = ""
    cancel_asked: bool = False
    version: int = 0  # counts the changes of this record, for whoever follows it
    step: str = ""
    done: int = 0
    of: int = 0
    count: int | None = None  # what the last step counted
    waiting_for: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    message: str = ""  # of a refusal or a failure; nobody's values
    refusal: str = ""  # which kind of refusal it was, such as NotFound
    result_hash: str = ""  # of the result without its ids and times
    created_at: datetime = Field(sa_column=time_column())
    started_at: datetime | None = Field(default=None, sa_column=_later())
    ended_at: datetime | None = Field(default=None, sa_column=_later())


def add_run(database: Database, run: Run, most_queued: int) -> Run:
    """The run that is kept: this one, or the earlier one of the same request under the same key.

    Raises Conflict when the key belongs to another request, and Busy when so many are queued already.
    """
    try:
        with database.session() as session:
            session.add(run)
            session.flush()  # from here on nobody else writes, so the count below holds
            queued = select(func.count()).select_from(Run).where(Run.status == "queued")
            if session.exec(queued).one() > most_queued:
                raise Busy(f"{most_queued} jobs are queued already", where="jobs", instead="Ask again later.")
        return run
    except IntegrityError:
        return _same_request(database, run)


def _same_request(database: Database, run: Run) -> Run:
    with database.session() as session:
        earlier = session.exec(
            select(Run).where(
                Run.warehouse == run.warehouse,
                Run.kind == run.kind,
                Run.idempotency_key == run.idempotency_key,
            )
        ).one()
    if earlier.request_hash != run.request_hash:
        raise Conflict(
            "Another request was made under this idempotency key",
            where="key",
            instead="Give a key of its own to each request.",
        )
    return earlier


def run_named(database: Database, run_id: str) -> Run:
    """The job of this id. Raises NotFound."""
    run = database.get(Run, run_id)
    if run is None:
        raise NotFound("There is no such job", where="run_id", instead="`fieldmark jobs` lists them.")
    return run


def runs_of(
    database: Database,
    warehouse: str | None = None,
    statuses: tuple[Status, ...] | None = None,
    most: int | None = 50,
) -> list[Run]:
    """The last jobs, of a warehouse or of all, newest first."""
    with database.session() as session:
        found = select(Run).order_by(col(Run.created_at).desc(), col(Run.run_id)).limit(most)
        if warehouse:
            found = found.where(Run.warehouse == warehouse)
        if statuses:
            found = found.where(col(Run.status).in_(statuses))
        return list(session.exec(found))


def change_run(
    database: Database,
    run_id: str,
    when: tuple[Status, ...],
    *,
    in_turn: int | None = None,
    also: Callable[[Session], None] | None = None,
    **values: Any,
) -> bool:
    """Set these columns if the job has one of these statuses (and is in this turn); whether it had.

    also: what is done in the same transaction if it had.
    """
    with database.session() as session:
        changed = update(Run).where(col(Run.run_id) == run_id, col(Run.status).in_(when))
        if in_turn is not None:
            changed = changed.where(col(Run.turn) == in_turn)
        counted = changed.values(version=Run.version + 1, **values)
        is_changed = session.exec(counted).rowcount > 0  # type: ignore[call-overload]  # an UPDATE
        if is_changed and also is not None:
            also(session)
        return is_changed


def begin_run(database: Database, run_id: str, turn: int, worker: str, now: datetime) -> Run | None:
    """The job, which this worker has now; None when it has ended, waits, or is in another turn."""
    with database.session() as session:
        changed = (
            update(Run)
            .where(
                col(Run.run_id) == run_id, col(Run.turn) == turn, col(Run.status).in_(["queued", "running"])
            )
            .values(
                status="running",
                worker=worker,
                attempts=Run.attempts + 1,
                version=Run.version + 1,
                started_at=func.coalesce(Run.started_at, now),
            )
        )
        if session.exec(changed).rowcount == 0:  # type: ignore[call-overload]  # an UPDATE
            return None
        return session.get(Run, run_id)


def queue_again(database: Database, run_id: str, when: tuple[Status, ...], **values: Any) -> bool:
    """Hand a job to the workers once more, in a new turn; whether it had one of these statuses."""
    fresh = {"turn": Run.turn + 1, "attempts": 0, "cancel_asked": False, "ended_at": None, "message": ""}
    return change_run(database, run_id, when, status="queued", worker="", **fresh, **values)


def queue_those_of(database: Database, worker: str) -> int:
    """Hand the jobs of a worker that is gone to the others; how many they were."""
    with database.session() as session:
        held = select(Run.run_id).where(Run.worker == worker, Run.status == "running")
        left = list(session.exec(held))
    return sum(queue_again(database, run_id, ("running",)) for run_id in left)
