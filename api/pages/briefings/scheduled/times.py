"""Which fields of a form say when a schedule is due, and which cron expression do they mean?"""

import re
from functools import cache
from typing import NamedTuple, get_args
from zoneinfo import available_timezones

from tools.schedules.saying import LOOKED_AT_HOURLY, USUAL, WEEKDAYS, Every, cron_of

EVERY = ("week", "day", "weekdays", "month", "hour", "cron")  # as the form offers them
DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) (\S+) \* (\S+)")
NAMED = {day[:3]: day for day in WEEKDAYS}


class Times(NamedTuple):
    """The fields of a form; weekday: empty for the first day of a month."""

    every: str = "week"
    weekday: str = "monday"
    at: str = "08:00"
    cron: str = ""

    def expression(self) -> str:
        """The cron expression that is meant. Raises BadInput for a time that is none."""
        if self.every == "cron":
            return self.cron
        if self.every == "hour":
            return LOOKED_AT_HOURLY
        if self.every == "weekdays":
            minute, hour, *_ = cron_of("day", None, self.at, USUAL).split()
            return f"{minute} {hour} * * mon-fri"
        every: Every = self.every if self.every in get_args(Every) else "week"  # type: ignore[assignment]  # as looked up
        weekday = self.weekday if self.weekday in WEEKDAYS and every != "day" else None
        return cron_of(every, weekday, self.at, USUAL)


def times_of(cron: str) -> Times:
    """The fields that mean this expression; the expression itself where no others do."""
    if cron == LOOKED_AT_HOURLY:
        return Times("hour")
    found = DAILY.fullmatch(cron)
    if found is None:
        return Times("cron", cron=cron)
    at, day, weekday = f"{int(found[2]):02d}:{int(found[1]):02d}", found[3], found[4]
    name, _, nth = weekday.partition("#")
    if day == "*" and weekday in ("*", "mon-fri"):
        return Times("day" if weekday == "*" else "weekdays", at=at)
    if day == "*" and name in NAMED and nth in ("", "1"):
        return Times("month" if nth else "week", NAMED[name], at)
    if (day, weekday) == ("1", "*"):
        return Times("month", "", at)
    return Times("cron", at=at, cron=cron)


@cache
def zones() -> list[str]:
    """The names of places whose time zone may be chosen, and UTC."""
    areas = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return sorted(areas | {"UTC"})
