"""What happened under one workflow, with times and sizes: requests, jobs, steps, calls, words, files."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field
from sqlmodel import select

from store.errors import NotFound
from store.records.database import Database
from store.records.model_calls import ModelCall
from store.records.runs import Run
from store.records.tables import Export, Trace
from store.records.timings import StepTiming, steps_under

Kind = Literal["request", "job", "call", "step", "model_call", "export"]
JOB_TRACE = "trace_"  # the trace of a job is this and its run's id


class TraceNode(BaseModel):
    """One thing that happened, and what happened in it."""

    kind: Kind
    id: str
    name: str = Field(description="Of the tool, the step, the text or the form of the file.")
    started_at: datetime
    milliseconds: float | None = Field(default=None, description="None while it goes on.")
    outcome: str = Field(default="", description="ok, refused, failed, or the status of a job.")
    message: str = Field(default="", description="Why it was refused; nobody's values.")
    figures: dict[str, float] = Field(
        default_factory=dict,
        description="Counts of the answer; `request_bytes` and `answer_bytes` as JSON; `tokens_in`, "
        "`tokens_out` and `cost` of a model; `rows` and `size_bytes` of a file.",
    )
    children: list["TraceNode"] = Field(default_factory=list)

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, as far as it has."""
        if self.milliseconds is None:
            return None
        return self.started_at + timedelta(milliseconds=self.milliseconds)


class TraceTotals(BaseModel):
    """All of it, added up."""

    jobs: int = 0
    calls: int = Field(default=0, description="Calls of tools, those that were done as jobs too.")
    refused: int = 0
    failed: int = 0
    steps: int = 0
    model_calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    exports: int = 0
    rows: int = Field(default=0, description="Rows of all files.")
    export_bytes: int = 0
    request_bytes: int = 0
    answer_bytes: int = 0


class TraceTree(BaseModel):
    """Everything that is remembered of one workflow."""

    workflow_id: str
    warehouses: list[str]
    started_at: datetime
    milliseconds: float = Field(description="From the first beginning to the last end that is known.")
    nodes: list[TraceNode]
    totals: TraceTotals


def trace_of(database: Database, workflow_id: str) -> TraceTree:
    """Everything that happened under a workflow, in order. Raises NotFound.

    A step lies in the job or call that its run is, a text of a model in the step that asked for it, a file
    in what was going on when it was written.
    """
    with database.session() as session:
        runs = list(session.exec(select(Run).where(Run.workflow_id == workflow_id)))
        asked = list(session.exec(select(ModelCall).where(ModelCall.workflow_id == workflow_id)))
    calls, exports = database.traces(workflow_id), database.exports(workflow_id)
    if not (runs or calls or exports):
        raise NotFound(
            "There is no such workflow",
            where="workflow_id",
            instead="Every answer gives its workflow_id; `fieldmark traces` shows one.",
        )
    steps = steps_under(database, workflow_id)
    nodes = _grown(runs, calls, steps, asked, exports)
    ends = [end for end in (node.ended_at for node in _walk(nodes)) if end is not None]
    began = min(node.started_at for node in nodes)
    return TraceTree(
        workflow_id=workflow_id,
        warehouses=sorted({one.warehouse for one in (*runs, *calls, *exports)}),
        started_at=began,
        milliseconds=round((max([began, *ends]) - began) / timedelta(milliseconds=1), 2),
        nodes=nodes,
        totals=_totals(nodes),
    )


def _grown(
    runs: list[Run],
    calls: list[Trace],
    steps: list[StepTiming],
    asked: list[ModelCall],
    exports: list[Export],
) -> list[TraceNode]:
    """The roots, each with what happened in it."""
    traces = {call.tool_trace_id: call for call in calls}
    jobs = {f"{JOB_TRACE}{run.run_id}": run for run in runs}
    roots = [_request(run, traces.get(trace_id)) for trace_id, run in jobs.items()]
    roots += [_call(call) for call in calls if call.tool_trace_id not in jobs]
    made_by = {node.id: node for node in _walk(roots)}
    asking: dict[str, list[TraceNode]] = {}
    for step in steps:
        node = _step(step)
        _put(node, made_by.get(step.tool_trace_id), roots)
        asking.setdefault(step.run_id, []).append(node)
    for one in asked:
        node = _model_call(one)
        holder = _around(node.started_at, asking.get(one.run_id, []))
        _put(node, holder or made_by.get(f"{JOB_TRACE}{one.run_id}"), roots)
    for export in exports:
        _put(_export(export), _around(export.created_at, list(_walk(roots))), roots)
    for node in list(_walk(roots)):
        node.children.sort(key=_order)
    return sorted(roots, key=_order)


def _put(node: TraceNode, holder: TraceNode | None, roots: list[TraceNode]) -> None:
    (roots if holder is None else holder.children).append(node)


def _around(moment: datetime, nodes: list[TraceNode]) -> TraceNode | None:
    """The one that began last of those that went on at this moment; a file and a text hold nothing."""
    # Times of records are whole microseconds and lengths are rounded to hundredths of a millisecond.
    slack = timedelta(milliseconds=1)
    going_on = [
        node
        for node in nodes
        if node.kind in ("job", "call", "step")
        and node.started_at <= moment
        and (node.ended_at is None or moment <= node.ended_at + slack)
    ]
    # Of those that began together the later in the list is the inner one: a walk gives holders first.
    return max(enumerate(going_on), key=lambda each: (each[1].started_at, each[0]))[1] if going_on else None


def _order(node: TraceNode) -> tuple[datetime, str]:
    return node.started_at, node.id


def _walk(nodes: list[TraceNode]) -> Iterator[TraceNode]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _request(run: Run, ended: Trace | None) -> TraceNode:
    """The request for a job: how long it waited for a worker; and in it the job, once it was begun."""
    asked = TraceNode(
        kind="request", id=run.run_id, name=run.kind, started_at=run.created_at, outcome=run.status
    )
    if run.started_at is None:
        asked.milliseconds = _between(run.created_at, run.ended_at)
        return asked
    asked.milliseconds = _between(run.created_at, run.started_at)
    job = TraceNode(
        kind="job",
        id=f"{JOB_TRACE}{run.run_id}",
        name=run.kind,
        started_at=run.started_at,
        milliseconds=_between(run.started_at, run.ended_at),
        outcome=run.status,
        message=run.message,
        figures={"attempts": run.attempts} | (_figures(ended) if ended else {}),
    )
    asked.children.append(job)
    return asked


def _between(start: datetime, end: datetime | None) -> float | None:
    return round((end - start) / timedelta(milliseconds=1), 2) if end else None


def _call(call: Trace) -> TraceNode:
    return TraceNode(
        kind="call",
        id=call.tool_trace_id,
        name=call.tool,
        started_at=call.started_at,
        milliseconds=call.milliseconds,
        outcome=call.outcome,
        message=call.message,
        figures=_figures(call),
    )


def _figures(call: Trace) -> dict[str, float]:
    return {**call.counts, "request_bytes": call.request_bytes, "answer_bytes": call.answer_bytes}


def _step(step: StepTiming) -> TraceNode:
    return TraceNode(
        kind="step",
        id=step.step_id,
        name=step.step,
        started_at=step.started_at,
        milliseconds=step.milliseconds,
        outcome=step.outcome,
        figures={} if step.count is None else {"count": step.count},
    )


def _model_call(call: ModelCall) -> TraceNode:
    return TraceNode(
        kind="model_call",
        id=call.call_id,
        name=call.told,
        started_at=call.created_at - timedelta(milliseconds=call.milliseconds),  # kept when it is answered
        milliseconds=call.milliseconds,
        outcome=call.outcome,
        figures={"tokens_in": call.tokens_in, "tokens_out": call.tokens_out, "cost": call.cost},
    )


def _export(export: Export) -> TraceNode:
    return TraceNode(
        kind="export",
        id=export.export_id,
        name=export.format,
        started_at=export.created_at,
        milliseconds=0.0,
        outcome="ok",
        figures={"rows": export.rows, "size_bytes": export.size_bytes},
    )


def _totals(roots: list[TraceNode]) -> TraceTotals:
    nodes = list(_walk(roots))
    told = {kind: [node for node in nodes if node.kind == kind] for kind in ("job", "call", "step")}
    done = [*told["job"], *told["call"]]

    def added(kinds: tuple[Kind, ...], figure: str) -> float:
        return sum(node.figures.get(figure, 0) for node in nodes if node.kind in kinds)

    return TraceTotals(
        jobs=sum(node.kind == "request" for node in nodes),
        calls=len(done),
        refused=sum(node.outcome == "refused" for node in done),
        failed=sum(node.outcome == "failed" for node in done),
        steps=len(told["step"]),
        model_calls=sum(node.kind == "model_call" for node in nodes),
        tokens_in=int(added(("model_call",), "tokens_in")),
        tokens_out=int(added(("model_call",), "tokens_out")),
        cost=added(("model_call",), "cost"),
        exports=sum(node.kind == "export" for node in nodes),
        rows=int(added(("export",), "rows")),
        export_bytes=int(added(("export",), "size_bytes")),
        request_bytes=int(added(("job", "call"), "request_bytes")),
        answer_bytes=int(added(("job", "call"), "answer_bytes")),
    )
