"""The steps of run_briefing that compare: customers with those before, outcomes with those before."""

from contextvars import Context
from datetime import datetime
from typing import Any

from agent.analyses import saved_analysis
from agent.analyze_customers import ANALYSIS, RUN
from agent.changes.kept import keep_recorded, settings_of
from agent.changes.outcomes.comparing import compared_outcomes
from agent.compare_analyses import compared
from agent.nodes.step import Step, begin, end
from agent.requests import AnalyzeQuery, CompareAnalyses
from agent.state import BriefingState, RunContext
from store.errors import ToolRefused


def analyse_again(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Analyse the customers of the newer data, as a run of its own."""
    workspace = begin(state, runtime, "analyse_again")
    last = state["series"][0]
    settings = settings_of(workspace, last) | {"workflow_id": state["workflow_id"] or None}
    # One id for one briefing: a briefing that was killed here goes on with the analysis that it began.
    run_id = f"{RUN}{state['run_id'].partition('_')[2]}"
    query = AnalyzeQuery.model_validate(settings)
    ANALYSIS.keep_request(workspace, run_id, query)
    if query.recorded:
        keep_recorded(workspace, run_id, query.recorded)
    context = RunContext(workspace, runtime.context.is_cancelled, counted=runtime.context.counted)
    # In a context of its own: LangGraph would take the run for a part of this one, and share its checkpoints.
    Context().run(ANALYSIS.finish, run_id, context)
    end(runtime, "analyse_again", 1)
    return {"series": [run_id, last]}


def compare(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Compare the last analysis with the one before it."""
    workspace = begin(state, runtime, "compare")
    after, before = (saved_analysis(workspace.artifacts, key) for key in state["series"])
    query = CompareAnalyses(workflow_id=state["workflow_id"] or None, q=share_of(state))
    found = compared(workspace, before, after, query)
    workspace.artifacts.save_document("changes", state["run_id"], found.model_dump(mode="json"))
    end(runtime, "compare", found.tests)
    return {"changes_key": state["run_id"]}


def share_of(state: BriefingState) -> float:
    """The false discovery rate of each comparison: together they have that of the briefing (Bonferroni)."""
    comparisons = int(state["is_outdated"] or len(state["series"]) > 1) + int(state["has_outcomes"])
    return state["level"] / max(1, comparisons)


def compare_outcomes(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Compare the outcomes since the last briefing with those before them."""
    workspace = begin(state, runtime, "compare_outcomes")
    since = datetime.fromisoformat(state["since"]) if state["since"] else None
    try:
        found = compared_outcomes(workspace, since, share_of(state), state["query"]["seed"])
    except ToolRefused as refusal:
        end(runtime, "compare_outcomes", 0)
        return {"not_told": [*state.get("not_told", []), str(refusal)]}
    workspace.artifacts.save_document("outcome_changes", state["run_id"], found.model_dump(mode="json"))
    end(runtime, "compare_outcomes", found.tests)
    return {"outcomes_key": state["run_id"]}
