"""The tree of a workflow: what happened in what, with times, sizes and totals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.errors import NotFound
from store.records import Database, Export, ModelCall, Run, StepTiming, Trace
from store.records.trace_tree import TraceNode, trace_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(key: str, start: float, ms: float, **more: Any) -> Trace:
    said = {"tool": "find_persons", "warehouse": "us", "outcome": "ok", "request_bytes": 100}
    return Trace(tool_trace_id=key, workflow_id="w", started_at=at(start), milliseconds=ms, **(said | more))


def run(**more: Any) -> Run:
    said: dict[str, Any] = {
        "kind": "analyze_customers",
        "warehouse": "us",
        "request_hash": "h",
        "created_at": at(0),
    }
    return Run(run_id="r", workflow_id="w", **(said | more))


def step(name: str, start: float, ms: float, trace_id: str = "trace_r", **more: Any) -> StepTiming:
    return StepTiming(
        step_id=f"r-{name}",
        run_id="r",
        workflow_id="w",
        tool_trace_id=trace_id,
        step=name,
        started_at=at(start),
        milliseconds=ms,
        **more,
    )


def asked(told: str, ended: float, ms: float) -> ModelCall:
    return ModelCall(
        call_id=f"r-{told}-1",
        run_id="r",
        workflow_id="w",
        warehouse="us",
        told=told,
        attempt=1,
        prompt="segment",
        prompt_version="1",
        model="m",
        outcome="kept",
        tokens_in=300,
        tokens_out=50,
        cost=0.25,
        milliseconds=ms,
        created_at=at(ended),
    )


def export(key: str, when: float) -> Export:
    return Export(
        export_id=key,
        workflow_id="w",
        warehouse="us",
        format="csv",
        rows=10,
        size_bytes=2000,
        created_at=at(when),
        expires_at=at(when + 60),
    )


def names(nodes: list[TraceNode]) -> list[Any]:
    return [(f"{n.kind} {n.name}", names(n.children)) if n.children else f"{n.kind} {n.name}" for n in nodes]


def test_a_job_is_in_its_request_and_its_steps_words_and_files_are_in_it(database: Database) -> None:
    """Asked at 0 s, begun at 2 s, ended at 10 s: mine 2-5, narrate 5-9, a text 6-8, a file at 9.5 in tell."""
    for record in (
        run(status="done", started_at=at(2), ended_at=at(10), attempts=1),
        call("trace_r", 2, 8000, tool="analyze_customers", answer_bytes=5000, counts={"segments": 3.0}),
        step("tell", 9, 1000),
        step("mine", 2, 3000, count=40),
        step("narrate", 5, 4000),
        asked("segment-0", 8, 2000),
        export("e", 9.5),
        call("later", 20, 5, answer_bytes=70),
    ):
        database.add(record)
    tree = trace_of(database, "w")
    assert names(tree.nodes) == [
        (
            "request analyze_customers",
            [
                (
                    "job analyze_customers",
                    [
                        "step mine",
                        ("step narrate", ["model_call segment-0"]),
                        ("step tell", ["export csv"]),
                    ],
                )
            ],
        ),
        "call find_persons",
    ]
    request = tree.nodes[0]
    (job,) = request.children
    assert (request.milliseconds, job.milliseconds) == (2000, 8000)
    assert job.figures == {"attempts": 1, "segments": 3, "request_bytes": 100, "answer_bytes": 5000}
    assert job.children[0].figures == {"count": 40}
    assert (tree.started_at, tree.milliseconds, tree.warehouses) == (at(0), 20_005, ["us"])
    assert tree.totals.model_dump() == {
        "jobs": 1,
        "calls": 2,
        "refused": 0,
        "failed": 0,
        "steps": 3,
        "model_calls": 1,
        "tokens_in": 300,
        "tokens_out": 50,
        "cost": 0.25,
        "exports": 1,
        "rows": 10,
        "export_bytes": 2000,
        "request_bytes": 200,
        "answer_bytes": 5070,
    }


def test_a_job_that_waits_or_goes_on_has_no_end(database: Database) -> None:
    database.add(run())
    (request,) = trace_of(database, "w").nodes
    assert (request.outcome, request.milliseconds, request.children) == ("queued", None, [])
    database.keep(run(status="running", started_at=at(3)))
    database.add(step("mine", 3, 1000))
    database.add(export("e", 60))
    (request,) = trace_of(database, "w").nodes
    (job,) = request.children
    assert (request.milliseconds, job.milliseconds, job.outcome) == (3000, None, "running")
    assert names([job]) == [("job analyze_customers", ["step mine", "export csv"])]


def test_the_steps_of_a_call_that_was_no_job_are_in_the_call(database: Database) -> None:
    database.add(call("t", 0, 9000, tool="analyze_customers"))
    database.add(step("mine", 1, 2000, "t"))
    database.add(step("lost", 11, 2000, "gone"))
    database.add(asked("segment-0", 2, 500))
    assert names(trace_of(database, "w").nodes) == [
        ("call analyze_customers", [("step mine", ["model_call segment-0"])]),
        "step lost",
    ]


def test_refused_and_failed_calls_are_counted(database: Database) -> None:
    for number, outcome in enumerate(["ok", "refused", "failed", "refused"]):
        database.add(call(f"t{number}", number, 1, outcome=outcome, message="why"))
    totals = trace_of(database, "w").totals
    assert (totals.calls, totals.refused, totals.failed, totals.request_bytes) == (4, 2, 1, 400)


def test_a_file_outside_every_call_stands_alone(database: Database) -> None:
    database.add(export("e", 0))
    tree = trace_of(database, "w")
    assert names(tree.nodes) == ["export csv"]
    assert tree.milliseconds == 0


def test_another_organisations_workflow_is_one_that_is_not_there(database: Database) -> None:
    database.of("org_a").add(call("t", 0, 1))
    for workflow in ("w", "nowhere"):
        with pytest.raises(NotFound, match="There is no such workflow"):
            trace_of(database.of("org_b"), workflow)
