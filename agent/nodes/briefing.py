"""The steps of run_briefing. Each calls one tool and returns what changed."""

from contextvars import Context
from datetime import datetime
from typing import Any

from agent.analyses import saved_analysis
from agent.analyze_customers import ANALYSIS, RUN
from agent.briefing_result import Briefing, FeedbackTold, Words
from agent.changes import briefed
from agent.changes.kept import settings_of
from agent.changes.result import Changes
from agent.changes.series import series_of
from agent.compare_analyses import compared
from agent.nodes.approval import approved
from agent.nodes.step import Step, begin, end
from agent.requests import AnalyzeQuery, CompareAnalyses
from agent.state import BriefingState, RunContext
from store.errors import NotFound
from store.workspace import Workspace


def find(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Find the last two analyses of these customers, and whether there is newer data."""
    workspace = begin(state, runtime, "find")
    series = series_of(workspace, state["about"])
    end(runtime, "find", len(series))
    return {"series": series, "is_outdated": bool(series) and _is_outdated(workspace, series[0])}


def _is_outdated(workspace: Workspace, analysis_id: str) -> bool:
    """Whether customers who are defined by an outcome can be read again from a newer snapshot."""
    if not settings_of(workspace, analysis_id).get("outcome"):
        return False
    analysed = saved_analysis(workspace.artifacts, analysis_id).snapshot_id
    return _age(workspace.warehouse.current_id) > _age(analysed)


def _age(snapshot_id: str) -> tuple[str, int]:
    # The second snapshot of a second ends in -2, the tenth in -10.
    made, _, number = snapshot_id.partition("-")
    return made, int(number or 1)


def refuse(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Refuse: without an analysis there is nothing to tell."""
    workspace = begin(state, runtime, "refuse")
    raise NotFound(
        f"There is nothing to tell of `{workspace.warehouse.name}` yet: no customers were analysed",
        where="warehouse",
        instead="Begin with `fieldmark analyze`; the briefing after it says what is known.",
    )


def analyse_again(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Analyse the customers of the newer snapshot, as a run of its own."""
    workspace = begin(state, runtime, "analyse_again")
    last = state["series"][0]
    settings = settings_of(workspace, last) | {"workflow_id": state["workflow_id"] or None}
    # One id for one briefing: a briefing that was killed here goes on with the analysis that it began.
    run_id = f"{RUN}{state['run_id'].partition('_')[2]}"
    ANALYSIS.keep_request(workspace, run_id, AnalyzeQuery.model_validate(settings))
    context = RunContext(workspace, runtime.context.is_cancelled, counted=runtime.context.counted)
    # In a context of its own: LangGraph would take the run for a part of this one, and share its checkpoints.
    Context().run(ANALYSIS.finish, run_id, context)
    end(runtime, "analyse_again", 1)
    return {"series": [run_id, last]}


def compare(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Compare the last analysis with the one before it."""
    workspace = begin(state, runtime, "compare")
    after, before = (saved_analysis(workspace.artifacts, key) for key in state["series"])
    found = compared(workspace, before, after, CompareAnalyses(workflow_id=state["workflow_id"] or None))
    workspace.artifacts.save_document("changes", state["run_id"], found.model_dump(mode="json"))
    end(runtime, "compare", found.tests)
    return {"changes_key": state["run_id"], "changed": bool(found.told)}


def tell_first(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say what is known from the only analysis."""
    workspace = begin(state, runtime, "tell_first")
    words = briefed.first(saved_analysis(workspace.artifacts, state["series"][0]))
    end(runtime, "tell_first", len(words.known))
    return {"told": words.model_dump(mode="json")}


def tell_changes(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say what changed: a headline, three changes at most, a risk and what to do."""
    workspace = begin(state, runtime, "tell_changes")
    words = briefed.changed(
        _changes(workspace, state), saved_analysis(workspace.artifacts, state["series"][0])
    )
    end(runtime, "tell_changes", len(words.changes))
    return {"told": words.model_dump(mode="json")}


def tell_unchanged(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Say in one sentence that nothing changed beyond chance."""
    workspace = begin(state, runtime, "tell_unchanged")
    words = briefed.unchanged(_changes(workspace, state))
    end(runtime, "tell_unchanged", 0)
    return {"told": words.model_dump(mode="json")}


def approve(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Ask whether it may be sent; the run waits until somebody answers."""
    begin(state, runtime, "approve")
    headline = state["told"]["headline"]
    answer = approved({"action": "send", "recipients": state["recipients"], "headline": headline})
    end(runtime, "approve", int(answer))
    return {"approved": answer}


def deliver(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Put the briefing together and keep it."""
    workspace = begin(state, runtime, "deliver")
    briefing = _briefing(workspace, state)
    workspace.artifacts.save_document("briefing", state["run_id"], briefing.model_dump(mode="json"))
    end(runtime, "deliver", len(briefing.changes))
    return {"briefing_key": state["run_id"]}


def _briefing(workspace: Workspace, state: BriefingState) -> Briefing:
    found = _changes(workspace, state) if "changes_key" in state else None
    since = found.before.created_at if found else None
    briefing = Briefing(
        **dict(Words.model_validate(state["told"])),
        workflow_id=state["workflow_id"],
        briefing_id=state["run_id"],
        warehouse=state["warehouse"],
        created_at=workspace.now(),
        analysis_id=state["series"][0],
        compared_with=found.before.analysis_id if found else None,
        since=since,
        analysed_again=state["is_outdated"],
        significant=len(found.told) if found else 0,
        feedback=FeedbackTold(received=_feedback(workspace, since)),
        notes=found.notes if found else [],
        approved=state.get("approved"),
        markdown="",
    )
    return briefing.model_copy(update={"markdown": briefed.markdown(briefing)})


def _feedback(workspace: Workspace, since: datetime | None) -> int:
    said = workspace.database.feedback(workspace.warehouse.name)
    return sum(since is None or one.created_at > since for one in said)


def _changes(workspace: Workspace, state: BriefingState) -> Changes:
    return Changes.model_validate(workspace.artifacts.document("changes", state["changes_key"]))
