"""The first step of run_briefing: what is there to be told of?"""

from typing import Any

from agent.analyses import saved_analysis
from agent.changes.briefing.earlier import earlier_ones, heard, last_of
from agent.changes.kept import recorded_of, settings_of
from agent.changes.outcomes.comparing import has_outcomes
from agent.changes.series import series_of
from agent.nodes.step import Step, begin, end
from agent.requests import RunBriefing
from agent.state import BriefingState
from store.errors import NotFound
from store.outcomes.ledger import ledger_of
from store.records.schedules import Schedule
from store.workspace import Workspace

WEEKS_A_YEAR = 52  # briefings a year of what has no schedule
MOST = 0.49  # false discovery rate of one briefing


def find(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Find the last two analyses of these customers, the outcomes, and the briefing before."""
    workspace = begin(state, runtime, "find")
    query = RunBriefing.model_validate(state["query"])
    series = series_of(workspace, state["about"])
    known = heard(
        workspace,
        earlier_ones(workspace, state["run_id"]),
        query.schedule_id or "",
        state["recipient_ids"],
        sent=query.send,
    )
    last = last_of(known)
    end(runtime, "find", len(series))
    return {
        "series": series,
        "is_outdated": bool(series) and _is_outdated(workspace, series[0]),
        "has_outcomes": has_outcomes(workspace),
        "level": _level(workspace, query),
        "since": last.created_at.isoformat() if last else "",
        "asks": runtime.context.approval == "ask" and (state["recipients"] > 0 or query.sync == "yes"),
    }


def _level(workspace: Workspace, query: RunBriefing) -> float:
    """This briefing's part of the chance that a year of them tells a change when nothing changes."""
    from tools.schedules.cron import slots_per_year

    schedule = workspace.database.get(Schedule, query.schedule_id) if query.schedule_id else None
    slots = slots_per_year(schedule.cron) if schedule else WEEKS_A_YEAR
    return min(MOST, query.yearly_false_alarm / max(1, slots))


def _is_outdated(workspace: Workspace, analysis_id: str) -> bool:
    """Whether customers who are defined by an outcome can be read again from newer data."""
    settings = settings_of(workspace, analysis_id)
    recorded = recorded_of(workspace, analysis_id)
    if not (settings.get("outcome") or recorded) or not workspace.warehouse.exists:
        return False
    analysed = saved_analysis(workspace.artifacts, analysis_id).snapshot_id
    if _age(workspace.warehouse.current_id) > _age(analysed):
        return True
    ledger = ledger_of(workspace.warehouse)
    return bool(recorded and ledger.exists and ledger.manifest.data_hash != recorded.data_hash)


def _age(snapshot_id: str) -> tuple[str, int]:
    # The second snapshot of a second ends in -2, the tenth in -10.
    made, _, number = snapshot_id.partition("-")
    return made, int(number or 1)


def refuse(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Refuse: without an analysis and without outcomes there is nothing to tell."""
    workspace = begin(state, runtime, "refuse")
    raise NotFound(
        f"There is nothing to tell of `{workspace.warehouse.name}` yet: no customers were analysed and no "
        "outcomes recorded",
        where="warehouse",
        instead="Begin with `fieldmark analyze` or `fieldmark outcomes load`; the briefing after it says "
        "what is known.",
    )
