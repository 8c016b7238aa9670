"""Which schedules are due now? One job for each slot, however many look and whatever the clock does."""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from api.jobs.queue import submit
from api.settings import Settings
from store.errors import Busy, Conflict, ToolRefused
from store.records.runs import Run
from store.records.schedules import (
    KEPT_PASSED,
    RAN_AHEAD,
    Schedule,
    Slot,
    SlotStatus,
    done_until,
    jobs_under,
    last_with_job,
    running_schedules,
    schedule_named,
    take_slots,
)
from store.warehouse import Warehouse
from store.workspace import House
from tools.schedules.slots import Missed, SlotTime, latest_slot, missed_between

TOOL = "run_briefing"
ASKED_BY = "schedule"  # the actor of the jobs
# Of a schedule that was made by a clock that had run ahead, slots that were due so long ago are begun.
LATE = timedelta(hours=1)

log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A slot that is to be taken, and those before it that nobody was there for."""

    slot: SlotTime
    missed: Missed


class Outcome(NamedTuple):
    """What became of a slot that was due."""

    status: SlotStatus
    run_id: str = ""
    why: str = ""
    content_hash: str = ""


class Scheduler:
    """Looks at the schedules of all organisations of a house. Several may look at the same moment.

    The job comes before the record of its slot: its key makes it one, so a scheduler that is killed between
    the two leaves nothing that is done twice or not at all.
    """

    def __init__(self, house: House, settings: Settings) -> None:
        self._house, self._settings = house, settings

    def tick(self) -> int:
        """Ask for the jobs of all slots that are due now; how many slots it was that took."""
        schedules = running_schedules(self._house.everywhere)
        if not schedules:
            return 0
        now = self._house.now()
        done = done_until(self._house.everywhere, now)
        return sum(self._look(each, done.get(each.schedule_id), now) for each in schedules)

    def _look(self, schedule: Schedule, done: datetime | None, now: datetime) -> bool:
        """Whether a slot was due and is taken. What is wrong with one schedule is nothing to the others."""
        try:
            due = due_slot(schedule, done, now)
            return due is not None and self._take(schedule, due, now)
        except Busy:
            return False  # the queue is full: the next look tries again
        except Exception as error:  # noqa: BLE001  # a bug or an outage; the next look tries again
            log.error("%s failed: %s", schedule.schedule_id, type(error).__name__)
            return False

    def _take(self, schedule: Schedule, due: Due, now: datetime) -> bool:
        house = self._house.of(schedule.organisation_id)
        # Asked for by a scheduler that was killed before it kept the slot.
        keys = [key_of(schedule, slot) for slot in (due.slot, *due.missed.newest)]
        asked = jobs_under(house.database, schedule.warehouse, TOOL, keys)
        unmet = [slot for slot in due.missed.newest if key_of(schedule, slot) not in asked]
        missed = due.missed.many - len(due.missed.newest) + len(unmet)
        run_id = asked.get(keys[0])
        found = Outcome("taken", run_id) if run_id else self._outcome(house, schedule, due.slot, missed, now)
        slots = [_row(house, schedule, due.slot, found, missed, now)]
        for slot in due.missed.newest:
            run_id = asked.get(key_of(schedule, slot), "")
            passed = Outcome("taken" if run_id else "skipped", run_id)
            slots.append(_row(house, schedule, slot, passed, 0, now))
        return take_slots(house.database, slots, now)

    def _outcome(
        self, house: House, schedule: Schedule, slot: SlotTime, missed: int, now: datetime
    ) -> Outcome:
        """What becomes of this slot: a job, or why there is none. Raises Busy."""
        try:
            content = ""
            if schedule.kind == "alert":
                content = loaded(house.workspace(schedule.warehouse).warehouse)
                if _was_looked_at(house, schedule, content, now):
                    return Outcome("unchanged", content_hash=content)
            key = key_of(schedule, slot)
            run = _submit(house, self._settings, schedule, key, slot=slot.slot, missed=missed)
            return Outcome("taken", run.run_id, content_hash=content)
        except Busy:
            raise
        except Conflict:  # another scheduler was first, and saw the schedule before it was changed
            found = jobs_under(house.database, schedule.warehouse, TOOL, [key_of(schedule, slot)])
            return Outcome("taken", next(iter(found.values())))
        except ToolRefused as refusal:  # the warehouse is gone, or the request fits no more
            return Outcome("refused", why=str(refusal))


def due_slot(schedule: Schedule, done: datetime | None, now: datetime) -> Due | None:
    """The slot of a schedule that is to be taken now, or None.

    done: up to when its slots are done with. Of several that nobody was there for the last is due, and the
    others are missed. A clock that went back begins no slot again; when one that had run ahead is set right,
    the present slots go on.
    """
    slot = latest_slot(schedule.cron, schedule.timezone, now)
    after = schedule.counts_from if schedule.counts_from <= now + RAN_AHEAD else now - LATE
    after = max(after, done) if done else after
    if slot is None or slot.due_at <= after:
        return None
    missed = missed_between(schedule.cron, schedule.timezone, after, slot.due_at, KEPT_PASSED)
    return Due(slot, missed if schedule.kind == "briefing" else Missed(0, []))


def run_now(house: House, settings: Settings, schedule_id: str, actor: str = ASKED_BY) -> Run:
    """A job beside this schedule's slots, also while it is paused. Raises NotFound, and as submit does."""
    schedule = schedule_named(house.database, schedule_id)
    return _submit(house, settings, schedule, f"{schedule_id}:now:{house.new_id()}", actor=actor)


def key_of(schedule: Schedule, slot: SlotTime) -> str:
    """The idempotency key of a slot's job."""
    return f"{schedule.schedule_id}:{slot.slot}"


def loaded(warehouse: Warehouse) -> str:
    """A digest of what is loaded in a warehouse: the people, the outcomes and the events in use."""
    from store.events.behaviour import Behaviour
    from store.outcomes.ledger import ledger_of

    ledger, events = ledger_of(warehouse), Behaviour(warehouse.folder)
    said = (
        warehouse.current_id if warehouse.exists else "",
        ledger.manifest.data_hash if ledger.exists else "",
        (events.folder / "current").read_text().strip() if events.exists else "",
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _was_looked_at(house: House, schedule: Schedule, content: str, now: datetime) -> bool:
    """Whether an alert had its job for what is loaded now; one that failed is looked for again."""
    last = last_with_job(house.database, schedule.schedule_id, now)
    if last is None or last.content_hash != content:
        return False
    run = house.database.get(Run, last.run_id)
    return run is None or run.status != "failed"


def _submit(
    house: House,
    settings: Settings,
    schedule: Schedule,
    key: str,
    *,
    slot: str | None = None,
    missed: int = 0,
    actor: str = ASKED_BY,
) -> Run:
    arguments = {
        "send": True,
        "purpose": schedule.kind,
        "schedule_id": schedule.schedule_id,
        "slot": slot,
        "missed": missed,
        "sync": "yes" if schedule.sync else "dry_run",
        "icp_profile": schedule.icp_profile or None,
    }
    return submit(house, settings, TOOL, arguments, schedule.warehouse, key, actor=actor)


def _row(
    house: House, schedule: Schedule, slot: SlotTime, found: Outcome, missed: int, now: datetime
) -> Slot:
    return Slot(
        slot_id=f"slot_{house.new_id()}",
        schedule_id=schedule.schedule_id,
        slot=slot.slot,
        due_at=slot.due_at,
        missed=missed,
        taken_at=now,
        **found._asdict(),
    )
