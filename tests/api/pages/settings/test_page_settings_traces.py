"""A workflow is found by its id and drawn in the order of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.settings.tracing.waterfall import LEAST, waterfall_of
from store.errors import ToolRefused
from store.records.trace_tree import Kind, TraceNode, TraceTotals, TraceTree
from tests.api.pages.settings.furnished import calls
from tools import TOOLS
from tools.calls import call, tool_named

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def node(
    after: float, lasted: float | None, *children: TraceNode, kind: Kind = "call", **more: Any
) -> TraceNode:
    at = BEGAN + timedelta(milliseconds=after)
    return TraceNode(
        kind=kind,
        id=f"{kind}{after}",
        name="n",
        started_at=at,
        milliseconds=lasted,
        children=list(children),
        **more,
    )


def tree(milliseconds: float, *nodes: TraceNode) -> TraceTree:
    return TraceTree(
        workflow_id="w",
        warehouses=[],
        started_at=BEGAN,
        milliseconds=milliseconds,
        nodes=list(nodes),
        totals=TraceTotals(),
    )


def test_bars_stand_where_things_happened():
    """Of 200 ms: a job of all of them; in it a step from 50 to 100 (25 wide from 25), one of no time at its
    end, and one that goes on since 150 (the last quarter)."""
    steps = [node(50, 50, kind="step"), node(150, None, kind="step"), node(200, 0, kind="export")]
    bars = waterfall_of(tree(200, node(0, 200, *steps, kind="job")))
    assert [(bar.depth, bar.left, bar.width) for bar in bars] == [
        (0, 0.0, 100.0),
        (1, 25.0, 25.0),
        (1, 75.0, 25.0),
        (1, 100 - LEAST, LEAST),
    ]


def test_figures_with_words_stand_apart_from_counts_of_the_answer():
    figures = {"request_bytes": 10, "answer_bytes": 0, "customers": 150.0}
    (bar,) = waterfall_of(tree(1, node(0, 1, figures=figures)))
    assert (bar.told, bar.others) == ({"request_bytes": 10}, {"customers": 150.0})


@given(st.lists(st.tuples(st.floats(0, 1e7), st.none() | st.floats(0, 1e7)), max_size=20), st.floats(0, 1e7))
def test_no_bar_leaves_the_picture(times, whole):
    for bar in waterfall_of(tree(whole, *(node(after, lasted) for after, lasted in times))):
        assert 0 <= bar.left <= 100
        assert bar.width > 0
        assert bar.left + bar.width <= 100.01  # both are rounded to hundredths


def test_the_last_workflows_are_listed_each_once_and_found_by_outcome(get, here):
    workflow = calls(here, "us")
    refused = {"expression": "nonsense AND"}
    with pytest.raises(ToolRefused):
        call(tool_named(TOOLS, "find_persons"), here.workspace("us"), refused)
    page = get("/settings/traces").text
    assert page.count(f'href="/settings/traces/{workflow}"') == 1
    assert "list_clusters" in page
    assert "submit_feedback" in page
    wrong = get("/settings/traces?outcome=refused").text
    assert "find_persons" in wrong
    assert workflow not in wrong


def test_a_workflow_is_found_by_its_id(get, here):
    workflow = calls(here, "us")
    page = get(f"/settings/traces?workflow_id=%20{workflow}%20").text
    assert "What happened" in page
    assert "2 of 2 entries." in page
    assert 'style="' not in page
    assert "There is nothing here" in get("/settings/traces?workflow_id=no-such", 404).text
    assert "There is nothing here" in get("/settings/traces?workflow_id=a/../b", 404).text
