"""Records come back as they were kept, with their times in UTC."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from store.records import Analysis, Database, Export, Feedback, Trace

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


def trace(key: str, workflow: str = "w", at: datetime = NOON, **more: Any) -> Trace:
    return Trace(
        tool_trace_id=key,
        workflow_id=workflow,
        tool="find_persons",
        warehouse="us",
        started_at=at,
        milliseconds=1.5,
        outcome="ok",
        **more,
    )


def export(key: str, at: datetime = NOON) -> Export:
    return Export(
        export_id=key,
        workflow_id="w",
        warehouse="us",
        format="csv",
        rows=1,
        size_bytes=2,
        created_at=at,
        expires_at=at + timedelta(hours=1),
    )


def feedback(key: str, warehouse: str = "us", at: datetime = NOON) -> Feedback:
    return Feedback(
        feedback_id=key, warehouse=warehouse, kind="wrong", message="ü", person_id=1 << 62, created_at=at
    )


def analysis(key: str, warehouse: str = "us", at: datetime = NOON) -> Analysis:
    return Analysis(
        analysis_id=key,
        workflow_id="w",
        warehouse=warehouse,
        snapshot_id="s",
        created_at=at,
        customers=10,
        headline="h",
    )


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (trace("t", counts={"persons": 3.5}, message="m"), "t"),
        (export("e"), "e"),
        (feedback("f"), "f"),
        (analysis("a"), "a"),
    ],
    ids=["trace", "export", "feedback", "analysis"],
)
def test_a_record_is_read_back_field_by_field(
    open_database: Callable[[], Database], record, key: str
) -> None:
    kept = record.model_dump()
    record = type(record)(**kept)  # a record is added once, and each engine wants it
    for attempt in (0, 1):
        database = open_database()
        if not attempt:
            database.add(record)
        found = database.get(type(record), key)
        assert found is not None
        assert found.model_dump() == kept
        database.close()


def test_times_come_back_in_utc_whatever_their_zone_was(database: Database) -> None:
    database.add(trace("t", at=NOON.astimezone(timezone(timedelta(hours=-5)))))
    found = database.get(Trace, "t")
    assert found is not None
    assert (found.started_at, found.started_at.tzinfo) == (NOON, UTC)


def test_what_was_not_kept_is_none(database: Database) -> None:
    assert database.get(Trace, "t") is None
    assert (
        database.traces("w")
        == database.exports("w")
        == database.feedback("us")
        == database.analyses("us")
        == []
    )


def test_lists_are_of_one_workflow_or_warehouse_and_in_order(database: Database) -> None:
    late, early = NOON + timedelta(minutes=1), NOON - timedelta(hours=30)
    for each in (
        trace("2", at=late),
        trace("1", at=early),
        trace("x", "other"),
        export("2", late),
        export("1", early),
        feedback("1", at=early),
        feedback("2", at=late),
        feedback("x", "other"),
        analysis("1", at=early),
        analysis("2", at=late),
        analysis("x", "other"),
    ):
        database.add(each)
    assert [each.tool_trace_id for each in database.traces("w")] == ["1", "2"]
    assert [each.export_id for each in database.exports("w")] == ["1", "2"]
    assert [each.feedback_id for each in database.feedback("us")] == ["2", "1"]
    assert [each.analysis_id for each in database.analyses("us")] == ["2", "1"]


def test_a_block_that_fails_keeps_nothing(database: Database) -> None:
    def fail() -> None:
        with database.session() as session:
            session.add(trace("t"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert database.get(Trace, "t") is None


def test_a_key_is_kept_once(database: Database) -> None:
    database.add(trace("t"))
    with pytest.raises(IntegrityError):
        database.add(trace("t", "other"))
    assert [each.tool_trace_id for each in database.traces("w")] == ["t"]


def test_threads_open_and_write_one_database(database: Database) -> None:
    threads = [threading.Thread(target=database.add, args=(trace(str(number)),)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database.traces("w")) == 16


def test_processes_that_start_together_share_one_database(
    tmp_path: Path, records_url: str, database: Database
) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime;"
        "from store.records import Database, Trace; sys.stdin.readline();"
        "at = datetime(2026, 3, 2, tzinfo=UTC);"
        f"Database(Path({str(tmp_path / 'home' / 'fieldmark.db')!r}), {records_url!r})"
        ".add(Trace(tool_trace_id=sys.argv[1], workflow_id='w',"
        "tool='t', warehouse='us', started_at=at, milliseconds=1, outcome='ok'))"
    )
    root = Path(__file__).parents[3]
    started = [
        subprocess.Popen([sys.executable, "-c", code, key], stdin=-1, stderr=-1, text=True, cwd=root)
        for key in "abc"
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in started] == ["", "", ""]
    assert sorted(each.tool_trace_id for each in database.traces("w")) == ["a", "b", "c"]


def test_closing_what_was_never_opened_makes_no_file(tmp_path: Path) -> None:
    Database(tmp_path / "fieldmark.db").close()
    assert list(tmp_path.iterdir()) == []
