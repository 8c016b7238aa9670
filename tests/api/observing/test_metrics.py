"""Figures for Prometheus: counted by few labels, from this process and from the records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from api.observing.metrics import MOST_VALUES, OTHER, Labels, Metrics
from api.observing.recorded import Recorded
from store.records import Database, Export, ModelCall, Run
from store.watching import happening, watch

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def figures(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name, *map(str, sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def test_requests_calls_and_steps_are_counted_by_name_and_outcome() -> None:
    metrics = Metrics()
    leave = watch(metrics)
    with happening("request", "GET", method="GET", route="/v1/jobs/{run_id}", status=200, bytes_out=7):
        open_ones = figures(metrics)["fieldmark_requests_open",]
        with happening("call", "find_persons") as call:
            call.outcome = "refused"
        with happening("model_call", "segment-17") as asked:
            asked.outcome = "timeout"
    leave()
    told = figures(metrics)
    assert open_ones == 1
    assert told["fieldmark_requests_open",] == 0
    assert told["fieldmark_request_seconds_count", "GET", "/v1/jobs/{run_id}", "200"] == 1
    assert told["fieldmark_request_bytes_total", "out"] == 7
    assert told["fieldmark_call_seconds_count", "find_persons", "refused"] == 1
    assert told["fieldmark_model_call_seconds_count", "timeout"] == 1
    assert any(name[0] == "process_resident_memory_bytes" for name in told)


@given(st.lists(st.text(min_size=1, max_size=30), max_size=400))
def test_a_label_has_only_so_many_values_and_all_of_them_names(values: list[str]) -> None:
    labels = Labels()
    said = {labels.bounded(value) for value in values}
    assert len(said) <= MOST_VALUES + 1
    assert all(value.isascii() and " " not in value and "@" not in value for value in said)


def test_ten_thousand_routes_and_tools_make_no_more_series_than_the_bound() -> None:
    metrics = Metrics()
    leave = watch(metrics)
    for number in range(2_000):
        with happening("call", f"tool_{number}"):
            pass
        with happening("request", "GET", method="GET", route=f"/v1/{number}", status=200):
            pass
    leave()
    counts = [name for name in figures(metrics) if name[0].endswith("_seconds_count")]
    assert len(counts) == 2 * (MOST_VALUES + 1)
    assert figures(metrics)["fieldmark_call_seconds_count", OTHER, "ok"] == 2_000 - MOST_VALUES


def run(key: str, kind: str, status: str, minutes: float, **more: object) -> Run:
    return Run(
        run_id=key,
        kind=kind,
        warehouse="us",
        workflow_id="w",
        request_hash="h",
        status=status,
        created_at=NOON - timedelta(minutes=minutes),
        **more,
    )


def test_the_records_of_all_organisations_are_counted_together(tmp_path: Path) -> None:
    """Two queued jobs, for 3 and 5 minutes, one done; two files of 10 rows; 2 x (300 in, 50 out)."""
    records = Database(tmp_path / "fieldmark.db")
    mine, theirs = records.of("org_a"), records.of("org_b")
    mine.add(run("a", "analyze_customers", "queued", 3))
    theirs.add(run("b", "analyze_customers", "queued", 5))
    theirs.add(run("c", "generate_audience", "done", 50))
    for at, database in enumerate((mine, theirs)):
        database.add(
            Export(
                export_id=f"e{at}",
                workflow_id="w",
                warehouse="us",
                format="csv",
                rows=10,
                size_bytes=2_000,
                created_at=NOON,
                expires_at=NOON,
            )
        )
        database.add(
            ModelCall(
                call_id=f"m{at}",
                run_id="r",
                workflow_id="w",
                warehouse="us",
                told="segment-0",
                attempt=1,
                prompt="segment",
                prompt_version="1",
                model="m",
                outcome=["kept", "timeout"][at],
                tokens_in=300,
                tokens_out=50,
                created_at=NOON,
            )
        )
    told = figures(Metrics([Recorded(records.of(None), tmp_path, lambda: NOON)]))
    records.close()
    assert told["fieldmark_records_up",] == 1
    assert told["fieldmark_jobs", "analyze_customers", "queued"] == 2
    assert told["fieldmark_jobs", "generate_audience", "done"] == 1
    assert told["fieldmark_jobs_waiting",] == 2
    assert told["fieldmark_jobs_oldest_waiting_seconds",] == 300
    assert told["fieldmark_exports_total",] == 2
    assert told["fieldmark_export_rows_total",] == 20
    assert told["fieldmark_export_bytes_total",] == 4_000
    assert told["fieldmark_model_requests_total", "timeout"] == 1
    assert told["fieldmark_model_tokens_total", "in"] == 600
    assert told["fieldmark_webhooks_dead",] == 0
    assert told["fieldmark_persons",] == 0
    assert not any("org_" in part for name in told for part in name)


def test_records_that_do_not_answer_leave_the_other_figures(tmp_path: Path) -> None:
    away = Database(tmp_path / "x.db", "postgresql://somebody:secret-word@127.0.0.1:1/nowhere", None)
    told = figures(Metrics([Recorded(away, tmp_path, lambda: NOON)]))
    assert told["fieldmark_records_up",] == 0
    assert any(name[0].startswith("process_") for name in told)
