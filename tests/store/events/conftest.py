"""Days of the GA4 export by hand: as BigQuery extracts them, nulls left out and whole numbers as texts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from store.events import Behaviour, BehaviourReport

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
NESTED = """STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR, int_value BIGINT))[]"""
COLUMNS = {
    "event_date": "VARCHAR",
    "event_timestamp": "BIGINT",
    "event_name": "VARCHAR",
    "event_params": NESTED,
    "user_id": "VARCHAR",
    "user_pseudo_id": "VARCHAR",
    "user_properties": NESTED,
    "user_first_touch_timestamp": "BIGINT",
    "device": "STRUCT(category VARCHAR, operating_system VARCHAR, web_info STRUCT(browser VARCHAR))",
    "geo": "STRUCT(country VARCHAR, region VARCHAR, city VARCHAR)",
    "traffic_source": "STRUCT(source VARCHAR, medium VARCHAR)",
    "ecommerce": "STRUCT(purchase_revenue_in_usd DOUBLE, purchase_revenue DOUBLE, transaction_id VARCHAR)",
    "items": "STRUCT(item_id VARCHAR, item_category VARCHAR, price_in_usd DOUBLE)[]",
}


def micros(text: str) -> int:
    """The microseconds of `2026-03-01 10:00:00` in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def event(who: str | None, at: str, name: str = "page_view", session: int | None = 1, **more: Any) -> dict:
    """One event as it lies in a file."""
    params = [] if session is None else [{"key": "ga_session_id", "value": {"int_value": str(session)}}]
    if "engaged_ms" in more:
        value = {"int_value": str(more.pop("engaged_ms"))}
        params.append({"key": "engagement_time_msec", "value": value})
    if "order" in more or "revenue" in more:
        told = {
            "transaction_id": more.pop("order", None),
            "purchase_revenue_in_usd": more.pop("revenue", None),
        }
        more["ecommerce"] = {key: value for key, value in told.items() if value is not None}
    properties = [
        {"key": key, "value": {"string_value": more.pop(key)}}
        for key in ("user_type", "plan_level")
        if key in more
    ]
    found = {
        "event_date": at[:10].replace("-", ""),
        "event_timestamp": str(micros(at)),
        "event_name": name,
        "event_params": params,
        "user_properties": properties,
        **more,
    }
    return found | ({"user_pseudo_id": who} if who is not None else {})


def item(item_id: str, category: str | None = None, price: float | None = None) -> dict:
    told = {"item_id": item_id, "item_category": category, "price_in_usd": price}
    return {key: value for key, value in told.items() if value is not None}


def write_days(events: list[dict], folder: Path, prefix: str = "events_") -> list[Path]:
    """A JSON file a day."""
    folder.mkdir(parents=True, exist_ok=True)
    days: dict[str, list[str]] = {}
    for each in events:
        days.setdefault(each["event_date"], []).append(json.dumps(each))
    files = []
    for day, lines in sorted(days.items()):
        files.append(folder / f"{prefix}{day}.json")
        files[-1].write_text("\n".join(lines) + "\n")
    return files


def as_parquet(files: list[Path], *, wrapped: bool = False) -> list[Path]:
    """The same days as Parquet; wrapped: repeated fields as a struct `list` of structs `element`."""
    columns = ", ".join(f"{name}: '{type_}'" for name, type_ in COLUMNS.items())
    each = "{{'list': list_transform({0}, lambda e: {{'element': e}})}} AS {0}"
    lists = ", ".join(each.format(name) for name in ("event_params", "user_properties", "items"))
    made = []
    with duckdb.connect() as connection:
        for file in files:
            made.append(file.with_suffix(".parquet"))
            source = f"read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})"
            select = f"SELECT * {f'REPLACE ({lists})' if wrapped else ''} FROM {source}"
            connection.execute(f"COPY ({select}) TO '{made[-1]}' (FORMAT parquet)")
    return made


def rows(behaviour: Behaviour) -> dict[str, dict[str, Any]]:
    """The users in use by their keys, as they lie in the file."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM read_parquet('{behaviour.users_file}')")
        names = [column[0] for column in found.description or []]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


@pytest.fixture
def behaviour(tmp_path: Path) -> Behaviour:
    return Behaviour(tmp_path / "warehouse")


@pytest.fixture
def load(behaviour: Behaviour, tmp_path: Path) -> Callable[..., BehaviourReport]:
    """Loads events, written a file a day, or files that are there."""

    def loaded(events: list, **options: Any) -> BehaviourReport:
        files = write_days(events, tmp_path / "days") if events and isinstance(events[0], dict) else events
        return behaviour.load(files, NOW, **{"progress": lambda *_: None, "workers": 1, **options})

    return loaded
