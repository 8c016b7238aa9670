"""A file of people leaves the house only when somebody said yes, where it was asked for so."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.audience_result import AudienceResult
from agent.generate_audience import AUDIENCE, generate_audience, start_audience
from agent.requests import AudienceQuery
from agent.state import NeedsApproval, RunContext
from store.workspace import House, Workspace
from tests.agent.conftest import Analysed

TRAITS = {"traits": ["interested_golf=Yes", "is_home_owner=Yes"], "strategy": "reach"}


def asking(workspace: Workspace) -> RunContext:
    return RunContext(workspace, approval="ask")


def waiting(workspace: Workspace, **more: Any) -> NeedsApproval:
    """The question that a run of these arguments ends in."""
    query = AudienceQuery.model_validate({**TRAITS, "format": "csv", **more})
    with pytest.raises(NeedsApproval) as asked:
        start_audience(workspace, query, context=asking(workspace))
    return asked.value


def exports(workspace: Workspace) -> int:
    return len([path for path in workspace.home.glob("exports/**/*") if path.is_file()])


def test_the_question_says_what_would_leave_and_names_nobody(us: Workspace) -> None:
    total = generate_audience(us, AudienceQuery.model_validate(TRAITS)).total
    what = waiting(us).what
    assert what == {
        "action": "export",
        "rows": total,
        "format": "csv",
        "identifier_type": "email",
        "columns": ["person_id", "email1", "email2", "email3"],
        "expires": "one hour",
    }
    assert exports(us) == 0


def test_after_a_yes_the_file_is_there(us: Workspace) -> None:
    question = waiting(us)
    found = AUDIENCE.finish(question.run_id, asking(us), answer={"approved": True})
    assert found.export is not None
    assert found.export.rows == question.what["rows"] == found.total
    assert not found.export_refused
    assert exports(us) == 1


def test_after_a_no_the_audience_is_there_and_no_file(us: Workspace) -> None:
    question = waiting(us)
    found = AUDIENCE.finish(question.run_id, asking(us), answer={"approved": False})
    assert found.export is None
    assert found.export_refused
    assert found.total == question.what["rows"]
    assert exports(us) == 0


@pytest.mark.parametrize("answer", ["yes", {"approved": "yes"}, {"approved": 1}, {"yes": True}, [True]])
def test_only_a_plain_yes_is_a_yes(us: Workspace, answer: Any) -> None:
    found = AUDIENCE.finish(waiting(us).run_id, asking(us), answer=answer)
    assert found.export_refused
    assert exports(us) == 0


def test_after_a_restart_the_question_is_asked_again(us: Workspace, open_house: Callable[..., House]) -> None:
    """Another process goes on without knowing that it has to ask: the run remembers."""
    question = waiting(us)
    later = open_house(us.home).workspace("us")
    with pytest.raises(NeedsApproval) as again:
        AUDIENCE.resume(later, question.run_id)
    assert (again.value.run_id, again.value.what) == (question.run_id, question.what)
    found = AUDIENCE.finish(question.run_id, RunContext(later), answer={"approved": True})
    assert found.export is not None
    assert exports(later) == 1


def test_an_answer_given_twice_writes_one_file(us: Workspace) -> None:
    run_id = waiting(us).run_id
    first = AUDIENCE.finish(run_id, asking(us), answer={"approved": True})
    second = AUDIENCE.finish(run_id, asking(us), answer={"approved": False})
    assert isinstance(second, AudienceResult)
    assert second.export == first.export
    assert exports(us) == 1


def test_without_a_file_nobody_is_asked(us: Workspace) -> None:
    found = start_audience(us, AudienceQuery.model_validate(TRAITS), context=asking(us))
    assert not found.export_refused


def test_where_approval_is_given_nobody_is_asked(us: Workspace) -> None:
    query = AudienceQuery.model_validate(TRAITS | {"format": "csv"})
    assert start_audience(us, query).export is not None


def test_a_ranked_audience_is_asked_for_with_the_rows_that_it_will_have(golf: Analysed) -> None:
    query = AudienceQuery.model_validate(
        {"analysis_id": golf.analysis.analysis_id, "strategy": "ranked", "format": "jsonl"}
    )
    with pytest.raises(NeedsApproval) as asked:
        start_audience(golf.workspace, query, context=asking(golf.workspace))
    assert asked.value.what["columns"][-1] == "fit_score"
    found = AUDIENCE.finish(asked.value.run_id, asking(golf.workspace), answer={"approved": True})
    assert found.export is not None
    assert found.export.rows == asked.value.what["rows"]
