"""Feedback is triaged and matches are corrected over REST and by commands: the same answers at both."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer
from starlette.testclient import TestClient
from typer.testing import CliRunner

from agent import CATALOGUE
from api.app import application
from api.cli.house import feedback as feedback_commands
from api.cli.house import matches as matches_commands
from api.rest.found.feedback import feedback_routes
from api.settings import Settings
from store.access import Role
from store.records.access.audit import entries_of
from store.records.access.keys import make_key
from store.workspace import Workspace
from tools.calls import call
from tools.declaration import Tool, tool
from tools.feedback.decide_feedback import decide_feedback
from tools.feedback.list_feedback import list_feedback
from tools.feedback.submit_feedback import FeedbackResult, submit_feedback
from tools.identity.corrections.keeping import undo_correction
from tools.identity.corrections.list_corrections import list_corrections
from tools.identity.corrections.merge_persons import merge_persons
from tools.identity.corrections.split_match import split_match
from tools.identity.resolve_identities import ResolveQuery, resolve_identities

COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "pet": {"kind": "category", "domain": "lifestyle"},
}
TEXT = "id,email,pet\n1,one@example.com,cat\n2,one@example.com,dog\n3,three@example.com,cat\n"
TRIAGE: tuple[Tool, ...] = (
    tool(list_feedback, needs=("people",)),
    tool(decide_feedback, needs=("people", "run"), takes_away=True),
    tool(split_match, needs=("people", "run"), takes_away=True),
    tool(merge_persons, needs=("people", "run"), takes_away=True),
    tool(undo_correction, needs=("people", "run"), takes_away=True),
    tool(list_corrections, needs=("people",)),
)
BASE = "http://127.0.0.1:8321"


@pytest.fixture
def people(load: Callable[..., Workspace]) -> Workspace:
    return load(TEXT, COLUMNS)


@pytest.fixture
def served(people: Workspace, house: Any) -> Iterator[TestClient]:
    app = application(Settings(home=house.home), house)
    app.router.routes[0:0] = feedback_routes().routes
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def commanded(people: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setenv("FIELDMARK_HOME", str(people.home))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("api.cli.here.CATALOGUE", (*CATALOGUE, *TRIAGE))
    app = typer.Typer()
    feedback_commands.add_commands(app)
    matches_commands.add_commands(app)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def said(workspace: Workspace, kind: str = "other", **about: Any) -> str:
    arguments = {"workflow_id": "w", "kind": kind, "message": "[b]As it is written.", **about}
    made = call(tool(submit_feedback), workspace, arguments)
    assert isinstance(made, FeedbackResult)
    return made.feedback_id


def who_has(workspace: Workspace, email: str) -> list[int]:
    query = ResolveQuery(id_type="email", identifiers=[email])
    return sorted(each["person_id"] for each in resolve_identities(workspace, query).identities)


def out(result: Any) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def key_of(workspace: Workspace, role: Role) -> dict[str, str]:
    """The header of somebody of this role."""
    made = make_key(
        workspace.database,
        key_id=f"key_{role}",
        name=role,
        role=role,
        scopes=None,
        now=workspace.now(),
        created_by="local",
    )
    return {"Authorization": f"Bearer {made[1]}"}


def test_feedback_is_listed_shown_decided_and_opened_again_over_rest(
    served: TestClient, people: Workspace
) -> None:
    score, other = said(people, "bad_score", lead="Account 17"), said(people)
    page = served.get("/v1/feedback", params={"kind": "bad_score", "status": "new"}).json()
    [line] = page["items"]
    assert (line["feedback_id"], line["lead"], line["created_by"]) == (score, "Account 17", "local")
    assert "to call first" in line["effect_preview"]
    assert len(served.get("/v1/feedback").json()["items"]) == 2
    url = f"/v1/feedback/{score}/decision"
    dry = served.post(url, json={"decision": "accept", "dry_run": True}).json()
    assert (dry["dry_run"], dry["feedback"]["status"]) == (True, "accepted")
    assert served.get(f"/v1/feedback/{score}").json()["status"] == "new"
    done = served.post(url, json={"decision": "accept"}).json()["feedback"]
    assert done["effect"] == {"kind": "row_left_out", "unit_id": "Account 17"}
    assert served.post(url, json={"decision": "accept"}).status_code == 409
    assert served.post(url, json={"decision": "reopen"}).json()["feedback"]["status"] == "new"
    without = served.post(f"/v1/feedback/{other}/decision", json={"decision": "decline"})
    assert (without.status_code, "reason" in without.text) == (422, True)
    assert served.get("/v1/feedback/feedback_none").status_code == 404
    assert served.get("/v1/feedback/%00").status_code == 404
    actions = {entry.action for entry in entries_of(people.database, 20)}
    assert {"feedback.accepted", "feedback.reopened"} <= actions


def test_matches_are_corrected_and_taken_back_over_rest(served: TestClient, people: Workspace) -> None:
    made = served.post(
        "/v1/corrections/splits", json={"person_id": 1, "id_type": "email", "value": "one@example.com"}
    )
    assert made.status_code == 201, made.text
    assert [each["person_id"] for each in made.json()["candidates"]] == [2]
    merged = served.post("/v1/corrections/merges", json={"person_id": 2, "other_person_id": 3}).json()
    assert merged["evidence"]["compared"] == 1
    assert who_has(people, "one@example.com") == who_has(people, "three@example.com") == [2]
    listed = served.get("/v1/corrections").json()["items"]
    assert {each["kind"] for each in listed} == {"split", "merge"}
    assert "example.com" not in json.dumps(listed)
    for each in listed:
        undone = served.post(f"/v1/corrections/{each['correction_id']}/undo")
        assert undone.status_code == 200, undone.text
    assert who_has(people, "one@example.com") == [1, 2]
    assert served.post("/v1/corrections/correction_none/undo").status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"), [("viewer", 403, 403), ("analyst", 200, 404), ("admin", 200, 404)]
)
def test_who_may_not_see_people_neither_reads_nor_decides(
    served: TestClient, people: Workspace, role: Role, reads: int, writes: int
) -> None:
    header = key_of(people, role)
    for path in ("/v1/feedback", "/v1/corrections"):
        assert served.get(path, headers=header).status_code == reads
    sent: dict[str, dict[str, Any]] = {
        "/v1/feedback/feedback_none/decision": {"decision": "accept"},
        "/v1/corrections/splits": {"person_id": 99},
        "/v1/corrections/merges": {"person_id": 99, "other_person_id": 98},
        "/v1/corrections/correction_none/undo": {},
    }
    for path, body in sent.items():
        assert served.post(path, json=body, headers=header).status_code == writes, path


def test_feedback_is_triaged_by_commands(commanded: Callable[..., Any], people: Workspace) -> None:
    score, other = said(people, "bad_score", lead="Account 17"), said(people)
    [line] = out(commanded("feedback", "list", "--kind", "bad_score", "--json"))
    assert line["feedback_id"] == score
    table = commanded("feedback")
    assert (table.exit_code, "[b]As it is written." in table.stdout) == (0, True)
    shown = commanded("feedback", "show", score).output
    assert "lead Account 17" in shown
    assert "to call first" in shown
    assert out(commanded("feedback", "accept", score, "--dry-run", "--json"))["status"] == "accepted"
    assert out(commanded("feedback", "show", score, "--json"))["status"] == "new"
    assert out(commanded("feedback", "accept", score, "--json"))["effect"]["kind"] == "row_left_out"
    assert "row left out" in commanded("feedback", "show", score).stdout
    assert out(commanded("feedback", "reopen", score, "--json"))["status"] == "new"
    declined = commanded("feedback", "decline", other, "--reason", "Nothing to do.")
    assert "declined by local" in declined.stdout
    assert commanded("feedback", "decline", score).exit_code == 2  # a reason is needed
    wrong = commanded("feedback", "list", "--kind", "praise")
    assert (wrong.exit_code != 0, "no such kind" in wrong.output) == (True, True)


def test_matches_are_corrected_by_commands(commanded: Callable[..., Any], people: Workspace) -> None:
    feedback_id = said(people, "wrong_match", person_id=1)
    dry = commanded("matches", "split", 1, "--which", "email1", "--dry-run")
    assert "email1  (not theirs)" in dry.stdout
    assert "It leads to 2 (0.95) from now on." in dry.stdout
    assert who_has(people, "one@example.com") == [1, 2]
    made = out(commanded("matches", "split", "--feedback", feedback_id, "--json"))
    assert who_has(people, "one@example.com") == [2]
    [line] = out(commanded("matches", "list", "--holding", "--json"))
    assert (line["correction_id"], line["feedback_id"]) == (made["correction_id"], feedback_id)
    assert "holds" in commanded("matches", "list").stdout
    undone = commanded("matches", "undo", made["correction_id"])
    assert f"{feedback_id} is open again." in undone.stdout
    assert who_has(people, "one@example.com") == [1, 2]
    merged = commanded("matches", "merge", 1, 2)
    assert "Identifiers of both: 1 email." in merged.stdout
    assert "0 of 1 attributes agree" in merged.stdout
    assert who_has(people, "one@example.com") == [1]
