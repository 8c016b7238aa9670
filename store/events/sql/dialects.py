"""What would another engine be asked for the same behaviour? The one query, in its dialect."""

import re
from datetime import date
from typing import Literal, get_args

from store.errors import BadInput
from store.events.reading import EventReading
from store.events.sql.engines import ENGINES, flat_sql
from store.events.sql.flat import flat_events_sql, flat_items_sql
from store.events.sql.partials import PARTIALS, partial_sql
from store.events.sql.users import categories_sql, users_sql
from store.events.window import Windows

Dialect = Literal["duckdb", "bigquery", "clickhouse", "snowflake", "spark"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+){0,2}\*?")
# It fills what a join does not find with zeros, and reads `device` as the alias of that name, if not told.
CLICKHOUSE = "SETTINGS join_use_nulls = 1, prefer_column_name_to_alias = 1"
DAYS = "replace(CAST(event_date AS VARCHAR), '-', '') BETWEEN '{:%Y%m%d}' AND '{:%Y%m%d}'"


def behaviour_sql(
    dialect: Dialect,
    table: str,
    first_day: date,
    last_day: date,
    *,
    target_last_day: date | None = None,
    reading: EventReading | None = None,
) -> str:
    """The query of one row a user over a table of the export, in this dialect.

    `table` is, for BigQuery, what its daily tables' names begin with (`project.analytics_1.events_`); for
    the others one table of all days, nested as the export is (ClickHouse: named tuples; Snowflake: VARIANT).
    Behaviour is that of first_day to last_day, the target what follows up to target_last_day.
    Raises BadInput for a dialect, table or days that cannot be asked.
    """
    _check(dialect, table, first_day, last_day, target_last_day)
    windows = Windows(first_day=first_day, cut_off=last_day, target_last_day=target_last_day)
    reading = reading or EventReading()
    return _whole(dialect, table, users_sql(windows, by_person=reading.user == "person"), windows, reading)


def behaviour_categories_sql(
    dialect: Dialect, table: str, first_day: date, last_day: date, *, reading: EventReading | None = None
) -> str:
    """The query of each user's product categories (user_key, category, times), in this dialect.

    Apart from the users' own: a list in a cell is what dialects agree on least.
    """
    _check(dialect, table, first_day, last_day, None)
    windows = Windows(first_day=first_day, cut_off=last_day)
    reading = reading or EventReading()
    query = categories_sql(windows, by_person=reading.user == "person")
    return _whole(dialect, table, query, windows, reading)


def _whole(dialect: Dialect, table: str, query: str, windows: Windows, reading: EventReading) -> str:
    events, items = _flat(dialect, table, windows, reading)
    partials = ",\n".join(f"{name} AS (\n{partial_sql(name)}\n)" for name in PARTIALS)
    plain = _transpiled(f"WITH {partials},\n{query.removeprefix('WITH ')}", dialect)
    flat = f"WITH flat_events AS (\n  {events}\n),\nflat_items AS (\n  {items}\n)"
    text = f"{flat},\n{plain.removeprefix('WITH ')}"
    return f"{text}\n{CLICKHOUSE}" if dialect == "clickhouse" else text


def _flat(dialect: Dialect, table: str, windows: Windows, reading: EventReading) -> tuple[str, str]:
    if dialect in ENGINES:
        return flat_sql(dialect, table.rstrip("*"), windows, reading)
    days = DAYS.format(windows.first_day, windows.last_day)
    relation = f"(SELECT * FROM {table} WHERE {days}) AS of_days"  # noqa: S608  # the name was checked
    return flat_events_sql(relation, reading), flat_items_sql(relation, reading)


def _transpiled(query: str, dialect: Dialect) -> str:
    import sqlglot  # only this asks for it, and it takes a fifth of a second

    return sqlglot.transpile(query, read="duckdb", write=dialect, pretty=True)[0]


def _check(dialect: str, table: str, first_day: date, last_day: date, target_last_day: date | None) -> None:
    if dialect not in DIALECTS:
        raise BadInput(
            f"There is no dialect `{dialect}`", where="dialect", instead=f"There are {', '.join(DIALECTS)}."
        )
    if not TABLE.fullmatch(table):
        raise BadInput(
            "This cannot be a table", where="table", instead="Write it as project.dataset.events_, unquoted."
        )
    if last_day < first_day or (target_last_day is not None and target_last_day <= last_day):
        raise BadInput(
            "The days are not in order",
            where="days",
            instead="The first day, then the last day of behaviour, then that of the target.",
        )
