"""How does a day's file become its partials? Read once, checked, and written beside the others."""
# ruff: noqa: S608  # put together from queries of this package and paths that text_sql quoted

import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import duckdb
import orjson

from store.errors import BadFile
from store.events.files.days import SourceDay, SourceFile, digest, first_line, form_of, is_gzip
from store.events.files.shape import EXPORT, json_type, parquet_shape
from store.events.reading import EventReading
from store.events.report import KeptDay
from store.events.sql.flat import flat_events_sql, flat_items_sql
from store.events.sql.partials import PARTIALS, partial_sql
from store.population.source.engine import text_sql, told

MAX_EVENT_BYTES = 16 << 20
ON_EVERY_LINE = ("event_date", "event_timestamp", "event_name")  # BigQuery leaves out what is null


def read_days(
    connection: duckdb.DuckDBPyConnection,
    days: list[SourceDay],
    reading: EventReading,
    form: str,
    folder: Path,
    progress: Callable[[int, int], None],
    workers: int,
) -> list[KeptDay]:
    """The partials of these days, written under `folder`; `progress` is told the days done and all days.

    A day is one row group or few, which one thread reads: so days are read side by side.
    """
    kept: list[KeptDay] = []
    with ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(_read_day, connection.cursor(), day, reading, form, folder) for day in days]
        try:
            for task in as_completed(tasks):
                kept.append(task.result())
                progress(len(kept), len(days))
        except BaseException:  # also on an interrupt
            pool.shutdown(cancel_futures=True)
            raise
    return sorted(kept, key=lambda each: each.day)


def _read_day(
    cursor: duckdb.DuckDBPyConnection, day: SourceDay, reading: EventReading, form: str, folder: Path
) -> KeptDay:
    files = [file.model_copy(update={"sha256": digest(file.path)}) for file in day.files]
    with cursor:
        relations = [_flat(cursor, file.path, number, reading) for number, file in enumerate(files)]
        events, items = (" UNION ALL ".join(each) for each in zip(*relations, strict=True))
        with told(f"events of {day.day}, {files[0].path.parent}"):
            # Laid flat once: to look into the nested lists costs more than all that is done with them.
            cursor.execute(f"CREATE TEMP TABLE flat_events AS {events}")
            counts = _checked(cursor, day)
            name = _folder_name(day, files, form)
            _write(cursor, f"WITH flat_items AS ({items})", folder / name)
    return KeptDay(
        day=day.day,
        intraday=day.intraday,
        files=files,
        folder=name,
        form=form,
        events=counts[0],
        events_without_device=counts[0] - counts[1],
    )


def _folder_name(day: SourceDay, files: list[SourceFile], form: str) -> str:
    content = hashlib.sha256("".join([form, *(file.sha256 for file in files)]).encode()).hexdigest()[:16]
    return f"{day.day:%Y%m%d}-{content}"


def _flat(
    cursor: duckdb.DuckDBPyConnection, path: Path, number: int, reading: EventReading
) -> tuple[str, str]:
    """The queries of the flat events and items of a file."""
    shape, wrapped, relation = EXPORT, frozenset[str](), f"events_{number}"
    if form_of(path) == "parquet":
        shape, wrapped = parquet_shape(path)
        relation = f"read_parquet({text_sql(str(path))})"
    else:
        _check_first_line(path)
        with told(str(path)):  # parsed once, since several queries read it
            cursor.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {_json_sql(path)}")
    return (
        flat_events_sql(relation, reading, shape, wrapped),
        flat_items_sql(relation, reading, shape, wrapped),
    )


def _json_sql(path: Path) -> str:
    columns = ", ".join(f"{name}: {text_sql(json_type(name, fields))}" for name, fields in EXPORT.items())
    return (
        f"read_json({text_sql(str(path))}, format = 'newline_delimited', records = true, auto_detect = false,"
        f" maximum_object_size = {MAX_EVENT_BYTES}, compression = '{'gzip' if is_gzip(path) else 'none'}',"
        f" columns = {{{columns}}})"
    )


def _check_first_line(path: Path) -> None:
    try:
        line = first_line(path)
        event = orjson.loads(line) if line else dict.fromkeys(ON_EVERY_LINE)
    except (OSError, EOFError, orjson.JSONDecodeError):
        event = None
    if not isinstance(event, dict):
        raise BadFile(
            "The file does not begin with a JSON object on its first line",
            where=str(path),
            instead="Export the table as newline-delimited JSON.",
        )
    if missing := [name for name in ON_EVERY_LINE if name not in event]:
        raise BadFile(
            f"The file lacks columns of the GA4 export: {', '.join(missing)}",
            where=f"{path}, line 1",
            instead="Export the whole table `events_YYYYMMDD`, not a query of it.",
        )


def _checked(cursor: duckdb.DuckDBPyConnection, day: SourceDay) -> tuple[int, int]:
    """How many events there are, and how many with a device. Raises BadFile for what is of no day or time."""
    found = cursor.execute(
        "SELECT count(*), count(device_id), count(*) FILTER (event_name IS NULL OR event_at IS NULL),"
        f" count(*) FILTER (event_day IS DISTINCT FROM DATE '{day.day}') FROM flat_events"
    ).fetchone()
    events, known, incomplete, elsewhere = found or (0, 0, 0, 0)
    where = f"{day.files[0].path}" + (f" and {len(day.files) - 1} more" if len(day.files) > 1 else "")
    if incomplete:
        raise BadFile(
            f"Of {events:,} events {incomplete:,} have no event_name or event_timestamp",
            where=where,
            instead="Export the table again.",
        )
    if elsewhere:
        raise BadFile(
            f"Of {events:,} events {elsewhere:,} are of another event_date than the file's name tells",
            where=where,
            instead=f"A file of this name holds the events of {day.day} and no others.",
        )
    return events, known


def _write(cursor: duckdb.DuckDBPyConnection, flat_items: str, folder: Path) -> None:
    if folder.exists():  # of the same content, from a load that did not end or is kept still
        return
    beside = folder.with_name(f"part-{folder.name}-{os.getpid()}-{threading.get_ident()}")
    beside.mkdir(parents=True)
    try:
        for name in PARTIALS:
            out = text_sql(str(beside / f"{name}.parquet"))
            query = f"{flat_items} {partial_sql(name)}" if name == "products" else partial_sql(name)
            cursor.execute(f"COPY ({query}) TO {out} (FORMAT parquet, COMPRESSION snappy)")
        beside.rename(folder)
    except BaseException:  # also on an interrupt
        shutil.rmtree(beside, ignore_errors=True)
        raise
