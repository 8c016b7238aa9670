"""The same request under the same Idempotency-Key does its work once."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from api.body_limit import BodyLimit
from api.rest.form import idempotency
from api.rest.form.idempotency import Idempotency
from api.rest.form.json_body import JsonBodies
from api.rest.form.problems import add_problem_handlers
from store.access import LOCAL_OWNER, Principal
from store.errors import BadInput, NotFound
from store.workspace import House

SECRET = "ann.lee@example.com"


class Till:
    """A route that counts how often it was reached, and answers as a test tells it to."""

    def __init__(self) -> None:
        self.times = 0
        self.answer: Callable[[], Response] = lambda: JSONResponse(
            {"times": self.times}, 201, {"ETag": '"1"'}
        )

    async def reached(self, request: Request) -> Response:
        await request.body()
        self.times += 1
        return self.answer()


class Somebody:
    """Says who asks: whoever the header names."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        named = dict(scope.get("headers", [])).get(b"x-actor", b"local local").decode()
        organisation_id, actor = named.split()
        who = Principal(organisation_id, actor, "admin", LOCAL_OWNER.scopes)
        scope.setdefault("state", {})["principal"] = None if actor == "nobody" else who
        await self._app(scope, receive, send)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def client(house: House, till: Till) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.house = house
    app.add_middleware(Idempotency, largest=1000)
    app.add_middleware(JsonBodies)
    app.add_middleware(BodyLimit, most=5000)
    app.add_middleware(Somebody)
    add_problem_handlers(app)
    for path in ("/v1/till", "/v1/other", "/elsewhere"):
        app.add_api_route(path, till.reached, methods=["GET", "POST", "PATCH", "DELETE"], response_model=None)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def send(client: TestClient, key: str = "k", path: str = "/v1/till", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} | more.pop("headers", {})
    return client.request(
        more.pop("method", "POST"), path, json=more.pop("json", {"a": SECRET}), headers=headers
    )


def test_the_second_answer_is_the_first_one(client: TestClient, till: Till) -> None:
    first, second = send(client), send(client)
    assert (first.status_code, first.json()) == (201, {"times": 1})
    assert (second.status_code, second.content, second.headers["etag"]) == (201, first.content, '"1"')
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["content-type"] == first.headers["content-type"]
    assert till.times == 1


def test_without_a_key_or_a_change_each_request_is_one(client: TestClient, till: Till) -> None:
    for _ in range(2):
        for answer in (
            client.post("/v1/till", json={}),
            client.get("/v1/till", headers={"Idempotency-Key": "k"}),
            send(client, path="/elsewhere"),
            send(client, headers={"X-Actor": "local nobody"}),
        ):
            assert answer.status_code == 201, answer.text
    assert till.times == 8


@pytest.mark.parametrize(
    "other",
    [
        {"key": "l"},
        {"path": "/v1/other"},
        {"path": "/v1/till?warehouse=us"},
        {"method": "PATCH"},
        {"method": "DELETE"},
        {"headers": {"X-Actor": "local key_2"}},
        {"headers": {"X-Actor": "org_2 local"}},
    ],
)
def test_a_key_belongs_to_who_asks_the_method_and_the_path(
    client: TestClient, till: Till, other: dict[str, Any]
) -> None:
    send(client)
    assert send(client, **other).json() == {"times": 2}
    assert till.times == 2


def test_another_body_under_the_key_is_refused(client: TestClient, till: Till) -> None:
    send(client)
    answer = send(client, json={"a": 2})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert till.times == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_a_key_is_of_visible_ascii(client: TestClient, till: Till, key: str) -> None:
    answer = client.post("/v1/till", json={}, headers=[(b"Idempotency-Key", key.encode())])
    assert answer.status_code == 422
    assert till.times == 0


def test_two_keys_are_none(client: TestClient, till: Till) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert client.post("/v1/till", json={}, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("status", "is_kept"),
    [(200, True), (204, True), (404, True), (410, True), (412, True), (422, True)]
    + [(status, False) for status in (401, 403, 408, 409, 413, 429, 500, 503, 507, 302)],
)
def test_only_final_answers_are_kept(client: TestClient, till: Till, status: int, is_kept: bool) -> None:
    till.answer = lambda: Response(b"" if status == 204 else b"{}", status)
    assert [send(client).status_code for _ in range(2)] == [status, status]
    assert till.times == (1 if is_kept else 2)


def test_a_refusal_is_kept_and_a_failure_is_not(client: TestClient, till: Till) -> None:
    def refuse() -> Response:
        raise BadInput("Not so", where="there")

    def fail() -> Response:
        raise RuntimeError(SECRET)

    till.answer = refuse
    assert [send(client).status_code for _ in range(2)] == [422, 422]
    assert till.times == 1
    till.answer = fail
    assert [send(client, "l").status_code for _ in range(2)] == [500, 500]
    assert till.times == 3


def test_streams_and_large_answers_are_asked_anew(client: TestClient, till: Till) -> None:
    till.answer = lambda: StreamingResponse(iter([b"data: 1\n\n"]), media_type="text/event-stream")
    assert send(client).text == send(client).text == "data: 1\n\n"
    assert till.times == 2
    till.answer = lambda: Response(b"x" * 1001)
    assert len(send(client, "l").content) == len(send(client, "l").content) == 1001
    assert till.times == 4


def test_what_is_shown_once_is_not_shown_again_nor_kept(client: TestClient, till: Till, house: House) -> None:
    till.answer = lambda: JSONResponse({"key": SECRET}, 201, {"Cache-Control": "no-store"})
    assert send(client).status_code == 201
    answer = send(client)
    assert (answer.status_code, till.times) == (409, 1)
    assert "shown once" in answer.text
    assert SECRET not in answer.text
    assert not list(house.home.rglob("sent_answer/*"))


def test_while_it_is_answered_a_second_one_is_told_to_come_back(client: TestClient, till: Till) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slowly() -> Response:
        return StreamingResponse(parts(), media_type="application/json")

    def parts() -> Iterator[bytes]:
        entered.set()
        assert leave.wait(30)
        yield b"{}"

    till.answer = slowly
    answers: list[Any] = []
    first = threading.Thread(target=lambda: answers.append(send(client)))
    first.start()
    assert entered.wait(30)
    second = send(client)
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    leave.set()
    first.join(30)
    assert answers[0].content == send(client).content == b"{}"
    assert till.times == 1


def test_an_answer_is_kept_for_a_day_in_the_organisations_folder(
    client: TestClient, till: Till, house: House, clock: Any
) -> None:
    till.answer = lambda: JSONResponse({"who": SECRET})
    send(client, headers={"X-Actor": "org_2 local"})
    (body,) = house.of("org_2").home.rglob("sent_answer/*")
    assert SECRET in body.read_text()
    for file in house.home.glob("fieldmark.db*"):
        assert SECRET.encode() not in file.read_bytes()
    clock.advance(hours=24)
    assert send(client, "other", headers={"X-Actor": "org_2 local"}).status_code == 200
    assert not body.exists()


def test_a_body_that_was_removed_is_no_second_deed(client: TestClient, till: Till, house: House) -> None:
    send(client)
    for body in house.home.rglob("sent_answer/*"):
        body.unlink()
    assert send(client).status_code == 409
    assert till.times == 1


def test_a_body_that_is_too_long_is_refused_before_it_is_kept(client: TestClient, till: Till) -> None:
    def parts() -> Iterator[bytes]:
        yield from [b" " * 1000] * 6

    for content in (b" " * 6000, parts()):
        answer = client.post("/v1/till", content=content, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
    assert till.times == 0


def test_on_a_full_disk_the_answer_is_sent_and_not_kept(
    client: TestClient, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotFound("no room")

    monkeypatch.setattr(idempotency._Try, "keep", full)
    assert send(client).json() == {"times": 1}
    assert send(client).json() == {"times": 2}
