"""The one query, in the words of other engines: it parses there, and DuckDB's gives what a load gives."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlglot

from store.errors import BadInput
from store.events import Behaviour, BehaviourReport, EventReading, WindowQuery
from store.events.sql.dialects import DIALECTS, Dialect, behaviour_categories_sql, behaviour_sql
from store.synthetic.events import generate_events
from tests.store.events.conftest import NOW, rows

FIRST, LAST, TARGET = date(2026, 3, 1), date(2026, 3, 20), date(2026, 3, 31)
PERSON = EventReading(user="person", money="local", plan_key="tier")


@pytest.fixture(scope="module")
def columns() -> list[str]:
    return sqlglot.parse_one(behaviour_sql("duckdb", "events", FIRST, LAST), read="duckdb").named_selects


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_query_parses_in_its_dialect_comes_back_the_same_and_has_the_same_columns(
    dialect: Dialect, columns: list[str]
) -> None:
    users = behaviour_sql(dialect, "shop.events_", FIRST, LAST, target_last_day=TARGET, reading=PERSON)
    kinds = behaviour_categories_sql(dialect, "shop.events_", FIRST, LAST)
    for text, names in ((users, columns), (kinds, ["user_key", "category", "times"])):
        (parsed,) = sqlglot.parse(text, read=dialect)
        assert parsed is not None
        assert parsed.named_selects == names
        written = parsed.sql(dialect)
        assert sqlglot.parse_one(written, read=dialect).sql(dialect) == written


def test_bigquery_reads_tables_of_the_days_and_those_still_running_once() -> None:
    text = behaviour_sql("bigquery", "p.analytics_1.events_", FIRST, LAST, target_last_day=TARGET)
    assert text.count("FROM `p.analytics_1.events_*`") == 4
    assert text.count("BETWEEN '20260301' AND '20260331'") == 4
    assert "intraday_" in text


@pytest.mark.parametrize("reading", [EventReading(), EventReading(user="person")])
def test_duckdb_asked_once_gives_what_days_read_one_by_one_give(
    tmp_path: Path, reading: EventReading
) -> None:
    generate_events(4_000, 3, tmp_path / "events", days=31)
    behaviour = Behaviour(tmp_path / "warehouse")
    behaviour.load(
        sorted((tmp_path / "events").glob("*.parquet")),
        NOW,
        windows=WindowQuery(days=20, cut_off=LAST, target_days=11),
        reading=reading,
        progress=lambda *_: None,
    )
    loaded = rows(behaviour)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{tmp_path}/events/*.parquet')")
        text = behaviour_sql("duckdb", "events", FIRST, LAST, target_last_day=TARGET, reading=reading)
        found = connection.execute(text)
        names = [column[0] for column in found.description or []]
        asked = {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}
        kinds = connection.execute(
            behaviour_categories_sql("duckdb", "events", FIRST, LAST, reading=reading)
        ).fetchall()
    categories: dict[str, list[str]] = {}
    for key, kind, _ in sorted(kinds):
        categories.setdefault(key, []).append(kind)
    assert len(loaded) > 30
    for key, row in loaded.items():
        assert row.pop("categories") == categories.get(key)
        assert row == asked.pop(key)
    assert asked == {}


@pytest.mark.parametrize(
    ("dialect", "table", "first", "last", "says"),
    [
        ("oracle", "events", FIRST, LAST, "There is no dialect `oracle`"),
        ("spark", "events; DROP TABLE x", FIRST, LAST, "This cannot be a table"),
        ("bigquery", "`a.b.c`", FIRST, LAST, "This cannot be a table"),
        ("spark", "events", LAST, FIRST, "The days are not in order"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    dialect: Dialect, table: str, first: date, last: date, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        behaviour_sql(dialect, table, first, last)


def test_a_key_cannot_leave_its_quotes() -> None:
    with pytest.raises(ValueError, match="plan_key"):
        EventReading(plan_key="a' OR '1'='1")


def test_a_generated_day_loads_from_json_as_from_parquet(
    load: Callable[..., BehaviourReport], behaviour: Behaviour, tmp_path: Path
) -> None:
    generate_events(600, 5, tmp_path / "json", days=3, form="ndjson")
    generate_events(600, 5, tmp_path / "parquet", days=3)
    load(sorted((tmp_path / "json").glob("events_*")))
    other = Behaviour(tmp_path / "other")
    other.load(sorted((tmp_path / "parquet").glob("events_*")), NOW, progress=lambda *_: None)
    assert rows(behaviour) == rows(other)
