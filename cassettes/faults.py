"""A way to a real model on which things go wrong, so that failures can be recorded from the wire.

`/faults/NAME/v1/…` is forwarded to the model behind it, after or before something has gone wrong.
"""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

EVENTS_BEFORE_THE_CUT = 12
MINUTES = 20


class _Faults(BaseHTTPRequestHandler):
    """Forwards one request, its fault first."""

    protocol_version = "HTTP/1.1"
    upstream: str
    seen: Counter[str]

    def do_POST(self) -> None:
        _, _, fault, *_ = self.path.split("/")
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.seen[fault] += 1
        if fault == "wrong-key":
            self._refuse(401, "Incorrect API key provided", "invalid_api_key")
        elif fault == "gateway-timeout":
            self._refuse(504, "The model did not answer in time", "timeout")
        elif fault == "rate-limited" and self.seen[fault] == 1:
            self._refuse(429, "Rate limit reached", "rate_limit_exceeded", {"retry-after-ms": "40"})
        else:
            if fault == "in-prose":  # as a server that does not hold its model to a form
                body.pop("response_format")
                body["messages"].append({"role": "user", "content": "Answer in plain words, not in JSON."})
            self._forward(body, EVENTS_BEFORE_THE_CUT if fault == "cut" else None)

    def _refuse(self, status: int, message: str, code: str, headers: dict[str, str] | None = None) -> None:
        content = json.dumps({"error": {"message": message, "type": code, "code": code}}).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _forward(self, body: dict[str, Any], most_events: int | None) -> None:
        server = urlsplit(self.upstream)
        assert server.hostname is not None
        connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60 * MINUTES)
        path = f"{server.path}/chat/completions"
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        self.send_response(answer.status)
        self.send_header("content-type", answer.headers["content-type"])
        self.send_header("connection", "close")
        self.end_headers()
        events = 0
        for line in answer:
            self.wfile.write(line)
            events += line == b"\n"
            if most_events and events >= most_events:
                break
        connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def faulty_way(upstream: str) -> Iterator[str]:
    """The URL under which the faults are, `http://127.0.0.1:PORT/faults`, while the block runs."""
    handler = type("Faults", (_Faults,), {"upstream": upstream.rstrip("/"), "seen": Counter()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/faults"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
