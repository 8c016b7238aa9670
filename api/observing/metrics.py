"""The figures of this process, as Prometheus reads them: how often, how long, how it ended."""

import re
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.registry import Collector

from store.watching import Happening

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)  # seconds
MOST_VALUES = 200  # of one label; there are about a hundred routes and thirty tools
OTHER = "other"
LABEL = re.compile(r"[A-Za-z0-9_{}/.:-]{1,120}")


class Labels:
    """Keeps the values of one label few: those that have the form of a name, and only so many of them."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self._known: set[str] = set()
        self._most = most

    def bounded(self, value: object) -> str:
        """The value, or `other`."""
        said = str(value)
        if said in self._known:
            return said
        if len(self._known) >= self._most or not LABEL.fullmatch(said):
            return OTHER
        self._known.add(said)
        return said


class Metrics:
    """Hears of all that happens in this process, and says it together with what the records say."""

    def __init__(self, recorded: "Iterable[Collector]" = ()) -> None:
        self.registry = registry = CollectorRegistry(auto_describe=False)
        self._labels: dict[str, Labels] = {}
        self._requests = Histogram(
            "fieldmark_request_seconds",
            "Seconds until an answer was sent.",
            ["method", "route", "status"],
            buckets=SHORT,
            registry=registry,
        )
        self._bytes = Counter(
            "fieldmark_request_bytes", "Bytes of bodies, in and out.", ["direction"], registry=registry
        )
        self._open = Gauge("fieldmark_requests_open", "Requests that are being served.", registry=registry)
        self._kinds: dict[str, Histogram] = {
            kind: Histogram(
                f"fieldmark_{kind}_seconds",
                f"Seconds of {words}, in this process.",
                ["name", "outcome"] if is_named else ["outcome"],
                buckets=SHORT,
                registry=registry,
            )
            for kind, words, is_named in (
                ("call", "calls of tools", True),
                ("job", "attempts at jobs", True),
                ("step", "steps of workflows", True),
                # What a text is of (`segment-3`) has no end of values.
                ("model_call", "questions to a language model", False),
                ("delivery", "deliveries of webhooks", False),
            )
        }
        for collector in recorded:
            registry.register(collector)
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)

    def began(self, happening: Happening) -> None:
        """Count an open request."""
        if happening.kind == "request":
            self._open.inc()

    def ended(self, happening: Happening) -> None:
        """Count it, with its time."""
        if happening.kind == "request":
            self._count_request(happening)
            return
        histogram, labels = self._kinds[happening.kind], [self._bounded("outcome", happening.outcome)]
        if happening.kind not in ("model_call", "delivery"):
            labels.insert(0, self._bounded(happening.kind, happening.name))
        histogram.labels(*labels).observe(happening.seconds)

    def _count_request(self, request: Happening) -> None:
        self._open.dec()
        said = request.about
        labels = (self._bounded(name, said.get(name, OTHER)) for name in ("method", "route", "status"))
        self._requests.labels(*labels).observe(request.seconds)
        for direction in ("in", "out"):
            self._bytes.labels(direction).inc(float(said.get(f"bytes_{direction}", 0)))

    def _bounded(self, label: str, value: object) -> str:
        return self._labels.setdefault(label, Labels()).bounded(value)

    def text(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)
