"""The commands for jobs, from asking to what came of it, over the generated population."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from agent.runs.running import is_under_way
from store.workspace import Workspace

FEMALE = '{"traits": ["gender=Female"], "format": "csv"}'


@pytest.fixture
def asked(fieldmark: Callable[..., Any]) -> Callable[..., str]:
    """Asks for an audience with a file; its run id."""

    def ask(*more: str) -> str:
        found = fieldmark("submit", "generate_audience", FEMALE, *more)
        assert found.exit_code == 0, found.stderr
        return found.stdout.strip()

    return ask


@pytest.fixture
def work(fieldmark: Callable[..., Any]) -> Callable[[], None]:
    """Lets a worker do what is queued."""

    def until_idle() -> None:
        found = fieldmark("worker", "--until-idle")
        logging.getLogger("dbos").handlers.clear()  # they hold this command's stderr, which is closed now
        assert found.exit_code == 0, found.stderr

    return until_idle


@pytest.fixture
def told(fieldmark: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    return lambda run_id: json.loads(fieldmark("job", run_id, "--json").stdout)


def test_a_job_is_asked_for_done_and_shown(
    work: Callable[[], None],
    us: Workspace,
    fieldmark: Callable[..., Any],
    asked: Callable[..., str],
    told: Callable[[str], Any],
) -> None:
    run_id = asked()
    assert told(run_id)["status"] == "queued"
    work()
    done = told(run_id)
    assert (done["status"], done["step"]) == ("done", "deliver")
    assert done["count"] == done["result"]["total"] == done["result"]["export"]["rows"] > 0
    assert done["result"]["tool_trace_id"] == f"trace_{run_id}"
    assert run_id in fieldmark("jobs").stdout
    assert f"{done['count']:,} people" in fieldmark("job", run_id).stdout
    assert not is_under_way(run_id, us)


def test_the_same_key_is_the_same_job(asked: Callable[..., str], fieldmark: Callable[..., Any]) -> None:
    assert asked("--key", "monday") == asked("--key", "monday")
    refused = fieldmark("submit", "generate_audience", '{"traits": ["gender=Male"]}', "--key", "monday")
    assert refused.exit_code == 2
    assert "Another request was made under this idempotency key" in refused.stderr


@pytest.mark.parametrize(("decision", "files"), [([], 1), (["--no"], 0)])
def test_a_file_waits_for_a_decision(
    work: Callable[[], None],
    us: Workspace,
    fieldmark: Callable[..., Any],
    asked: Callable[..., str],
    told: Callable[[str], Any],
    decision: list[str],
    files: int,
) -> None:
    run_id = asked("--ask")
    work()
    waiting = told(run_id)
    assert (waiting["status"], waiting["waiting_for"]["action"]) == ("waiting", "export")
    assert "fieldmark approve" in fieldmark("job", run_id).stderr
    assert list(us.home.glob("exports/*")) == []
    assert fieldmark("approve", run_id, *decision).exit_code == 0
    work()
    assert told(run_id)["status"] == "done"
    assert len(list(us.home.glob("exports/*"))) == files


def test_a_cancelled_job_is_not_done_until_it_is_resumed(
    work: Callable[[], None],
    fieldmark: Callable[..., Any],
    asked: Callable[..., str],
    told: Callable[[str], Any],
) -> None:
    run_id = asked()
    assert fieldmark("cancel", run_id).stdout.strip() == "Cancelled."
    assert fieldmark("cancel", run_id).exit_code == 2
    work()
    assert told(run_id)["status"] == "cancelled"
    assert "Queued again" in fieldmark("resume", run_id).stderr
    work()
    assert told(run_id)["status"] == "done"


def test_a_job_that_is_done_is_answered_again_by_resume(
    work: Callable[[], None],
    fieldmark: Callable[..., Any],
    asked: Callable[..., str],
    told: Callable[[str], Any],
) -> None:
    run_id = asked()
    work()
    again = json.loads(fieldmark("resume", run_id, "--json").stdout)
    assert again["audience_id"] == run_id
    assert again["total"] == told(run_id)["result"]["total"]


@pytest.mark.parametrize("command", ["job", "cancel", "approve"])
def test_an_unknown_job_is_not_found(fieldmark: Callable[..., Any], command: str) -> None:
    found = fieldmark(command, "audience_1")
    assert (found.exit_code, "There is no such job" in found.stderr) == (3, True)


def test_what_cannot_be_a_job_is_refused(fieldmark: Callable[..., Any]) -> None:
    assert fieldmark("submit", "no_such_tool", "{}").exit_code == 3
    assert fieldmark("submit", "find_persons", "{}").exit_code == 2
    assert fieldmark("submit", "generate_audience", '{"traits": 1}').exit_code == 2
    assert fieldmark("submit", "generate_audience", "not json").exit_code == 2
    assert fieldmark("resume", "other_1").exit_code == 3
