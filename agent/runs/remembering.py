"""What is remembered of a run that has ended, so that its result is found again?"""

from agent.audience_result import AudienceResult
from agent.briefing_result import Briefing
from store.records.kept_results import KeptResult, keep_result
from store.workspace import Workspace
from tools.declaration import ToolResult


def remember(workspace: Workspace, run_id: str, result: ToolResult) -> None:
    """Keep a record of an audience or a briefing; analyses keep their own. Again it changes nothing.

    An alert that went to nobody is of another kind, so that it is found by its id and listed nowhere.
    """
    match result:
        case AudienceResult():
            kind, headline, count = "audience", result.in_words, result.total
        case Briefing():
            is_quiet = result.purpose == "alert" and not result.recipients
            kind = "quiet_alert" if is_quiet else "briefing"
            headline, count = result.headline, result.significant
        case _:
            return
    record = KeptResult(
        result_id=run_id,
        kind=kind,
        warehouse=workspace.warehouse.name,
        workflow_id=result.workflow_id,
        actor=workspace.actor,
        headline=headline,
        count=count,
        created_at=workspace.now(),
    )
    keep_result(workspace.database, record)
