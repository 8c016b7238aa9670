"""The workflow from customers to their ideal profile."""

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.requests import AnalyzeQuery
from agent.state import Progress, RunContext, silent
from store.errors import NotFound
from store.workspace import Workspace

IDENTIFYING = {"multi_identifiers", "identifiers", "id_type", "person_ids", "workflow_id"}
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
    # LangGraph and the mining take a second to import: a look at the catalogue need not wait for them.
    from agent.analyze import analysis_graph
    from agent.runs import run

    run_id = f"{RUN}{workspace.new_id()}"
    workspace.artifacts.save_document("request", run_id, query.model_dump(mode="json"))
    settings = query.model_dump(mode="json", exclude=IDENTIFYING)
    if query.outcome is None:
        settings["person_ids"] = []  # the customers are an artifact by then
    state = {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "request_key": run_id,
        "settings": settings,
        "warnings": [],
    }
    run(analysis_graph(), state, context or RunContext(workspace), progress)
    return saved_analysis(workspace.artifacts, run_id)


def resume_analysis(workspace: Workspace, run_id: str, progress: Progress = silent) -> Analysis:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    from agent.analyze import analysis_graph
    from agent.runs import resume

    if not run_id.startswith(RUN):
        raise NotFound(
            "There is no such run", where="run_id", instead=f"The id of an analysis begins with `{RUN}`."
        )
    resume(analysis_graph(), run_id, RunContext(workspace), progress)
    return saved_analysis(workspace.artifacts, run_id)
