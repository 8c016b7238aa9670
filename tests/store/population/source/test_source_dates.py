"""Cells that are dates in one way only are days; others are none, and never guessed."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.population.mapping import Mapping
from store.population.source.dates import date_sql, days_sql, swapped_sql

FIRST = date(1970, 1, 1)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connected:
        connected.execute("SET TimeZone = 'UTC'")
        yield connected


def read(connection, cells: list[str | None], **column: object) -> list[float | None]:
    mapping = Mapping.model_validate({"columns": {"d": {"kind": "date", **column}}})
    rows = connection.execute(
        f"SELECT {date_sql('d', mapping)} FROM (SELECT unnest($1::VARCHAR[]) AS d)", [cells]
    ).fetchall()
    return [day for (day,) in rows]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31",
        " 2024-01-31 ",
        "2024-1-31",
        "2024/01/31",
        "2024-01-31 00:00:00",
        "2024-01-31T00:00:00Z",
        "2024-01-31T02:00:00+02:00",
        "31 Jan 2024",
        "31-Jan-2024",
        "31 January 2024",
        "Jan 31, 2024",
        "January 31, 2024",
        "jan 31 2024",
    ],
)
def test_forms_that_can_be_read_in_one_way(connection, text: str) -> None:
    """The last day of January 2024 is 19,753 days after the first of January 1970."""
    assert read(connection, [text]) == [19_753]


def test_the_time_of_day_is_a_part_of_the_day(connection) -> None:
    assert read(connection, ["1970-01-02 06:00", "1970-01-01T18:00:00-06:00", "1969-12-31 12:00"]) == [
        1.25,
        1.0,
        -0.5,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-30",
        "2024-13-01",
        "2024-01-31 25:00",
        "31 Foo 2024",
        "03/04/2024",
        "3.4.24",
        "1/2/24",
        "24-01-31",
        "20240131",
        "2024-01",
        "2024",
        "0024-01-31",
        "99999-01-01",
        "2024-01-31 (BC)",
        "infinity",
        "epoch",
        "today",
        "x",
    ],
)
def test_other_texts_are_no_dates(connection, text: str) -> None:
    assert read(connection, [text]) == [None]


def test_missing_marks_are_null(connection) -> None:
    assert read(connection, [None, "", " ", "NULL"]) == [None] * 4


@pytest.mark.parametrize(
    ("format", "text", "day"),
    [
        ("%d/%m/%Y", "03/04/2024", date(2024, 4, 3)),
        ("%m/%d/%Y", "03/04/2024", date(2024, 3, 4)),
        ("%m/%d/%Y", "3/4/2024", date(2024, 3, 4)),
        ("%d.%m.%y", "31.12.99", date(1999, 12, 31)),
        ("%Y%m%d", "20240131", date(2024, 1, 31)),
        ("%Y-%m", "2024-03", date(2024, 3, 1)),
        ("%d/%m/%Y", "31/02/2024", None),
        ("%d/%m/%Y", "04/31/2024", None),
        ("%d/%m/%Y", "03/04/24", None),
        ("%d/%m/%Y", "2024-04-03", None),
    ],
)
def test_a_format_decides(connection, format: str, text: str, day: date | None) -> None:
    assert read(connection, [text], format=format) == [day and (day - FIRST).days]


def test_a_format_with_a_zone_is_read_in_utc(connection) -> None:
    assert read(connection, ["01/01/1970 18:00 -0600"], format="%d/%m/%Y %H:%M %z") == [1.0]


def test_an_age_is_in_whole_years_on_the_day_that_is_given(connection) -> None:
    """Born on 15 June 2000: 23 on the eve of the birthday, 24 on it. Who is born later has no age yet."""
    born = ["2000-06-15", "2000-06-14", "2000-06-16", "2024-06-15", "2024-06-16", "2000-06-15 23:59", None]
    ages = read(connection, born, **{"as": "age", "as_of": "2024-06-15"})
    assert ages == [24, 24, 23, 0, None, 24, None]


def test_only_what_has_two_readings_is_told_to_have_them(connection) -> None:
    mapping = Mapping.model_validate({"columns": {"d": {"kind": "date"}}})
    cells = ["03/04/2024", "13.4.24", "3-4-2024 10:00", "2024-04-03", "3 Apr 2024", "x"]
    found = connection.execute(
        f"SELECT {swapped_sql('d', mapping)} FROM (SELECT unnest($1::VARCHAR[]) AS d)", [cells]
    ).fetchall()
    assert [swapped for (swapped,) in found] == [True, True, True, False, False, False]


@settings(max_examples=30, deadline=None)
@given(day=st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    with duckdb.connect() as connected:
        connected.execute("SET TimeZone = 'UTC'")
        days = connected.execute(f"SELECT {days_sql('d')} FROM (SELECT '{day.isoformat()}' AS d)").fetchall()
    assert days == [((day - FIRST).days,)]
