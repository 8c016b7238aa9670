"""What is told when a job has ended?"""

from collections.abc import Callable
from typing import Any

from store.records.outbox import fits, tell
from store.records.runs import Run
from store.records.webhooks import EventType
from store.workspace import House
from tools.declaration import ToolResult
from tools.telling import said_of, tell_done

ENDS: dict[str, EventType] = {"done": "job.done", "failed": "job.failed", "refused": "job.failed"}


def telling_of(house: House, run: Run, status: str, result: ToolResult | None) -> Callable[[Any], None]:
    """A function of the session in which the job ends: it queues what is told of that."""

    def telling(session: Any) -> None:
        end = ENDS.get(status)
        if end is None:  # whoever cancelled it knows
            return
        data, key = _said(run, status, result), f"{run.run_id}:{run.turn}"
        tell(house, f"{end}:{key}", end, data, session)
        if status == "done" and result is not None:
            tell_done(house, run.kind, key, result, data, session)

    return telling


def _said(run: Run, status: str, result: ToolResult | None) -> dict[str, Any]:
    path = f"/v1/jobs/{run.run_id}"
    about: dict[str, Any] = {
        "run_id": run.run_id,
        "workflow_id": run.workflow_id,
        "tool": run.kind,
        "warehouse": run.warehouse,
        "status": status,
        "links": {"job": path},
    }
    if result is not None:
        return said_of(result, about | {"links": {"job": path, "result": f"{path}/result"}})
    # What does not fit is left out: a job ends, whatever its ids look like.
    return {name: value for name, value in about.items() if fits(name, value)}
