"""How much is remembered, of all organisations together: for whoever watches over the house."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, func, select

from store.records.database import Database
from store.records.model_calls import ModelCall
from store.records.outbox import OutboxDelivery
from store.records.runs import Run
from store.records.tables import Export


@dataclass
class Counted:
    """Figures without names: of jobs, files, questions to a model and deliveries of webhooks."""

    jobs: dict[tuple[str, str], int] = field(default_factory=dict)  # by kind and status
    queued: int = 0
    oldest_queued: datetime | None = None
    exports: int = 0
    export_rows: int = 0
    export_bytes: int = 0
    model_calls: dict[str, int] = field(default_factory=dict)  # by outcome
    tokens_in: int = 0
    tokens_out: int = 0
    deliveries: dict[str, int] = field(default_factory=dict)  # by status


def counted(everywhere: Database) -> Counted:
    """The figures of the records that this database sees."""
    with everywhere.session() as session:
        found = Counted()
        _count_jobs(session, found)
        _count_files(session, found)
        _count_words(session, found)
        by_status = select(OutboxDelivery.status, func.count()).group_by(col(OutboxDelivery.status))
        found.deliveries = dict(session.exec(by_status).all())
        return found


def oldest_queued(everywhere: Database) -> datetime | None:
    """Since when the job that waits longest for a worker waits; None when none waits."""
    with everywhere.session() as session:
        return session.exec(select(func.min(Run.created_at)).where(Run.status == "queued")).one()


def _count_jobs(session: Session, found: Counted) -> None:
    by_kind = select(Run.kind, Run.status, func.count()).group_by(col(Run.kind), col(Run.status))
    found.jobs = {(kind, status): number for kind, status, number in session.exec(by_kind)}
    found.queued = sum(number for (_, status), number in found.jobs.items() if status == "queued")
    oldest = select(func.min(Run.created_at)).where(Run.status == "queued")
    found.oldest_queued = session.exec(oldest).one()


def _count_files(session: Session, found: Counted) -> None:
    sums = select(func.count(), func.sum(Export.rows), func.sum(Export.size_bytes)).select_from(Export)
    number, rows, size = session.exec(sums).one()
    found.exports, found.export_rows, found.export_bytes = number, int(rows or 0), int(size or 0)


def _count_words(session: Session, found: Counted) -> None:
    asked = select(
        ModelCall.outcome, func.count(), func.sum(ModelCall.tokens_in), func.sum(ModelCall.tokens_out)
    ).group_by(col(ModelCall.outcome))
    for outcome, number, tokens_in, tokens_out in session.exec(asked):
        found.model_calls[outcome] = number
        found.tokens_in += int(tokens_in or 0)
        found.tokens_out += int(tokens_out or 0)
