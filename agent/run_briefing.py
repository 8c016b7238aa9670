"""The workflow from the analyses of a warehouse to this week's briefing."""

from typing import TYPE_CHECKING, Any

from agent.briefing_result import Briefing
from agent.requests import RunBriefing
from agent.runs.workflow import Workflow
from agent.state import Progress, RunContext, silent
from store.errors import BadInput
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.runs.running import Graph

RUN = "briefing_"  # how the ids of these runs begin


def run_briefing(workspace: Workspace, query: RunBriefing) -> Briefing:
    """This week's briefing: what changed since the analysis before, one risk, one thing to do.

    The last two analyses of the same customers are compared; customers who are defined by an outcome are
    analysed again first when there is newer data. A first briefing says what is known, and where nothing
    changed beyond chance it says so in one sentence. `icp_profile` is the id of an analysis.
    """
    return start_briefing(workspace, query)


def start_briefing(
    workspace: Workspace, query: RunBriefing, progress: Progress = silent, context: RunContext | None = None
) -> Briefing:
    """A new run of the graph; progress tells each step as it begins and ends. Raises BadInput for `send`."""
    if query.send:
        raise BadInput(
            "A briefing cannot be sent yet: sending arrives with schedules",
            where="send",
            instead="Without it the briefing is shown and kept; `fieldmark brief --out FOLDER` writes it.",
        )
    return BRIEFING.start(workspace, query, progress, context)


def resume_briefing(
    workspace: Workspace, run_id: str, progress: Progress = silent, context: RunContext | None = None
) -> Briefing:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    return BRIEFING.resume(workspace, run_id, progress, context)


def _graph() -> "Graph":
    from agent.briefing import briefing_graph

    return briefing_graph()


def _first_state(workspace: Workspace, run_id: str, query: RunBriefing) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "about": query.icp_profile or "",
        "recipients": max(1, len(query.recipients)) if query.send else 0,
    }


BRIEFING = Workflow(
    tool="run_briefing",
    noun="briefing",
    prefix=RUN,
    query=RunBriefing,
    graph=_graph,
    first_state=_first_state,
    result=Briefing,
    result_kind="briefing",
)
