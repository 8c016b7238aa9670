"""What is known of how users behave? Days read once each, and the users made of them, swapped in whole."""
# ruff: noqa: S608  # put together from queries of this package and paths that text_sql quoted

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from pydantic import ValidationError

from store.artifacts import written_whole
from store.errors import BadFile, BadInput, Busy, NotFound
from store.events.files.days import source_days
from store.events.ledger import Plan, form_of_partials, planned
from store.events.reading import EventReading
from store.events.reading_days import read_days
from store.events.report import BehaviourReport, KeptDay, Load
from store.events.sql.partials import PARTIALS
from store.events.sql.users import categories_sql, users_sql
from store.events.users import UserTable, read_users
from store.events.window import WindowQuery, Windows, windows_of
from store.locks import Lock
from store.population.build.snapshot import Progress, told_when_full
from store.population.source.engine import connect, text_sql

KEPT_LOADS = 2  # one that is still being read, besides the one in use
USERS, LOAD = "users.parquet", "load.json"


class Behaviour:
    """The folder of one warehouse's events: partials of each day, and the users made of them."""

    def __init__(self, warehouse: Path) -> None:
        self.folder = warehouse / "behaviour"

    @property
    def exists(self) -> bool:
        return (self.folder / "current").exists()

    @property
    def users_file(self) -> Path:
        """The Parquet file of the users in use, one row each. Raises NotFound when nothing was loaded."""
        return self._current() / USERS

    def loaded(self) -> Load:
        """The load in use. Raises NotFound when nothing was loaded."""
        path = self._current() / LOAD
        try:
            return Load.model_validate_json(path.read_bytes())
        except (ValidationError, OSError):
            raise BadFile(
                "The account of the events in use cannot be read", where=str(path), instead="Load them again."
            ) from None

    def users(self) -> UserTable:
        """The users in use. Raises NotFound when nothing was loaded."""
        report = self.loaded().report
        currency = "USD" if report.reading.money == "usd" else ""
        return read_users(self._current() / USERS, report.windows, currency)

    def load(
        self,
        files: Sequence[Path],
        now: datetime,
        *,
        windows: WindowQuery | None = None,
        reading: EventReading | None = None,
        progress: Progress,
        memory_limit: str = "1GB",
        workers: int | None = None,
    ) -> BehaviourReport:
        """Read what is new or changed of these files, make the users of all days, and swap them in.

        Days that were read before and are not named stay; a day that is named is replaced as a whole. With
        no files the users are made again of the days that are kept, say for another cut-off.
        Raises BadFile, BadInput, NoRoom or Busy; then the users in use are as they were.
        """
        began = time.perf_counter()
        with self._loading(), told_when_full():
            reading = reading or EventReading()
            old = self.loaded().days if self.exists else []
            form = form_of_partials(reading)
            plan = planned(source_days(files) if files or not old else [], old, form)
            with connect(memory_limit, self.folder) as connection:
                new = read_days(
                    connection,
                    plan.to_read,
                    reading,
                    form,
                    self.folder / "days",
                    lambda done, of: progress("days", done, of),
                    workers or os.cpu_count() or 1,
                )
                days = sorted([*plan.kept, *new], key=lambda each: each.day)
                chosen = windows_of(windows or WindowQuery(), days[0].day, days[-1].day)
                progress("users", 0, 1)
                load = self._made(connection, days, chosen, reading, plan, now, began)
                progress("users", 1, 1)
            self._forget(load)
        return load.report

    def _made(
        self,
        connection: duckdb.DuckDBPyConnection,
        days: list[KeptDay],
        windows: Windows,
        reading: EventReading,
        plan: Plan,
        now: datetime,
        began: float,
    ) -> Load:
        """Write the users and the account beside those in use, and swap them in by one rename."""
        load_id = self._new_id(now)
        beside = self.folder / "loads" / f"building-{load_id}"
        beside.mkdir(parents=True)
        try:
            within = [day for day in days if windows.first_day <= day.day <= windows.last_day]
            counts = _write_users(connection, self.folder / "days", within, windows, reading, beside / USERS)
            report = BehaviourReport(
                load_id=load_id,
                created_at=now.astimezone(UTC).isoformat(timespec="seconds"),
                reading=reading,
                windows=windows,
                **_days_told(days, within, windows),
                **_plan_told(plan),
                **counts,
                seconds=round(time.perf_counter() - began, 3),
            )
            load = Load(report=report, days=days)
            (beside / LOAD).write_text(load.model_dump_json(), encoding="utf-8")
            beside.rename(beside.with_name(load_id))
            with written_whole(self.folder / "current") as pointer, pointer.open("w") as file:
                file.write(load_id)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:  # also on an interrupt
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return load

    def _current(self) -> Path:
        try:
            return self.folder / "loads" / (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            raise NotFound(
                "No events were loaded",
                where=f"warehouse {self.folder.parent.name}",
                instead="Load some: `fieldmark behaviour load FILES --warehouse NAME`.",
            ) from None

    def _new_id(self, now: datetime) -> str:
        stem = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        same = [path.name for path in (self.folder / "loads").glob(f"{stem}*")]
        numbers = [int(name.removeprefix(stem).lstrip("-") or 1) for name in same]
        return f"{stem}-{max(numbers) + 1}" if numbers else stem

    @contextmanager
    def _loading(self) -> Iterator[None]:
        """One load at a time; what a killed one left is removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(self.folder / "load.lock")
        if not lock.taken():
            raise Busy(
                "Another load of these events is running",
                where=f"warehouse {self.folder.parent.name}",
                instead="Wait for it to end, then load again.",
            )
        try:
            left = [*self.folder.glob("loads/building-*"), *self.folder.glob("days/part-*")]
            for folder in [*left, *self.folder.glob("duckdb_temp*")]:
                shutil.rmtree(folder, ignore_errors=True)
            yield
        finally:
            lock.let_go()

    def _forget(self, load: Load) -> None:
        """Remove older loads but one, and the partials that the load in use does not stand on."""
        loads = sorted((self.folder / "loads").iterdir(), key=lambda each: each.stat().st_mtime_ns)
        for folder in [each for each in loads if each.name != load.report.load_id][: -(KEPT_LOADS - 1)]:
            shutil.rmtree(folder, ignore_errors=True)
        used = {day.folder for day in load.days}
        for folder in (self.folder / "days").iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)


def _write_users(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    days: list[KeptDay],
    windows: Windows,
    reading: EventReading,
    out: Path,
) -> dict[str, Any]:
    """Write the users of these days, in the order of their keys; how many there are, and buyers."""
    if not days:
        raise BadInput(
            "Nothing is loaded of the days that are asked for",
            where=f"{windows.first_day} to {windows.last_day}",
            instead="Load them, or take another cut-off.",
        )
    for name in PARTIALS:
        files = ", ".join(text_sql(str(folder / day.folder / f"{name}.parquet")) for day in days)
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{files}])")
    by_person = reading.user == "person"
    # The list is DuckDB's own; other engines get the rows it is made of (behaviour_categories_sql).
    query = f"""SELECT u.*, c.categories FROM ({users_sql(windows, by_person=by_person)}) AS u
LEFT JOIN (
  SELECT user_key, list(category ORDER BY category) AS categories
  FROM ({categories_sql(windows, by_person=by_person)}) GROUP BY user_key
) AS c ON c.user_key = u.user_key ORDER BY u.user_key"""
    connection.execute(f"COPY ({query}) TO {text_sql(str(out))} (FORMAT parquet, COMPRESSION zstd)")
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (purchases > 0), count(*) FILTER (target_purchased = 1)"
        f" FROM read_parquet({text_sql(str(out))})"
    ).fetchone()
    users, buyers, target = found or (0, 0, 0)
    return {"users": users, "buyers": buyers, "target_buyers": target if windows.target_last_day else None}


def _days_told(days: list[KeptDay], within: list[KeptDay], windows: Windows) -> dict[str, Any]:
    there = {day.day for day in within}
    # Before the first day that is loaded nothing is missing: the property may be that young.
    first = max(windows.first_day, days[0].day)
    span = [first + timedelta(at) for at in range((windows.last_day - first).days + 1)]
    return {
        "days_loaded": len(days),
        "first_loaded_day": days[0].day,
        "last_loaded_day": days[-1].day,
        "missing_days": [day for day in span if day not in there],
        "intraday_days": [day.day for day in within if day.intraday],
        "events": sum(day.events for day in within),
        "events_without_device": sum(day.events_without_device for day in within),
    }


def _plan_told(plan: Plan) -> dict[str, Any]:
    return {
        "days_read": len(plan.new),
        "days_reread": len(plan.changed),
        "days_unchanged": len(plan.unchanged),
        "files_read": sum(len(day.files) for day in plan.to_read),
        "files_skipped": sum(len(day.files) for day in plan.unchanged),
    }
