"""How do a schedule and its times read?"""

from datetime import datetime

from pydantic import BaseModel, Field

from tools.schedules.saying import WEEKDAYS
from tools.schedules.slots import SlotTime

_NAMES = {day[:3]: day.capitalize() for day in WEEKDAYS} | {
    str((place + 1) % 7): day.capitalize() for place, day in enumerate(WEEKDAYS)
}
_NTH = ("first", "second", "third", "fourth", "fifth")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September")
MONTHS = (*_MONTHS, "October", "November", "December")


class NextTime(BaseModel):
    """One time to come."""

    due_at: datetime = Field(description="In UTC.")
    slot: str = Field(description="On the clock of the schedule's zone: `2026-03-02T08:00`.")
    says: str = Field(description="In words: `Monday 2 March 2026, 08:00 (Europe/Berlin)`.")


def time_told(slot: SlotTime, zone: str) -> NextTime:
    """A time to come, in words too."""
    local = datetime.fromisoformat(slot.slot)
    day = f"{WEEKDAYS[local.weekday()].capitalize()} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return NextTime(due_at=slot.due_at, slot=slot.slot, says=f"{day}, {local:%H:%M} ({zone})")


def cron_told(cron: str) -> str:
    """When a schedule is due, in words where they are few: `every Monday at 08:00`."""
    minute, hour, day, month, weekday = cron.split()
    if month == "*" and minute.isdigit():
        if (hour, day, weekday) == ("*", "*", "*"):
            return f"every hour at minute {minute}" if int(minute) else "every hour"
        if hour.isdigit() and (on := _days_told(day, weekday)):
            return f"{on} at {int(hour):02d}:{int(minute):02d}"
    return f"at the times of `{cron}`"


def _days_told(day: str, weekday: str) -> str:
    if (day, weekday) == ("*", "*"):
        return "every day"
    if day == "*" and weekday in ("mon-fri", "1-5"):
        return "every weekday"
    if day == "*" and weekday in _NAMES:
        return f"every {_NAMES[weekday]}"
    name, _, nth = weekday.partition("#")
    if day == "*" and nth and name in _NAMES:
        return f"on the {_NTH[int(nth) - 1]} {_NAMES[name]} of every month"
    return f"on day {day} of every month" if weekday == "*" and day.isdigit() else ""


def told_so(what: str, when: str, zone: str, following: list[NextTime], recipients: int) -> str:
    """One or two sentences on a schedule as it is now.

    what: it was begun, changed, paused, resumed or left as it was. when: as `cron_told` has it.
    """
    if what == "paused":
        return "It is paused: nothing is due until it is resumed."
    to = "nobody yet" if not recipients else f"{recipients} recipient{'s' if recipients > 1 else ''}"
    times = "; ".join(each.says for each in following)
    return f"It comes {when} ({zone}), to {to}. The next times: {times or 'none'}."
