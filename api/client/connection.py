"""How is a server asked so that a lost answer does nothing twice?"""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.client.refusals import Unreachable, refusal_of, retry_after
from store.errors import BadInput

SAFE = ("GET", "HEAD")
AGAIN = (429, 502, 503, 504)
TIMEOUT = httpx2.Timeout(10, read=600, write=600)  # an analysis takes minutes


class Retrying(BaseModel):
    """How often and how patiently a request is made again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempts: int = Field(default=6, ge=1, le=20, description="Requests at most, the first one too.")
    first_seconds: float = Field(default=0.5, ge=0, le=60, description="The wait before the second attempt.")
    most_seconds: float = Field(default=60, ge=0, le=3600, description="No wait is longer than this.")

    def wait(self, attempt: int, asked: float | None, chance: float) -> float:
        """Seconds to wait after this attempt (1, 2 …): as the server asks, else doubling, with jitter.

        chance lies in 0..1. "Full jitter" between a half and the whole, after Brooker, "Exponential Backoff
        And Jitter" (2015).
        """
        if asked is not None:
            return min(asked, self.most_seconds)
        return min(self.first_seconds * 2 ** (attempt - 1), self.most_seconds) * (1 + chance) / 2


class Connection:
    """One server, one key."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        retrying: Retrying | None = None,
        timeout: httpx2.Timeout = TIMEOUT,
        transport: httpx2.BaseTransport | None = None,
        pause: Callable[[float], None] | None = None,
        chance: Callable[[], float] | None = None,
        new_key: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        """Nothing is asked yet. Raises BadInput for what is no URL of a server, or no key."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise BadInput(
                "This is no URL of a server", where="server", instead="Write it as http://127.0.0.1:8321."
            )
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise BadInput("This is no key", where="key", instead="Write it as it was shown, `sk_live_…`.")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx2.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout, transport=transport
        )
        self._files = httpx2.Client(timeout=timeout, transport=transport)  # links: no key goes with them
        self._retrying, self._pause, self._new_key = retrying or Retrying(), pause or time.sleep, new_key
        self._chance = chance or random.random
        self.host = parts.netloc

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
        self._files.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """The answer, whose status is below 400.

        Asked again where nobody answers, where the answer is lost, and where the server says so. Whatever
        changes something carries one Idempotency-Key through all attempts, so that nothing is done twice.
        Raises what the server refused, Unreachable, and ServerFailed.
        """
        content = None if body is None else _json(body)
        sent = dict(headers or {})
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        if method not in SAFE:
            sent.setdefault("Idempotency-Key", self._new_key())
        given = {name: value for name, value in (params or {}).items() if value is not None}
        for attempt in self._attempts():
            try:
                response = self._client.request(method, path, content=content, params=given, headers=sent)
            except httpx2.TransportError as error:
                self.rest(attempt, None, error)
                continue
            if not (response.status_code in AGAIN or _is_being_served(response)):
                return self.fine(response)
            self.rest(attempt, retry_after(response), refusal_of(response))
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def events(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[tuple[httpx2.Response, httpx2.EventSource]]:
        """The answer as it begins, and its events. Asked once: a lost stream is the caller's to take up."""
        content = None if body is None else _json(body)
        sent = {"Content-Type": "application/json"} if content is not None else {}
        given = {name: value for name, value in (params or {}).items() if value is not None}
        stream = self._client.sse(
            path, method=method, content=content, params=given, headers=sent | dict(headers or {})
        )
        with stream as source:
            if source.response.status_code >= 300:
                source.response.read()
                self.fine(source.response)
            yield source.response, source

    @contextmanager
    def file(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        """The file of a signed link, as it comes; the link is the credential."""
        with self._files.stream("GET", url, headers=dict(headers)) as response:
            yield response

    def rest(self, attempt: int, asked: float | None, error: Exception) -> None:
        """Wait before the next attempt. After the last one raise the error; Unreachable for a lost one."""
        if attempt >= self._retrying.attempts:
            if isinstance(error, httpx2.TransportError):
                raise self.unreachable() from error
            raise error
        self._pause(self._retrying.wait(attempt, asked, self._chance()))

    def unreachable(self) -> Unreachable:
        """The refusal of a server that does not answer."""
        return Unreachable(
            "The server does not answer",
            where=self.host,
            instead="Look whether it is served there, and ask again.",
        )

    def fine(self, response: httpx2.Response) -> httpx2.Response:
        """The answer, if it is one. Raises what was refused."""
        if response.status_code < 300:
            return response
        if response.status_code < 400 and response.status_code != 304:
            raise BadInput(
                "The server sends us elsewhere",
                where=self.host,
                instead="Give the URL that it is served under.",
            )
        if response.status_code == 304:
            return response
        raise refusal_of(response)

    def _attempts(self) -> Iterator[int]:
        yield from range(1, self._retrying.attempts + 1)


def _json(body: Any) -> bytes:
    if isinstance(body, BaseModel):
        return body.model_dump_json(exclude_none=True).encode()
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError as error:
        raise BadInput(
            f"The request cannot be written as JSON: {error}", where="body", instead="Send plain values."
        ) from None


def _is_being_served(response: httpx2.Response) -> bool:
    """Whether the same request, sent before, has no answer yet."""
    return response.status_code == 409 and retry_after(response) is not None
