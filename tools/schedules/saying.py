"""Which cron expression is meant by a day, a week or a month, and an hour?"""

from typing import Literal

from store.errors import BadInput

Every = Literal["day", "week", "month"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
USUAL = "0 8 * * mon"
USUAL_ZONE = "UTC"
LOOKED_AT_HOURLY = "0 * * * *"  # what an alert has when nothing else is said


def cron_of(every: Every | None, weekday: Weekday | None, at: str | None, before: str = USUAL) -> str:
    """The expression for a day, week or month; what is left out is as it was before.

    A month is its first day, or its first such weekday. Raises BadInput for a time or day that does not fit.
    """
    minute, hour, *days = before.split()
    if every or weekday:
        days = _days(every or ("month" if _is_monthly(days) else "week"), weekday, days[2])
    if at is not None:
        minute, hour = _time(at)
    elif not hour.isdigit():
        minute, hour = USUAL.split()[:2]
    return " ".join((minute, hour, *days))


def _is_monthly(days: list[str]) -> bool:
    return days[0] != "*" or "#" in days[2]


def _days(every: Every, weekday: Weekday | None, before: str) -> list[str]:
    """Day of the month, month and day of the week."""
    if every == "day":
        if weekday:
            raise BadInput(
                "Every day has no day of the week", where="weekday", instead="Leave one of the two out."
            )
        return ["*", "*", "*"]
    if every == "month":
        return ["*", "*", f"{weekday[:3]}#1"] if weekday else ["1", "*", "*"]
    kept = before.partition("#")[0]
    return ["*", "*", weekday[:3] if weekday else kept if kept != "*" else USUAL.split()[4]]


def _time(at: str) -> tuple[str, str]:
    hour, _, minute = at.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise BadInput("There is no such time of the day", where="at", instead="Write it as `08:00`.")
    return str(int(minute)), str(int(hour))
