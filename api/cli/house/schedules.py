"""Commands for schedules: add, list, pause, resume, remove, run, slots."""

from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened,
    opened_house,
    print_json,
    refusals,
    stderr,
    stdout,
)
from store.access import LOCAL
from store.records.schedules import schedule_named, schedules_of, slots_of
from store.workspace import House
from tools.calls import call
from tools.schedules import catalogue
from tools.schedules.asked import ScheduleBriefing
from tools.schedules.remove_schedule import RemoveSchedule, remove_schedule
from tools.schedules.schedule_briefing import schedule_briefing
from tools.schedules.shown import schedules_shown, slot_shown

ScheduleId = Annotated[str, typer.Argument(help="As `fieldmark schedules list` shows it: sched_…")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        no_args_is_help=True, help="Briefings and alerts that come again and again.", rich_markup_mode="rich"
    )
    group.command("add")(add)
    group.command("list")(list_schedules)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("remove")(remove)
    group.command("run")(run)
    group.command("slots")(slots)
    app.add_typer(group, name="schedules")


def add(
    recipient: Annotated[
        list[str] | None, typer.Argument(help="Who gets it: mail addresses, channel URLs, ids of recipients.")
    ] = None,
    every: Annotated[str | None, typer.Option(help="day, week or month; a week when left out.")] = None,
    weekday: Annotated[str | None, typer.Option(help="monday, tuesday …; Monday when left out.")] = None,
    at: Annotated[str | None, typer.Option(help="On a 24-hour clock; 08:00 when left out.")] = None,
    cron: Annotated[str | None, typer.Option(help="In the place of these three: '0 8 * * mon'.")] = None,
    timezone: Annotated[
        str | None, typer.Option(help="An IANA name, Europe/Berlin; UTC when left out.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="The profile or analysis that it is about.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    alert: Annotated[
        bool, typer.Option("--alert", help="Sent only where something significant is new; looked at hourly.")
    ] = False,
    cooldown_hours: Annotated[
        int | None, typer.Option(help="Of an alert: hours within which the same is not told again.")
    ] = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Write standing audiences to their destinations too.")
    ] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a schedule: Mondays at 08:00 UTC when nothing else is said. `fieldmark worker` keeps it."""
    said = {
        **{"every": every, "weekday": weekday, "at": at, "cron": cron, "timezone": timezone},
        **{"icp_profile": profile, "name": name, "cooldown_hours": cooldown_hours},
        **{"recipients": recipient or None, "kind": "alert" if alert else None, "sync": sync or None},
    }
    arguments: dict[str, Any] = {field: value for field, value in said.items() if value is not None}
    with refusals(as_json), opened(warehouse) as workspace:
        made = call(catalogue.SCHEDULE, workspace, {**arguments, "another": True})
    _told(made, as_json)


def list_schedules(
    warehouse: Annotated[
        str | None, typer.Option("--warehouse", "-w", help="Only the schedules of this warehouse.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the schedules: when each is due next, and what became of the last time."""
    with refusals(as_json), opened_house() as (_, house):
        found = schedules_shown(house.database, schedules_of(house.database, warehouse), house.now())
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    table = Table("schedule", "name", "warehouse", "kind", "when", "to", "next", "last", box=None)
    table.columns[0].no_wrap = True
    for each in found:
        coming = "paused" if each.is_paused else next((time.says for time in each.next_times), "never")
        last = f"{each.last_slot.slot} {each.last_slot.status}" if each.last_slot else ""
        to, when = str(len(each.recipient_ids)), f"{each.when} ({each.timezone})"
        add_row(table, each.schedule_id, each.name, each.warehouse, each.kind, when, to, coming, last)
    stdout.print(table)


def pause(schedule_id: ScheduleId, as_json: JsonOption = False) -> None:
    """Let nothing be due until it is resumed."""
    _paused(schedule_id, True, as_json)


def resume(schedule_id: ScheduleId, as_json: JsonOption = False) -> None:
    """Go on with the next slot; those that passed are not made up for."""
    _paused(schedule_id, False, as_json)


def remove(schedule_id: ScheduleId, as_json: JsonOption = False) -> None:
    """Forget a schedule and the list of its slots; its briefings stay."""
    with refusals(as_json), opened_house() as (_, house):
        workspace = house.workspace(schedule_named(house.database, schedule_id).warehouse)
        remove_schedule(workspace, RemoveSchedule(schedule_id=schedule_id))
    if as_json:
        print_json({"schedule_id": schedule_id, "removed": True})
    else:
        stdout.print("Removed.")


def run(schedule_id: ScheduleId, as_json: JsonOption = False) -> None:
    """Ask for the briefing now, beside its slots; a worker does it."""
    with refusals(as_json), opened_house() as (settings, house):
        from api.jobs.scheduling import run_now

        asked = run_now(house, settings, schedule_id, LOCAL)
        _note(house, schedule_id)
    if as_json:
        print_json({"schedule_id": schedule_id, "run_id": asked.run_id, "status": asked.status})
        return
    stdout.print(asked.run_id, highlight=False)
    stderr.print("`fieldmark worker` does it; `fieldmark job RUN_ID` tells how far it is.")


def slots(
    schedule_id: ScheduleId,
    most: Annotated[int, typer.Option(min=1, max=1000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the times at which it was due, newest first, with the job of each or why there was none."""
    with refusals(as_json), opened_house() as (_, house):
        schedule_named(house.database, schedule_id)
        found = [slot_shown(each) for each in slots_of(house.database, schedule_id, most)[:most]]
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    table = Table("slot", "due (UTC)", "status", "missed before", "job", "", box=None)
    table.columns[0].no_wrap = True
    for each in found:
        due, missed = f"{each.due_at:%Y-%m-%d %H:%M}", str(each.missed or "")
        add_row(table, each.slot, due, each.status, missed, each.run_id, each.why)
    stdout.print(table)


def _paused(schedule_id: str, paused: bool, as_json: bool) -> None:
    with refusals(as_json), opened_house() as (_, house):
        workspace = house.workspace(schedule_named(house.database, schedule_id).warehouse)
        changed = schedule_briefing(workspace, ScheduleBriefing(schedule_id=schedule_id, paused=paused))
    _told(changed, as_json)


def _told(answer: Any, as_json: bool) -> None:
    if as_json:
        print_json(answer.schedule)
        return
    stdout.print(answer.schedule_id, highlight=False)
    stderr.print(answer.says, highlight=False, markup=False)


def _note(house: House, schedule_id: str) -> None:
    from api.access.visit import write_note  # the web framework takes a second to import

    write_note(house, LOCAL, "schedule.run", schedule_id)
