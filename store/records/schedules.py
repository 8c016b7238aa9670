"""When is a briefing due, who gets it, and which slots were taken?"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import UniqueConstraint, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, Session, col, func, select

from store.errors import Conflict, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.runs import Run
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

ScheduleKind = Literal["briefing", "alert"]
SlotStatus = Literal["taken", "skipped", "unchanged", "refused"]
PASSED: tuple[SlotStatus, ...] = ("skipped", "unchanged")  # that had no job

ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
MOST_SCHEDULES = 100  # of an organisation
KEPT_PASSED = 60  # slots without a job that are kept of a schedule, the newest
# A clock that shows a time so much before what was kept had run ahead when that was kept.
RAN_AHEAD = timedelta(days=7)
TRIES = 3  # of writing slots while another scheduler does


class Schedule(Owned, table=True):
    """A briefing, or the watch for alerts, of one warehouse, again and again."""

    schedule_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    kind: str = "briefing"  # or alert: only what is significant is told, and not again within the cool-down
    name: str = ""
    cron: str  # five fields, in local time
    timezone: str  # of the IANA database
    icp_profile: str = ""  # whose customers it is about; empty: the last that were analysed
    recipient_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    sync: bool = False  # whether standing audiences are brought up to date at their destinations too
    cooldown_hours: int = 0
    is_paused: bool = False
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())
    # Slots up to here are not made up for: it was made, resumed or given other times then.
    counts_from: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class Slot(Owned, table=True):
    """One time at which a schedule was due."""

    __table_args__ = (UniqueConstraint("schedule_id", "slot", name="uq_slot_schedule_slot"),)

    slot_id: str = Field(primary_key=True)
    schedule_id: str = Field(index=True)
    slot: str  # local time without its zone: an hour that daylight saving repeats is one slot
    due_at: datetime = Field(sa_column=time_column())
    # taken: a job was asked for; skipped: a later one was due too when somebody looked; unchanged: of an
    # alert, nothing new was loaded; refused: the job could not be asked for, why tells.
    status: str
    missed: int = 0  # slots before it that nobody was there for
    why: str = ""
    content_hash: str = ""  # what was loaded then, of an alert
    run_id: str = ""  # the job that writes the briefing
    taken_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


def add_schedule(database: Database, schedule: Schedule) -> None:
    """Keep a schedule. Raises Conflict when the organisation has so many already."""
    with database.session() as session:
        session.add(schedule)
        session.flush()  # from here on nobody else writes to a file, so the count below holds
        if session.exec(select(func.count()).select_from(Schedule)).one() > MOST_SCHEDULES:
            raise Conflict(
                f"There are {MOST_SCHEDULES} schedules already",
                where="schedules",
                instead="Remove one that is not used.",
            )


def schedule_named(database: Database, schedule_id: str) -> Schedule:
    """The schedule of this id. Raises NotFound."""
    found = None
    if ID.fullmatch(schedule_id):
        with database.session() as session:  # by a query: a look-up by key would find another organisation's
            found = session.exec(select(Schedule).where(Schedule.schedule_id == schedule_id)).first()
    if found is None:
        raise NotFound(
            "There is no such schedule", where="schedule_id", instead="`list_schedules` shows what there is."
        )
    return found


def schedules_of(
    database: Database, warehouse: str | None = None, limit: int = MOST_SCHEDULES, after: Place | None = None
) -> list[Schedule]:
    """The schedules, of a warehouse or of all, newest first; one more than the limit where there are more."""
    return newest(
        database, Schedule, Schedule.created_at, Schedule.schedule_id, limit, after, warehouse=warehouse
    )


def running_schedules(database: Database) -> list[Schedule]:
    """Those that are not paused, the oldest first."""
    with database.session() as session:
        found = select(Schedule).where(col(Schedule.is_paused).is_(False))
        return list(session.exec(found.order_by(col(Schedule.created_at), col(Schedule.schedule_id))))


def change_schedule(database: Database, schedule_id: str, **values: Any) -> Schedule:
    """The schedule with these columns set. Raises NotFound."""
    schedule_named(database, schedule_id)
    with database.session() as session:
        changed = update(Schedule).where(col(Schedule.schedule_id) == schedule_id).values(**values)
        session.exec(changed)  # type: ignore[call-overload]  # an UPDATE
    return schedule_named(database, schedule_id)


def pause_schedule(database: Database, schedule_id: str) -> Schedule:
    """The schedule, which is due no more until it is resumed. Raises NotFound."""
    return change_schedule(database, schedule_id, is_paused=True)


def resume_schedule(database: Database, schedule_id: str, now: datetime) -> Schedule:
    """The schedule, which begins with its next slot; what it would have been due at is not made up for.

    One that was not paused stays as it is. Raises NotFound.
    """
    found = schedule_named(database, schedule_id)
    if not found.is_paused:
        return found
    return change_schedule(database, schedule_id, is_paused=False, counts_from=now)


def remove_schedule(database: Database, schedule_id: str) -> None:
    """Forget a schedule and its slots; its jobs and briefings stay. Raises NotFound."""
    schedule_named(database, schedule_id)
    with database.session() as session:
        session.exec(delete(Slot).where(col(Slot.schedule_id) == schedule_id))  # type: ignore[call-overload]  # an UPDATE or a DELETE
        session.exec(delete(Schedule).where(col(Schedule.schedule_id) == schedule_id))  # type: ignore[call-overload]  # an UPDATE or a DELETE


def slots_of(database: Database, schedule_id: str, limit: int = 50, after: Place | None = None) -> list[Slot]:
    """The slots of a schedule, newest first; one more than the limit where there are more."""
    return newest(database, Slot, Slot.due_at, Slot.slot_id, limit, after, schedule_id=schedule_id)


def last_slots(database: Database, schedule_ids: Iterable[str]) -> dict[str, Slot]:
    """The newest slot of each schedule that was not skipped."""
    wanted = col(Slot.schedule_id).in_(list(schedule_ids)), Slot.status != "skipped"
    with database.session() as session:
        last = select(Slot.schedule_id, func.max(Slot.due_at).label("due_at")).where(*wanted)
        newest_due = last.group_by(col(Slot.schedule_id)).subquery()
        found = select(Slot).join(
            newest_due,
            (col(Slot.schedule_id) == newest_due.c.schedule_id) & (col(Slot.due_at) == newest_due.c.due_at),
        )
        return {slot.schedule_id: slot for slot in session.exec(found.where(*wanted))}


def done_until(database: Database, now: datetime) -> dict[str, datetime]:
    """Up to when each schedule's slots are done with: a clock that went back does not begin them again.

    What a clock kept that had run ahead by more than RAN_AHEAD does not count: the present slots go on.
    """
    with database.session() as session:
        last = select(Slot.schedule_id, func.max(Slot.due_at)).where(Slot.taken_at <= now + RAN_AHEAD)
        return dict(session.exec(last.group_by(col(Slot.schedule_id))).all())


def last_with_job(database: Database, schedule_id: str, now: datetime) -> Slot | None:
    """The newest slot that had a job, by a clock that had not run ahead."""
    with database.session() as session:
        found = select(Slot).where(
            Slot.schedule_id == schedule_id, Slot.status == "taken", Slot.taken_at <= now + RAN_AHEAD
        )
        return session.exec(found.order_by(col(Slot.due_at).desc()).limit(1)).first()


def take_slots(database: Database, slots: list[Slot], now: datetime) -> bool:
    """Keep these slots of one schedule, the first of them the one that is due; whether it was still free.

    All or none of it happens, and of two that take the same slot at once one does. Slots that are there
    already stay as they are, unless they were skipped by a clock that had run ahead.
    """
    for _ in range(TRIES):
        try:
            with database.session() as session:
                taken = _take(session, slots, now)
                _forget_passed(session, slots[0].schedule_id)
            return taken
        except IntegrityError:  # another scheduler was first with one of them
            continue
    return False


def _take(session: Session, slots: list[Slot], now: datetime) -> bool:
    names = [each.slot for each in slots]
    this = Slot.schedule_id == slots[0].schedule_id
    there = {each.slot: each for each in session.exec(select(Slot).where(this, col(Slot.slot).in_(names)))}
    for each in there.values():
        if each.status == "skipped" and each.taken_at > now + RAN_AHEAD:
            session.delete(there[each.slot])
    session.flush()
    kept = {
        name for name, each in there.items() if each.status != "skipped" or each.taken_at <= now + RAN_AHEAD
    }
    session.add_all(Slot(**each.model_dump()) for each in slots if each.slot not in kept)
    return slots[0].slot not in kept


def _forget_passed(session: Session, schedule_id: str) -> None:
    """Drop slots without a job that are older than the newest so many: an alert has one each hour."""
    session.flush()
    passed = col(Slot.status).in_(PASSED), Slot.schedule_id == schedule_id
    edge = select(Slot.due_at).where(*passed).order_by(col(Slot.due_at).desc()).offset(KEPT_PASSED).limit(1)
    before = session.exec(edge).first()
    if before is not None:
        session.exec(delete(Slot).where(*passed, col(Slot.due_at) <= before))  # type: ignore[call-overload]  # an UPDATE or a DELETE


def jobs_under(database: Database, warehouse: str, kind: str, keys: list[str]) -> dict[str, str]:
    """The run ids of the jobs that were asked for under these keys."""
    with database.session() as session:
        found = select(Run.idempotency_key, Run.run_id).where(
            Run.warehouse == warehouse, Run.kind == kind, col(Run.idempotency_key).in_(keys)
        )
        return {key: run_id for key, run_id in session.exec(found).all() if key is not None}
