"""Spans say what happened in what, and nothing of a person; with no endpoint nothing is imported."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.observing.requests import Observed
from api.observing.telemetry import spans_to, telemetry
from store.watching import happening

MARK = "jane.marker@example.com"
TRACE = "0af7651916cd43dd8448eb211c80319c"
ROOT = Path(__file__).parents[3]


def a_request() -> None:
    """A request, the call in it, its step, and a question to a model that failed."""
    with happening("request", "GET", method="GET", request_id=MARK) as request:
        with (
            happening("call", "analyze_customers", tool_trace_id="t"),
            happening("step", "narrate", count=3),
            happening("model_call", MARK) as asked,
        ):
            asked.outcome = "failed"
            asked.note(tokens_in=300, tokens_out=50)
        request.note(route="/v1/tools/{name}", status=200)


def test_spans_lie_in_each_other_as_what_happened_did() -> None:
    exporter = InMemorySpanExporter()
    with spans_to(SimpleSpanProcessor(exporter)):
        a_request()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert list(spans) == [
        "model [removed]",
        "step narrate",
        "tool analyze_customers",
        "GET /v1/tools/{name}",
    ]
    model, step, tool, request = spans.values()
    assert request.parent is None
    for inner, outer in ((model, step), (step, tool), (tool, request)):
        assert inner.parent is not None
        assert inner.parent.span_id == outer.context.span_id
    assert model.status.status_code is StatusCode.ERROR
    assert model.attributes == {
        "gen_ai.usage.input_tokens": 300,
        "gen_ai.usage.output_tokens": 50,
        "fieldmark.outcome": "failed",
    }
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/tools/{name}",
        "http.response.status_code": 200,
        "fieldmark.outcome": "ok",
    }
    assert request.resource.attributes["service.name"] == "fieldmark"


def test_a_request_goes_on_with_the_trace_of_its_caller() -> None:
    exporter = InMemorySpanExporter()
    app = Observed(_empty_answer)
    with spans_to(SimpleSpanProcessor(exporter)), TestClient(app) as client:
        client.get("/", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        client.get("/", headers={"traceparent": "nonsense"})
        client.get("/")
    ids = [f"{span.context.trace_id:032x}" for span in exporter.get_finished_spans()]
    assert [one == TRACE for one in ids] == [True, False, False]


async def _empty_answer(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        for word in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{word}.complete"})
        return
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_spans_reach_a_receiver_over_http() -> None:
    received: list[tuple[str, bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with telemetry(f"http://127.0.0.1:{server.server_port}/"):
            a_request()
        server.shutdown()
        thread.join()
    ((path, body),) = received
    assert path == "/v1/traces"
    sent = ExportTraceServiceRequest.FromString(body)
    names = [s.name for r in sent.resource_spans for scope in r.scope_spans for s in scope.spans]
    assert sorted(names) == sorted(
        ["model [removed]", "step narrate", "tool analyze_customers", "GET /v1/tools/{name}"]
    )
    assert MARK.encode() not in body


def test_a_receiver_that_is_not_there_breaks_nothing() -> None:
    with telemetry("http://127.0.0.1:1"):
        a_request()


def test_without_an_endpoint_nothing_of_it_is_imported() -> None:
    code = (
        "import sys; from api.observing.telemetry import telemetry\n"
        "with telemetry(''): pass\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (found.stdout, found.stderr) == ("[]\n", "")
