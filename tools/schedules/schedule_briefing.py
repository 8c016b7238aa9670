"""How is a briefing, or the watch for alerts, scheduled, changed, paused and resumed?"""

from typing import Any, Literal

from pydantic import Field

from store.errors import BadInput, NotFound
from store.records.schedules import (
    Schedule,
    ScheduleKind,
    add_schedule,
    change_schedule,
    schedules_of,
)
from store.workspace import Workspace
from tools.declaration import ToolResult
from tools.schedules.asked import ScheduleBriefing, columns_of, profile_id
from tools.schedules.noting import noted
from tools.schedules.saying import LOOKED_AT_HOURLY, USUAL, USUAL_ZONE
from tools.schedules.shown import ScheduleShown, only_one, schedule_meant, schedules_shown
from tools.schedules.telling import told_so

USUAL_COOLDOWN_HOURS = 24
Change = Literal["begun", "changed", "paused", "resumed", "unchanged"]


class BriefingScheduled(ToolResult):
    """The schedule as it is now."""

    schedule_id: str
    what: Change
    says: str = Field(description="When it comes, to how many, and its next three times, in words.")
    schedule: ScheduleShown


def schedule_briefing(workspace: Workspace, query: ScheduleBriefing) -> BriefingScheduled:
    """Make or change a schedule of briefings or alerts; it answers with its next three times.

    Without a `schedule_id` the schedule of the same name is changed, or without a name the only one of this
    kind (about this profile, where one is said); where there is none one is made. What is left out of a
    change stays. One that is made, resumed or given other times begins with its next slot: none is made up
    for. A worker asks for the briefings: one for each slot, and where nobody was there for some, one for the
    last of them.
    """
    found = _meant(workspace, query)
    values = columns_of(workspace, query, found.cron if found else USUAL)
    if found is None:
        if query.paused:
            raise NotFound(
                "There is no schedule to pause",
                where="paused",
                instead="`list_schedules` shows those there are.",
            )
        return _answer(workspace, _made(workspace, query, values), "begun")
    return _changed(workspace, query, found, values)


def _meant(workspace: Workspace, query: ScheduleBriefing) -> Schedule | None:
    """The schedule that is to be changed, or None for a new one. Raises NotFound, BadInput for several."""
    if query.schedule_id is not None:
        found = schedule_meant(workspace, query.schedule_id)
        if query.kind not in (None, found.kind):
            raise BadInput(f"It is of the kind `{found.kind}`", where="kind", instead="Make another one.")
        return found
    if query.another:
        return None
    here = [s for s in schedules_of(workspace.database, workspace.warehouse.name) if s.kind == _kind(query)]
    if query.name is not None:
        here = [each for each in here if each.name.casefold() == query.name.strip().casefold()]
    elif query.icp_profile is not None:
        about = profile_id(workspace, query.icp_profile)
        here = [each for each in here if each.icp_profile == about]
    return only_one(here) if here else None


def _kind(query: ScheduleBriefing) -> ScheduleKind:
    return query.kind or "briefing"


def _made(workspace: Workspace, query: ScheduleBriefing, values: dict[str, Any]) -> Schedule:
    is_alert, now = _kind(query) == "alert", workspace.now()
    usual = {
        "cron": LOOKED_AT_HOURLY if is_alert else USUAL,
        "timezone": USUAL_ZONE,
        "cooldown_hours": USUAL_COOLDOWN_HOURS if is_alert else 0,
    }
    schedule = Schedule(
        schedule_id=f"sched_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        kind=_kind(query),
        created_by=workspace.actor,
        created_at=now,
        counts_from=now,
        **{**usual, **values},
    )
    add_schedule(workspace.database, schedule)
    noted(workspace, "schedule.added", schedule.schedule_id, recipients=len(schedule.recipient_ids))
    return schedule


def _changed(
    workspace: Workspace, query: ScheduleBriefing, found: Schedule, values: dict[str, Any]
) -> BriefingScheduled:
    paused = query.paused
    if paused is None:  # whoever asks for a briefing again and again wants it sent
        paused = found.is_paused if query.schedule_id is not None else False
    what: Change = "unchanged"
    new = {name: value for name, value in values.items() if value != getattr(found, name)}
    if new:
        what = "changed"
    if paused != found.is_paused:
        new["is_paused"], what = paused, "paused" if paused else "resumed"
    if {"cron", "timezone"} & new.keys() or what == "resumed":
        new["counts_from"] = workspace.now()
    if new:
        found = change_schedule(workspace.database, found.schedule_id, **new)
        noted(workspace, f"schedule.{what}", found.schedule_id, recipients=len(found.recipient_ids))
    return _answer(workspace, found, what)


def _answer(workspace: Workspace, schedule: Schedule, what: Change) -> BriefingScheduled:
    (shown,) = schedules_shown(workspace.database, [schedule], workspace.now())
    recipients = len(schedule.recipient_ids)
    state = "paused" if schedule.is_paused else what
    return BriefingScheduled(
        schedule_id=schedule.schedule_id,
        what=what,
        says=told_so(state, shown.when, schedule.timezone, shown.next_times, recipients),
        schedule=shown,
    )
