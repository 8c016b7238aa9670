"""Who is posted to? An HTTP server on this machine that keeps what it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Posted:
    """One request."""

    path: str
    headers: dict[str, str]  # their names in lower case
    body: bytes


@dataclass
class Receiver:
    """What arrived, in its order. `url` ends without a slash."""

    url: str = ""
    got: list[Posted] = field(default_factory=list)

    def at(self, path: str) -> list[Posted]:
        """What was posted to a path."""
        return [each for each in self.got if each.path == path]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server on a free port of the loopback, for as long as the block; it answers 204 to everything."""
    kept, lock = Receiver(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told = Posted(self.path, {name.lower(): text for name, text in self.headers.items()}, body)
            with lock:
                kept.got.append(told)
            self.send_response(204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # its base names it
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
