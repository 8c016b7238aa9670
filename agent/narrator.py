"""The only door to a language model: facts go out, words come back, in bounded time, size and cost."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx2
import openai
from openai.types.chat import ChatCompletionChunk
from pydantic import BaseModel, ValidationError

from agent.narration.asking import Question
from store.model_access import ModelAccess

TEMPERATURE, SEED = 0.0, 0
MOST_TOKENS = 400  # of an answer
MOST_BYTES = 400_000  # of a response with its framing
MOST_CHARACTERS = 8_000
TRIES, FIRST_WAIT, LONGEST_WAIT = 3, 0.5, 20.0  # seconds; for what may pass: 429, 5xx, a lost connection
LONGEST_CONNECT = 10.0  # seconds
PASSING = (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError)
FINAL = {401: "wrong_key", 403: "forbidden", 404: "no_such_model", 400: "bad_request", 422: "bad_request"}


class Answer(NamedTuple):
    """What came of one request: the model's words, or what failed."""

    outcome: (
        str  # answered, malformed, cut, too_long, tool_call, timeout, unavailable, rate_limited, wrong_key…
    )
    words: dict[str, str] | None
    text: str
    tokens_in: int
    tokens_out: int
    seconds: float


class Narrator:
    """Asks one model. Nothing that it or its server does raises here; it is told as an outcome."""

    def __init__(
        self,
        access: ModelAccess,
        *,
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.access, self._now, self._wait = access, now, wait
        self._client = openai.OpenAI(
            base_url=access.base_url,
            api_key=access.api_key or "none",
            max_retries=0,  # the client's own retries would obey a server that says to wait two minutes
            # No redirect is followed: what is sent goes to the server that was named and to no other.
            http_client=openai.DefaultHttpxClient(
                transport=_Bounded(now), trust_env=False, follow_redirects=False
            ),
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(self, question: Question) -> Answer:
        """The model's words for these facts, as the question's schema has them."""
        began = self._now()
        heard = _Heard()
        outcome = self._tried(question, heard, began + self.access.timeout_seconds)
        words = None
        if outcome == "answered":
            words = _words(heard.text, question.schema)
            outcome = "answered" if words else "malformed"
        used = heard.used(question)
        return Answer(outcome, words, heard.text, *used, self._now() - began)

    def _tried(self, question: Question, heard: "_Heard", deadline: float) -> str:
        pause = FIRST_WAIT
        for attempt in range(1, TRIES + 1):
            try:
                return self._listen(question, heard, deadline)
            except PASSING as error:
                outcome = _name_of(error)
                pause = min(_asked_to_wait(error) or pause * 2, LONGEST_WAIT)
                if attempt == TRIES or heard.text or self._now() + pause >= deadline:
                    return outcome
                self._wait(pause)
            except openai.APIStatusError as error:
                return FINAL.get(error.status_code, "unavailable")
            except (openai.APIError, httpx2.HTTPError, ValueError, RecursionError):
                # A body that is no answer: the client raises what its parts raise.
                return "cut" if heard.text else "malformed"
        return "unavailable"

    def _listen(self, question: Question, heard: "_Heard", deadline: float) -> str:
        try:
            for chunk in self._chunks(question, deadline - self._now()):
                heard.hear(chunk)
                if heard.called_a_tool:
                    return "tool_call"
                if len(heard.text) > MOST_CHARACTERS:
                    return "too_long"
        except TooLong:
            return "too_long"
        except TooLate:
            return "timeout"
        return heard.ended()

    def _chunks(self, question: Question, seconds: float) -> Iterator[ChatCompletionChunk]:
        with self._client.chat.completions.create(
            model=self.access.model,
            messages=[
                {"role": "system", "content": question.system},
                {"role": "user", "content": question.asked},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {
                    "name": question.schema.__name__,
                    "strict": True,
                    "schema": strict_schema(question.schema),
                },
            },
            temperature=TEMPERATURE,
            seed=SEED,
            max_tokens=MOST_TOKENS,
            stream=True,
            stream_options={"include_usage": True},
            timeout=httpx2.Timeout(seconds, connect=min(LONGEST_CONNECT, seconds)),
        ) as chunks:
            yield from chunks


class _Heard:
    """What came so far of an answer."""

    def __init__(self) -> None:
        self.text = ""
        self.reason: str | None = None
        self.called_a_tool = False
        self._usage: tuple[int, int] | None = None

    def hear(self, chunk: ChatCompletionChunk) -> None:
        if chunk.usage:
            self._usage = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
        for choice in chunk.choices[:1]:
            self.text += choice.delta.content or ""
            self.reason = choice.finish_reason or self.reason
            self.called_a_tool |= bool(choice.delta.tool_calls or choice.delta.function_call)

    def ended(self) -> str:
        if self.reason == "stop":
            return "answered"
        return "too_long" if self.reason == "length" else "cut"

    def used(self, question: Question) -> tuple[int, int]:
        """Tokens in and out; guessed from the characters where the server does not say."""
        if self._usage:
            return self._usage
        return tokens_in(question) if self.text else 0, len(self.text) // 3


class TooLong(Exception):  # noqa: N818  # told as an outcome
    """More came than an answer may have."""


class TooLate(Exception):  # noqa: N818  # told as an outcome
    """An answer was not whole in its time."""


class _Bounded(httpx2.HTTPTransport):
    """Ends a response that is too long or too late, even one that drips a byte at a time."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        # The time-out of a request bounds each wait for bytes; here it bounds their sum too.
        deadline = self._now() + request.extensions["timeout"]["read"]
        response = super().handle_request(request)
        response.stream = _BoundedStream(response.stream, self._now, deadline)
        return response


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, stream: Any, now: Callable[[], float], deadline: float) -> None:
        self._stream, self._now, self._deadline = stream, now, deadline

    def __iter__(self) -> Iterator[bytes]:
        heard = 0
        for part in self._stream:
            heard += len(part)
            if heard > MOST_BYTES:
                raise TooLong
            if self._now() > self._deadline:
                raise TooLate
            yield part

    def close(self) -> None:
        self._stream.close()


def tokens_in(question: Question) -> int:
    """About as many tokens as the question has: a token is seldom shorter than three characters."""
    return (len(question.system) + len(question.asked)) // 3


def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """The schema of an answer as structured output wants it: every field required, no others."""
    return answer.model_json_schema() | {"additionalProperties": False}


def _words(text: str, schema: type[BaseModel]) -> dict[str, str] | None:
    try:
        found = schema.model_validate_json(text)
    except ValidationError:
        return None
    return {name: value.strip() for name, value in found.model_dump().items()}


def _name_of(error: openai.APIError) -> str:
    if isinstance(error, openai.RateLimitError):
        return "rate_limited"
    return "timeout" if isinstance(error, openai.APITimeoutError) else "unavailable"


def _asked_to_wait(error: openai.APIError) -> float | None:
    """Seconds that the server asks to wait, where it says so in a form that is understood."""
    response = getattr(error, "response", None)
    if response is None:
        return None
    for header, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(response.headers[header]) / unit)
        except (KeyError, ValueError):
            continue
    return None
