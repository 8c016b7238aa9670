"""A tool that is no workflow, done as a job: once, with ids of its own, and its answer kept for a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from pydantic import Field

from agent.state import NeedsApproval, RunContext
from api.jobs import kinds, queue
from api.jobs.one_call import KEPT, RESULT, OneCall, require_kept
from api.jobs.sweeping import Sweeper
from api.settings import Settings
from store.errors import BadInput, Expired
from store.records import Feedback
from store.records.runs import run_named
from store.workspace import House, Workspace
from tools.declaration import ExportingQuery, ToolResult, tool


class SayQuery(ExportingQuery):
    """What is said."""

    words: str = Field(default="well done", max_length=100)
    fails: bool = False


class SaidResult(ToolResult):
    """What was kept of it."""

    feedback_id: str
    format: str


def say(workspace: Workspace, query: SayQuery) -> SaidResult:
    """Something said, kept."""
    if query.fails:
        raise BadInput("It is not said", where="words", instead="Say another thing.")
    record = Feedback(
        feedback_id=f"feedback_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        kind="other",
        message=query.words,
        created_at=workspace.now(),
    )
    workspace.database.add(record)
    return SaidResult(feedback_id=record.feedback_id, format=query.format)


@pytest.fixture
def ask(farm: House, limits: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    declared = (tool(say, needs=("read", "run")),)
    monkeypatch.setattr(kinds, "CATALOGUE", declared)
    monkeypatch.setattr(queue, "CATALOGUE", declared)
    return lambda asks=False, **arguments: (
        queue.submit(farm, limits, "say", arguments, "small", asks=asks, actor="key_1").run_id
    )


def kept(house: House, run_id: str) -> tuple[bool, bool]:
    """Whether the request and the answer are there."""
    artifacts = house.artifacts
    return artifacts.path("request", run_id, "json").exists(), artifacts.path(RESULT, run_id, "json").exists()


def test_a_call_is_done_and_its_answer_kept_and_its_request_removed(
    farm: House, ask: Callable[..., str], work: Callable[[], None]
) -> None:
    run_id = ask(words="by hand")
    assert kept(farm, run_id) == (True, False)
    work()
    run = run_named(farm.database, run_id)
    assert (run.status, run.step, run.done, run.of, run.actor) == ("done", "say", 1, 1, "key_1")
    assert kept(farm, run_id) == (False, True)
    answer = farm.artifacts.document(RESULT, run_id)
    assert (answer["workflow_id"], answer["tool_trace_id"]) == (run.workflow_id, f"trace_{run_id}")
    (said,) = farm.database.feedback("small")
    assert (said.message, said.feedback_id) == ("by hand", answer["feedback_id"])
    (trace,) = farm.database.traces(run.workflow_id)
    assert (trace.tool, trace.outcome, trace.actor) == ("say", "ok", "key_1")


def test_a_call_whose_worker_was_killed_before_its_answer_was_kept_does_nothing_twice(
    farm: House, ask: Callable[..., str]
) -> None:
    """Its answer was lost: the second try makes the same id, and replaces its record."""
    run_id = ask(words="once")
    kind = kinds.kind_named("say")
    context = RunContext(farm.workspace("small"))
    request = farm.artifacts.document("request", run_id)
    first = kind.finish(run_id, context)
    farm.artifacts.remove(RESULT, run_id, "json")
    farm.artifacts.save_document("request", run_id, request)
    assert kind.finish(run_id, context) == first
    assert kind.finish(run_id, context) == first  # now it is only read
    assert len(farm.database.feedback("small")) == 1


def test_two_jobs_have_ids_of_their_own(
    farm: House, ask: Callable[..., str], work: Callable[[], None]
) -> None:
    ask(), ask()
    work()
    assert len({one.feedback_id for one in farm.database.feedback("small")}) == 2


@pytest.mark.parametrize(("approved", "written"), [(True, "csv"), (False, "none")])
def test_a_file_waits_for_a_yes_where_the_job_asks(
    farm: House, ask: Callable[..., str], work: Callable[[], None], approved: bool, written: str
) -> None:
    run_id = ask(asks=True, format="csv")
    work()
    waiting = run_named(farm.database, run_id)
    assert (waiting.status, waiting.waiting_for) == ("waiting", {"action": "export", "format": "csv"})
    assert farm.database.feedback("small") == []
    queue.answer(farm.database, run_id, approved)
    work()
    assert farm.artifacts.document(RESULT, run_id)["format"] == written


def test_a_call_without_a_file_waits_for_nobody(farm: House, ask: Callable[..., str]) -> None:
    run_id = ask(asks=True)
    kind = kinds.kind_named("say")
    assert isinstance(kind, OneCall)
    context = RunContext(farm.workspace("small"), approval="ask")
    assert kind.finish(run_id, context).workflow_id
    with pytest.raises(NeedsApproval):
        kind.finish(ask(format="json"), context)


def test_a_refused_call_says_why_and_leaves_no_request(
    farm: House, ask: Callable[..., str], work: Callable[[], None]
) -> None:
    run_id = ask(fails=True)
    work()
    run = run_named(farm.database, run_id)
    assert (run.status, run.message) == ("refused", "It is not said (words). Say another thing.")
    assert kept(farm, run_id) == (False, False)


def test_an_answer_is_gone_after_a_day(
    farm: House, ask: Callable[..., str], work: Callable[[], None]
) -> None:
    run_id = ask()
    work()
    ended = run_named(farm.database, run_id).ended_at
    assert ended is not None
    require_kept(farm.artifacts, run_id, ended, ended + KEPT - timedelta(seconds=1))
    with pytest.raises(Expired, match="kept for a day"):
        require_kept(farm.artifacts, run_id, ended, ended + KEPT)
    assert kept(farm, run_id) == (False, False)


def test_the_sweeper_looks_through_every_organisation(house: House, clock: Any) -> None:
    """Files of today stay; those of a day and more before are removed, also where no job is known."""
    own, other = house, house.of("org_1")
    for each in (own, other):
        each.artifacts.save_document(RESULT, "call_old", {"who": "ann.lee@example.com"})
        each.artifacts.save_document("request", "call_old", {})
    Sweeper(house).sweep()  # the clock is months behind: nothing is a day old
    assert kept(own, "call_old") == kept(other, "call_old") == (True, True)
    clock.advance(days=36_500)
    Sweeper(house).sweep()
    assert kept(own, "call_old") == kept(other, "call_old") == (False, False)


def test_the_record_holds_nothing_of_the_answer(
    farm: House, ask: Callable[..., str], work: Callable[[], None]
) -> None:
    run_id = ask(words="ann.lee@example.com")
    work()
    record = orjson.dumps(run_named(farm.database, run_id).model_dump(mode="json"))
    assert b"ann.lee" not in record
