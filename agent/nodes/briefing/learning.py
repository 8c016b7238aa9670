"""The step of run_briefing that learns from the outcomes, where they changed."""

from contextvars import Context
from dataclasses import replace
from typing import Any

import numpy as np

from agent.analyze_outcomes import OUTCOMES, RUN, cache_key
from agent.changes.briefing.earlier import earlier_ones
from agent.changes.outcomes.comparing import asked_of
from agent.nodes.step import Step, begin, end
from agent.outcome_analysis import OutcomeAnalysis
from agent.requests import AnalyzeOutcomes
from agent.state import BriefingState, RunContext
from store.errors import NotFound, ToolRefused
from store.outcomes.ledger import ledger_of
from store.records.learned import learned_models
from store.workspace import Workspace

ANSWERS = "outcome_answers"  # what was found, by everything it depends on


def learn(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Learn from the outcomes, as a run of its own; what has not changed is not learned again."""
    workspace = begin(state, runtime, "learn")
    query = asked_of(workspace, state["query"]["seed"])
    run_id = f"{RUN}{state['run_id'].partition('_')[2]}"
    before = None if _has_begun(workspace, run_id) else _unchanged(workspace, state, query)
    if before is not None:
        end(runtime, "learn", 0)
        return {"outcome_analysis": before.outcome_analysis_id, "reused": ["outcomes"]}
    try:
        found = _learned(workspace, run_id, query, runtime.context)
    except ToolRefused as refusal:
        end(runtime, "learn", 0)
        return {"not_told": [str(refusal)], "reused": []}
    end(runtime, "learn", len(found.models))
    return {"outcome_analysis": found.outcome_analysis_id, "reused": []}


def _has_begun(workspace: Workspace, run_id: str) -> bool:
    """Whether an earlier try of this step began it: it goes on with that one."""
    kept = (workspace.artifacts.path(kind, run_id, "json") for kind in ("request", OUTCOMES.result_kind))
    return any(path.exists() for path in kept)


def _learned(
    workspace: Workspace, run_id: str, query: AnalyzeOutcomes, context: RunContext
) -> OutcomeAnalysis:
    # One id for one briefing: a briefing that was killed here goes on with what it began.
    OUTCOMES.keep_request(workspace, run_id, query)
    within = RunContext(workspace, context.is_cancelled, counted=context.counted)
    try:
        # In a context of its own: LangGraph would take it for a part of this run, and share its checkpoints.
        found = Context().run(OUTCOMES.finish, run_id, within)
    except ToolRefused:
        OUTCOMES.forget(workspace, run_id)
        raise
    workspace.artifacts.save_document(ANSWERS, cache_key(workspace, query), {"run_id": run_id})
    return found


def _unchanged(workspace: Workspace, state: BriefingState, query: AnalyzeOutcomes) -> OutcomeAnalysis | None:
    """What was found before of the same records, people and code, where no day since brought a record in."""
    for run_id in _earlier_runs(workspace, state["run_id"]):
        try:
            found = OUTCOMES.saved(workspace, run_id)
            then = replace(workspace, now=lambda found=found: found.created_at)
            kept = workspace.artifacts.document(ANSWERS, cache_key(then, query))
        except NotFound:
            continue
        if kept["run_id"] == run_id and not _came_of_age(workspace, found, query):
            return found
    return None


def _earlier_runs(workspace: Workspace, briefing_id: str) -> list[str]:
    """Analyses of the outcomes of this warehouse: the last briefing's, and the one that last learned."""
    told = [each.outcome_analysis_id for each in earlier_ones(workspace, briefing_id)][:1]
    learned = [each.run_id for each in learned_models(workspace.database, workspace.warehouse.name)[:1]]
    return list(dict.fromkeys(run_id for run_id in (*told, *learned) if run_id))


def _came_of_age(workspace: Workspace, found: OutcomeAnalysis, query: AnalyzeOutcomes) -> bool:
    """Whether records lay in the future when that was found, and no longer do."""
    table = ledger_of(workspace.warehouse).read(workspace.now(), unit=query.unit)
    then = np.datetime64(found.created_at.date(), "D")
    return bool(np.any(table.decided_at > then) or np.any(table.opened_at > then))
