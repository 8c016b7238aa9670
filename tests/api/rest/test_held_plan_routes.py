"""A plan over HTTP that is shown first, changed, and then run."""

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step


@pytest.fixture
def held(served: TestClient, golf_hash: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The conversation in which a plan of two steps waits."""
    known = Plans()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=known))  # type: ignore[arg-type]  # all that is imported of it
    known.means("plan", step("list_clusters", query="golf"), step("find_persons", expression=golf_hash))
    answered = served.post("/v1/chat", json={"message": "plan", "hold": True})
    assert statuses(answered.text) == ["waiting"]
    return answered.headers["fieldmark-conversation"]


def statuses(text: str) -> list[str]:
    """What the `done` events of a stream say."""
    blocks = [block for block in text.split("\n\n") if "event: done" in block]
    return [json.loads(block.split("data: ", 1)[1])["status"] for block in blocks]


def change(served: TestClient, conversation: str, *changes: dict[str, Any]) -> Any:
    return served.put(f"/v1/chat/{conversation}/plan", json={"changes": list(changes)})


def test_a_plan_is_held_changed_and_run(served: TestClient, held: str, us: Workspace) -> None:
    changed = change(served, held, {"step": 0, "drop": True}, {"step": 1, "arguments": {"format": "csv"}})
    assert changed.status_code == 200, changed.text
    (only,) = changed.json()["plan"]["steps"]
    assert (only["tool"], only["arguments"]["format"]) == ("find_persons", "csv")
    assert only["needs_approval"] is not None
    body = {"conversation_id": held, "approve": True}
    assert statuses(served.post("/v1/chat", json=body).text) == ["waiting"]
    assert [*us.home.glob("exports/*")] == []
    assert statuses(served.post("/v1/chat", json=body).text) == ["done"]
    assert len([*us.home.glob("exports/*")]) == 1
    assert change(served, held, {"step": 0, "drop": True}).status_code == 409
    noted = [entry["action"] for entry in served.get("/v1/audit").json()["items"]]
    assert noted.count("plan.revised") == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ([], 422),
        ([{"step": 9, "drop": True}], 422),
        ([{"step": 1, "arguments": {"expression": "x"}}], 422),
        ([{"step": 1, "arguments": {"format": "exe"}}], 422),
        ([{"step": 0, "other": 1}], 422),
    ],
)
def test_what_does_not_fit_is_refused_and_the_plan_stays(
    served: TestClient, held: str, changes: list[dict[str, Any]], status: int
) -> None:
    assert change(served, held, *changes).status_code == status
    turn = served.get(f"/v1/chat/{held}").json()["turns"][0]
    assert [one["tool"] for one in turn["plan"]["steps"]] == ["list_clusters", "find_persons"]


def test_a_conversation_that_is_not_there_is_told(served: TestClient) -> None:
    assert change(served, "chat_none", {"step": 0, "drop": True}).status_code == 404
