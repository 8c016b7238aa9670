"""A table in pages: all of it, once, in order, whatever comes meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.records import Analysis, Database
from store.records.newest import Place, newest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "fieldmark.db")
    yield opened
    opened.close()


def analysis(key: str, minute: int, warehouse: str = "us") -> Analysis:
    return Analysis(
        analysis_id=key,
        workflow_id="w",
        warehouse=warehouse,
        snapshot_id="s",
        created_at=NOON + timedelta(minutes=minute),
        customers=1,
        headline="",
    )


def pages(database: Database, limit: int, **where: str | tuple[str, ...] | None) -> list[list[str]]:
    """The keys of every page."""
    found, after = [], None
    while True:
        at, key = Analysis.created_at, Analysis.analysis_id
        rows = newest(database, Analysis, at, key, limit, after, **where)
        found.append([row.analysis_id for row in rows[:limit]])
        if len(rows) <= limit:
            return found
        last = rows[limit - 1]
        after = Place(last.created_at, last.analysis_id)


def test_the_newest_comes_first_and_equal_times_by_key(database: Database) -> None:
    for key, minute in (("a", 0), ("b", 1), ("c", 1), ("d", 2)):
        database.add(analysis(key, minute))
    assert pages(database, 2) == [["d", "c"], ["b", "a"]]
    assert pages(database, 3) == [["d", "c", "b"], ["a"]]
    assert pages(database, 9) == [["d", "c", "b", "a"]]


def test_only_rows_that_are_wanted_come(database: Database) -> None:
    for number, warehouse in enumerate(("us", "eu", "us")):
        database.add(analysis(f"a{number}", number, warehouse))
    assert pages(database, 9, warehouse="us") == [["a2", "a0"]]
    assert pages(database, 9, warehouse=("us", "eu")) == [["a2", "a1", "a0"]]
    assert pages(database, 9, warehouse=None) == [["a2", "a1", "a0"]]
    assert pages(database.of("org_1"), 9) == [[]]


def test_a_row_that_comes_meanwhile_moves_no_page(database: Database) -> None:
    for number in range(4):
        database.add(analysis(f"a{number}", number))
    at, key = Analysis.created_at, Analysis.analysis_id
    first = newest(database, Analysis, at, key, 2)
    database.add(analysis("new", 9))
    after = Place(first[1].created_at, first[1].analysis_id)
    assert [row.analysis_id for row in newest(database, Analysis, at, key, 2, after)] == ["a1", "a0"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 5))
def test_pages_together_are_the_table(database: Database, minutes: list[int], limit: int) -> None:
    warehouse = f"w{len(minutes)}-{limit}-{'-'.join(map(str, minutes))}"
    for number, minute in enumerate(minutes):
        database.keep(analysis(f"{warehouse} {number:02}", minute, warehouse))
    rows = sorted(((minute, f"{warehouse} {n:02}") for n, minute in enumerate(minutes)), reverse=True)
    found = [key for page in pages(database, limit, warehouse=warehouse) for key in page]
    assert found == [key for _, key in rows]
