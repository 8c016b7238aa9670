"""The figures that the records hold, whichever process did the work: jobs, files, words, people."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.observing.metrics import Labels
from store.errors import NotFound
from store.population.population import read_manifest
from store.records.counting import Counted, counted
from store.records.database import Database
from store.warehouse import Warehouse, warehouse_names


class Recorded(Collector):
    """Reads the records of all organisations when it is asked."""

    def __init__(self, everywhere: Database, home: Path, now: Callable[[], datetime]) -> None:
        self._everywhere, self._home, self._now = everywhere, home, now
        self._labels = Labels()

    def collect(self) -> Iterator[Metric]:
        """Each figure; where the records do not answer, only that they do not."""
        try:
            found = counted(self._everywhere)
        except Exception:  # noqa: BLE001  # whatever keeps the records from answering, the other figures stand
            yield GaugeMetricFamily("fieldmark_records_up", "Whether the records answer.", 0)
            return
        yield GaugeMetricFamily("fieldmark_records_up", "Whether the records answer.", 1)
        yield from self._of_jobs(found)
        yield from self._of_files(found)
        yield from self._of_words(found)
        yield from self._of_webhooks(found)
        yield from self._of_people()

    def _of_jobs(self, found: Counted) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("fieldmark_jobs", "Jobs that are remembered.", labels=["kind", "status"])
        for (kind, status), number in found.jobs.items():
            jobs.add_metric([self._labels.bounded(kind), self._labels.bounded(status)], number)
        yield jobs
        yield GaugeMetricFamily("fieldmark_jobs_waiting", "Jobs that wait for a worker.", found.queued)
        oldest = 0.0
        if found.oldest_queued is not None:
            oldest = max(0.0, (self._now() - found.oldest_queued).total_seconds())
        yield GaugeMetricFamily(
            "fieldmark_jobs_oldest_waiting_seconds", "Seconds that the oldest of them has waited.", oldest
        )

    def _of_files(self, found: Counted) -> Iterator[Metric]:
        for name, words, value in (
            ("fieldmark_exports", "Files that were written.", found.exports),
            ("fieldmark_export_rows", "Rows of those files.", found.export_rows),
            ("fieldmark_export_bytes", "Bytes of those files.", found.export_bytes),
        ):
            yield CounterMetricFamily(name, words, value)

    def _of_words(self, found: Counted) -> Iterator[Metric]:
        asked = CounterMetricFamily(
            "fieldmark_model_requests", "Questions to a language model.", labels=["outcome"]
        )
        for outcome, number in found.model_calls.items():
            asked.add_metric([self._labels.bounded(outcome)], number)
        yield asked
        tokens = CounterMetricFamily("fieldmark_model_tokens", "Tokens, in and out.", labels=["direction"])
        tokens.add_metric(["in"], found.tokens_in)
        tokens.add_metric(["out"], found.tokens_out)
        yield tokens

    def _of_webhooks(self, found: Counted) -> Iterator[Metric]:
        deliveries = GaugeMetricFamily(
            "fieldmark_webhook_deliveries", "Deliveries that are remembered.", labels=["status"]
        )
        for status, number in found.deliveries.items():
            deliveries.add_metric([self._labels.bounded(status)], number)
        yield deliveries
        yield GaugeMetricFamily(
            "fieldmark_webhooks_dead", "Deliveries that were given up.", found.deliveries.get("dead", 0)
        )

    def _of_people(self) -> Iterator[Metric]:
        homes = [self._home, *sorted((self._home / "organisations").glob("*"))]
        there = [Warehouse(home, name) for home in homes for name in warehouse_names(home)]
        persons = [_persons(warehouse) for warehouse in there]
        yield GaugeMetricFamily("fieldmark_warehouses", "Warehouses of all organisations.", len(there))
        yield GaugeMetricFamily("fieldmark_persons", "Persons in their current snapshots.", sum(persons))
        yield GaugeMetricFamily(
            "fieldmark_largest_warehouse_persons", "Persons of the largest.", max(persons, default=0)
        )


def _persons(warehouse: Warehouse) -> int:
    with suppress(NotFound):  # outcomes or events alone, or swapped out this moment
        return read_manifest(warehouse.folder / "snapshots" / warehouse.current_id).persons
    return 0
