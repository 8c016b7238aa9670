"""Which of the export's columns does a file hold, and how are they reached?

Source: the schema of the GA4 export to BigQuery (support.google.com/analytics/answer/7029846).
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from store.errors import BadFile

# A column -> its fields; {} is a plain one.
Shape = dict[str, Any]

NEEDED = ("event_date", "event_timestamp", "event_name", "user_pseudo_id", "event_params")
LISTS = ("event_params", "user_properties", "items")
_KEYED = {"key": {}, "value": {"string_value": {}, "int_value": {}}}
_MONEY = {"price": {}, "price_in_usd": {}}
EXPORT: Shape = {
    "event_date": {},
    "event_timestamp": {},
    "event_name": {},
    "event_params": _KEYED,
    "user_id": {},
    "user_pseudo_id": {},
    "user_properties": _KEYED,
    "user_first_touch_timestamp": {},
    "device": {"category": {}, "operating_system": {}, "browser": {}, "web_info": {"browser": {}}},
    "geo": {"country": {}, "region": {}, "city": {}},
    "traffic_source": {"source": {}, "medium": {}},
    "ecommerce": {"purchase_revenue": {}, "purchase_revenue_in_usd": {}, "transaction_id": {}},
    "items": {"item_id": {}, "item_name": {}, "item_category": {}, **_MONEY},
}
WHOLE = {"event_timestamp", "user_first_touch_timestamp", "int_value"}
FRACTIONS = {"price", "price_in_usd", "purchase_revenue", "purchase_revenue_in_usd"}


def json_type(name: str, fields: Shape) -> str:
    """The type that DuckDB reads a column of JSON as; whole numbers may be texts, as BigQuery writes them."""
    if fields:
        inner = ", ".join(f"{field} {json_type(field, more)}" for field, more in fields.items())
        return f"STRUCT({inner})" + ("[]" if name in LISTS else "")
    return "BIGINT" if name in WHOLE else "DOUBLE" if name in FRACTIONS else "VARCHAR"


def parquet_shape(path: Path) -> tuple[Shape, frozenset[str]]:
    """The columns of a Parquet file, and which lists lie in a struct `list` of structs `element`.

    BigQuery wraps repeated fields so where the export does not ask for list inference.
    Raises BadFile for a file that is no Parquet, or lacks a column that is needed.
    """
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError):
        raise BadFile(
            "The file cannot be read as Parquet",
            where=str(path),
            instead="Export the table again, as Parquet or as newline-delimited JSON (.json, .json.gz).",
        ) from None
    types = {field.name: field.type for field in schema}
    if missing := [name for name in NEEDED if name not in types]:
        raise BadFile(
            f"The file lacks columns of the GA4 export: {', '.join(missing)}",
            where=str(path),
            instead="Export the whole table `events_YYYYMMDD`, not a query of it.",
        )
    wrapped = frozenset(name for name in LISTS if name in types and pa.types.is_struct(types[name]))
    shape = {name: _fields(type_) for name, type_ in types.items()}
    for name in LISTS:
        if name in types and not _as_in_export(types[name], name in wrapped):
            raise BadFile(
                f"The column `{name}` is not a list of records",
                where=str(path),
                instead="Export the table as it is, nested.",
            )
    return shape, wrapped


def _as_in_export(type_: pa.DataType, is_wrapped: bool) -> bool:
    if is_wrapped:
        at = type_.get_field_index("list")
        type_ = type_.field(at).type if at >= 0 else type_
    return _is_list(type_) and pa.types.is_struct(type_.value_type)


def _is_list(type_: pa.DataType) -> bool:
    return pa.types.is_list(type_) or pa.types.is_large_list(type_)


def _fields(type_: pa.DataType) -> Shape:
    if _is_list(type_):
        return _fields(type_.value_type)
    if not pa.types.is_struct(type_):
        return {}
    fields = {type_.field(at).name: type_.field(at).type for at in range(type_.num_fields)}
    for wrapping in ("list", "element", "item"):
        if set(fields) == {wrapping}:
            return _fields(fields[wrapping])
    return {name: _fields(inner) for name, inner in fields.items()}
