"""Workers do the jobs: to their end, or to where they wait, stop or fail; over SQLite and over Postgres."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.runs.running import is_under_way
from api.jobs import queue
from api.jobs.slots import Slot
from api.jobs.worker import Worker
from api.settings import Settings
from store.errors import NoRoom, TooFewCustomers
from store.records import Run
from store.records.runs import begin_run, change_run, run_named
from store.workspace import House


@pytest.fixture(params=["sqlite", "postgres"])
def farm(farm: House, request: pytest.FixtureRequest) -> House:
    """A house whose checkpoints and jobs are in the one and in the other."""
    if request.param == "postgres":
        url = request.getfixturevalue("jobs_database")
        farm.database_url = farm.workspace("small").database_url = url
    return farm


@pytest.fixture
def asked(farm: House, limits: Settings, sheep: object) -> Callable[..., str]:
    return lambda **arguments: queue.submit(farm, limits, "count_sheep", arguments, "small").run_id


@pytest.fixture
def told(farm: House) -> Callable[[str], Run]:
    return lambda run_id: run_named(farm.database, run_id)


def left(farm: House, run_id: str) -> tuple[bool, bool]:
    """Whether the request and the checkpoints of a run are still there."""
    request = farm.artifacts.path("request", run_id, "json").exists()
    return request, is_under_way(run_id, farm.workspace("small"))


def test_a_job_is_done_and_its_record_tells_how_it_went(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    run_id = asked(many=5)
    work()
    run = told(run_id)
    assert (run.status, run.step, run.done, run.of, run.count) == ("done", "count", 1, 1, 5)
    assert run.started_at == run.ended_at == farm.now()
    assert sheep.steps == ["gather", "count"]
    assert left(farm, run_id) == (False, False)
    (trace,) = farm.database.traces(run.workflow_id)
    assert (trace.tool, trace.outcome, trace.counts) == ("count_sheep", "ok", {"counted": 5.0})


def test_the_same_findings_have_the_same_hash(
    asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run]
) -> None:
    same, again, other = asked(many=5), asked(many=5), asked(many=6)
    work()
    assert told(same).result_hash == told(again).result_hash != told(other).result_hash


@pytest.mark.parametrize(("approved", "counted"), [(True, 3), (False, 0)])
def test_a_job_waits_for_a_decision_without_a_worker_and_goes_on_with_it(
    farm: House,
    asked: Callable[..., str],
    work: Callable[[], None],
    told: Callable[[str], Run],
    sheep: Any,
    approved: bool,
    counted: int,
) -> None:
    run_id = asked(approved=False)
    work()
    assert (told(run_id).status, told(run_id).waiting_for) == ("waiting", {"question": "all of them?"})
    queue.answer(farm.database, run_id, approved)
    work()
    assert (told(run_id).status, told(run_id).count) == ("done", counted)
    assert sheep.steps == ["gather", "count"]


def test_a_cancelled_job_stops_between_two_steps_and_can_go_on(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    run_id = asked()
    sheep.beside = lambda step: queue.cancel(farm, run_id)  # as another process does, while the step runs
    work()
    assert (told(run_id).status, sheep.steps) == ("cancelled", ["gather"])
    sheep.beside = lambda step: None
    queue.go_on(farm.database, run_id)
    work()
    assert (told(run_id).status, sheep.steps) == ("done", ["gather", "count"])


def test_a_job_that_was_cancelled_while_it_was_queued_is_not_begun(
    farm: House, asked: Callable[..., str], work: Callable[[], None], sheep: Any
) -> None:
    queue.cancel(farm, asked())
    work()
    assert sheep.steps == []


def test_a_refused_job_says_why_and_leaves_no_request(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    def refuse(step: str) -> None:
        raise TooFewCustomers("Only 2 sheep", where="sheep", instead="Bring more.")

    sheep.beside = refuse
    run_id = asked()
    work()
    assert (told(run_id).status, told(run_id).message) == ("refused", "Only 2 sheep (sheep). Bring more.")
    assert left(farm, run_id) == (False, False)
    assert farm.database.traces(told(run_id).workflow_id)[0].outcome == "refused"


def test_a_full_disk_leaves_what_can_be_gone_on_with(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    def full(step: str) -> None:
        raise NoRoom("The disk is full")

    sheep.beside = full
    run_id = asked()
    work()
    assert (told(run_id).status, left(farm, run_id)) == ("refused", (True, True))


def test_a_failed_job_keeps_its_error_to_itself_and_can_go_on(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    def fail(step: str) -> None:
        raise KeyError("ann.lee@example.com")

    sheep.beside = fail
    failed, other = asked(), asked()
    work()
    assert (told(failed).status, told(failed).message, told(other).status) == ("failed", "KeyError", "failed")
    assert not [path for path in farm.home.glob("*.db*") if b"ann.lee" in path.read_bytes()]
    assert left(farm, failed) == (True, True)
    sheep.beside = lambda step: None
    queue.go_on(farm.database, failed)
    work()
    assert told(failed).status == "done"


def test_a_job_that_takes_too_long_stops(
    farm: House,
    asked: Callable[..., str],
    work: Callable[[], None],
    told: Callable[[str], Run],
    sheep: Any,
    clock: Any,
) -> None:
    sheep.beside = lambda step: clock.advance(seconds=61)
    run_id = asked()
    work()
    assert (told(run_id).status, told(run_id).message) == ("failed", "It took longer than 60 seconds.")


def test_a_worker_that_is_stopped_leaves_its_job_to_the_next_one(
    farm: House,
    asked: Callable[..., str],
    work: Callable[[], None],
    told: Callable[[str], Run],
    sheep: Any,
    limits: Settings,
) -> None:
    run_id = asked()
    stopped = Worker(farm, limits, poll_seconds=0.02)
    sheep.beside = lambda step: stopped.stop()
    stopped.run()
    assert (told(run_id).status, told(run_id).turn, sheep.steps) == ("queued", 1, ["gather"])
    sheep.beside = lambda step: None
    work()
    assert (told(run_id).status, sheep.steps) == ("done", ["gather", "count"])


def test_the_jobs_of_a_worker_that_is_gone_are_done(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run]
) -> None:
    run_id = asked()
    (farm.home / "workers").mkdir()
    (farm.home / "workers" / "worker-2.lock").touch()
    begin_run(farm.database, run_id, 0, "worker-2", farm.now())
    work()
    assert (told(run_id).status, told(run_id).turn) == ("done", 1)


def test_a_job_that_kills_its_workers_is_given_up(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    run_id = asked()
    change_run(farm.database, run_id, ("queued",), attempts=10)
    work()
    assert (told(run_id).status, sheep.steps) == ("failed", [])
    assert "each time its worker was killed" in told(run_id).message


def test_a_job_whose_record_was_not_written_after_its_end_ends_once_more_without_running(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    run_id = asked()
    work()
    change_run(farm.database, run_id, ("done",), status="queued", turn=1)
    work()
    assert (told(run_id).status, sheep.steps) == ("done", ["gather", "count"])
    assert len(farm.database.traces(told(run_id).workflow_id)) == 1


def test_the_request_of_a_run_that_nobody_goes_on_with_is_removed_after_a_day(
    farm: House, asked: Callable[..., str], work: Callable[[], None], clock: Any, sheep: Any
) -> None:
    waiting, left_alone = asked(approved=False), asked()
    queue.cancel(farm, left_alone)
    clock.advance(days=20_000)  # files have the time of the machine
    work()
    assert [path.stem for path in farm.home.glob("artifacts/request/*")] == [waiting]


def test_each_worker_has_a_name_of_its_own_and_a_freed_one_is_taken_again(tmp_path: Path) -> None:
    first, second = Slot(tmp_path), Slot(tmp_path)
    assert (first.name, second.name) == ("worker-1", "worker-2")
    with first.left_behind() as gone:
        assert gone == []
    second.leave()
    with first.left_behind() as gone:
        third = Slot(tmp_path)
        assert (gone, third.name) == (["worker-2"], "worker-3")
    again = Slot(tmp_path)
    assert again.name == "worker-2"
    for slot in (first, third, again):
        slot.leave()


def test_a_job_whose_warehouse_was_taken_away_is_refused(
    farm: House, asked: Callable[..., str], work: Callable[[], None], told: Callable[[str], Run], sheep: Any
) -> None:
    def look(step: str) -> None:
        (farm.home / "warehouses" / "small" / "current").unlink()
        farm.workspace("small").warehouse.current_id  # noqa: B018  # raises

    sheep.beside = look
    run_id = asked()
    work()
    assert told(run_id).status == "refused"
    assert left(farm, run_id) == (False, False)
