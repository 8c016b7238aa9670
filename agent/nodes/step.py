"""How does every step begin and end: in the run's warehouse, unless cancelled, and told to who watches."""

from typing import TypeAlias

from langgraph.runtime import Runtime

from agent.state import AnalysisState, AudienceState, BriefingState, OutcomeState, RunContext
from store.errors import NotFound
from store.watching import current
from store.workspace import Workspace

Step = Runtime[RunContext]
State: TypeAlias = AnalysisState | AudienceState | BriefingState | OutcomeState


def begin(state: State, runtime: Step, name: str) -> Workspace:
    """The workspace of the run. Raises Cancelled, and NotFound in another warehouse than the run's."""
    runtime.context.stop_if_cancelled()
    workspace = runtime.context.workspace
    if state["warehouse"] != workspace.warehouse.name:
        raise NotFound(
            f"There is no such run in `{workspace.warehouse.name}`",
            where="run_id",
            instead=f"It began in the warehouse `{state['warehouse']}`.",
        )
    runtime.stream_writer({"step": name, "done": 0, "of": 1})
    return workspace


def end(runtime: Step, name: str, count: int) -> None:
    """Tell that the step is done, and what it counted."""
    step = current()
    if step is not None and step.kind == "step":
        step.note(count=count)
    runtime.stream_writer({"step": name, "done": 1, "of": 1, "count": count})
