"""submit_feedback: kept, listed, tied to its call."""

import pytest

from store.errors import BadInput, NotFound


def test_feedback_is_kept_and_listed(town, ask):
    workspace = town.workspace
    red = town.cluster("color", "red")
    first = ask(workspace, "list_clusters", cluster_names=["color"])
    answer = ask(
        workspace,
        "submit_feedback",
        workflow_id=first["workflow_id"],
        kind="wrong_attribute",
        message="Not red at all",
        person_id=7,
        cluster=red,
    )
    kept = {each.feedback_id: each for each in workspace.database.feedback("town")}[answer["feedback_id"]]
    assert (kept.kind, kept.message, kept.person_id, kept.cluster_hash) == (
        "wrong_attribute",
        "Not red at all",
        7,
        red,
    )
    assert kept.workflow_id == answer["workflow_id"] == first["workflow_id"]
    assert kept.status == "new"


def test_feedback_on_a_call_belongs_to_the_workflow_of_that_call(town, ask):
    first = ask(town.workspace, "list_clusters", cluster_names=["color"])
    answer = ask(
        town.workspace,
        "submit_feedback",
        tool_trace_id=first["tool_trace_id"],
        kind="other",
        message="Thanks",
    )
    kept = {each.feedback_id: each for each in town.workspace.database.feedback("town")}[
        answer["feedback_id"]
    ]
    assert (kept.tool_trace_id, kept.workflow_id) == (first["tool_trace_id"], first["workflow_id"])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"kind": "other", "message": "x"}, "workflow_id"),
        ({"kind": "other", "message": "", "workflow_id": "w"}, "message"),
        ({"kind": "praise", "message": "x", "workflow_id": "w"}, "kind"),
        ({"kind": "other", "message": "x", "workflow_id": "w", "person_id": 10**30}, "person_id"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(town, ask, arguments: dict, field: str):
    with pytest.raises(BadInput, match=f"`{field}`"):
        ask(town.workspace, "submit_feedback", **arguments)


def test_an_unknown_cluster_is_refused_and_nothing_is_kept(town, ask):
    before = len(town.workspace.database.feedback("town"))
    with pytest.raises(NotFound):
        ask(town.workspace, "submit_feedback", workflow_id="w", kind="other", message="x", cluster="f" * 32)
    assert len(town.workspace.database.feedback("town")) == before
