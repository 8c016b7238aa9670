"""Which times does a cron expression mean, and is it one that a briefing may have?"""

import re
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from croniter import CroniterError, croniter

from store.errors import BadInput

FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAYS = "sun|mon|tue|wed|thu|fri|sat"
# What every cron reads alike; croniter's own letters (an R is a time drawn by lot) are left out.
_NUMBER = (r"\d{1,2}", r"\d{1,2}", r"\d{1,2}", rf"(?:\d{{1,2}}|{_MONTHS})", rf"(?:\d|{_DAYS})")
_NTH = re.compile(rf"{_NUMBER[4]}#[1-5]", re.I)
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")
# Weekdays fall on the same dates again after 28 years; from 2001 no century is among them.
_FIRST_DAY, _YEARS = date(2001, 1, 1), 28
_LONGEST = 120


def checked_cron(cron: str) -> str:
    """The expression, its fields parted by one blank, in lower case.

    Minute, hour, day of the month, month and day of the week, each a number, name, range, step or list of
    them; `mon#1` is the first Monday of a month. Where both kinds of days are said, either will do, as every
    cron has it. Raises BadInput that names the field, for what no day fits, and for oftener than hourly.
    """
    parts = cron.lower().split() if len(cron) <= _LONGEST else []
    if len(parts) != len(FIELDS):
        raise _bad("A cron expression has five fields")
    for place, part in enumerate(parts):
        _require_field(place, part)
    clean = " ".join(parts)
    nth = ["#" in one for one in parts[4].split(",")]
    if any(nth) and not (all(nth) and parts[2] == "*"):
        raise _bad(f"The {FIELDS[4]} has a `#`, which goes with days like it alone", "Write `0 8 * * mon#1`.")
    (minutes, *_), _ = _expanded(clean)
    if minutes == ["*"] or len(minutes) > 1:
        raise _bad(
            f"The {FIELDS[0]} has several values, and nothing is due oftener than once an hour",
            "Write one minute: `0 * * * *` is every full hour.",
        )
    return clean


def _require_field(place: int, part: str) -> None:
    number = _NUMBER[place]
    form = re.compile(rf"(?:\*|{number}(?:-{number})?)(?:/[1-9]\d?)?", re.I)
    for one in part.split(","):
        if place == 4 and _NTH.fullmatch(one):
            continue
        ends = one.partition("/")[0].split("-")
        if not form.fullmatch(one) or (len(ends) == 2 and ends[0] == ends[1]):
            raise _bad(f"The {FIELDS[place]} is not of the form that cron has")


def _expanded(cron: str) -> tuple[list[list], dict[int, set[int]]]:
    """The values of each field, and which of a month's weekdays. Raises BadInput for what never comes."""
    try:
        croniter(cron, _start()).get_next(float)
    except (CroniterError, ValueError):
        _name_field(cron)
        raise _bad("No day is ever like that", "`0 8 31 2 *` is a day that February has not.") from None
    fields, nth = croniter.expand(cron)
    return fields, {int(day): {int(each) for each in which} for day, which in nth.items()}


def _name_field(cron: str) -> None:
    """Raise BadInput that names the first field of which the values are out of bounds."""
    parts = cron.split()
    for place, part in enumerate(parts):
        alone = " ".join(part if place == each else "*" for each in range(len(parts)))
        if not croniter.is_valid(alone):
            raise _bad(f"The {FIELDS[place]} is out of its bounds")


def _start() -> float:
    return 978_307_200.0  # 2001-01-01T00:00, as croniter counts naive times


def _bad(what: str, instead: str = "Write `0 8 * * mon` for Mondays at 08:00.") -> BadInput:
    return BadInput(what, where="cron", instead=instead)


def checked_zone(name: str) -> str:
    """The zone as the IANA database spells it. Raises BadInput."""
    found = _zones().get(name.strip().casefold()) if _ZONE.fullmatch(name.strip()) else None
    if found is None:
        raise BadInput(
            "There is no such time zone",
            where="timezone",
            instead="Give a name of the IANA database: `Europe/Berlin`, `America/New_York` or `UTC`.",
        )
    return found


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of a name that was checked."""
    return ZoneInfo(name)


@cache
def slots_per_year(cron: str) -> float:
    """How many slots a year has on average: 52.18 for a weekly one, 365.25 for a daily one.

    By the calendar alone: an hour that daylight saving leaves out or repeats is not looked at. A schedule
    that allows itself one false alarm in so many years spends 1/n of its level at each slot.
    """
    (minutes, hours, days, months, weekdays), nth = _expanded(cron)
    each_day = (60 if minutes == ["*"] else len(minutes)) * (24 if hours == ["*"] else len(hours))
    all_days = (_FIRST_DAY + timedelta(days=n) for n in range(_YEARS * 1461 // 4))
    fitting = sum(
        (months == ["*"] or day.month in months) and _is_day(day, days, weekdays, nth) for day in all_days
    )
    return each_day * fitting / _YEARS


def _is_day(day: date, days: list, weekdays: list, nth: dict[int, set[int]]) -> bool:
    weekday = day.isoweekday() % 7
    if nth:
        return (day.day + 6) // 7 in nth.get(weekday, ())
    if days != ["*"] and weekdays != ["*"]:
        return day.day in days or weekday in weekdays
    return (days == ["*"] or day.day in days) and (weekdays == ["*"] or weekday in weekdays)
