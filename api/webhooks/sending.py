"""What does a receiver answer when it is sent one message?"""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import httpcore2

from agent.version import CODE_VERSION
from api.webhooks.addresses import Reach
from api.webhooks.destinations import (
    Destination,
    Resolve,
    addresses_of,
    destination_of,
    system_resolve,
)
from api.webhooks.pinned import Bounds, PinnedBackend
from store.errors import BadInput

TIMEOUT_S = 15.0
MOST_READ = 64 * 1024  # bytes of an answer; what it says is not kept
FAILURES = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError)


@dataclass(frozen=True)
class Answer:
    """What came back. No status: nothing did, and why is not told, since it would tell of inner networks."""

    status: int | None = None
    retry_after: str | None = None


class Sender:
    """Posts messages. It follows no redirect, knows no proxy and trusts no certificate that does not hold."""

    def __init__(
        self,
        reach: Reach,
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
        seconds: float = TIMEOUT_S,
    ) -> None:
        self._reach, self._resolve, self._seconds = reach, resolve, seconds
        self._given_tls = tls

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one POST of JSON. The URL is checked and resolved anew, and called where it was."""
        bounds = Bounds(self._seconds, MOST_READ)
        try:
            reached = destination_of(url, self._reach)
            addresses = addresses_of(reached, self._reach, self._resolve)
        except BadInput:
            return Answer()
        try:
            return self._exchange(reached, PinnedBackend(addresses, bounds), headers, body)
        except FAILURES:
            return Answer()

    def _exchange(
        self, reached: Destination, backend: PinnedBackend, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        url = httpcore2.URL(
            scheme=reached.scheme.encode(),
            host=reached.host.encode(),
            port=reached.port,
            target=reached.target.encode(),
        )
        request = httpcore2.Request("POST", url, headers=_all_headers(reached, headers, body), content=body)
        tls = self._tls if reached.scheme == "https" else None
        connection = httpcore2.HTTPConnection(url.origin, ssl_context=tls, network_backend=backend)
        try:
            answer = connection.handle_request(request)
            told = Answer(answer.status, _retry_after(answer))
            _read_on(answer)
            return told
        finally:
            connection.close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpcore2.default_ssl_context()


def _all_headers(reached: Destination, headers: Mapping[str, str], body: bytes) -> list[tuple[bytes, bytes]]:
    own = {
        "host": reached.authority,
        "content-type": "application/json",
        "content-length": str(len(body)),
        "user-agent": f"Fieldmark/{CODE_VERSION}",
        "accept-encoding": "identity",
        "connection": "close",
    }
    return [(name.encode(), value.encode()) for name, value in {**own, **headers}.items()]


def _read_on(answer: httpcore2.Response) -> None:
    """Let the receiver finish, as far as the bounds go: its status is what counts, and that is known."""
    with suppress(*FAILURES):
        answer.read()


def _retry_after(answer: httpcore2.Response) -> str | None:
    found = (value for name, value in answer.headers if name.lower() == b"retry-after")
    value = next(found, None)
    return value[:100].decode("latin-1") if value is not None else None
