"""How is a connection made to addresses that were checked, and to no other?"""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2
from httpcore2 import SOCKET_OPTION, NetworkBackend, NetworkStream

CONNECT_SHARE_S = 5.0  # of an address that has another one after it


class Bounds:
    """How long one exchange may take in all, and how much of its answer is read."""

    def __init__(self, seconds: float, most_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._ends_at, self._left = clock, clock() + seconds, most_bytes

    def seconds(self) -> float:
        """What is left of the time. Raises httpcore2.ReadTimeout when nothing is."""
        left = self._ends_at - self._clock()
        if left <= 0:
            raise httpcore2.ReadTimeout("the exchange took too long")
        return left

    def bytes(self, most: int) -> int:
        """How much may be read at once. Raises httpcore2.ReadError when nothing may."""
        if self._left <= 0:
            raise httpcore2.ReadError("the answer is too long")
        return min(most, self._left)

    def have_read(self, count: int) -> None:
        """Count what was read."""
        self._left -= count


class BoundedStream(NetworkStream):
    """A stream that ends with its bounds: a receiver that drips byte by byte does not hold the sender."""

    def __init__(self, inner: NetworkStream, bounds: Bounds) -> None:
        self._inner, self._bounds = inner, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._inner.read(self._bounds.bytes(max_bytes), self._bounds.seconds())
        self._bounds.have_read(len(got))
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._bounds.seconds())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._bounds.seconds())
        return BoundedStream(inner, self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(NetworkBackend):
    """Connects to the addresses it was made with, whatever host is asked for: nothing is resolved again,
    so a name that changes its address between the check and the call changes nothing.
    """

    def __init__(self, addresses: list[str], bounds: Bounds, inner: NetworkBackend | None = None) -> None:
        self._addresses, self._bounds = addresses, bounds
        self._inner = inner or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        *others, last = self._addresses
        for address in others:
            try:
                return self._connected(address, port, min(CONNECT_SHARE_S, self._bounds.seconds()))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return self._connected(last, port, self._bounds.seconds())

    def connect_unix_socket(self, *_: Any, **__: Any) -> NetworkStream:
        raise httpcore2.ConnectError("webhooks go through TCP")

    def _connected(self, address: str, port: int, seconds: float) -> NetworkStream:
        return BoundedStream(self._inner.connect_tcp(address, port, seconds), self._bounds)
