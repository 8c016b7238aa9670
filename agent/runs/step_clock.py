"""When did each step of a run begin and end? Heard from the graph, kept beside the run's other records."""

from datetime import datetime
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler

from store.records.timings import StepTiming
from store.watching import Happening, begin, end, outcome_of
from store.workspace import Workspace

STEP = "graph:step:"  # the tag of a node of a graph, and of nothing else that the graph runs
INNER = "|"  # between the node of an outer graph and the node within it


class StepClock(BaseCallbackHandler):
    """Hears each step of one run begin and end, whatever thread it is in."""

    run_inline = True  # in the step's own thread, so that what happens in the step is told as its own
    raise_error = True

    def __init__(self, workspace: Workspace, run_id: str) -> None:
        self._workspace, self._run_id = workspace, run_id
        self._going_on: dict[UUID, tuple[Happening, datetime]] = {}

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: Any,
        *,
        run_id: UUID,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """A step begins; one within a step is a part of it."""
        place = (metadata or {}).get("langgraph_checkpoint_ns", "")
        if INNER in place or not any(tag.startswith(STEP) for tag in tags or ()):
            return
        name, _, task = place.partition(":")
        step = begin("step", name, run_id=self._run_id)
        step.marks["task"] = task
        step.marks["workflow_id"] = _workflow_of(inputs)
        self._going_on[run_id] = step, self._workspace.now()

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **_: Any) -> None:
        """It ended well."""
        self._ended(run_id, "ok")

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """It ended otherwise: refused, cancelled, waiting, or failed."""
        self._ended(run_id, outcome_of(error))

    def _ended(self, run_id: UUID, outcome: str) -> None:
        if run_id not in self._going_on:
            return
        step, began = self._going_on.pop(run_id)
        step.outcome = outcome
        end(step)
        self._keep(step, began)

    def _keep(self, step: Happening, began: datetime) -> None:
        count = step.about.get("count")
        self._workspace.database.keep(
            StepTiming(
                step_id=f"{self._run_id}-{step.marks['task']}",
                run_id=self._run_id,
                workflow_id=str(step.known("workflow_id") or step.marks["workflow_id"]),
                tool_trace_id=str(step.known("tool_trace_id") or ""),
                step=step.name,
                started_at=began,
                milliseconds=round(step.seconds * 1000, 2),
                outcome=step.outcome,
                count=int(count) if count is not None else None,
            )
        )


def _workflow_of(state: Any) -> str:
    return str(state.get("workflow_id", "")) if isinstance(state, dict) else ""
