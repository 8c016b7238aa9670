"""Whatever a model or its server does, asking ends in bounded time with words or with what failed."""

import json
import logging
from http.server import BaseHTTPRequestHandler

import pytest

from agent.narration.asking import question
from agent.narration.facts import SegmentFacts
from agent.narrator import MOST_CHARACTERS, Narrator
from tests.agent.narration.model_server import ModelServer, access, event, says, status, stream

WORDS = {"name": "a", "description": "b", "action": "c", "expected_impact": "d"}


def ask(server: ModelServer, facts: SegmentFacts, waits: list[float] | None = None, **more: object):
    narrator = Narrator(access(server, **more), wait=(waits if waits is not None else []).append)
    try:
        return narrator.ask(question(facts))
    finally:
        narrator.close()


def test_words_come_back_as_the_schema_has_them(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [says(WORDS)]
    answer = ask(model, golfers)
    assert (answer.outcome, answer.words) == ("answered", WORDS)
    assert answer.tokens_in > 0
    assert answer.tokens_out > 0


def test_a_request_is_deterministic_and_bounded(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [says(WORDS)]
    ask(model, golfers)
    ask(model, golfers)
    first, second = model.requests
    assert first == second
    assert (first["temperature"], first["seed"], first["max_tokens"]) == (0.0, 0, 400)
    assert first["response_format"]["json_schema"]["strict"] is True
    assert "tools" not in first


def test_nothing_but_the_facts_is_sent(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [says(WORDS)]
    ask(model, golfers, api_key="secret")
    (sent,) = model.requests
    assert set(sent) == {
        "messages",
        "model",
        "response_format",
        "temperature",
        "seed",
        "max_tokens",
        "stream",
        "stream_options",
    }
    assert "own their home" in sent["messages"][1]["content"]
    assert model.headers[0]["authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (401, "wrong_key"),
        (403, "forbidden"),
        (404, "no_such_model"),
        (400, "bad_request"),
        (422, "bad_request"),
    ],
)
def test_a_refusal_that_will_not_pass_is_not_tried_again(
    model: ModelServer, golfers: SegmentFacts, code: int, outcome: str
) -> None:
    model.scripts = [status(code)]
    assert ask(model, golfers).outcome == outcome
    assert len(model.requests) == 1


def test_a_busy_server_is_asked_again_after_the_time_it_names(
    model: ModelServer, golfers: SegmentFacts
) -> None:
    model.scripts = [status(429, retry_after="2"), status(503), says(WORDS)]
    waits: list[float] = []
    assert ask(model, golfers, waits).outcome == "answered"
    assert waits[0] == 2.0
    assert len(waits) == 2


def test_a_server_that_says_to_wait_beyond_the_time_of_an_answer_is_not_waited_for(
    model: ModelServer, golfers: SegmentFacts
) -> None:
    model.scripts = [status(429, retry_after="3600")]
    waits: list[float] = []
    assert ask(model, golfers, waits).outcome == "rate_limited"
    assert waits == []


def test_a_server_that_fails_again_and_again_is_given_up(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [status(500)]
    assert ask(model, golfers, timeout_seconds=60).outcome == "unavailable"
    assert len(model.requests) == 3


def test_nobody_at_the_address_is_told_as_unavailable(model: ModelServer, golfers: SegmentFacts) -> None:
    model.close()
    assert ask(model, golfers).outcome == "unavailable"


def test_a_model_that_hangs_ends_in_time(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [lambda to: model.over.wait(30) and None]
    answer = ask(model, golfers, timeout_seconds=0.3)
    assert answer.outcome == "timeout"
    assert answer.seconds < 5


def test_a_model_that_drips_a_byte_at_a_time_ends_in_time(model: ModelServer, golfers: SegmentFacts) -> None:
    def drip(to: BaseHTTPRequestHandler) -> None:
        stream(done=False)(to)
        while not model.over.wait(0.05):
            to.wfile.write(b":")
            to.wfile.flush()

    model.scripts = [drip]
    answer = ask(model, golfers, timeout_seconds=0.5)
    assert answer.outcome == "timeout"
    assert answer.seconds < 5


def test_ten_megabytes_in_one_event_are_not_read_to_their_end(
    model: ModelServer, golfers: SegmentFacts
) -> None:
    model.scripts = [stream(b"data: " + b"x" * 10_000_000)]
    assert ask(model, golfers).outcome == "too_long"


def test_an_answer_of_endless_words_is_ended(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [stream(*[event("word " * 20)] * 2_000)]
    answer = ask(model, golfers)
    assert answer.outcome == "too_long"
    assert len(answer.text) <= MOST_CHARACTERS + 100


def test_a_call_of_a_tool_is_no_answer(model: ModelServer, golfers: SegmentFacts) -> None:
    call = [{"index": 0, "id": "1", "type": "function", "function": {"name": "rm", "arguments": "{}"}}]
    model.scripts = [stream(event(tool_calls=call), event(reason="tool_calls"))]
    assert ask(model, golfers).outcome == "tool_call"


@pytest.mark.parametrize(
    "text",
    [
        "Sure! Here is a description.",
        '{"name": "a"}',
        json.dumps(WORDS | {"more": "e"}),
        json.dumps(WORDS | {"name": 3}),
        "[" * 5_000,
        '{"name": "a", "name":',
        "",
    ],
)
def test_what_is_not_of_the_form_asked_for_is_malformed(
    model: ModelServer, golfers: SegmentFacts, text: str
) -> None:
    model.scripts = [stream(event(text), event(reason="stop"))]
    answer = ask(model, golfers)
    assert (answer.outcome, answer.words) == ("malformed", None)


def test_a_stream_that_ends_before_the_answer_does_is_cut(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [stream(event('{"name": "a", "descr'), done=False)]
    assert ask(model, golfers).outcome == "cut"


def test_an_answer_that_reached_its_most_tokens_is_too_long(
    model: ModelServer, golfers: SegmentFacts
) -> None:
    model.scripts = [stream(event('{"name": "a'), event(reason="length"))]
    assert ask(model, golfers).outcome == "too_long"


def test_a_page_instead_of_an_answer_is_malformed(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [stream(b"<html>busy</html>\n\n", done=False)]
    assert ask(model, golfers).outcome in {"malformed", "cut"}


def test_no_redirect_is_followed(model: ModelServer, golfers: SegmentFacts) -> None:
    model.scripts = [status(307, location=f"{model.url}/elsewhere")]
    assert ask(model, golfers).outcome == "unavailable"
    assert len(model.requests) == 1


def test_no_key_and_no_fact_is_logged(
    model: ModelServer, golfers: SegmentFacts, caplog: pytest.LogCaptureFixture
) -> None:
    model.scripts = [status(401)]
    with caplog.at_level(logging.INFO):
        ask(model, golfers, api_key="sk-very-secret")
    assert "sk-very-secret" not in caplog.text
    assert "golf" not in caplog.text
