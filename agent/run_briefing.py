"""The workflow from the data of a warehouse to this week's briefing."""

from typing import TYPE_CHECKING, Any

from agent.briefing_result import Briefing
from agent.requests import RunBriefing
from agent.runs.workflow import Workflow
from agent.state import Progress, RunContext, silent
from store.errors import NotFound
from store.records.schedules import Schedule
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.runs.running import Graph

RUN = "briefing_"  # how the ids of these runs begin


def run_briefing(workspace: Workspace, query: RunBriefing) -> Briefing:
    """This week's briefing: what changed in who buys, whether it is real, one risk, one thing to do.

    Outcomes are learned from anew and customers who are defined by one are analysed again, each only where
    its data changed. What is significant and was not told in the last 13 weeks is new; what was told is one
    line. Where nothing changed beyond chance it says so, and is short. With `send` it is given to its
    recipients once. `icp_profile` is the id of an analysis.
    """
    return start_briefing(workspace, query)


def start_briefing(
    workspace: Workspace, query: RunBriefing, progress: Progress = silent, context: RunContext | None = None
) -> Briefing:
    """A new run of the graph; progress tells each step as it begins and ends."""
    return BRIEFING.start(workspace, query, progress, context)


def resume_briefing(
    workspace: Workspace, run_id: str, progress: Progress = silent, context: RunContext | None = None
) -> Briefing:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    return BRIEFING.resume(workspace, run_id, progress, context)


class BriefingWorkflow(Workflow[RunBriefing, Briefing]):
    """A workflow whose request is kept without addresses: recipients are ids before anything is written."""

    def keep_request(self, workspace: Workspace, run_id: str, query: RunBriefing) -> None:
        """Keep the request with the ids of its recipients. Raises BadInput for one that cannot be."""
        super().keep_request(
            workspace, run_id, query.model_copy(update={"recipients": _ids(workspace, query)})
        )


def _ids(workspace: Workspace, query: RunBriefing) -> list[str]:
    if not query.recipients:
        return []
    from store.records.recipients import recipients_for

    return recipients_for(workspace, query.recipients)


def _graph() -> "Graph":
    from agent.briefing import briefing_graph

    return briefing_graph()


def _first_state(workspace: Workspace, run_id: str, query: RunBriefing) -> dict[str, Any]:
    ids = _recipients(workspace, query) if query.send else []
    return {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "query": query.model_dump(mode="json", exclude={"recipients"}),
        "about": query.icp_profile or "",
        "recipient_ids": ids,
        "recipients": len(ids),
    }


def _recipients(workspace: Workspace, query: RunBriefing) -> list[str]:
    """Those that were named, and those of the schedule, each once."""
    return list(dict.fromkeys([*_ids(workspace, query), *_of_schedule(workspace, query.schedule_id)]))


def _of_schedule(workspace: Workspace, schedule_id: str | None) -> list[str]:
    if not schedule_id:
        return []
    schedule = workspace.database.get(Schedule, schedule_id)
    if schedule is None or schedule.warehouse != workspace.warehouse.name:
        raise NotFound(
            f"There is no such schedule in `{workspace.warehouse.name}`",
            where="schedule_id",
            instead="`fieldmark schedules list` shows them.",
        )
    return schedule.recipient_ids


BRIEFING = BriefingWorkflow(
    tool="run_briefing",
    noun="briefing",
    prefix=RUN,
    query=RunBriefing,
    graph=_graph,
    first_state=_first_state,
    result=Briefing,
    result_kind="briefing",
)
