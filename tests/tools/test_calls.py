"""A call: checked, given its ids, traced however it ends."""

import re
from typing import Any

import pytest

from store.errors import BadInput, NotFound
from tools import TOOLS
from tools.calls import call, tool_named
from tools.declaration import ToolQuery, ToolResult, tool


class Question(ToolQuery):
    """What is asked."""

    number: int


class Answer(ToolResult):
    """What is answered."""

    doubled: int
    share: float = 0.5
    sure: bool = True
    told: str = "nothing"


def double(workspace: Any, query: Question) -> Answer:
    """Twice the number.

    Nothing else.
    """
    if query.number < 0:
        raise NotFound("There is no such number", where="number")
    if query.number == 0:
        raise RuntimeError("broken")
    return Answer(doubled=query.number * 2)


@pytest.fixture
def small(load) -> Any:
    return load("id,color\n1,red\n", {"id": {"kind": "person_id"}, "color": {"kind": "category"}})


def traces(workspace: Any, workflow_id: str) -> list[tuple[str, str, dict[str, float]]]:
    return [(trace.tool, trace.outcome, trace.counts) for trace in workspace.database.traces(workflow_id)]


def test_a_tool_is_told_by_its_function():
    declared = tool(double)
    assert (declared.name, declared.summary) == ("double", "Twice the number.")
    assert declared.description == "Twice the number.\n\nNothing else."
    assert (declared.query, declared.result) == (Question, Answer)
    assert declared.input_schema["required"] == ["number"]
    assert set(declared.output_schema["properties"]) == set(Answer.model_fields)


def test_an_answer_carries_its_ids_and_leaves_its_figures(small):
    answer = call(tool(double), small, {"number": 2})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.workflow_id)
    assert answer.tool_trace_id.startswith("trace_")
    assert traces(small, answer.workflow_id) == [("double", "ok", {"doubled": 4.0, "share": 0.5})]
    (trace,) = small.database.traces(answer.workflow_id)
    assert trace.tool_trace_id == answer.tool_trace_id
    assert (trace.snapshot_id, trace.started_at) == (small.warehouse.current_id, small.now())


def test_a_workflow_is_echoed_and_each_call_has_its_own_trace(small):
    answers = [call(tool(double), small, {"number": 2, "workflow_id": "job-1"}) for _ in range(3)]
    assert {answer.workflow_id for answer in answers} == {"job-1"}
    assert len({answer.tool_trace_id for answer in answers}) == 3
    assert len(small.database.traces("job-1")) == 3


def test_a_refusal_is_traced_with_its_words(small):
    with pytest.raises(NotFound):
        call(tool(double), small, {"number": -1, "workflow_id": "job-2"})
    assert traces(small, "job-2") == [("double", "refused", {})]
    assert small.database.traces("job-2")[0].message.startswith("There is no such number")


def test_a_failure_is_traced_without_words(small):
    with pytest.raises(RuntimeError):
        call(tool(double), small, {"number": 0, "workflow_id": "job-3"})
    assert traces(small, "job-3") == [("double", "failed", {})]
    assert small.database.traces("job-3")[0].message == ""


def test_arguments_that_do_not_fit_are_traced_as_refused(small):
    with pytest.raises(BadInput):
        call(tool(double), small, {"number": "many", "workflow_id": "job-4"})
    assert traces(small, "job-4") == [("double", "refused", {})]


def test_a_warehouse_that_was_never_loaded_is_refused(house):
    with pytest.raises(NotFound, match="nowhere"):
        call(tool(double), house.workspace("nowhere"), {"number": 1})


def test_a_refusal_names_the_fields_there_are_and_never_what_was_given(small):
    secret = "jane.doe@example.com"
    wrong: list[dict[str, Any]] = [
        {"number": secret},
        {"number": [secret]},
        {secret: 1},
        {"number": 1, secret: 1},
        {"number": 1, "workflow_id": secret},
        {"number": 1, "workflow_id": {secret: secret}},
        {"number": 1, "5551234567": 1},
    ]
    for arguments in wrong:
        with pytest.raises(BadInput) as refused:
            call(tool(double), small, arguments)
        assert "It takes: workflow_id, number." in str(refused.value)
        assert "jane" not in str(refused.value)
        assert "555" not in str(refused.value)


def test_an_unknown_field_made_of_words_is_named(small):
    with pytest.raises(BadInput, match="`numbers`: Extra"):
        call(tool(double), small, {"numbers": 1})


def test_of_many_faults_a_few_are_told_and_the_rest_counted(small):
    with pytest.raises(BadInput, match="and 4 more"):
        call(tool(double), small, {"number": 1} | {f"{letter}x": 1 for letter in "abcdefghi"})


def test_tools_are_found_by_name():
    assert [tool_named(TOOLS, each.name) for each in TOOLS] == list(TOOLS)
    with pytest.raises(NotFound, match="resolve_identities, get_person"):
        tool_named(TOOLS, "resolve")


def test_the_tools_stand_in_the_order_a_reader_meets_them():
    assert [each.name for each in TOOLS] == [
        "resolve_identities",
        "get_person",
        "list_clusters",
        "get_cluster",
        "find_persons",
        "export_audience",
        "score_leads",
        "submit_feedback",
        "list_feedback",
        "decide_feedback",
        "split_match",
        "merge_persons",
        "undo_correction",
        "list_corrections",
    ]
    for each in TOOLS:
        assert len(each.summary) > 20
        assert "workflow_id" in each.input_schema["properties"]
        assert "tool_trace_id" in each.output_schema["properties"]
