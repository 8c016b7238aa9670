"""How do generated events come about? A file a day as the export writes it, then the answers."""

import errno
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, Field

from store.errors import BadInput, NoRoom
from store.population.source.engine import text_sql
from store.synthetic.events.day import DAY_MICROS, PURCHASE, Events, draw_day, ended_by, split_at
from store.synthetic.events.nested import nested, order_revenue
from store.synthetic.events.plan import (
    DRIVERS,
    EVENTS_PER_USER,
    SEGMENTS,
    EventsTruth,
    Users,
    catalogue_prices,
    draw_users,
)

MOST_EVENTS = 1_000_000_000
MOST_SEED = 2**63 - 1
MOST_DAYS = 3650
LAST_DAY = date(2026, 3, 31)
ROWS_AT_ONCE = 122_880
BYTES_PER_EVENT = {"parquet": 60, "ndjson": 1_600}

EventsForm = Literal["parquet", "ndjson"]


class EventsReport(BaseModel):
    """What was generated. Files are within `folder`, oldest day first."""

    folder: Path
    files: list[str]
    events: int
    users: int = Field(description="Users drawn; some never come in these days.")
    first_day: date
    last_day: date
    orders: int
    revenue: float = Field(description="Of the orders, each counted once, USD.")


def _silent(done: int, events: int) -> None:
    pass


def generate_events(
    events: int,
    seed: int,
    out: Path,
    *,
    days: int = 90,
    last_day: date = LAST_DAY,
    form: EventsForm = "parquet",
    progress: Callable[[int, int], None] = _silent,
) -> EventsReport:
    """Write exactly this many events of a property's users, a file a day, and the planted truth.

    The same numbers and seed give the same values. Sessions run over midnight, purchases are sent twice now
    and then. Memory holds a day's events and a few numbers a user. Raises BadInput for what cannot be
    generated, NoRoom when the disk is full; after any failure nothing is left behind.
    """
    _check(events, seed, out, days, form)
    was_there = out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _generate(events, seed, out, days, last_day, form, progress)
    except BaseException as error:
        shutil.rmtree(out, ignore_errors=True)
        if was_there:
            out.mkdir()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise _no_room(events, out, form) from error
        raise


def _generate(
    events: int,
    seed: int,
    out: Path,
    days: int,
    last_day: date,
    form: EventsForm,
    progress: Callable[[int, int], None],
) -> EventsReport:
    users = draw_users(max(1, events // EVENTS_PER_USER), days, seed)
    first_day = last_day - timedelta(days - 1)
    truth = _truth(events, seed, users, first_day, last_day)
    first_second = int(datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC).timestamp())
    catalogue, left, orders = catalogue_prices(seed), None, np.empty(0, np.int64)
    files: list[str] = []
    done = 0
    for day in range(days):
        starts_at = (first_second + day * 86_400) * 1_000_000
        wanted = (day + 1) * events // days - day * events // days
        drawn = draw_day(users, day, starts_at, wanted, seed) if wanted else None
        today = left.followed_by(drawn) if left and drawn else left or drawn
        left = None
        if today:
            end = starts_at + DAY_MICROS
            today, left = split_at(today, end) if day < days - 1 else (ended_by(today, end), None)
            today = today.take(np.argsort(today.at, kind="stable"))
        name = f"events_{first_day + timedelta(day):%Y%m%d}"
        if today and len(today):
            orders = _count(truth, today, users, catalogue, orders)
            files.append(_write(today, users, name, first_second, catalogue, out, form))
            done += len(today)
        progress(done, events)
    (out / "truth.json").write_text(truth.model_dump_json(), encoding="utf-8")
    told = truth.model_dump(include={"events", "users", "first_day", "last_day", "orders", "revenue"})
    return EventsReport(folder=out, files=[*files, "truth.json"], **told)


def _write(
    events: Events,
    users: Users,
    name: str,
    first_second: int,
    catalogue: np.ndarray,
    out: Path,
    form: EventsForm,
) -> str:
    file = out / f"{name}.{'parquet' if form == 'parquet' else 'json'}"
    day = name.removeprefix("events_")
    parts = (
        nested(
            events.take(np.arange(at, min(at + ROWS_AT_ONCE, len(events)))),
            users,
            day,
            first_second,
            catalogue,
        )
        for at in range(0, len(events), ROWS_AT_ONCE)
    )
    if form == "ndjson":
        _write_json(pa.concat_tables(parts), file)
        return file.name
    first = next(parts)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)
    return file.name


def _write_json(table: pa.Table, file: Path) -> None:
    """Newline-delimited JSON as BigQuery extracts it: whole numbers as texts."""
    records = (
        "list_transform({0}, lambda e: {{'key': e.key, 'value': {{'string_value': e.value.string_value, "
    )
    records += "'int_value': CAST(e.value.int_value AS VARCHAR)}}}}) AS {0}"
    with duckdb.connect() as connection:
        connection.register("events", table)
        connection.execute(
            "COPY (SELECT * REPLACE (CAST(event_timestamp AS VARCHAR) AS event_timestamp, "  # noqa: S608  # paths are quoted
            "CAST(user_first_touch_timestamp AS VARCHAR) AS user_first_touch_timestamp, "
            f"{records.format('event_params')}, {records.format('user_properties')}) "
            f"FROM events) TO {text_sql(str(file))} (FORMAT json)"
        )


def _truth(events: int, seed: int, users: Users, first_day: date, last_day: date) -> EventsTruth:
    return EventsTruth(
        events=events,
        seed=seed,
        first_day=first_day,
        last_day=last_day,
        users=len(users),
        segments=list(SEGMENTS),
        drivers=DRIVERS,
        user_segments=users.segment.tolist(),
        buys_rates=np.round(users.buys_rate, 6).tolist(),
        price_factors=np.round(users.price_factor, 6).tolist(),
    )


def _count(
    truth: EventsTruth, today: Events, users: Users, catalogue: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """Add the day's orders, each once; the numbers of them. `before`: those of yesterday."""
    order = today.order[today.kind == PURCHASE]
    revenue = order_revenue(today, users, catalogue)
    is_new = np.zeros(len(order), bool)
    is_new[np.unique(order, return_index=True)[1]] = True
    is_new &= ~np.isin(order, before)
    truth.orders += int(is_new.sum())
    truth.resent_orders += int((~is_new).sum())
    truth.revenue = round(truth.revenue + float(revenue[is_new].sum()), 2)
    return order


def _check(events: int, seed: int, out: Path, days: int, form: str) -> None:
    for name, number, least, most in (
        ("events", events, 1, MOST_EVENTS),
        ("seed", seed, 0, MOST_SEED),
        ("days", days, 1, MOST_DAYS),
    ):
        if not least <= number <= most:
            raise BadInput(f"{number:,} cannot be used", where=name, instead=f"Give {least:,} to {most:,}.")
    if form not in BYTES_PER_EVENT:
        raise BadInput(f"There is no form `{form}`", where="form", instead="Take parquet or ndjson.")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BadInput(
            "The folder for the events is not empty", where=str(out), instead="Name a new or an empty folder."
        )
    nearest = next(folder for folder in (out, *out.resolve().parents) if folder.exists())
    if shutil.disk_usage(nearest).free < events * BYTES_PER_EVENT[form]:
        raise _no_room(events, out, form)


def _no_room(events: int, out: Path, form: str) -> NoRoom:
    gigabytes = events * BYTES_PER_EVENT[form] / 1e9
    return NoRoom(
        f"The disk has no room for {events:,} events, about {gigabytes:,.1f} GB",
        where=str(out),
        instead="Free some room, name a folder on another disk, or ask for fewer events.",
    )
