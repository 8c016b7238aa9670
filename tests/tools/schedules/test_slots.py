"""Slots against every minute of a zone's clock, looked at one by one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.schedules.slots import instant_of, latest_slot, missed_between, next_slots

MINUTE = timedelta(minutes=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/St_Johns",
)
# Around where clocks are changed, and where a February has 29 days.
NEAR = (
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 12, tzinfo=UTC),
    datetime(2026, 10, 3, 12, tzinfo=UTC),
    datetime(2011, 12, 30, 12, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_minutes(cron: str, zone: str, first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """Slots due within these times: each minute on the wall is looked at, also those that no clock shows.

    A clock of the zone is read minute by minute. The times that it newly reaches, and those that it passes
    over, are due when it reaches or passes them. Of those due at one instant the last is kept.
    """
    minute, hour, days, months, weekdays = cron.split()
    shown_before = (first - MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    # Within an hour that comes for the second time all that the clock showed before was reached.
    reached = max(
        (first - MINUTE - timedelta(minutes=back)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for back in range(181)
    )
    reached = max(reached, shown_before)
    found: dict[datetime, str] = {}
    instant = first
    while instant <= last:
        shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        while reached < shown:
            reached += MINUTE
            said = reached.minute, reached.hour, reached.day, reached.month, reached.isoweekday() % 7
            parts = zip((minute, hour, days, months, weekdays), said, strict=True)
            if all(part == "*" or value in map(int, part.split(",")) for part, value in parts):
                found[instant] = reached.isoformat(timespec="minutes")
        instant += MINUTE
    return [(slot, due) for due, slot in found.items()]


def numbers(first: int, last: int, most: int) -> st.SearchStrategy[str]:
    some = st.lists(st.integers(first, last), min_size=1, max_size=most, unique=True)
    return st.one_of(st.just("*"), some.map(lambda found: ",".join(map(str, found))))


crons = st.builds(
    lambda minute, hours, days, weekdays: f"{minute} {hours} {days} * {'*' if days != '*' else weekdays}",
    st.integers(0, 59),
    numbers(0, 4, 3),
    numbers(1, 31, 12),
    numbers(0, 6, 4),
)


@settings(max_examples=60)
@given(crons, st.sampled_from(ZONES), st.sampled_from(NEAR), st.integers(-1500, 1500))
def test_slots_are_the_minutes_that_a_clock_on_the_wall_reaches_or_passes(
    cron: str, zone: str, near: datetime, shift: int
) -> None:
    now = near + timedelta(minutes=shift)
    first, last = now - timedelta(hours=30), now + timedelta(hours=30)
    slots = by_minutes(cron, zone, first, last)
    past = [slot for slot in slots if slot[1] <= now]
    to_come = [slot for slot in slots if slot[1] > now]
    latest = latest_slot(cron, zone, now)
    if past:
        assert latest == past[-1]
    else:
        assert latest is None or latest.due_at < first
    found = next_slots(cron, zone, now, len(to_come) + 1)
    assert found[: len(to_come)] == to_come
    assert all(slot.due_at > last for slot in found[len(to_come) :])
    missed = missed_between(cron, zone, first - MINUTE, now, most=3)
    between = [slot for slot in past if slot[1] < now]
    assert (missed.many, missed.newest) == (len(between), between[::-1][:3])


@settings(max_examples=60)
@given(st.sampled_from(ZONES), st.sampled_from(NEAR), st.integers(-3000, 3000))
def test_the_instant_of_a_time_never_goes_back(zone: str, near: datetime, shift: int) -> None:
    naive = near.replace(tzinfo=None) + timedelta(minutes=shift)
    due = instant_of(naive, ZoneInfo(zone))
    assert due <= instant_of(naive + MINUTE, ZoneInfo(zone))
    shown = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown >= naive
    if shown > naive:  # the time is left out: a second before, the clock had not reached it
        just_before = (due - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert just_before < naive


def test_a_monday_keeps_its_time_on_the_wall_over_both_changes() -> None:
    """08:00 in Berlin is 07:00 UTC until 29 March 2026, 06:00 in summer, and 07:00 from 25 October on."""
    spring = next_slots("0 8 * * mon", "Europe/Berlin", at("2026-03-20T00:00"), 2)
    assert [slot.due_at for slot in spring] == [at("2026-03-23T07:00"), at("2026-03-30T06:00")]
    autumn = next_slots("0 8 * * mon", "Europe/Berlin", at("2026-10-18T00:00"), 2)
    assert [slot.due_at for slot in autumn] == [at("2026-10-19T06:00"), at("2026-10-26T07:00")]


def test_a_time_that_is_left_out_is_due_when_the_gap_ends() -> None:
    """In New York 02:30 is left out on 8 March 2026: 02:00 EST = 03:00 EDT = 07:00 UTC."""
    (slot,) = next_slots("30 2 * * *", "America/New_York", at("2026-03-08T00:00"), 1)
    assert slot == ("2026-03-08T02:30", at("2026-03-08T07:00"))
    # Lord Howe goes forward by half an hour, at 02:00 on 4 October 2026: 15:30 UTC of the day before.
    (slot,) = next_slots("15 2 * * *", "Australia/Lord_Howe", at("2026-10-03T00:00"), 1)
    assert slot == ("2026-10-04T02:15", at("2026-10-03T15:30"))


def test_a_day_that_was_left_out_ends_at_midnight() -> None:
    """Samoa had no 30 December 2011: its 29th ended at 10:00 UTC on the 30th, and the 31st began."""
    found = next_slots("0 8 * * *", "Pacific/Apia", at("2011-12-29T20:00"), 3)
    assert found == [
        ("2011-12-30T08:00", at("2011-12-30T10:00")),
        ("2011-12-31T08:00", at("2011-12-30T18:00")),
        ("2012-01-01T08:00", at("2011-12-31T18:00")),
    ]


def test_slots_that_fall_together_are_one() -> None:
    """Every hour in New York: 02:00 is left out on 8 March, and is due with 03:00."""
    found = next_slots("0 * * * *", "America/New_York", at("2026-03-08T05:30"), 3)
    assert [slot.slot[-5:] for slot in found] == ["01:00", "03:00", "04:00"]
    assert (
        missed_between("0 * * * *", "America/New_York", at("2026-03-08T05:30"), at("2026-03-08T08:30"))[0]
        == 3
    )


def test_an_hour_that_comes_twice_has_one_slot_at_its_first_instant() -> None:
    """In New York 01:30 comes on 1 November 2026 at 05:30 and at 06:30 UTC."""
    first = ("2026-11-01T01:30", at("2026-11-01T05:30"))
    for now in ("2026-11-01T05:30", "2026-11-01T06:10", "2026-11-01T06:30", "2026-11-01T07:00"):
        assert latest_slot("30 1 * * *", "America/New_York", at(now)) == first
        assert next_slots("30 1 * * *", "America/New_York", at(now), 1)[0].slot == "2026-11-02T01:30"
    assert latest_slot("30 1 * * *", "America/New_York", at("2026-11-01T05:29")) != first


def test_kathmandu_is_a_quarter_of_an_hour_off() -> None:
    assert next_slots("0 8 * * *", "Asia/Kathmandu", at("2026-03-02T00:00"), 1) == [
        ("2026-03-02T08:00", at("2026-03-02T02:15"))
    ]


def test_a_leap_day_comes_every_four_years() -> None:
    found = next_slots("0 8 29 2 *", "UTC", at("2026-03-01T00:00"), 2)
    assert [slot.slot for slot in found] == ["2028-02-29T08:00", "2032-02-29T08:00"]
    assert latest_slot("0 8 29 2 *", "UTC", at("2026-03-01T00:00")) == (
        "2024-02-29T08:00",
        at("2024-02-29T08:00"),
    )


def test_what_was_missed_is_counted_and_the_newest_named() -> None:
    """Ten days from Monday 2 March: of the daily slots 3 to 12 March, the 12th is not before itself."""
    missed = missed_between("0 8 * * *", "UTC", at("2026-03-02T08:00"), at("2026-03-12T08:00"), most=2)
    assert (missed.many, [slot.slot for slot in missed.newest]) == (
        9,
        ["2026-03-11T08:00", "2026-03-10T08:00"],
    )


def test_counting_what_was_missed_comes_to_an_end() -> None:
    missed = missed_between("0 * * * *", "UTC", at("2020-01-01T00:00"), at("2030-01-01T00:00"))
    assert (missed.many, len(missed.newest)) == (10_000, 60)


@pytest.mark.parametrize("zone", ZONES)
def test_the_times_to_come_go_on_from_the_latest(zone: str) -> None:
    now = at("2026-03-02T08:00")
    (following,) = next_slots("0 8 * * mon", zone, now, 1)
    assert latest_slot("0 8 * * mon", zone, following.due_at) == following
    assert latest_slot("0 8 * * mon", zone, following.due_at - MINUTE) != following
