"""The workflow from customers to their ideal profile."""

from typing import TYPE_CHECKING, Any

from agent.analysis import Analysis
from agent.changes.kept import keep_recorded
from agent.requests import AnalyzeQuery
from agent.runs.workflow import Workflow
from agent.state import Progress, RunContext, silent
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.runs.running import Graph

IDENTIFYING = {"multi_identifiers", "identifiers", "id_type", "person_ids", "recorded", "workflow_id"}
RUN = "icp_"  # how the ids of these runs begin


def analyze_customers(workspace: Workspace, query: AnalyzeQuery) -> Analysis:
    """The ideal customer profile: what sets these customers apart, their segments, and how to reach more.

    Customers come as identifiers, person ids, or everyone with an outcome. Each trait and set of traits has
    its share, its lift over the population, its interval and its q-value; segments are named; the precision,
    hybrid and reach expressions are sized, and measured on customers they were not made from.
    """
    return start_analysis(workspace, query)


def start_analysis(
    workspace: Workspace, query: AnalyzeQuery, progress: Progress = silent, context: RunContext | None = None
) -> Analysis:
    """A new run of the graph; progress tells each step as it begins and ends."""
    return ANALYSIS.start(workspace, query, progress, context)


def resume_analysis(
    workspace: Workspace, run_id: str, progress: Progress = silent, context: RunContext | None = None
) -> Analysis:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    return ANALYSIS.resume(workspace, run_id, progress, context)


def _graph() -> "Graph":
    from agent.analyze import analysis_graph

    return analysis_graph()


def _first_state(workspace: Workspace, run_id: str, query: AnalyzeQuery) -> dict[str, Any]:
    settings = query.model_dump(mode="json", exclude=IDENTIFYING | {"lost"})
    if query.lost is not None and query.lost.outcome is not None:
        settings["lost"] = {"outcome": query.lost.outcome.model_dump()}
    if query.outcome is None:
        settings["person_ids"] = []  # the customers are an artifact by then
    if query.recorded is not None:
        keep_recorded(workspace, run_id, query.recorded)
    return {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "request_key": run_id,
        "settings": settings,
        "warnings": [],
    }


ANALYSIS = Workflow(
    tool="analyze_customers",
    noun="analysis",
    prefix=RUN,
    query=AnalyzeQuery,
    graph=_graph,
    first_state=_first_state,
    result=Analysis,
    result_kind="analysis",
)
