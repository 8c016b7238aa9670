"""Which matches of identifiers with persons did somebody correct, why, and were they taken back?"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, delete, update
from sqlmodel import JSON, Column, Field, Session, col, select

from store.errors import Conflict, NotFound
from store.records.database import Database
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned
from store.records.webhooks import plain

Also = Callable[[Session], None]
CorrectionKind = Literal["split", "merge"]


def _digests() -> Column:
    return Column(JSON, nullable=False)


class Correction(Owned, table=True):
    """A wrong match split, or two persons merged. Identifiers are digests only: `type:sha256`.

    Where ids are the row numbers of one snapshot, `snapshot_id` names it, and the persons are known again in
    another one by the digests of their other identifiers.
    """

    correction_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    kind: str  # split: this identifier is not this person's; merge: these two persons are one
    person_id: int = Field(sa_type=BigInteger)
    other_person_id: int | None = Field(default=None, sa_type=BigInteger)  # merge: who is the same
    snapshot_id: str = ""  # of ids that are row numbers; empty where they come with the source
    digests: list[str] = Field(default_factory=list, sa_column=_digests())  # split: what is not theirs
    known_by: list[str] = Field(default_factory=list, sa_column=_digests())
    other_known_by: list[str] = Field(default_factory=list, sa_column=_digests())
    evidence: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    feedback_id: str = ""
    actor: str = ""
    created_at: datetime = Field(sa_column=time_column())
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    undone_by: str = ""


def active_ids(database: Database, warehouse: str) -> tuple[str, ...]:
    """Ids of the corrections that hold, oldest first: what an overlay made of them is kept under."""
    with database.session() as session:
        found = select(Correction.correction_id).where(*_active(warehouse))
        return tuple(session.exec(found.order_by(col(Correction.created_at), col(Correction.correction_id))))


def active_corrections(database: Database, warehouse: str) -> list[Correction]:
    """The corrections that hold, oldest first."""
    with database.session() as session:
        found = select(Correction).where(*_active(warehouse))
        return list(session.exec(found.order_by(col(Correction.created_at), col(Correction.correction_id))))


def _active(warehouse: str) -> tuple[Any, ...]:
    return Correction.warehouse == warehouse, col(Correction.undone_at).is_(None)


def correction_named(database: Database, correction_id: str, warehouse: str | None = None) -> Correction:
    """The correction of this id, in this warehouse where one is named. Raises NotFound."""
    found = database.get(Correction, plain(correction_id))
    if found is None or warehouse not in (None, found.warehouse):
        raise NotFound(
            "There is no such correction", where="correction_id", instead="`list_corrections` names them."
        )
    return found


def corrections_from(database: Database, feedback_id: str) -> list[str]:
    """Ids of the corrections that hold and were made from this feedback."""
    with database.session() as session:
        found = select(Correction.correction_id).where(
            Correction.feedback_id == feedback_id, col(Correction.undone_at).is_(None)
        )
        return list(session.exec(found.order_by(col(Correction.correction_id))))


def add_correction(database: Database, correction: Correction, also: Also) -> None:
    """Keep a correction; `also` is done in the same transaction."""
    with database.session() as session:
        session.add(correction)
        session.flush()
        also(session)


def undo(database: Database, correction: Correction, actor: str, now: datetime, also: Also) -> None:
    """Take a correction back; `also` in the same transaction. Raises Conflict where somebody did already."""
    step = (
        update(Correction)
        .where(col(Correction.correction_id) == correction.correction_id, col(Correction.undone_at).is_(None))
        .values(undone_at=now, undone_by=actor)
    )
    with database.session() as session:
        if session.exec(step).rowcount != 1:  # type: ignore[call-overload]  # an UPDATE
            raise Conflict(
                "This correction was taken back already",
                where="correction_id",
                instead="Make it again where it is right after all.",
            )
        also(session)


def forget_corrections(database: Database, correction_ids: Iterable[str]) -> int:
    """Drop corrections for good, those that were taken back too: how many there were."""
    wanted = list(correction_ids)
    if not wanted:
        return 0
    with database.session() as session:
        step = delete(Correction).where(col(Correction.correction_id).in_(wanted))
        return session.exec(step).rowcount  # type: ignore[call-overload]  # a DELETE
