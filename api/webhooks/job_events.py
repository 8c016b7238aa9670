"""What is told when a job has ended?"""

from collections.abc import Callable
from typing import Any

from store.records.outbox import MOST_ENTRIES, fits, tell
from store.records.runs import Run
from store.records.webhooks import EventType
from store.workspace import House
from tools.calls import counts_of
from tools.declaration import ToolResult

OF_TOOL: dict[str, EventType] = {
    "analyze_customers": "analysis.done",
    "generate_audience": "audience.done",
    "analyze_outcomes": "outcomes.done",
}
ENDS: dict[str, EventType] = {"done": "job.done", "failed": "job.failed", "refused": "job.failed"}
IDS = ("analysis_id", "audience_id", "snapshot_id", "export_id")


def telling_of(house: House, run: Run, status: str, result: ToolResult | None) -> Callable[[Any], None]:
    """A function of the session in which the job ends: it queues what is told of that."""

    def telling(session: Any) -> None:
        end = ENDS.get(status)
        if end is None:  # whoever cancelled it knows
            return
        data, key = _said(run, status, result), f"{run.run_id}:{run.turn}"
        tell(house, f"{end}:{key}", end, data, session)
        if status == "done" and run.kind in OF_TOOL:
            tell(house, f"{OF_TOOL[run.kind]}:{key}", OF_TOOL[run.kind], data, session)

    return telling


def _said(run: Run, status: str, result: ToolResult | None) -> dict[str, Any]:
    path = f"/v1/jobs/{run.run_id}"
    data: dict[str, Any] = {
        "run_id": run.run_id,
        "workflow_id": run.workflow_id,
        "tool": run.kind,
        "warehouse": run.warehouse,
        "status": status,
        "links": {"job": path},
    }
    if result is not None:
        data |= {name: getattr(result, name, None) for name in IDS if getattr(result, name, None)}
        data["links"] = {"job": path, "result": f"{path}/result"}
        data["counts"] = dict(list(counts_of(result).items())[:MOST_ENTRIES])
    # What does not fit is left out: a job ends, whatever its ids look like.
    return {name: value for name, value in data.items() if fits(name, value)}
