"""What happens, as OpenTelemetry's spans: sent only where a setting says to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agent.version import CODE_VERSION
from api.observing.forms import REMOVED, told
from store.errors import BadInput
from store.watching import Happening, watch

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

SPAN = "span"
SECONDS = 5.0  # that the receiver may take, and that the last spans are waited for
# As OpenTelemetry's conventions name them; the others are `fieldmark.` and their name.
NAMED = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "bytes_in": "http.request.body.size",
    "bytes_out": "http.response.body.size",
    "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens",
    "error": "error.type",
}
TITLES = {"call": "tool", "job": "job", "step": "step", "model_call": "model", "delivery": "webhook"}


@contextmanager
def telemetry(endpoint: str) -> Iterator[None]:
    """Send spans to this OTLP/HTTP receiver within the block; with no endpoint nothing is imported.

    Raises BadInput without the packages.
    """
    if not endpoint:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise BadInput(
            "FIELDMARK_OTLP_ENDPOINT needs the packages of OpenTelemetry",
            where="FIELDMARK_OTLP_ENDPOINT",
            instead="Install them with `pip install 'fieldmark[telemetry]'`, or unset the setting.",
        ) from None
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SECONDS)
    with spans_to(BatchSpanProcessor(exporter)):
        yield


@contextmanager
def spans_to(processor: "SpanProcessor") -> Iterator[None]:
    """Give the spans of the block to this processor, which is shut down at its end."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    resource = Resource({"service.name": "fieldmark", "service.version": CODE_VERSION})
    # A provider of its own: what else in the process is traced stays as it is, and off by default.
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    leave = watch(Spans(provider))
    try:
        yield
    finally:
        leave()
        provider.shutdown()


class Spans:
    """Makes a span of everything that happens, within the span of what it happens in."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = provider.get_tracer("fieldmark", CODE_VERSION)
        self._kinds = {"request": SpanKind.SERVER, "model_call": SpanKind.CLIENT, "delivery": SpanKind.CLIENT}
        self._other_kind = SpanKind.INTERNAL
        self._failed: Callable[[], Status] = lambda: Status(StatusCode.ERROR)
        self._around, self._propagator = set_span_in_context, TraceContextTextMapPropagator()

    def began(self, happening: Happening) -> None:
        """Begin its span, in the one that it happens in or that the caller named."""
        happening.marks[SPAN, self] = self._tracer.start_span(
            happening.name,
            context=self._parent(happening),
            kind=self._kinds.get(happening.kind, self._other_kind),
        )

    def _parent(self, happening: Happening) -> Any:
        around = happening.within
        if around is not None and (SPAN, self) in around.marks:
            return self._around(around.marks[SPAN, self])
        return self._propagator.extract(happening.carried)

    def ended(self, happening: Happening) -> None:
        """Tell what is known of it, and end its span."""
        span = happening.marks.pop((SPAN, self))
        span.update_name(_title(happening))
        for name, value in attributes(happening).items():
            span.set_attribute(name, value)
        if happening.outcome == "failed":
            span.set_status(self._failed())
        span.end()


def _title(happening: Happening) -> str:
    if happening.kind == "request":
        return f"{happening.about.get('method', '')} {happening.about.get('route', '')}".strip()
    said = told("name", happening.name)
    return f"{TITLES[happening.kind]} {said}"


def attributes(happening: Happening) -> dict[str, str | int | float]:
    """What its span says: what a log line may say, under the names of OpenTelemetry."""
    about = happening.about | {"outcome": happening.outcome}
    said = {NAMED.get(name, f"fieldmark.{name}"): told(name, value) for name, value in about.items()}
    return {name: value for name, value in said.items() if value is not None and value != REMOVED}
