"""At which times is a schedule due: the latest slot, those to come, and those that were missed?

A slot is a time on the clock of the schedule's zone, and is kept as that: an hour that comes twice when
clocks go back has it once, at its first instant, and a time that clocks leave out when they go forward is due
at the instant the gap ends. Slots that are due at the same instant are one: the last of them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter

from tools.schedules.cron import zone_named

MOST_COUNTED = 10_000  # slots that were missed: more than a year of hours
MINUTE = timedelta(minutes=1)


class SlotTime(NamedTuple):
    """One time at which a schedule is due."""

    slot: str  # on the clock of its zone, to the minute: 2026-03-02T08:00
    due_at: datetime  # in UTC


class Missed(NamedTuple):
    """Slots that nobody was there for."""

    many: int  # at most MOST_COUNTED
    newest: list[SlotTime]  # the newest first


def latest_slot(cron: str, zone: str, now: datetime) -> SlotTime | None:
    """The last slot that is due at this time or was before; None where there never was one."""
    return next(_until(cron, zone_named(zone), now), None)


def next_slots(cron: str, zone: str, now: datetime, n: int) -> list[SlotTime]:
    """The first n slots due after this time, in order; fewer where no more come."""
    found = _after(cron, zone_named(zone), now)
    return [slot for _, slot in zip(range(n), found, strict=False)]


def missed_between(cron: str, zone: str, after: datetime, before: datetime, most: int = 60) -> Missed:
    """How many slots were due between two times, both left out, and the newest of them, at most so many."""
    count, newest = 0, []
    for slot in _until(cron, zone_named(zone), before):
        if slot.due_at <= after or count == MOST_COUNTED:
            break
        if slot.due_at < before:
            count += 1
            if len(newest) < most:
                newest.append(slot)
    return Missed(count, newest)


def instant_of(naive: datetime, zone: ZoneInfo) -> datetime:
    """When a clock of this zone first shows this time, or passes it, in UTC."""
    before = naive.replace(tzinfo=zone, fold=0)
    reached = before.astimezone(UTC)
    if reached.astimezone(zone).replace(tzinfo=None) == naive:
        return reached
    # No clock shows it. Read with the offset after the gap it lies before the gap's end, and with the offset
    # before the gap not before it (PEP 495).
    earliest = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_between(earliest, reached, zone)


def _change_between(earliest: datetime, latest: datetime, zone: ZoneInfo) -> datetime:
    """The instant, to the second, at which the zone's offset changes between these two."""
    old = earliest.astimezone(zone).utcoffset()
    low, high = 0, int((latest - earliest).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (earliest + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return earliest + timedelta(seconds=high)


def _until(cron: str, zone: ZoneInfo, now: datetime) -> Iterator[SlotTime]:
    """The slots due until now, the latest first."""
    last: datetime | None = None
    for naive in _naive(cron, _furthest(now, zone) + MINUTE, back=True):
        due_at = instant_of(naive, zone)
        if due_at <= now and due_at != last:
            last = due_at
            yield SlotTime(_key(naive), due_at)


def _after(cron: str, zone: ZoneInfo, now: datetime) -> Iterator[SlotTime]:
    """The slots due after now, in order."""
    held: SlotTime | None = None
    for naive in _naive(cron, _shown(now, zone), back=False):
        slot = SlotTime(_key(naive), instant_of(naive, zone))
        if slot.due_at <= now:
            continue
        if held is not None and held.due_at != slot.due_at:
            yield held
        held = slot
    if held is not None:
        yield held


def _naive(cron: str, start: datetime, *, back: bool) -> Iterator[datetime]:
    times = croniter(cron, start)
    step = times.get_prev if back else times.get_next
    try:
        while True:
            yield step(datetime)
    except CroniterBadDateError:
        return  # nothing within fifty years, or before 1970


def _shown(now: datetime, zone: ZoneInfo) -> datetime:
    """What a clock of the zone shows, to the minute."""
    return now.astimezone(zone).replace(tzinfo=None, fold=0, second=0, microsecond=0)


def _furthest(now: datetime, zone: ZoneInfo) -> datetime:
    """The latest time that the clock has shown: more than it shows where it went back within this hour."""
    local = now.astimezone(zone)
    first, second = local.replace(fold=0), local.replace(fold=1)
    # Of the two instants at which the clock shows this time, when it is not shown once.
    went_back = second.astimezone(UTC) - first.astimezone(UTC) if local.fold else timedelta(0)
    return _shown(now, zone) + went_back


def _key(naive: datetime) -> str:
    return naive.isoformat(timespec="minutes")
