"""How do other engines lay the export's nested events flat? Each in its own words."""
# ruff: noqa: S608  # put together from names of the export, keys that a pattern allows, and dates

from collections.abc import Callable
from dataclasses import dataclass

from store.events.reading import EventReading
from store.events.sql.partials import FLAT_EVENTS, FLAT_ITEMS
from store.events.window import Windows

ITEM_EVENTS = "event_name IN ('view_item', 'add_to_cart', 'purchase')"


@dataclass(frozen=True)
class Engine:
    """The words of one engine: `{…}` are filled with a column, a key or a table."""

    day: str  # event_date as a day
    number: str  # of a parameter
    text: str  # of a user property
    field: Callable[[str], str]  # a path such as device.web_info.browser
    source: str
    items: str  # the source with each item beside its event
    item: Callable[[str], str]
    whole: str = "BIGINT"
    fraction: str = "DOUBLE"
    textual: str = "VARCHAR"
    between: str = "event_date BETWEEN '{first}' AND '{last}'"
    source_name: str = ""


def _dotted(path: str) -> str:
    return path


def _snowflake(path: str) -> str:
    first, *rest = path.split(".")
    return ":".join([first, ".".join(rest)]) if rest else first


def _tuple(path: str) -> str:
    first, *rest = path.split(".")
    for name in rest:
        first = f"tupleElement({first}, '{name}')"
    return first


ENGINES = {
    "bigquery": Engine(
        day="PARSE_DATE('%Y%m%d', event_date)",
        number="(SELECT p.value.int_value FROM UNNEST(event_params) AS p WHERE p.key = '{key}' LIMIT 1)",
        text="(SELECT COALESCE(p.value.string_value, CAST(p.value.int_value AS STRING)) "
        "FROM UNNEST(user_properties) AS p WHERE p.key = '{key}' LIMIT 1)",
        field=_dotted,
        source="`{table}*`",
        items="`{table}*`, UNNEST(items) AS item",
        item=lambda name: f"item.{name}",
        whole="INT64",
        fraction="FLOAT64",
        textual="STRING",
        # The tables of a day still running count only until the day's own table is there.
        between="REGEXP_CONTAINS(_TABLE_SUFFIX, r'^(intraday_)?[0-9]{{8}}$') "
        "AND SUBSTR(_TABLE_SUFFIX, -8) BETWEEN '{first}' AND '{last}' "
        "AND (LENGTH(_TABLE_SUFFIX) = 8 OR SUBSTR(_TABLE_SUFFIX, -8) NOT IN "
        "(SELECT d._TABLE_SUFFIX FROM `{table}*` AS d "
        "WHERE d._TABLE_SUFFIX BETWEEN '{first}' AND '{last}' AND d.event_date IS NOT NULL))",
    ),
    "spark": Engine(
        day="TO_DATE(event_date, 'yyyyMMdd')",
        number="GET(FILTER(event_params, p -> p.key = '{key}'), 0).value.int_value",
        text="COALESCE(GET(FILTER(user_properties, p -> p.key = '{key}'), 0).value.string_value, "
        "CAST(GET(FILTER(user_properties, p -> p.key = '{key}'), 0).value.int_value AS STRING))",
        field=_dotted,
        source="{table}",
        items="{table} LATERAL VIEW EXPLODE(items) opened AS item",
        item=lambda name: f"item.{name}",
        textual="STRING",
    ),
    "snowflake": Engine(
        day="TO_DATE(event_date, 'YYYYMMDD')",
        number="FILTER(event_params, p -> p:key::VARCHAR = '{key}')[0]:value.int_value",
        text="FILTER(user_properties, p -> p:key::VARCHAR = '{key}')[0]:value.string_value",
        field=_snowflake,
        source="{table}",
        items="{table}, LATERAL FLATTEN(INPUT => items) AS opened",
        item=lambda name: f"opened.value:{name}",
    ),
    "clickhouse": Engine(
        day="toDate(parseDateTimeBestEffort(event_date))",
        number="tupleElement(tupleElement(arrayFirst(p -> tupleElement(p, 'key') = '{key}', event_params), "
        "'value'), 'int_value')",
        text="tupleElement(tupleElement(arrayFirst(p -> tupleElement(p, 'key') = '{key}', user_properties), "
        "'value'), 'string_value')",
        field=_tuple,
        source="{table}",
        items="{table} ARRAY JOIN items AS item",
        item=lambda name: f"tupleElement(item, '{name}')",
        whole="Nullable(Int64)",
        fraction="Nullable(Float64)",
        textual="Nullable(String)",
    ),
}


def flat_sql(dialect: str, table: str, windows: Windows, reading: EventReading) -> tuple[str, str]:
    """The queries of flat_events and flat_items in one of ENGINES, of the days of the windows."""
    engine = ENGINES[dialect]
    days = {"first": f"{windows.first_day:%Y%m%d}", "last": f"{windows.last_day:%Y%m%d}", "table": table}
    where = engine.between.format(**days)
    events = ",\n    ".join(f"{cell} AS {name}" for name, cell in _event_cells(engine, reading).items())
    items = ",\n    ".join(f"{cell} AS {name}" for name, cell in _item_cells(engine, reading).items())
    return (
        f"SELECT {events}\n  FROM {engine.source.format(table=table)}\n  WHERE {where}",
        f"SELECT {items}\n  FROM {engine.items.format(table=table)}\n  WHERE {where}\n    AND {ITEM_EVENTS}",
    )


def _event_cells(engine: Engine, reading: EventReading) -> dict[str, str]:
    browser = (_as(engine, engine.field(path)) for path in ("device.web_info.browser", "device.browser"))
    cells = {
        **_shared_cells(engine),
        "user_id": _as(engine, "user_id"),
        "session_id": _as(engine, engine.number.format(key="ga_session_id"), engine.whole),
        "engagement_ms": _as(engine, engine.number.format(key="engagement_time_msec"), engine.whole),
        "first_touch_at": _as(engine, "user_first_touch_timestamp", engine.whole),
        "device": _as(engine, engine.field("device.category")),
        "operating_system": _as(engine, engine.field("device.operating_system")),
        "browser": f"COALESCE({', '.join(browser)})",
        **{name: _as(engine, engine.field(f"geo.{name}")) for name in ("country", "region", "city")},
        "first_source": _as(engine, engine.field("traffic_source.source")),
        "first_medium": _as(engine, engine.field("traffic_source.medium")),
        "user_type": _as(engine, engine.text.format(key=reading.user_type_key)),
        "plan": _as(engine, engine.text.format(key=reading.plan_key)),
        "revenue": _as(engine, engine.field(f"ecommerce.purchase_revenue{reading.suffix}"), engine.fraction),
    }
    return {name: cells[name] for name in FLAT_EVENTS}


def _item_cells(engine: Engine, reading: EventReading) -> dict[str, str]:
    cells = {
        **_shared_cells(engine),
        "item_id": _as(engine, engine.item("item_id")),
        "item_name": _as(engine, engine.item("item_name")),
        "category": _as(engine, engine.item("item_category")),
        "price": _as(engine, engine.item(f"price{reading.suffix}"), engine.fraction),
    }
    return {name: cells[name] for name in FLAT_ITEMS}


def _shared_cells(engine: Engine) -> dict[str, str]:
    device, user = (_as(engine, name) for name in ("user_pseudo_id", "user_id"))
    return {
        "device_id": f"COALESCE(NULLIF({device}, ''), {user})",
        "event_day": engine.day,
        "event_at": _as(engine, "event_timestamp", engine.whole),
        "event_name": "event_name",
        "order_id": _as(engine, engine.field("ecommerce.transaction_id")),
    }


def _as(engine: Engine, cell: str, type_: str = "") -> str:
    return f"CAST({cell} AS {type_ or engine.textual})"
