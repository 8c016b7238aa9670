"""What is read again, what is not, and what stays when a load goes wrong."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.errors import BadFile, BadInput, Busy, NotFound
from store.events import Behaviour, BehaviourReport, EventReading, WindowQuery
from store.locks import Lock
from tests.store.events.conftest import NOW, as_parquet, event, rows, write_days

Load = Callable[..., BehaviourReport]
DAYS = [event("ann", f"2026-03-0{day} 10:00:00", session=day) for day in range(1, 6)]


def read_counts(report: BehaviourReport) -> tuple[int, int, int]:
    return report.days_read, report.days_reread, report.days_unchanged


def test_only_days_that_changed_are_read_again(load: Load, behaviour: Behaviour, tmp_path: Path) -> None:
    files = write_days(DAYS, tmp_path / "days")
    assert read_counts(load(files)) == (5, 0, 0)
    assert read_counts(load(files)) == (0, 0, 5)
    late = [*DAYS, event("bo", "2026-03-04 11:00:00"), event("ann", "2026-03-05 11:00:00", session=9)]
    report = load(write_days(late, tmp_path / "days"))
    assert read_counts(report) == (0, 2, 3)
    fresh = Behaviour(tmp_path / "fresh")
    fresh.load(files, NOW, progress=lambda *_: None)
    assert rows(behaviour) == rows(fresh)
    assert rows(behaviour)["ann"]["sessions"] == 6


def test_a_day_delivered_anew_from_elsewhere_replaces_it_and_the_others_stay(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    load(write_days(DAYS, tmp_path / "days"))
    late = write_days([event("bo", "2026-03-05 10:00:00")], tmp_path / "late")
    report = load(late)
    assert (read_counts(report), report.days_loaded) == ((0, 1, 0), 5)
    assert {key: row["sessions"] for key, row in rows(behaviour).items()} == {"ann": 4, "bo": 1}
    assert len(list((behaviour.folder / "days").iterdir())) == 5


def test_a_file_that_was_only_touched_is_not_read_again(load: Load, tmp_path: Path) -> None:
    files = write_days(DAYS, tmp_path / "days")
    load(files)
    for file in files:
        os.utime(file, ns=(1, 1))
    assert read_counts(load(files)) == (0, 0, 5)


def test_a_day_still_running_gives_way_to_the_whole_day(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    running = write_days(DAYS[:1], tmp_path / "a", prefix="events_intraday_")
    report = load([*running, *write_days(DAYS[1:2], tmp_path / "a")])
    assert report.intraday_days == [date(2026, 3, 1)]
    whole = write_days([*DAYS[:1], event("bo", "2026-03-01 23:00:00")], tmp_path / "b")
    assert read_counts(load([*whole, *running])) == (0, 1, 0)
    assert set(rows(behaviour)) == {"ann", "bo"}
    assert read_counts(load(running)) == (0, 0, 1)
    assert set(rows(behaviour)) == {"ann", "bo"}


def test_a_day_in_several_files_is_replaced_as_a_whole(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    folder = tmp_path / "events_20260301"
    folder.mkdir()
    parts = []
    for number, who in enumerate(["ann", "bo"]):
        parts.append(folder / f"part-{number}.json.gz")
        parts[-1].write_bytes(gzip.compress(json.dumps(event(who, "2026-03-01 10:00:00")).encode()))
    assert load(parts).files_read == 2
    assert set(rows(behaviour)) == {"ann", "bo"}
    with pytest.raises(BadInput, match="read from 2 files, and 1 of them are named now"):
        load(parts[:1])


def test_json_and_parquet_of_one_day_lie_side_by_side(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    json_files = write_days(DAYS[:1], tmp_path / "a")
    parquet = as_parquet(write_days([event("bo", "2026-03-01 10:00:00")], tmp_path / "b"))
    load([*json_files, *parquet])
    assert set(rows(behaviour)) == {"ann", "bo"}


def test_other_options_need_all_files_again(load: Load, tmp_path: Path) -> None:
    files = write_days(DAYS, tmp_path / "days")
    load(files)
    local = EventReading(money="local")
    with pytest.raises(BadInput, match="4 days are kept that were read in another way"):
        load(files[:1], reading=local)
    assert read_counts(load(files, reading=local)) == (0, 5, 0)
    assert read_counts(load(files, reading=EventReading(money="local", user="person"))) == (0, 0, 5)


def left_over(behaviour: Behaviour) -> list[str]:
    folders = [*behaviour.folder.glob("loads/building-*"), *behaviour.folder.glob("days/part-*")]
    return [folder.name for folder in folders]


@pytest.mark.parametrize(("step", "at"), [("days", 1), ("users", 0), ("users", 1)])
def test_a_load_that_is_broken_off_leaves_the_users_in_use(
    load: Load, behaviour: Behaviour, tmp_path: Path, step: str, at: int
) -> None:
    load(write_days(DAYS[:2], tmp_path / "days"))
    before, account = rows(behaviour), behaviour.loaded()

    def broken_off(now_at: str, done: int, of: int) -> None:
        if (now_at, done) == (step, at):
            raise KeyboardInterrupt

    more = write_days([*DAYS, event("bo", "2026-03-01 11:00:00")], tmp_path / "days")
    with pytest.raises(KeyboardInterrupt):
        load(more, progress=broken_off)
    if (step, at) != ("users", 1):  # by then they are swapped in
        assert (rows(behaviour), behaviour.loaded()) == (before, account)
    assert left_over(behaviour) == []
    load(more)
    assert set(rows(behaviour)) == {"ann", "bo"}


def test_what_a_killed_load_left_is_removed_by_the_next(load: Load, behaviour: Behaviour) -> None:
    for name in ("loads/building-x", "days/part-20260301-x-1-1"):
        (behaviour.folder / name).mkdir(parents=True)
    load(DAYS)
    assert left_over(behaviour) == []


def test_two_loads_at_a_time_are_refused(load: Load, behaviour: Behaviour) -> None:
    lock = Lock(behaviour.folder / "load.lock")
    assert lock.taken()
    with pytest.raises(Busy, match="Another load of these events is running"):
        load(DAYS)
    lock.let_go()
    assert load(DAYS).users == 1


def test_the_same_events_give_the_same_bytes_on_any_number_of_threads(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    many = [
        event(
            f"u{n % 50}",
            f"2026-03-0{n % 5 + 1} 1{n % 7}:00:00",
            "purchase",
            order=f"T{n % 90}",
            revenue=n / 7,
        )
        for n in range(400)
    ]
    load(many, workers=1)
    other = Behaviour(tmp_path / "other")
    other.load(sorted((tmp_path / "days").iterdir()), NOW, progress=lambda *_: None, workers=4)
    assert behaviour.users_file.read_bytes() == other.users_file.read_bytes()


def test_two_loads_are_kept_and_no_more(load: Load, behaviour: Behaviour) -> None:
    ids = [load(DAYS, windows=WindowQuery(days=days)).load_id for days in (1, 2, 3)]
    assert len(set(ids)) == 3
    assert len(list((behaviour.folder / "loads").iterdir())) == 2
    assert behaviour.loaded().report.load_id == ids[-1]


def test_nothing_loaded_is_not_found(behaviour: Behaviour, load: Load) -> None:
    with pytest.raises(NotFound, match="No events were loaded"):
        behaviour.users()
    with pytest.raises(BadInput, match="No file was named"):
        load([])


def line(**changes: Any) -> str:
    told = event("ann", "2026-03-01 10:00:00") | changes
    return json.dumps({key: value for key, value in told.items() if value is not None})


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("events.json", line(), "does not tell its day"),
        ("events_20261301.json", line(), "does not tell its day"),
        ("events_20260301.csv", line(), "Parquet or newline-delimited JSON"),
        ("events_20260302.json", line(), "Of 1 events 1 are of another event_date"),
        ("events_20260301.json", "[1, 2]", "does not begin with a JSON object"),
        ("events_20260301.json", "no json", "does not begin with a JSON object"),
        ("events_20260301.json", line(event_name=None), "lacks columns of the GA4 export: event_name"),
        ("events_20260301.json", f"{line()}\n{line(event_name=None)}", "Of 2 events 1 have no event_name"),
        ("events_20260301.json", f"{line()}\n{{broken", "cannot be read to its end"),
        ("events_20260301.json", line(event_timestamp="secret"), "cannot be read to its end"),
        ("events_20260301.parquet", "no parquet", "cannot be read as Parquet"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_place_and_never_its_cells(
    load: Load, behaviour: Behaviour, tmp_path: Path, name: str, text: str, says: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(BadFile, match=says) as refused:
        load([file])
    assert str(tmp_path) in str(refused.value)
    assert "secret" not in str(refused.value)
    assert not behaviour.exists


def test_a_file_without_needed_columns_names_them(load: Load, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = tmp_path / "events_20260301.parquet"
    table = pa.table(
        {name: ["x"] for name in ("event_date", "event_timestamp", "event_name", "event_params")}
    )
    pq.write_table(table, file)
    with pytest.raises(BadFile, match="lacks columns of the GA4 export: user_pseudo_id"):
        load([file])
    pq.write_table(table.append_column("user_pseudo_id", table["event_name"]), file)
    with pytest.raises(BadFile, match="`event_params` is not a list of records"):
        load([file])


def test_a_file_that_is_not_there_or_a_folder_is_refused(load: Load, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="There is no such file"):
        load([tmp_path / "events_20260301.json"])
    (tmp_path / "events_20260302.json").mkdir()
    with pytest.raises(BadFile, match="This is no file"):
        load([tmp_path / "events_20260302.json"])


def test_a_day_without_events_is_a_day(load: Load, tmp_path: Path) -> None:
    files = write_days(DAYS[:1], tmp_path / "days")
    empty = tmp_path / "days" / "events_20260302.json"
    empty.write_text("")
    report = load([*files, empty])
    assert (report.days_loaded, report.events, report.missing_days) == (2, 1, [])
    shutil.rmtree(tmp_path / "warehouse")
    report = load([empty])
    assert (report.users, report.events) == (0, 0)
