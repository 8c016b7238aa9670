"""Asking for jobs, stopping them and deciding for them, with no worker there."""

from collections.abc import Callable
from typing import Any

import pytest

from api.jobs import queue
from api.settings import Settings
from store.errors import BadInput, Busy, Conflict, NotFound
from store.records import Run
from store.records.runs import change_run, run_named
from store.workspace import House


@pytest.fixture
def ask(farm: House, limits: Settings, sheep: object) -> Callable[..., Run]:
    return lambda many=3, key=None, **more: queue.submit(
        farm, limits, "count_sheep", {"many": many, **more}, "small", key
    )


def requests(house: House) -> list[str]:
    return sorted(path.stem for path in house.home.glob("artifacts/request/*"))


def test_a_job_is_queued_with_its_request_beside_it(farm: House, ask: Callable[..., Run]) -> None:
    run = ask()
    assert (run.status, run.kind, run.warehouse) == ("queued", "count_sheep", "small")
    assert run_named(farm.database, run.run_id) == run
    assert requests(farm) == [run.run_id]


def test_the_same_request_under_the_same_key_is_one_job(farm: House, ask: Callable[..., Run]) -> None:
    first, second = ask(key="monday"), ask(key="monday")
    assert first.run_id == second.run_id
    assert requests(farm) == [first.run_id]
    assert ask().run_id != ask().run_id


def test_another_request_under_the_same_key_is_refused_and_leaves_nothing(
    farm: House, ask: Callable[..., Run]
) -> None:
    first = ask(key="monday")
    with pytest.raises(Conflict, match="Another request was made under this idempotency key"):
        ask(many=4, key="monday")
    with pytest.raises(Conflict):
        ask(key="monday", workflow_id="another-workflow")
    assert requests(farm) == [first.run_id]


def test_more_than_may_wait_are_refused_and_leave_nothing(farm: House, ask: Callable[..., Run]) -> None:
    kept = sorted(ask().run_id for _ in range(3))
    with pytest.raises(Busy, match="3 jobs are queued already"):
        ask()
    assert requests(farm) == kept
    queue.cancel(farm, kept[0])
    assert ask().status == "queued"


@pytest.mark.parametrize("key", ["", "a b", "ann.lee@example.com", "x" * 129])
def test_a_key_is_no_address_and_not_long(ask: Callable[..., Run], key: str) -> None:
    with pytest.raises(BadInput, match="An idempotency key is"):
        ask(key=key)


def test_a_job_that_could_not_be_done_is_refused_at_once(
    farm: House, limits: Settings, ask: Callable[..., Run]
) -> None:
    with pytest.raises(NotFound, match="There is no such kind of job"):
        queue.submit(farm, limits, "count_goats", {}, "small")
    with pytest.raises(BadInput, match="do not fit"):
        ask(many="lots")
    with pytest.raises(NotFound):
        queue.submit(farm, limits, "count_sheep", {}, "elsewhere")
    assert requests(farm) == []


def test_the_record_tells_nothing_of_the_request(farm: House, ask: Callable[..., Run]) -> None:
    record, elsewhere = ask(many=42), ask(many=42)
    assert "42" not in record.request_hash[:0] + str(
        record.model_dump(exclude={"run_id", "workflow_id", "request_hash", "created_at"})
    )
    assert record.request_hash == elsewhere.request_hash != ask(many=43).request_hash


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_is_asked_to_stop(
    farm: House, ask: Callable[..., Run]
) -> None:
    queued, running = ask(), ask()
    change_run(farm.database, running.run_id, ("queued",), status="running")
    assert queue.cancel(farm, queued.run_id).status == "cancelled"
    asked = queue.cancel(farm, running.run_id)
    assert (asked.status, asked.cancel_asked) == ("running", True)


def test_what_has_ended_is_not_cancelled(farm: House, ask: Callable[..., Run]) -> None:
    run = ask()
    queue.cancel(farm, run.run_id)
    with pytest.raises(Conflict, match="The job is cancelled, so there is nothing to cancel"):
        queue.cancel(farm, run.run_id)


def test_a_cancelled_job_is_queued_again_and_a_queued_one_is_not(
    farm: House, ask: Callable[..., Run]
) -> None:
    run = ask()
    with pytest.raises(Conflict, match="nothing to go on with"):
        queue.go_on(farm.database, run.run_id)
    queue.cancel(farm, run.run_id)
    again = queue.go_on(farm.database, run.run_id)
    assert (again.status, again.turn, again.ended_at) == ("queued", 1, None)


def test_only_what_waits_is_decided(farm: House, ask: Callable[..., Run]) -> None:
    run = ask()
    with pytest.raises(Conflict, match="so it waits for no decision"):
        queue.answer(farm.database, run.run_id, approved=True)
    change_run(farm.database, run.run_id, ("queued",), status="waiting", waiting_for={"question": "?"})
    decided = queue.answer(farm.database, run.run_id, approved=False)
    assert (decided.status, decided.answer, decided.waiting_for) == ("queued", {"approved": False}, None)


@pytest.mark.parametrize(
    "act", [queue.cancel, lambda house, run: queue.answer(house.database, run, approved=True)]
)
def test_an_unknown_job_is_not_found(farm: House, act: Callable[..., Any]) -> None:
    with pytest.raises(NotFound, match="There is no such job"):
        act(farm, "sheep_1")
