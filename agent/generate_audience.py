"""The workflow from a profile, traits or an expression to the people who fit."""

from typing import TYPE_CHECKING, Any

from agent.audience_result import AudienceResult
from agent.requests import AudienceQuery
from agent.runs.workflow import Workflow
from agent.state import Progress, RunContext, silent
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.runs.running import Graph

RUN = "audience_"  # how the ids of these runs begin


def generate_audience(workspace: Workspace, query: AudienceQuery) -> AudienceResult:
    """An audience from an analysis, a segment, traits or an expression: its size, a sample, and a file.

    The strategy says how wide: precision, hybrid, reach, ranked by the analysis's model, or a point of its
    curve. An empty audience is relaxed one step at a time, and each step is told. The frontier shows size
    against quality; surer and wider are the points next to the one that was taken.
    """
    return start_audience(workspace, query)


def start_audience(
    workspace: Workspace, query: AudienceQuery, progress: Progress = silent, context: RunContext | None = None
) -> AudienceResult:
    """A new run of the graph; progress tells each step as it begins and ends."""
    return AUDIENCE.start(workspace, query, progress, context)


def resume_audience(
    workspace: Workspace, run_id: str, progress: Progress = silent, context: RunContext | None = None
) -> AudienceResult:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    return AUDIENCE.resume(workspace, run_id, progress, context)


def _graph() -> "Graph":
    from agent.audience import audience_graph

    return audience_graph()


def _first_state(workspace: Workspace, run_id: str, query: AudienceQuery) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "query": query.model_dump(mode="json"),
        "steps": [],
    }


AUDIENCE = Workflow(
    tool="generate_audience",
    noun="audience",
    prefix=RUN,
    query=AudienceQuery,
    graph=_graph,
    first_state=_first_state,
    result=AudienceResult,
    result_kind="audience",
)
