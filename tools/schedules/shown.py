"""A schedule as whoever asks sees it: when it is due next, and what became of the last time."""

from datetime import datetime

from pydantic import BaseModel, Field

from store.errors import BadInput, NotFound
from store.records.database import Database
from store.records.schedules import (
    Schedule,
    ScheduleKind,
    Slot,
    SlotStatus,
    last_slots,
    schedule_named,
    schedules_of,
)
from store.workspace import Workspace
from tools.schedules.slots import next_slots
from tools.schedules.telling import NextTime, cron_told, time_told

SHOWN_TIMES = 3


class SlotShown(BaseModel):
    """One time at which a schedule was due."""

    slot_id: str
    slot: str = Field(description="On the clock of the schedule's zone: `2026-03-02T08:00`.")
    due_at: datetime
    status: SlotStatus = Field(
        description="`taken`: a job was asked for; `skipped`: a later one was due too when somebody looked; "
        "`unchanged`: an alert, and nothing new was loaded; `refused`: the job could not be asked for, and "
        "`why` tells."
    )
    missed: int = Field(description="Slots before it that nobody was there for.")
    why: str
    run_id: str = Field(description="The job that writes the briefing, and the briefing's id.")
    taken_at: datetime


class ScheduleShown(BaseModel):
    """A schedule as it is now."""

    schedule_id: str
    warehouse: str
    kind: ScheduleKind
    name: str
    cron: str
    timezone: str
    when: str = Field(description="In words: `every Monday at 08:00`.")
    icp_profile: str = Field(description="Whose customers it is about; empty: the last that were analysed.")
    recipient_ids: list[str]
    sync: bool = Field(description="Whether standing audiences are written to their destinations too.")
    cooldown_hours: int = Field(description="Of an alert: hours within which the same is not told again.")
    is_paused: bool
    created_by: str
    created_at: datetime
    next_times: list[NextTime] = Field(description="The next three; none while it is paused.")
    last_slot: SlotShown | None = Field(default=None, description="The last one that was not skipped.")


def schedule_shown(schedule: Schedule, now: datetime, last: Slot | None) -> ScheduleShown:
    """The schedule with its next times."""
    given = schedule.model_dump()
    coming = [] if schedule.is_paused else next_slots(schedule.cron, schedule.timezone, now, SHOWN_TIMES)
    return ScheduleShown(
        **{name: given[name] for name in ScheduleShown.model_fields if name in given},
        when=cron_told(schedule.cron),
        next_times=[time_told(slot, schedule.timezone) for slot in coming],
        last_slot=slot_shown(last) if last else None,
    )


def schedules_shown(database: Database, schedules: list[Schedule], now: datetime) -> list[ScheduleShown]:
    """The schedules with their next times and their last slots."""
    last = last_slots(database, [each.schedule_id for each in schedules])
    return [schedule_shown(each, now, last.get(each.schedule_id)) for each in schedules]


def slot_shown(slot: Slot) -> SlotShown:
    """The slot as it is shown."""
    given = slot.model_dump()
    return SlotShown(**{name: given[name] for name in SlotShown.model_fields})


def schedule_meant(workspace: Workspace, said: str) -> Schedule:
    """The schedule of this id or name in this warehouse. Raises NotFound, and BadInput for one of several."""
    here = schedules_of(workspace.database, workspace.warehouse.name)
    named = [each for each in here if each.schedule_id == said]
    named = named or [each for each in here if each.name and each.name.casefold() == said.strip().casefold()]
    if not named:
        try:
            elsewhere = schedule_named(workspace.database, said)
        except NotFound:
            elsewhere = None
        where = "; it is of another warehouse" if elsewhere else ""
        raise NotFound(
            f"There is no such schedule in `{workspace.warehouse.name}`{where}",
            where="schedule_id",
            instead="`list_schedules` shows those there are.",
        )
    return only_one(named)


def only_one(found: list[Schedule]) -> Schedule:
    """The one that is there. Raises BadInput that names the others' ids."""
    if len(found) > 1:
        raise BadInput(
            "Several schedules fit",
            where="schedule_id",
            instead=f"Say which: {', '.join(each.schedule_id for each in found[:5])}.",
        )
    return found[0]
