"""A server on loopback that answers as badly as a model can."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from store.model_access import ModelAccess

Serve = Callable[[BaseHTTPRequestHandler], None]


class ModelServer:
    """Answers each request with the next of its scripts, the last one again and again."""

    def __init__(self) -> None:
        self.scripts: list[Serve] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()  # set at the end: whoever hangs lets go
        model = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                model.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                model.headers.append({name.lower(): value for name, value in self.headers.items()})
                at = min(len(model.requests), len(model.scripts)) - 1
                with suppress(BrokenPipeError, ConnectionResetError):  # the client has left
                    model.scripts[at](self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def event(content: str | None = None, *, reason: str | None = None, **delta: Any) -> bytes:
    """One event of a stream of an answer."""
    chunk = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "delta": {"content": content} | delta, "finish_reason": reason}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def stream(*events: bytes, done: bool = True) -> Serve:
    """A whole answer of these events."""

    def serve(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("content-type", "text/event-stream")
        to.end_headers()
        for each in events:
            to.wfile.write(each)
        if done:
            to.wfile.write(b"data: [DONE]\n\n")

    return serve


def says(words: dict[str, str]) -> Serve:
    """An answer with these words."""
    return stream(event(json.dumps(words)), event(reason="stop"))


def status(code: int, **headers: str) -> Serve:
    """A refusal."""

    def serve(to: BaseHTTPRequestHandler) -> None:
        to.send_response(code)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        body = b'{"error": {"message": "no", "type": "refused"}}'
        to.send_header("content-type", "application/json")
        to.send_header("content-length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return serve


def access(server: ModelServer, **more: Any) -> ModelAccess:
    """The way to this server."""
    return ModelAccess(base_url=server.url, model="m", **({"timeout_seconds": 5.0} | more))
