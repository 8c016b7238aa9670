"""Which analysis of outcomes does a page show, and what was there before it?"""

from typing import Any

from agent.analyze_outcomes import OUTCOMES
from agent.outcome_analysis import OutcomeAnalysis
from store.artifacts import Artifacts
from store.errors import NotFound
from store.records.learned import LearnedModel, learned_models
from store.records.runs import Run, runs_of
from store.workspace import Workspace
from tools.scoring.gate.compare import GateDecision

LOOKED = 50  # jobs that are looked through for the newest analysis


def analysis_named(artifacts: Artifacts, run_id: str) -> OutcomeAnalysis:
    """The analysis of this id, of whichever warehouse of the house. Raises NotFound."""
    try:
        return OutcomeAnalysis.model_validate(artifacts.document(OUTCOMES.result_kind, run_id))
    except NotFound:
        raise NotFound(
            "There is no such analysis of outcomes",
            where="outcome_analysis_id",
            instead="The page of outcomes shows the newest one, and lists the models before it.",
        ) from None


def analysis_if_any(workspace: Workspace, run_id: str) -> OutcomeAnalysis | None:
    """The analysis of this id; None where it is not there."""
    try:
        return OUTCOMES.saved(workspace, run_id)
    except NotFound:
        return None


def newest_analysis(workspace: Workspace) -> OutcomeAnalysis | None:
    """The last analysis of the warehouse; one that learned no model is known by its job alone."""
    learned = learned_models(workspace.database, workspace.warehouse.name)[:1]
    jobs = _done(workspace)[:1]
    known = [(each.created_at, each.run_id) for each in (*learned, *jobs)]
    for _, run_id in sorted(known, reverse=True):
        if found := analysis_if_any(workspace, run_id):
            return found
    return None


def _done(workspace: Workspace) -> list[Run]:
    jobs = runs_of(workspace.database, workspace.warehouse.name, ("done",), LOOKED)
    return [run for run in jobs if run.kind == OUTCOMES.tool]


def models_of(workspace: Workspace, run_id: str) -> dict[str, LearnedModel]:
    """The models that an analysis learned, by kind."""
    kept = learned_models(workspace.database, workspace.warehouse.name)
    return {each.kind: each for each in kept if each.run_id == run_id}


def analysis_before(workspace: Workspace, found: OutcomeAnalysis) -> OutcomeAnalysis | None:
    """The analysis whose criteria were in use when this one was made, else the last one before it."""
    kept = learned_models(workspace.database, workspace.warehouse.name)
    replaced = (_gates(workspace, found).get("fit") or {}).get("replaces")
    in_use = [each.run_id for each in kept if each.model_id == replaced]
    older = [each.run_id for each in kept if each.kind == "fit" and each.created_at < found.created_at]
    for run_id in (*in_use, *older[:1]):
        if run_id != found.outcome_analysis_id and (before := analysis_if_any(workspace, run_id)):
            return before
    return None


def gates_of(workspace: Workspace, found: OutcomeAnalysis) -> dict[str, GateDecision]:
    """What was decided on each kind of model, the criteria first; without them where that is not kept."""
    kept = _gates(workspace, found)
    gates = {"fit": GateDecision.model_validate(kept["fit"]["gate"])} if "fit" in kept else {}
    return gates | {str(model.kind): model.gate for model in found.models}


def _gates(workspace: Workspace, found: OutcomeAnalysis) -> dict[str, Any]:
    try:
        return workspace.artifacts.document("outcome_gates", found.outcome_analysis_id)["gates"]
    except NotFound:  # too few records for a trial
        return {}
