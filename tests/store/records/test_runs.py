"""Records of jobs: one for a request under a key, changed only from the status that was meant."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store.errors import Busy, Conflict, NotFound
from store.records import Database, Run
from store.records.runs import (
    add_run,
    begin_run,
    change_run,
    queue_again,
    queue_those_of,
    run_named,
    runs_of,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def run(run_id: str, **more: Any) -> Run:
    given = {"kind": "analyze_customers", "warehouse": "us", "workflow_id": "w", "request_hash": "h"}
    return Run(run_id=run_id, **{**given, "created_at": NOON, **more})


def test_a_key_belongs_to_one_request_of_a_tool_in_a_warehouse(database: Database) -> None:
    first = add_run(database, run("a", idempotency_key="k"), most_queued=9)
    assert add_run(database, run("b", idempotency_key="k"), most_queued=9).run_id == first.run_id
    with pytest.raises(Conflict):
        add_run(database, run("c", idempotency_key="k", request_hash="other"), most_queued=9)
    for at, more in enumerate(
        [{"warehouse": "eu"}, {"kind": "generate_audience"}, {"idempotency_key": None}]
    ):
        key = {"idempotency_key": "k"} | more
        assert add_run(database, run(f"d{at}", **key), most_queued=9).run_id == f"d{at}"
    assert len(runs_of(database)) == 4


def test_a_full_queue_takes_nothing_more(database: Database) -> None:
    add_run(database, run("a"), most_queued=1)
    with pytest.raises(Busy, match="1 jobs are queued already"):
        add_run(database, run("b"), most_queued=1)
    with pytest.raises(NotFound):
        run_named(database, "b")
    change_run(database, "a", ("queued",), status="running")
    assert add_run(database, run("c"), most_queued=1).run_id == "c"


def test_a_change_happens_only_from_the_status_and_turn_that_were_meant(database: Database) -> None:
    add_run(database, run("a"), most_queued=9)
    assert not change_run(database, "a", ("running",), step="mine")
    assert not change_run(database, "a", ("queued",), in_turn=1, step="mine")
    assert change_run(database, "a", ("queued", "running"), in_turn=0, step="mine")
    assert run_named(database, "a").step == "mine"


def test_a_job_is_begun_in_its_turn_only_and_remembers_when_it_first_was(database: Database) -> None:
    add_run(database, run("a"), most_queued=9)
    assert begin_run(database, "a", 1, "worker-1", NOON) is None
    begun = begin_run(database, "a", 0, "worker-1", NOON)
    again = begin_run(database, "a", 0, "worker-2", NOON.replace(hour=13))
    assert begun
    assert again
    assert (begun.attempts, again.attempts) == (1, 2)
    assert (again.status, again.worker, again.started_at) == ("running", "worker-2", NOON)
    change_run(database, "a", ("running",), status="done")
    assert begin_run(database, "a", 0, "worker-1", NOON) is None


def test_only_what_a_worker_was_doing_is_queued_again_in_a_new_turn(database: Database) -> None:
    for name, worker in [("a", "worker-1"), ("b", "worker-2"), ("c", "worker-1")]:
        add_run(database, run(name), most_queued=9)
        begin_run(database, name, 0, worker, NOON)
    change_run(database, "c", ("running",), status="done")
    assert queue_those_of(database, "worker-1") == 1
    found = {one.run_id: (one.status, one.turn, one.worker) for one in runs_of(database)}
    assert found == {
        "a": ("queued", 1, ""),
        "b": ("running", 0, "worker-2"),
        "c": ("done", 0, "worker-1"),
    }


def test_what_is_queued_again_forgets_how_it_ended(database: Database) -> None:
    add_run(
        database, run("a", status="cancelled", ended_at=NOON, cancel_asked=True, attempts=3), most_queued=9
    )
    assert queue_again(database, "a", ("cancelled",), answer={"approved": True})
    again = run_named(database, "a")
    assert (again.ended_at, again.cancel_asked, again.attempts, again.turn) == (None, False, 0, 1)
    assert again.answer == {"approved": True}


def test_jobs_are_listed_newest_first_by_warehouse_and_status(database: Database) -> None:
    for hour, warehouse in enumerate(["us", "eu", "us"]):
        add_run(
            database, run(str(hour), warehouse=warehouse, created_at=NOON.replace(hour=hour)), most_queued=9
        )
    change_run(database, "0", ("queued",), status="done")
    assert [one.run_id for one in runs_of(database)] == ["2", "1", "0"]
    assert [one.run_id for one in runs_of(database, "us", most=1)] == ["2"]
    assert [one.run_id for one in runs_of(database, statuses=("done",))] == ["0"]
