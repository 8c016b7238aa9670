"""The end of a job is told to whoever listens: once, with ids and counts, in the transaction that ends it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from api.jobs import queue
from api.settings import Settings
from api.webhooks import job_events
from store.errors import TooFewCustomers
from store.records import Run
from store.records.outbox import OutboxDelivery, OutboxMessage
from store.records.runs import change_run, run_named
from store.records.webhooks import WebhookEndpoint, add_endpoint
from store.workspace import House
from tools import telling


@pytest.fixture
def asked(farm: House, limits: Settings, sheep: object) -> Callable[..., str]:
    endpoint = WebhookEndpoint(
        endpoint_id="hook_1", url="https://example.com/", secret="sealed", created_at=farm.now()
    )
    add_endpoint(farm.database, endpoint)
    return lambda **arguments: queue.submit(farm, limits, "count_sheep", arguments, "small").run_id


def messages(house: House) -> list[OutboxMessage]:
    with house.database.session() as session:
        return list(session.exec(select(OutboxMessage)))


def test_a_job_that_is_done_is_told(farm: House, asked: Callable[..., str], work: Callable[[], None]) -> None:
    run_id = asked(many=5)
    work()
    (message,) = messages(farm)
    run = run_named(farm.database, run_id)
    assert message.payload == {
        "type": "job.done",
        "timestamp": farm.now().isoformat(),
        "data": {
            "run_id": run_id,
            "workflow_id": run.workflow_id,
            "tool": "count_sheep",
            "warehouse": "small",
            "status": "done",
            "links": {"job": f"/v1/jobs/{run_id}", "result": f"/v1/jobs/{run_id}/result"},
            "counts": {"counted": 5.0},
        },
    }
    assert farm.database.get(OutboxDelivery, _only_delivery(farm)) is not None


def _only_delivery(house: House) -> str:
    with house.database.session() as session:
        return session.exec(select(OutboxDelivery.delivery_id)).one()


def test_an_analysis_is_told_as_one_too(
    farm: House, asked: Callable[..., str], work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(telling.OF_TOOL, "count_sheep", "analysis.done")
    asked(many=5)
    work()
    assert sorted(message.event for message in messages(farm)) == ["analysis.done", "job.done"]


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("someone@example.com"), "failed"), (TooFewCustomers("3"), "refused")]
)
def test_a_job_that_fails_or_is_refused_is_told_without_its_words(
    farm: House,
    asked: Callable[..., str],
    work: Callable[[], None],
    sheep: Any,
    error: Exception,
    status: str,
) -> None:
    def fail(_: str) -> None:
        raise error

    sheep.beside = fail
    asked()
    work()
    (message,) = messages(farm)
    assert (message.event, message.payload["data"]["status"]) == ("job.failed", status)
    assert "example.com" not in str(message.payload)
    assert "message" not in message.payload["data"]


def test_a_job_that_is_cancelled_or_handed_on_is_not_told(
    farm: House, asked: Callable[..., str], work: Callable[[], None], sheep: Any
) -> None:
    run_id = asked()
    sheep.beside = lambda step: queue.cancel(farm, run_id) and None
    work()
    assert run_named(farm.database, run_id).status == "cancelled"
    assert messages(farm) == []


def test_an_end_that_does_not_come_to_be_is_not_told(farm: House, asked: Callable[..., str]) -> None:
    """The job is queued, not running: its end, told from an older turn, changes nothing and tells nothing."""
    run_id = asked()
    run = run_named(farm.database, run_id)
    told = job_events.telling_of(farm, run, "done", None)
    assert not change_run(farm.database, run_id, ("running",), also=told, status="done")
    assert messages(farm) == []
    assert change_run(farm.database, run_id, ("queued",), also=told, status="done")
    assert len(messages(farm)) == 1


def test_an_end_whose_telling_fails_does_not_come_to_be(farm: House, asked: Callable[..., str]) -> None:
    run_id = asked()

    def fail(_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change_run(farm.database, run_id, ("queued",), also=fail, status="done")
    assert run_named(farm.database, run_id).status == "queued"


def test_what_does_not_fit_a_message_is_left_out_of_it(farm: House, asked: Callable[..., str]) -> None:
    odd = Run(
        run_id="run_1",
        kind="count_sheep",
        warehouse="",
        workflow_id="someone@example.com",
        request_hash="h",
        created_at=farm.now(),
    )
    with farm.database.session() as session:
        job_events.telling_of(farm, odd, "done", None)(session)
    (message,) = messages(farm)
    assert set(message.payload["data"]) == {"run_id", "tool", "status", "links"}
