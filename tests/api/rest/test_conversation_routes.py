"""Conversations over HTTP: events that can be repeated and resumed, and a turn that runs on its own."""

import base64
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.conversation.conversation import Conversation
from agent.planner.plan import Plan
from api.body_limit import BodyLimit
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The planner of this process, made by hand."""
    known = Plans()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=known))  # type: ignore[arg-type]  # all that is imported of it
    known.means("help", step("help"))
    return known


def events(text: str) -> list[tuple[str | None, str, dict[str, Any]]]:
    """Id, kind and body of each event of a stream."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in lines:
            found.append((lines.get("id"), lines["event"], json.loads(lines["data"])))
    return found


def say(served: TestClient, message: str, **more: Any) -> tuple[list[Any], dict[str, str]]:
    answered = served.post("/v1/chat", json={"message": message} | more)
    assert answered.status_code == 200, answered.text
    assert answered.headers["content-type"].startswith("text/event-stream")
    return events(answered.text), {
        "conversation": answered.headers["fieldmark-conversation"],
        "turn": answered.headers["fieldmark-turn"],
    }


def test_a_turn_is_a_stream_of_events_that_ends(served: TestClient, plans: Plans) -> None:
    told, ids = say(served, "help")
    assert [kind for _, kind, _ in told] == ["plan", "progress", "progress", "answer", "done"]
    assert [number for number, _, _ in told] == ["1", "2", "3", "4", "5"]
    assert told[-2][2]["text"].startswith("**Know your customers.**")
    assert told[-1][2] == {
        "status": "done",
        "turn": 1,
        "conversation_id": ids["conversation"],
        "workflow_id": told[-1][2]["workflow_id"],
    }


def test_a_stream_is_taken_up_after_the_last_event(served: TestClient, plans: Plans) -> None:
    told, ids = say(served, "help")
    path = f"/v1/chat/{ids['conversation']}/turns/1/events"
    assert events(served.get(path).text) == told
    assert events(served.get(path, headers={"Last-Event-ID": "3"}).text) == told[3:]
    assert events(served.get(path, headers={"Last-Event-ID": "not a number"}).text) == told
    assert "retry: 2000" in served.get(path).text


@pytest.mark.parametrize("path", ["chat_unknown/turns/1/events", "{conversation}/turns/99/events"])
def test_an_unknown_turn_is_over(served: TestClient, plans: Plans, path: str) -> None:
    _, ids = say(served, "help")
    ((_, kind, body),) = events(served.get(f"/v1/chat/{path.format(**ids)}").text)
    assert (kind, body["status"]) == ("done", "unknown")


def test_a_conversation_goes_on_and_is_read_again(served: TestClient, plans: Plans, golf_hash: str) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    waiting, ids = say(served, "golfers as csv")
    assert waiting[-1][2]["status"] == "waiting"
    later, again = say(served, "yes", conversation_id=ids["conversation"])
    assert again == {"conversation": ids["conversation"], "turn": "2"}
    assert later[-1][2]["status"] == "done"
    url = later[-2][2]["results"][0]["export"]["url"]
    assert served.get(url.removeprefix("http://127.0.0.1:8321")).status_code == 200
    kept = served.get(f"/v1/chat/{ids['conversation']}").json()
    assert [(turn["message"], turn["status"]) for turn in kept["turns"]] == [
        ("golfers as csv", "waiting"),
        ("yes", "done"),
    ]
    assert kept["title"] == "golfers as csv"
    (listed,) = served.get("/v1/chat").json()["items"]
    assert listed["conversation_id"] == ids["conversation"]
    assert served.get("/v1/chat", params={"warehouse": "other"}).json()["items"] == []


def test_approval_can_come_along_or_alone(served: TestClient, plans: Plans, golf_hash: str) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    assert say(served, "golfers as csv", approve=True)[0][-1][2]["status"] == "done"
    _, ids = say(served, "golfers as csv")
    answered = served.post("/v1/chat", json={"conversation_id": ids["conversation"], "approve": False})
    assert "nothing was done" in events(answered.text)[-2][2]["text"]


def test_a_file_comes_along(served: TestClient, plans: Plans, golfers: Path, us: Workspace) -> None:
    plans.means("analyse", step("analyze_customers", file="golfers.csv"))
    content = base64.b64encode(golfers.read_bytes()).decode()
    told, _ = say(served, "analyse", file={"name": "golfers.csv", "content": content})
    assert told[-1][2]["status"] == "done"
    assert told[-2][2]["results"][0]["match"]["analysed"] == 150
    analysis_id = told[-2][2]["results"][0]["analysis_id"]
    assert served.get(f"/v1/analyses/{analysis_id}").status_code == 200
    assert [*us.home.glob("uploads/*")] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": "x" * 8_001}, 413),
        ({"message": "x" * 1_000_000}, 413),
        ({"message": ""}, 422),
        ({"message": "help", "conversation_id": "chat_unknown"}, 404),
        ({"message": "help", "warehouse": "nowhere"}, 404),
        ({"message": "help", "file": {"name": "a.csv", "content": "no base64!"}}, 422),
        ({"message": "help", "file": {"name": "a.csv", "content": ""}}, 422),
        ({"message": "help", "extra": 1}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_said_is_a_problem(served: TestClient, plans: Plans, body: Any, status: int) -> None:
    answered = served.post("/v1/chat", json=body)
    assert answered.status_code == status, answered.text
    assert answered.headers["content-type"] == "application/problem+json"
    assert "x" * 100 not in answered.text
    assert served.get("/v1/chat/chat_unknown").status_code == 404


def test_a_body_that_is_too_long_is_refused_before_it_is_read(served: TestClient, plans: Plans) -> None:
    app = BodyLimit(served.app, most=1_000)
    small = TestClient(app, base_url="http://127.0.0.1:8321")  # the application runs already
    assert small.post("/v1/chat", json={"message": "x" * 2_000}).status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 100

    streamed = small.post("/v1/chat", content=parts(), headers={"Content-Type": "application/json"})
    assert streamed.status_code == 413
    assert "Send fewer rows" in streamed.text


class Held:
    """A planner that waits until it is let go."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_: Any) -> Plan:
        self.began.set()
        assert self.go_on.wait(60)
        return Plan(steps=[step("list_clusters", query="golf"), step("list_clusters", query="tennis")])


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    planner = Held()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=planner))  # type: ignore[arg-type]  # as above
    return planner


def test_one_turn_runs_at_a_time_and_can_be_followed_by_others_and_cancelled(
    served: TestClient, held: Held, us: Workspace
) -> None:
    first: list[Any] = []
    speaker = threading.Thread(target=lambda: first.append(say(served, "hello")))
    speaker.start()
    assert held.began.wait(60)
    (listed,) = served.get("/v1/chat").json()["items"]
    talk = listed["conversation_id"]
    assert served.post("/v1/chat", json={"message": "more", "conversation_id": talk}).status_code == 409
    assert served.get(f"/v1/chat/{talk}").json()["turns"][0]["status"] == "running"
    followed: list[str] = []
    follower = threading.Thread(
        target=lambda: followed.append(served.get(f"/v1/chat/{talk}/turns/1/events").text)
    )
    follower.start()
    assert served.post(f"/v1/chat/{talk}/turns/1/cancel").json() == {"cancelled": True}
    held.go_on.set()
    speaker.join(60)
    follower.join(60)
    told, _ = first[0]
    assert told[-1][2]["status"] == "cancelled"
    assert events(followed[0]) == told
    assert served.post(f"/v1/chat/{talk}/turns/1/cancel").json() == {"cancelled": False}


def test_a_turn_of_another_process_is_not_ended_by_a_look_at_it(
    served: TestClient, plans: Plans, us: Workspace
) -> None:
    turn = Conversation(us, planner=plans).begin("help")
    path = f"/v1/chat/{turn.conversation_id}/turns/1/events"
    assert events(served.get(path).text) == []  # the reader asks again, as the stream told it to
    turn.run()
    assert events(served.get(path).text)[-1][2]["status"] == "done"


def test_a_turn_whose_process_died_is_told_as_failed(served: TestClient, plans: Plans, us: Workspace) -> None:
    turn = Conversation(us, planner=plans).begin("help")
    turn._keeping.let_go()  # as the end of its process does
    told = events(served.get(f"/v1/chat/{turn.conversation_id}/turns/1/events").text)
    assert [(kind, body["status"]) for _, kind, body in told] == [("done", "failed")]


def test_a_fault_of_the_house_ends_the_stream(
    served: TestClient, plans: Plans, caplog: pytest.LogCaptureFixture
) -> None:
    told, _ = say(served, "a message that the planner does not know")
    assert told[-1][2]["status"] == "failed"
    assert "not your request" in told[-2][2]["text"]
    assert "A turn failed" in caplog.text
