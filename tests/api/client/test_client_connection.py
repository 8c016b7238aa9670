"""Asking a server again does nothing twice, and what it refused reads as it did there."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.client.connection import Connection, Retrying
from api.client.refusals import ServerFailed, Unreachable, _kinds, refusal_of
from api.rest.form.problems import problem
from store.errors import BadInput, Busy, Conflict, NotFound, NotSignedIn, TooFast, ToolRefused

Answer = httpx2.Response | Exception
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60)


class Server:
    """Answers in turn what it was given, and keeps what it was asked; the pauses between are kept too."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked, self.pauses = list(answers), [], []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connection(self, **options: Any) -> Connection:
        return Connection(
            "http://127.0.0.1:1",
            "sk_live_x",
            transport=httpx2.MockTransport(self),
            pause=self.pauses.append,
            chance=lambda: 1.0,
            **options,
        )


def fine() -> httpx2.Response:
    return httpx2.Response(200, json={})


def refused(refusal: ToolRefused, **headers: str) -> httpx2.Response:
    return httpx2.Response(refusal.status, json=problem(refusal), headers=headers)


@pytest.mark.parametrize(
    "lost",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadError("reset"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.ReadTimeout("late"),
        httpx2.Response(503),
        httpx2.Response(429),
    ],
)
def test_a_lost_answer_is_asked_for_again_under_the_same_key(lost: Answer) -> None:
    server = Server(lost, lost, fine())
    server.connection().ask("POST", "/v1/tools/help", {"topic": "lift"})
    keys = {request.headers["idempotency-key"] for request in server.asked}
    assert len(server.asked) == 3
    assert len(keys) == 1
    assert len({request.content for request in server.asked}) == 1
    assert server.pauses == [0.5, 1.0]


def test_each_request_has_a_key_of_its_own_and_a_question_has_none() -> None:
    server = Server(fine(), fine(), fine())
    connection = server.connection()
    connection.ask("POST", "/a", {})
    connection.ask("DELETE", "/a")
    connection.ask("GET", "/a")
    first, second, third = (request.headers.get("idempotency-key") for request in server.asked)
    assert len({first, second, None}) == 3
    assert third is None
    assert server.asked[0].headers["authorization"] == "Bearer sk_live_x"


def test_the_server_says_how_long_to_wait() -> None:
    server = Server(httpx2.Response(429, headers={"Retry-After": "7"}), fine())
    server.connection().ask("GET", "/")
    assert server.pauses == [7.0]


def test_a_date_or_an_endless_wait_is_not_followed() -> None:
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    server = Server(
        httpx2.Response(503, headers=headers), httpx2.Response(503, headers={"Retry-After": "999999"}), fine()
    )
    server.connection().ask("GET", "/")
    assert server.pauses == [0.5, 60]


def test_a_request_whose_first_sending_is_being_served_waits_for_it() -> None:
    server = Server(refused(Conflict("It is being served"), **{"Retry-After": "1"}), fine())
    server.connection().ask("POST", "/", {})
    assert len(server.asked) == 2


def test_what_was_refused_is_not_asked_again() -> None:
    server = Server(refused(NotFound("There is no such job", where="run_id", instead="`jobs` lists them.")))
    with pytest.raises(NotFound, match=r"There is no such job \(run_id\)\. `jobs` lists them\."):
        server.connection().ask("POST", "/v1/jobs", {})
    assert len(server.asked) == 1


def test_after_the_last_attempt_it_says_that_nobody_answers() -> None:
    server = Server(*[httpx2.ConnectError("refused")] * 3)
    with pytest.raises(Unreachable, match=r"does not answer \(127\.0\.0\.1:1\)"):
        server.connection(retrying=Retrying(attempts=3)).ask("GET", "/")
    assert len(server.pauses) == 2


def test_after_the_last_attempt_the_refusal_is_that_of_the_server() -> None:
    server = Server(*[refused(TooFast("Too fast"), **{"Retry-After": "3"})] * 2)
    with pytest.raises(TooFast) as told:
        server.connection(retrying=Retrying(attempts=2)).ask("GET", "/")
    assert told.value.retry_seconds == 3


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.Response(401), NotSignedIn),
        (httpx2.Response(404, text="<html>"), NotFound),
        (httpx2.Response(418), BadInput),
        (httpx2.Response(503), Busy),
        (httpx2.Response(500), ServerFailed),
        (httpx2.Response(404, json=["a list"]), NotFound),
        (httpx2.Response(422, text="{", headers={"Content-Type": "application/json"}), BadInput),
    ],
)
def test_an_answer_without_a_problem_is_told_by_its_status(answer: httpx2.Response, kind: type) -> None:
    assert type(refusal_of(answer)) is kind


def test_a_redirect_is_not_followed_with_the_key() -> None:
    server = Server(httpx2.Response(307, headers={"Location": "http://example.com/"}))
    with pytest.raises(BadInput, match="sends us elsewhere"):
        server.connection().ask("GET", "/")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8321", "ftp://example.com", "http://", "http://me:x@example.com"]
)
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="no URL of a server"):
        Connection(url)


@pytest.mark.parametrize("key", ["a b", "ключ", "a\nb"])
def test_what_is_no_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(BadInput) as told:
        Connection("http://127.0.0.1:1", key)
    assert key not in str(told.value)


@pytest.mark.parametrize("kind", [kind for _, kind in sorted(_kinds().items())])
@given(what=words.filter(bool), where=words, instead=words)
def test_a_refusal_reads_the_same_on_both_sides(
    kind: type[ToolRefused], what: str, where: str, instead: str
) -> None:
    told = kind(what, where=where, instead=instead)
    heard = refusal_of(httpx2.Response(told.status, json=problem(told)))
    assert type(heard) is kind
    assert str(heard) == str(told)


@given(st.integers(1, 20), st.floats(0, 1))
def test_waits_double_and_are_bounded(attempt: int, chance: float) -> None:
    """Of 0.5 s at first and 60 s at most, the third wait lies in 1 .. 2 s."""
    wait = Retrying().wait(attempt, None, chance)
    whole = min(0.5 * 2 ** (attempt - 1), 60)
    assert whole / 2 <= wait <= whole
    assert Retrying().wait(3, None, 0.0) == 1
    assert Retrying().wait(3, None, 1.0) == 2


def test_a_value_that_json_cannot_say_is_refused(ask: Callable[[Any], Any]) -> None:
    for body in ({"a": "\ud800"}, {"a": {1}}):
        with pytest.raises(BadInput, match="cannot be written as JSON"):
            ask(body)


@pytest.fixture
def ask() -> Callable[[Any], Any]:
    return lambda body: Server(fine()).connection().ask("POST", "/", body)
