"""The last steps of run_briefing: allowed, put together, kept, and given to whom it is for."""

from datetime import timedelta
from typing import Any

from agent.briefing_result import Briefing
from agent.changes.briefing.assembling import briefing_of
from agent.changes.briefing.earlier import earlier_ones, quiet_until_over
from agent.changes.briefing.found import Found
from agent.changes.briefing.parts import refreshed
from agent.nodes.approval import approved
from agent.nodes.step import Step, begin, end
from agent.requests import RunBriefing
from agent.state import BriefingState
from store.records.recipients import queue_briefing
from store.records.schedules import Schedule
from store.workspace import Workspace


def approve(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Ask whether it may leave the house; the run waits until somebody answers."""
    begin(state, runtime, "approve")
    headline = state["told"]["headline"]
    what = {"action": "send", "recipients": state["recipients"], "headline": headline}
    if state["query"]["sync"] == "yes":
        what["sync"] = "yes"
    answer = approved(what)
    end(runtime, "approve", int(answer))
    return {"approved": answer}


def keep(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Put the briefing together and keep it."""
    workspace = begin(state, runtime, "keep")
    if state.get("approved") and state["query"]["sync"] == "yes":
        refreshed(workspace, state, "yes")
    briefing = briefing_of(Found(workspace, state))
    _save(workspace, briefing)
    end(runtime, "keep", len(briefing.changes))
    return {"briefing_key": state["run_id"]}


def deliver(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Give it to its recipients, each once; an alert only for what is new, outside its cool-down."""
    workspace = begin(state, runtime, "deliver")
    given = 0
    if _is_to_be_sent(workspace, state):
        given = queue_briefing(
            workspace.database,
            state["run_id"],
            state["warehouse"],
            state["recipient_ids"],
            workspace.now(),
            workspace.new_id,
        )
    if given:
        kept = Briefing.model_validate(workspace.artifacts.document("briefing", state["run_id"]))
        _save(workspace, kept.model_copy(update={"recipients": given}))
    end(runtime, "deliver", given)
    return {"recipients": given}


def _save(workspace: Workspace, briefing: Briefing) -> None:
    workspace.artifacts.save_document("briefing", briefing.briefing_id, briefing.model_dump(mode="json"))


def _is_to_be_sent(workspace: Workspace, state: BriefingState) -> bool:
    if not state["recipient_ids"] or state.get("approved") is False:
        return False
    query = RunBriefing.model_validate(state["query"])
    return query.purpose == "briefing" or bool(_worth_an_alert(workspace, state, query))


def _worth_an_alert(workspace: Workspace, state: BriefingState, query: RunBriefing) -> list[str]:
    """What is new, and was in no alert of this schedule within its cool-down."""
    new = Found(workspace, state).judged.new_keys
    schedule = workspace.database.get(Schedule, query.schedule_id) if query.schedule_id else None
    if schedule is None:
        return new
    theirs = [
        each for each in earlier_ones(workspace, state["run_id"]) if each.schedule_id == schedule.schedule_id
    ]
    return quiet_until_over(theirs, new, workspace.now(), timedelta(hours=schedule.cooldown_hours))
