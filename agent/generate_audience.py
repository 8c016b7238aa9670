"""The workflow from a profile, traits or an expression to the people who fit."""

from agent.audience_result import AudienceResult
from agent.requests import AudienceQuery
from agent.state import Progress, RunContext, silent
from store.errors import NotFound
from store.workspace import Workspace

RUN = "audience_"  # how the ids of these runs begin


def generate_audience(workspace: Workspace, query: AudienceQuery) -> AudienceResult:
    """An audience from an analysis, a segment, traits or an expression: its size, a sample, and a file.

    The strategy says how wide: precision, hybrid, reach, or ranked by the analysis's model. An empty
    audience is relaxed one step at a time, and each step is told. The frontier shows size against quality.
    """
    return start_audience(workspace, query)


def start_audience(workspace: Workspace, query: AudienceQuery, progress: Progress = silent) -> AudienceResult:
    """A new run of the graph; progress tells each step as it begins and ends."""
    # LangGraph and what ranks take a second to import: a look at the catalogue need not wait for them.
    from agent.audience import audience_graph
    from agent.runs import run

    run_id = f"{RUN}{workspace.new_id()}"
    state = {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "query": query.model_dump(mode="json"),
        "steps": [],
    }
    run(audience_graph(), state, RunContext(workspace), progress)
    return AudienceResult.model_validate(workspace.artifacts.document("audience", run_id))


def resume_audience(workspace: Workspace, run_id: str, progress: Progress = silent) -> AudienceResult:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    from agent.audience import audience_graph
    from agent.runs import resume

    if not run_id.startswith(RUN):
        raise NotFound(
            "There is no such run", where="run_id", instead=f"The id of an audience begins with `{RUN}`."
        )
    resume(audience_graph(), run_id, RunContext(workspace), progress)
    return AudienceResult.model_validate(workspace.artifacts.document("audience", run_id))
