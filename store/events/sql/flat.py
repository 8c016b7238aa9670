"""How does DuckDB lay nested events flat? The relations flat_events and flat_items over one file or table."""
# ruff: noqa: S608  # put together from names of the export and texts that text_sql quoted

from collections.abc import Sequence

from store.events.files.shape import EXPORT, Shape
from store.events.reading import EventReading
from store.events.sql.partials import FLAT_EVENTS, FLAT_ITEMS
from store.population.source.engine import text_sql


def flat_events_sql(
    relation: str,
    reading: EventReading,
    shape: Shape = EXPORT,
    wrapped: frozenset[str] = frozenset(),
) -> str:
    """A row for each event of the relation, with the columns of FLAT_EVENTS."""
    params, properties = _list("event_params", wrapped), _list("user_properties", wrapped)
    session, engagement = (_number(params, key) for key in ("ga_session_id", "engagement_time_msec"))
    has_properties = "user_properties" in shape
    cells = {
        **_of_event(shape),
        "session_id": session,
        "engagement_ms": engagement,
        "first_touch_at": _cell(shape, "user_first_touch_timestamp", "BIGINT"),
        "device": _cell(shape, "device.category"),
        "operating_system": _cell(shape, "device.operating_system"),
        "browser": _either(shape, "device.web_info.browser", "device.browser"),
        "country": _cell(shape, "geo.country"),
        "region": _cell(shape, "geo.region"),
        "city": _cell(shape, "geo.city"),
        "first_source": _cell(shape, "traffic_source.source"),
        "first_medium": _cell(shape, "traffic_source.medium"),
        "user_type": _text(properties, reading.user_type_key) if has_properties else _null(),
        "plan": _text(properties, reading.plan_key) if has_properties else _null(),
        "revenue": _cell(shape, f"ecommerce.purchase_revenue{reading.suffix}", "DOUBLE"),
    }
    return f"SELECT {_columns(cells, FLAT_EVENTS)} FROM {relation}"


def flat_items_sql(
    relation: str,
    reading: EventReading,
    shape: Shape = EXPORT,
    wrapped: frozenset[str] = frozenset(),
) -> str:
    """A row for each item of the events of the relation, with the columns of FLAT_ITEMS."""
    cells = _of_event(shape)
    items = shape.get("items", {})
    item = {name: _cell({"item": items}, f"item.{name}") for name in ("item_id", "item_name")}
    item["category"] = _cell({"item": items}, "item.item_category")
    item["price"] = _cell({"item": items}, f"item.price{reading.suffix}", "DOUBLE")
    names = ("device_id", "event_day", "event_at", "event_name", "order_id")
    of_event = ", ".join(f"{cells[name]} AS {name}" for name in names)
    if not items:
        return f"SELECT {_columns(cells | item, FLAT_ITEMS)} FROM {relation} WHERE false"
    inner = f"SELECT {of_event}, unnest({_list('items', wrapped)}) AS item FROM {relation}"
    # Only events whose items are counted are laid flat: lists of products shown are ten times as many.
    wanted = "event_name IN ('view_item', 'add_to_cart', 'purchase')"
    told = {name: name for name in names} | item
    return f"SELECT {_columns(told, FLAT_ITEMS)} FROM ({inner} WHERE {wanted}) AS opened"


def _of_event(shape: Shape) -> dict[str, str]:
    return {
        "device_id": f"COALESCE(NULLIF(user_pseudo_id, ''), {_cell(shape, 'user_id')})",
        "user_id": _cell(shape, "user_id"),
        "event_day": "CAST(try_strptime(replace(CAST(event_date AS VARCHAR), '-', ''), '%Y%m%d') AS DATE)",
        "event_at": "CAST(event_timestamp AS BIGINT)",
        "event_name": "event_name",
        "order_id": _cell(shape, "ecommerce.transaction_id"),
    }


def _columns(cells: dict[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{cells[name]} AS {name}" for name in names)


def _list(name: str, wrapped: frozenset[str]) -> str:
    return f"list_transform({name}.list, lambda each: each.element)" if name in wrapped else name


def _number(records: str, key: str) -> str:
    return f"CAST({_keyed(records, key)}.int_value AS BIGINT)"


def _text(records: str, key: str) -> str:
    value = _keyed(records, key)
    return f"COALESCE({value}.string_value, CAST({value}.int_value AS VARCHAR))"


def _keyed(records: str, key: str) -> str:
    return f"list_filter({records}, lambda each: each.key = {text_sql(key)})[1].value"


def _either(shape: Shape, one: str, other: str) -> str:
    return f"COALESCE({_cell(shape, one)}, {_cell(shape, other)})"


def _cell(shape: Shape, path: str, type_: str = "VARCHAR") -> str:
    """The column or field at this path as this type, unknown where the file does not have it."""
    fields: Shape = shape
    for name in path.split("."):
        if name not in fields:
            return _null(type_)
        fields = fields[name]
    return f"CAST({path} AS {type_})"


def _null(type_: str = "VARCHAR") -> str:
    return f"CAST(NULL AS {type_})"
