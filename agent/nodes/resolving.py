"""The first steps of analyze_customers: who the customers are."""

from typing import Any

from agent.customers import universe_of
from agent.found_customers import find_customers, find_lost, too_few, with_recorded
from agent.nodes.step import Step, begin, end
from agent.requests import AnalyzeQuery
from agent.state import AnalysisState
from store.errors import NotFound, ToolRefused
from store.workspace import Workspace
from tools.feedback.obeyed import begin_obeying, forget_obeyed
from tools.identity.corrections.overlay import corrections_on


def resolve(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Find the customers among the population, and forget the identifiers they came by."""
    workspace = begin(state, runtime, "resolve")
    found = _resolved(workspace, state)
    workspace.artifacts.remove("request", state["request_key"], "json")
    end(runtime, "resolve", found["match"]["analysed"])
    return found | {"customers_key": state["run_id"]}


def _resolved(workspace: Workspace, state: AnalysisState) -> dict[str, Any]:
    key = state["request_key"]
    try:
        query = AnalyzeQuery.model_validate(workspace.artifacts.document("request", key))
    except NotFound:
        # Killed after the request was forgotten and before the checkpoint knew what had been found.
        return workspace.artifacts.document("match", key)
    try:
        query = with_recorded(workspace, query)
        population = workspace.population
        universe = universe_of(population, query.among)
        corrected = corrections_on(workspace)
        ids, stats = find_customers(population, query, universe, corrected)
        lost = find_lost(population, query, universe, ids, corrected)
    except ToolRefused:
        workspace.artifacts.remove("request", key, "json")  # no identifiers stay behind a refusal
        raise
    found = {"match": stats, "snapshot_id": population.snapshot_id}
    begin_obeying(workspace, key)
    if corrected is not None:
        found["warnings"] = [*state["warnings"], f"Corrected matches are obeyed: {corrected.told()}."]
    workspace.artifacts.save_people("customers", key, ids)
    workspace.artifacts.save_people("lost", key, lost)
    workspace.artifacts.save_document("match", key, found)
    return found


def refuse_too_few(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Refuse customers from whom chance cannot be told; who they were is forgotten."""
    workspace = begin(state, runtime, "refuse_too_few")
    workspace.artifacts.remove("customers", state["customers_key"], "people")
    workspace.artifacts.remove("lost", state["customers_key"], "people")
    workspace.artifacts.remove("match", state["run_id"], "json")
    forget_obeyed(workspace.artifacts, state["run_id"])
    raise too_few(state["match"], state["settings"]["lift"]["min_customers"])


def diagnose(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Say that few identifiers were matched; the analysis goes on with those that were."""
    begin(state, runtime, "diagnose")
    match = state["match"]
    told = (
        f"Only {match['matched'] / match['requested']:.0%} of what was given was matched: "
        f"{match['matched']:,} of {match['requested']:,}. "
        "The customers who were matched may differ from those who were not."
    )
    end(runtime, "diagnose", len(match.get("diagnosis", [])))
    return {"warnings": [*state["warnings"], told]}
