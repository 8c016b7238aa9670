"""A receiver of webhooks on loopback, which answers as a test tells it to."""

import itertools
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from api.settings import Settings
from api.webhooks.addresses import Reach
from api.webhooks.endpoints import NewWebhook, Webhook, add_webhook
from api.webhooks.sending import Answer, Sender
from store.records.deliveries import deliveries_of
from store.records.outbox import OutboxDelivery, tell
from store.workspace import House
from tests.conftest import Clock

BOUND_S = 20.0
LAPTOP = Reach(private=True)

# What a receiver does with a request: `(handler, body) -> None`, writing the answer itself.
Answering = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    """Send a status with these headers (`retry_after` is Retry-After) and no body."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("content-length", "0")
    handler.end_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that hangs up is what some tests are about."""


class Receiver:
    """Keeps what it is sent: `(headers, body)`, the names in lower case."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self.answering: Answering = lambda handler, _: answer(handler, 204)
        self.released = threading.Event()  # what hangs waits for it
        receiver, lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with lock:
                    receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                    receiver.paths.append(self.path)
                receiver.answering(self, body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self._thread.join(BOUND_S)
        self.server.server_close()


@pytest.fixture
def make_receiver() -> Iterator[Callable[[], Receiver]]:
    made: list[Receiver] = []

    def make() -> Receiver:
        made.append(Receiver())
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def receiver(make_receiver: Callable[[], Receiver]) -> Receiver:
    return make_receiver()


class Scripted(Sender):
    """A sender that answers as it is told, and keeps the times of what it was given."""

    def __init__(self, clock: Clock, *answers: Answer) -> None:
        self.clock, self.sent = clock, []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.sent.append((self.clock(), url, headers, body))
        return next(self._answers)


@pytest.fixture
def settings(house: House) -> Settings:
    return Settings(home=house.home, webhooks_private=True)


@pytest.fixture
def hook(house: House, receiver: Receiver) -> Webhook:
    return listening(house, receiver)


def listening(house: House, receiver: Receiver, *events: str) -> Webhook:
    wanted = NewWebhook.model_validate({"url": receiver.url, "events": events})
    return add_webhook(house, LAPTOP, wanted, "local")


def told(house: House, *keys: str) -> None:
    for key in keys:
        tell(house, key, "job.done", {"run_id": key, "counts": {"people": 7}})


def of(house: House, hook: Webhook) -> list[OutboxDelivery]:
    return deliveries_of(house.database, hook.webhook_id, 200)
