"""Every request is told once: by its route, with an id, its sizes and who asked; and logged as that."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from hypothesis import given
from hypothesis import strategies as st
from observing_made import Heard
from starlette.testclient import TestClient

from api.observing.logs import logging_to_stderr
from api.observing.requests import REQUEST_ID, Observed, Routed
from store.access import LOCAL_OWNER
from store.watching import happening

MARK = "jane.marker@example.com"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def application() -> FastAPI:
    app = FastAPI()
    app.add_middleware(Routed)
    app.add_middleware(Observed, new_id=lambda: "made-here")

    @app.get("/v1/people/{person_id}")
    def person(person_id: str, request: Request) -> dict[str, str]:
        request.state.principal = LOCAL_OWNER
        with happening("call", "get_person") as one:
            one.note_around(workflow_id="w-1")
        return {"id": person_id}

    @app.post("/v1/fail")
    def fail() -> None:
        raise ValueError(MARK)

    @app.get("/v1/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(iter([b"abc", b"de"]))

    app.mount("/files", lambda scope, receive, send: _empty(send))
    return app


async def _empty(send: Callable) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(application(), raise_server_exceptions=False) as opened:
        yield opened


def test_a_request_is_told_by_the_template_of_its_route(client: TestClient, heard: Heard) -> None:
    client.get(f"/v1/people/{MARK}?q={MARK}", headers={"X-Request-Id": "asked.1"})
    (request,) = heard.of("request")
    assert request.name == "GET /v1/people/{person_id}"
    assert request.about == {
        "method": "GET",
        "request_id": "asked.1",
        "status": 200,
        "route": "/v1/people/{person_id}",
        "bytes_in": 0,
        "bytes_out": len(f'{{"id":"{MARK}"}}'),
        "organisation": "local",
        "actor": "local",
        "workflow_id": "w-1",
    }
    (call,) = heard.of("call")
    assert call.within is request


@pytest.mark.parametrize(
    ("method", "path", "name", "status"),
    [
        ("GET", f"/nowhere/{MARK}", "GET unmatched", 404),
        ("BREW", "/v1/stream", "OTHER /v1/stream", 405),
        ("GET", f"/files/{MARK}", "GET /files", 204),
        ("POST", "/v1/fail", "POST /v1/fail", 500),
    ],
)
def test_what_finds_no_route_has_one_name(
    client: TestClient, heard: Heard, method: str, path: str, name: str, status: int
) -> None:
    client.request(method, path)
    (request,) = heard.of("request")
    assert (request.name, request.about["status"]) == (name, status)
    assert MARK not in repr(request.about)


def test_a_streamed_answer_is_counted_to_its_end(client: TestClient, heard: Heard) -> None:
    assert client.get("/v1/stream").content == b"abcde"
    assert heard.of("request")[0].about["bytes_out"] == 5
    client.post("/v1/fail", content=b"12345")
    assert [one.outcome for one in heard.of("request")] == ["ok", "failed"]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=80))
def test_an_id_that_fits_is_kept_and_any_other_is_made_here(given_id: str) -> None:
    with TestClient(application(), raise_server_exceptions=False) as client:
        answer = client.get("/v1/stream", headers={"X-Request-Id": given_id})
    wanted = given_id if REQUEST_ID.fullmatch(given_id) else "made-here"
    assert answer.headers["x-request-id"] == wanted


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_of_the_log_says_the_route_and_the_ids(
    client: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_to_stderr("info", "json", lambda: NOON):
        client.get(f"/v1/people/{MARK}?q={MARK}", headers={"X-Request-Id": "asked.1", "Cookie": MARK})
    call, request = lines(capfd.readouterr().err)
    assert (call["event"], call["name"], call["outcome"]) == ("call", "get_person", "ok")
    assert call["request_id"] == request["request_id"] == "asked.1"
    assert call["workflow_id"] == request["workflow_id"] == "w-1"
    assert (request["route"], request["status"], request["time"], request["level"]) == (
        "/v1/people/{person_id}",
        200,
        "2026-03-02T12:00:00.000+00:00",
        "info",
    )
    assert MARK not in json.dumps([call, request])


def test_a_failure_is_logged_with_its_kind_and_place_and_without_its_words(
    client: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_to_stderr("info", "json", lambda: NOON):
        client.post("/v1/fail")
        try:
            raise KeyError(MARK)
        except KeyError as error:
            logging.getLogger("uvicorn.error").error("Exception in %s", MARK, exc_info=error)
        thread = threading.Thread(target=int, args=(MARK,))
        thread.start()
        thread.join()
    told = capfd.readouterr().err
    request, failure, thread_end = lines(told)
    assert (request["status"], request["level"]) == (500, "error")
    assert (failure["event"], failure["error"], failure["logger"]) == (
        "Exception in %s",
        "KeyError",
        "uvicorn.error",
    )
    assert failure["where"][-1].startswith("tests/api/observing/test_observed_requests.py:")
    assert thread_end["error"] == "ValueError"
    assert MARK not in told


@pytest.mark.parametrize(
    ("logger", "pattern", "args", "said"),
    [
        ("store.records", "%d rows of %s", (12, "us"), "12 rows of us"),
        ("fieldmark", "100%% of %.1f", (2.25,), "100% of 2.2"),
        ("some.library", "try %d of %s in %.1f s", (3, MARK, 0.5), "try 3 of %s in 0.5 s"),
        ("some.library", "row %d", (4_151_234,), "row %d"),
        ("some.library", "row %(row)d", ({"row": 3},), "row %(row)d"),
        ("some.library", "%d and %d", (1,), "%d and %d"),
        ("store.records", "%d", (MARK,), "%d"),
        ("some.library", "all is well", (), "all is well"),
    ],
)
def test_a_line_of_a_logger_is_filled_in_and_a_librarys_with_short_figures_only(
    logger: str, pattern: str, args: tuple[object, ...], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_to_stderr("info", "json", lambda: NOON):
        logging.getLogger(logger).warning(pattern, *args)
    (line,) = lines(capfd.readouterr().err)
    assert (line["event"], line["level"], line["logger"]) == (said, "warning", logger)


def test_the_log_is_as_before_when_the_block_has_ended(capfd: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level, threading.excepthook
    with logging_to_stderr("debug", "text"):
        with happening("step", "mine", count=3):
            pass
        logging.getLogger("some.library").info("not told")
    assert (logging.getLogger().handlers, logging.getLogger().level, threading.excepthook) == before
    told = capfd.readouterr().err
    assert "mine" in told
    assert "not told" not in told
    with happening("step", "mine"):
        pass
    assert capfd.readouterr().err == ""
