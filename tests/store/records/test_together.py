"""Records of many threads, kept in few transactions."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from store.records import Trace
from store.records.database import Database
from store.records.together import Together

WAIT_S = 20


def trace(number: int, workflow: str = "w") -> Trace:
    return Trace(
        tool_trace_id=f"trace_{number}",
        workflow_id=workflow,
        tool="find_persons",
        warehouse="us",
        started_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        milliseconds=1.0,
        outcome="ok",
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "fieldmark.db")
    yield database
    database.close()


def test_each_thread_finds_its_own_record_when_its_add_returns(database: Database) -> None:
    def added(number: int) -> bool:
        database.add(trace(number))
        return database.get(Trace, f"trace_{number}") is not None

    with ThreadPoolExecutor(50) as threads:
        assert all(threads.map(added, range(400)))
    assert len(database.traces("w")) == 400


def test_records_of_two_organisations_written_together_stay_apart(database: Database) -> None:
    houses = [database.of("local"), database.of("org_a")]
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda number: houses[number % 2].add(trace(number)), range(100)))
    assert [len(house.traces("w")) for house in houses] == [50, 50]
    assert houses[0].get(Trace, "trace_1") is None


class Counted:
    """Sessions of a database, counted; the first of them waits until it may go on."""

    def __init__(self, database: Database) -> None:
        self._database, self.opened = database, 0
        self.has_begun, self.may_go_on = threading.Event(), threading.Event()

    @contextmanager
    def session(self) -> Iterator[Session]:
        self.opened += 1
        if self.opened == 1:
            self.has_begun.set()
            assert self.may_go_on.wait(WAIT_S)
        with self._database.session() as session:
            yield session


def test_those_who_wait_for_a_writer_are_written_in_one_transaction_but_for_the_one_at_fault(
    database: Database,
) -> None:
    """trace_0 is being written; 1, 2 and another 0 wait. One transaction fails, then each has its own."""
    counted = Counted(database)
    together = Together(counted.session)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(together.add, trace(0))
        assert counted.has_begun.wait(WAIT_S)
        others = [threads.submit(together.add, trace(number)) for number in (1, 2)]
        twice = threads.submit(together.add, trace(0, "again"))
        while len(together._queue) < 3:  # bounded by the time limit of the test's futures
            assert not any(each.done() for each in (*others, twice))
        counted.may_go_on.set()
        for each in (first, *others):
            each.result(WAIT_S)
        with pytest.raises(IntegrityError):
            twice.result(WAIT_S)
    assert counted.opened == 1 + 1 + 3
    assert {one.tool_trace_id for one in database.traces("w")} == {"trace_0", "trace_1", "trace_2"}
    assert database.traces("again") == []


def test_a_thread_that_is_stopped_leaves_its_records_to_the_next(database: Database) -> None:
    class Stopped:
        is_stopped = False

        @contextmanager
        def session(self) -> Iterator[Session]:
            if not self.is_stopped:
                self.is_stopped = True
                raise KeyboardInterrupt
            with database.session() as session:
                yield session

    together = Together(Stopped().session)
    with pytest.raises(KeyboardInterrupt):
        together.add(trace(1))
    together.add(trace(2))
    assert len(database.traces("w")) == 2
