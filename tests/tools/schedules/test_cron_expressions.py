"""Which cron expressions and zones are taken, and how often they come."""

from datetime import UTC, date, datetime, timedelta

import pytest

from store.errors import BadInput
from tools.schedules.cron import checked_cron, checked_zone, slots_per_year
from tools.schedules.saying import cron_of
from tools.schedules.slots import next_slots


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("0 8 * * mon", "0 8 * * mon"),
        ("  0  8 * *  MON ", "0 8 * * mon"),
        ("30 7-19/4 1,15 jan-jun *", "30 7-19/4 1,15 jan-jun *"),
        ("0 8 * * fri-sun", "0 8 * * fri-sun"),
        ("0 8 * * mon#1,thu#3", "0 8 * * mon#1,thu#3"),
        ("5 * * * *", "5 * * * *"),
    ],
)
def test_expressions_of_five_fields_are_taken(given: str, clean: str) -> None:
    assert checked_cron(given) == clean


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "five fields"),
        ("0 8 * *", "five fields"),
        ("0 0 8 * * mon", "five fields"),
        ("@weekly", "five fields"),
        ("0 8 * * " + "mon," * 40 + "mon", "five fields"),
        ("*/5 8 * * *", "minute has several values"),
        ("* * * * *", "minute has several values"),
        ("0,30 * * * *", "minute has several values"),
        ("5-5 8 * * *", "minute is not of the form"),
        ("60 8 * * *", "minute is out of its bounds"),
        ("0 24 * * *", "hour is out of its bounds"),
        ("0 8 32 * *", "day of the month is out of its bounds"),
        ("0 8 0 * *", "day of the month is out of its bounds"),
        ("0 8 * 13 *", "month is out of its bounds"),
        ("0 8 * * 8", "day of the week is out of its bounds"),
        ("0 8 * * monday", "day of the week is not of the form"),
        ("0 8 l * *", "day of the month is not of the form"),
        ("r 8 * * *", "minute is not of the form"),
        ("h h * * *", "minute is not of the form"),
        ("0 8 15w * *", "day of the month is not of the form"),
        ("0 8 * * mon#6", "day of the week is not of the form"),
        ("0 8 1 * mon#1", "goes with days like it alone"),
        ("0 8 * * mon#1,fri", "goes with days like it alone"),
        ("0 8 31 feb *", "No day is ever like that"),
        ("0 */0 * * *", "hour is not of the form"),
    ],
)
def test_a_refused_expression_says_which_field_is_wrong(wrong: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as refused:
        checked_cron(wrong)
    assert refused.value.where == "cron"


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ((None, None, None), "0 8 * * mon"),
        (("week", "thursday", "16:30"), "30 16 * * thu"),
        (("day", None, "07:05"), "5 7 * * *"),
        (("month", None, None), "0 8 1 * *"),
        (("month", "friday", "00:00"), "0 0 * * fri#1"),
    ],
)
def test_what_is_said_in_words_becomes_an_expression(said: tuple, cron: str) -> None:
    assert cron_of(*said) == checked_cron(cron) == cron


@pytest.mark.parametrize(
    ("before", "said", "cron"),
    [
        ("30 10 * * thu", (None, "friday", None), "30 10 * * fri"),
        ("30 10 * * thu", (None, None, "16:00"), "0 16 * * thu"),
        ("30 10 * * mon-fri", (None, None, "16:00"), "0 16 * * mon-fri"),
        ("30 10 * * thu", ("day", None, None), "30 10 * * *"),
        ("30 10 * * *", ("week", None, None), "30 10 * * mon"),
        ("30 10 * * *", (None, "friday", None), "30 10 * * fri"),
        ("30 10 1 * *", (None, "friday", None), "30 10 * * fri#1"),
        ("30 10 * * fri#1", ("week", None, None), "30 10 * * fri"),
        ("30 10 * * thu", ("month", None, None), "30 10 1 * *"),
        ("0 * * * *", ("day", None, None), "0 8 * * *"),
    ],
)
def test_what_is_left_out_of_a_change_stays(before: str, said: tuple, cron: str) -> None:
    assert cron_of(*said, before) == checked_cron(cron) == cron


def test_every_day_has_no_day_of_the_week() -> None:
    with pytest.raises(BadInput, match="no day of the week"):
        cron_of("day", "monday", None)


@pytest.mark.parametrize("at", ["24:00", "8", "08:60", "aa:bb"])
def test_a_time_that_no_clock_shows_is_refused(at: str) -> None:
    with pytest.raises(BadInput, match="no such time of the day"):
        cron_of("week", None, at)


@pytest.mark.parametrize(
    ("given", "zone"),
    [("UTC", "UTC"), ("europe/berlin", "Europe/Berlin"), (" Asia/Kathmandu ", "Asia/Kathmandu")],
)
def test_a_zone_is_spelled_as_the_database_spells_it(given: str, zone: str) -> None:
    assert checked_zone(given) == zone


@pytest.mark.parametrize("wrong", ["", "CEST summer", "Europe", "../../etc/passwd", "No/Where", "x" * 400])
def test_another_zone_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="no such time zone"):
        checked_zone(wrong)


@pytest.mark.parametrize(
    ("cron", "slots"),
    [
        ("0 8 * * mon", 52.18),  # 1461 weeks in 28 years
        ("0 8 * * *", 365.25),
        ("0 8,16 * * mon-fri", 521.79),
        ("0 * * * *", 8766),
        ("0 8 1 * *", 12),
        ("0 8 * * mon#1", 12),
        ("0 8 29 2 *", 0.25),
        ("0 8 1 * mon", 62.46),  # either will do: 52.18 Mondays and 12 firsts, 1.71 of them Mondays
    ],
)
def test_slots_of_a_year_are_counted_by_the_calendar(cron: str, slots: float) -> None:
    assert slots_per_year(cron) == pytest.approx(slots, abs=0.01)


CRONS = (
    "0 8 * * mon",
    "0 8 1,15 * *",
    "0 8 13 * fri",
    "0 8 * * sun#2",
    "0 8 * * sat-mon",
    "0 6-22/8 * 2-11/3 tue,thu",
    "15 8 5/10 * *",
    "0 8 * * mon#1,fri#3",
)


@pytest.mark.parametrize("cron", CRONS)
def test_a_year_has_as_many_slots_as_come_in_28_of_them(cron: str) -> None:
    """Without daylight saving each slot that is counted comes: checked over the first 3 of the 28 years."""
    end = datetime(2004, 1, 1, tzinfo=UTC)
    come = next_slots(cron, "UTC", datetime(2000, 12, 31, 23, 59, tzinfo=UTC), 1_300)
    counted = sum(slot.due_at < end for slot in come)
    assert abs(counted / 3 - slots_per_year(cron)) < 2
    days = {(date(2001, 1, 1) + timedelta(days=n)).isoformat() for n in range(1_095)}
    assert {slot.slot[:10] for slot in come if slot.due_at < end} <= days
