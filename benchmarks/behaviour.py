"""Events of the GA4 export to features, against one wide query of DuckDB and against pandas."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measuring import Row, seconds
from benchmarks.populations import SEED, Progress, folder
from store.events import Behaviour
from store.synthetic.events import generate_events
from tools.behaviour.features import behaviour_features

NOW = datetime(2026, 4, 1, tzinfo=UTC)
EVENTS_PER_PERSON = 10  # `--people 1_000_000` is ten million events
LATE_DAYS = 3
MOST_EVENTS_PANDAS = 1_000_000  # its nested records are Python objects: about 3 GB a million events
SHAPE = "one wide query"

# The shape of the seed's three queries in one: a scan with sub-queries on lists, distinct counts, values
# that any event tells. Like the seed it counts a purchase that was sent twice as two, but it drops nobody.
PEER = """
WITH behaved AS (
  SELECT user_pseudo_id,
    count(DISTINCT event_date) AS days_active,
    count(DISTINCT list_filter(event_params, lambda p: p.key = 'ga_session_id')[1].value.int_value)
      AS sessions,
    count(*) FILTER (event_name = 'page_view') AS page_views,
    count(*) FILTER (event_name = 'purchase') AS purchases,
    sum(ecommerce.purchase_revenue_in_usd) FILTER (event_name = 'purchase') AS revenue,
    avg(list_filter(event_params, lambda p: p.key = 'engagement_time_msec')[1].value.int_value) AS engagement,
    max(event_timestamp) AS last_at, min(event_timestamp) AS first_at,
    arg_max(device.category, event_timestamp) AS device,
    arg_max(device.operating_system, event_timestamp) AS operating_system,
    arg_max(device.web_info.browser, event_timestamp) AS browser,
    arg_max(geo.country, event_timestamp) AS country,
    arg_max(geo.region, event_timestamp) AS region,
    arg_max(geo.city, event_timestamp) AS city,
    arg_min(traffic_source.source, event_timestamp) AS source,
    arg_min(traffic_source.medium, event_timestamp) AS medium,
    any_value(list_filter(user_properties, lambda p: p.key = 'user_type')[1].value.string_value) AS user_type,
    any_value(list_filter(user_properties, lambda p: p.key = 'plan_level')[1].value.string_value) AS plan
  FROM read_parquet({files}) GROUP BY user_pseudo_id
),
products AS (
  SELECT user_pseudo_id, list(DISTINCT item.item_category) AS categories,
    count(DISTINCT item.item_id) AS viewed,
    count(DISTINCT CASE WHEN event_name = 'add_to_cart' THEN item.item_id END) AS added,
    count(DISTINCT CASE WHEN event_name = 'purchase' THEN item.item_id END) AS bought,
    avg(CASE WHEN event_name = 'purchase' THEN item.price_in_usd END) AS price
  FROM (SELECT user_pseudo_id, event_name, unnest(items) AS item FROM read_parquet({files}))
  GROUP BY user_pseudo_id
)
SELECT * FROM behaved LEFT JOIN products USING (user_pseudo_id)
"""


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Three sizes of events up to ten a person, each long enough to be measured once; then late days."""
    most = people * EVENTS_PER_PERSON
    for events in sorted({max(1, most // 10), max(1, most * 3 // 10), most}):
        yield from _sized(events, progress)


def _sized(events: int, progress: Progress) -> Iterator[Row]:
    files = generated(events, progress)
    with tempfile.TemporaryDirectory(dir=folder()) as temp:
        behaviour = Behaviour(Path(temp) / "shop")
        out = Path(temp) / "peer.parquet"
        ours = seconds(lambda: _featured(behaviour, files, progress))
        peer = seconds(lambda: _asked(files, out))
        users = len(behaviour.users())
        yield Row(
            work="events to features",
            size=f"{events:,} events, {users:,} users",
            ours_s=ours,
            peer_name=f"DuckDB, {SHAPE}",
            peer_s=peer,
            ratio=peer / ours,
            note="ours keeps each day's partials, counts a re-sent purchase once, and makes the features; "
            "the peer keeps and makes nothing of it",
        )
        if events <= MOST_EVENTS_PANDAS:
            theirs = seconds(lambda: _with_pandas(files))
            yield Row(
                work="events to features",
                size=f"{events:,} events",
                ours_s=ours,
                peer_name="pandas",
                peer_s=theirs,
                ratio=theirs / ours,
                note="without products and attributes: those of the session, the pages and the revenue",
            )
        again = _delivered_late(files, Path(temp) / "late")
        late = seconds(lambda: _featured(behaviour, again, progress))
        yield Row(
            work=f"{LATE_DAYS} late days to features",
            size=f"{events:,} events",
            ours_s=late,
            peer_name=f"DuckDB, {SHAPE} of all days",
            peer_s=peer,
            ratio=peer / late,
            note="the other days are not read again; the peer has only its one query",
        )


def generated(events: int, progress: Progress) -> list[Path]:
    """The files of generated events, made once for each size."""
    out = folder() / f"events-{events}"
    if not (out / "truth.json").exists():
        shutil.rmtree(out, ignore_errors=True)
        generate_events(events, SEED, out, progress=lambda done, of: progress(f"generate {of:,}", done, of))
    return sorted(out.glob("events_*.parquet"))


def _featured(behaviour: Behaviour, files: list[Path], progress: Progress) -> None:
    behaviour.load(files, NOW, progress=progress)
    users = behaviour.users()
    behaviour_features(users.features, users.windows.cut_off)


def _delivered_late(files: list[Path], copies: Path) -> list[Path]:
    """The last days as they are delivered again, here with an event less each."""
    copies.mkdir()
    late = []
    for file in files[-LATE_DAYS:]:
        late.append(copies / file.name)
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_parquet('{file}') OFFSET 1) TO '{late[-1]}' (FORMAT parquet)"
            )
    return late


def _asked(files: list[Path], out: Path) -> None:
    names = "[" + ", ".join(f"'{file}'" for file in files) + "]"
    with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(out.parent)}) as connection:
        connection.execute(f"COPY ({PEER.format(files=names)}) TO '{out}' (FORMAT parquet)")


def _with_pandas(files: list[Path]) -> None:
    """What a notebook would do: the records of each event read in Python, then grouped."""
    import pandas as pd

    columns = ["user_pseudo_id", "event_date", "event_timestamp", "event_name", "event_params", "ecommerce"]
    parts = []
    for file in files:
        day = pd.read_parquet(file, columns=columns)
        params = [{p["key"]: p["value"]["int_value"] for p in of_event} for of_event in day["event_params"]]
        day["session_id"] = [each.get("ga_session_id") for each in params]
        day["engagement_ms"] = [each.get("engagement_time_msec") for each in params]
        day["revenue"] = [each["purchase_revenue_in_usd"] for each in day["ecommerce"]]
        day["page_view"] = day["event_name"] == "page_view"
        day["purchase"] = day["event_name"] == "purchase"
        parts.append(day.drop(columns=["event_params", "ecommerce", "event_name"]))
    grouped = pd.concat(parts).groupby("user_pseudo_id")
    grouped.agg(
        days_active=("event_date", "nunique"),
        sessions=("session_id", "nunique"),
        page_views=("page_view", "sum"),
        purchases=("purchase", "sum"),
        revenue=("revenue", "sum"),
        engagement_ms=("engagement_ms", "mean"),
        first_at=("event_timestamp", "min"),
        last_at=("event_timestamp", "max"),
    )


def main() -> None:
    """Measure with FIELDMARK_BENCH_PEOPLE people (default a million, ten million events)."""
    people = int(os.environ.get("FIELDMARK_BENCH_PEOPLE", "1000000"))
    for row in measure(people, lambda *_: None):
        print(row.model_dump_json())


if __name__ == "__main__":
    main()
