"""The steps of analyze_customers. Each calls one tool and returns what changed."""

from typing import Any

import numpy as np

from agent.analyses import save_analysis
from agent.changes.kept import keep_counts
from agent.customers import Customers, customers_of, rows_to_ids, universe_of
from agent.figures import segment_figures
from agent.found_customers import find_customers, find_lost, too_few
from agent.narration.gathering import facts_of
from agent.narration.told import in_words_of_the_model
from agent.nodes.step import Step, begin, end
from agent.nodes.telling import analysis_of, saved_lift
from agent.requests import AnalyzeQuery
from agent.state import AnalysisState
from store.errors import NotFound, ToolRefused
from store.workspace import Workspace
from tools.audience.selection import Selection
from tools.audience.strategies import strategies
from tools.mining.antipatterns import anti_patterns
from tools.mining.criteria import criteria
from tools.mining.findings import LiftReport
from tools.mining.lift import lift_report
from tools.mining.queries import AntiPatternQuery, LiftQuery
from tools.mining.rows.counting import traits_of
from tools.mining.rows.membership import Membership
from tools.mining.segments.segments import segment_report
from tools.scoring.lookalike import learn, save_model
from tools.scoring.ranking import FrontierPoint, frontier

MOST_CALLS = 1_000  # of a model, in one run
FEWEST = 2  # the floor was held where the customers were found; a half of them may lie below it


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
        population = workspace.population
        universe = universe_of(population, query.among)
        ids, stats = find_customers(population, query, universe)
        lost = find_lost(population, query, universe, ids)
    except ToolRefused:
        workspace.artifacts.remove("request", key, "json")  # no identifiers stay behind a refusal
        raise
    found = {"match": stats, "snapshot_id": population.snapshot_id}
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


def mine(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """What sets the customers apart from the population."""
    workspace = begin(state, runtime, "mine")
    customers = customers_of(state, runtime.context)
    report = _mined(customers, customers.membership, customers.query.lift)
    workspace.artifacts.save_document("lift", state["run_id"], report.model_dump())
    keep_counts(workspace, state["run_id"], state["settings"], customers)
    end(runtime, "mine", sum(report.tested.values()))
    return {"lift_key": state["run_id"], "found": len(report.top_attributes)}


def _mined(customers: Customers, rows: Membership, query: LiftQuery) -> LiftReport:
    traits = traits_of(customers.population.catalogue, customers.codes)
    return lift_report(rows, customers.counts, traits, query.model_copy(update=_rates(customers)))


def _rates(customers: Customers) -> dict[str, bool]:
    """Rates mean something where the population holds customers and others alike."""
    return {"outcome_rates": customers.query.outcome is not None}


def segment(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Groups of customers who resemble each other."""
    workspace = begin(state, runtime, "segment")
    customers = customers_of(state, runtime.context)
    catalogue = customers.population.catalogue
    query = customers.query.segmentation.model_copy(
        update={"seed": customers.query.seed, "min_customers": FEWEST}
    )
    report, labels = segment_report(
        customers.membership,
        customers.counts,
        traits_of(catalogue, customers.codes),
        query,
    )
    everyone = rows_to_ids(customers, np.arange(len(customers.ids)))
    figures = segment_figures(customers.population, everyone, labels, [s.segment_id for s in report.segments])
    found = {"report": report.model_dump(), "figures": figures}
    workspace.artifacts.save_document("segments", state["run_id"], found)
    for each in report.segments:
        members = everyone[labels == each.segment_id]
        workspace.artifacts.save_people("segment", f"{state['run_id']}-{each.segment_id}", members)
    end(runtime, "segment", len(report.segments))
    return {"segments_key": state["run_id"]}


def profile(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The weighted criteria, and who the customers are not."""
    workspace = begin(state, runtime, "profile")
    customers = customers_of(state, runtime.context)
    traits = traits_of(customers.population.catalogue, customers.codes)
    report = saved_lift(workspace, state)
    against = anti_patterns(
        customers.membership,
        customers.counts,
        traits,
        AntiPatternQuery(min_customers=FEWEST, **_rates(customers)),
    )
    found = {
        "criteria": [
            c.model_dump() for c in criteria(report, customers.membership, customers.counts, traits)
        ],
        "anti_patterns": [a.model_dump() for a in against],
    }
    workspace.artifacts.save_document("profile", state["run_id"], found)
    end(runtime, "profile", len(found["criteria"]))
    return {"profile_key": state["run_id"]}


def size_strategies(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The three expressions, made from one half of the customers and measured on the other."""
    workspace = begin(state, runtime, "size_strategies")
    customers = customers_of(state, runtime.context)
    made_rows, measured_rows, held_out = customers.halves()
    made_from = customers.membership.subset(made_rows) if held_out else customers.membership
    query = customers.query.lift.model_copy(update={"min_customers": FEWEST})
    report = _mined(customers, made_from, query) if held_out else saved_lift(workspace, state)
    ways = strategies(
        customers.population,
        report,
        made_from,
        customers.membership.subset(measured_rows),
        customers.ids,
        customers.universe,
        held_out=held_out,
    )
    workspace.artifacts.save_document("strategies", state["run_id"], [way.model_dump() for way in ways])
    end(runtime, "size_strategies", len(ways))
    return {"strategies_key": state["run_id"]}


def learn_fit(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The model that scores fit, and how its quality falls as the audience grows, on held-out customers."""
    workspace = begin(state, runtime, "learn")
    customers = customers_of(state, runtime.context)
    population, universe = customers.population, customers.universe
    made_rows, measured_rows, held_out = customers.halves()
    points: list[FrontierPoint] = []
    if held_out:
        half = learn(population, rows_to_ids(customers, made_rows), customers.codes, universe)
        among = Selection(universe.expression, universe.location, customers.ids)
        points = frontier(population, among, half, rows_to_ids(customers, measured_rows))
    model = learn(population, customers.ids, customers.codes, universe)
    save_model(workspace, state["run_id"], model, population.catalogue)
    workspace.artifacts.save_document("frontier", state["run_id"], [point.model_dump() for point in points])
    end(runtime, "learn", len(points))
    return {"frontier_key": state["run_id"]}


def brief(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Gather what a model may be told of each segment and anti-pattern; nothing where there is no model."""
    workspace = begin(state, runtime, "brief")
    facts = {}
    if workspace.model is not None:
        customers = customers_of(state, runtime.context)
        facts = facts_of(analysis_of(workspace, state, customers), customers.population.catalogue)
    end(runtime, "brief", len(facts))
    return {"briefed": {key: each.model_dump(mode="json") for key, each in facts.items()}}


def tell(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Put the findings into words, the model's where they were kept, and save the analysis."""
    workspace = begin(state, runtime, "tell")
    analysis = analysis_of(workspace, state, customers_of(state, runtime.context))
    if workspace.model is not None and state.get("briefed"):
        calls = workspace.database.model_calls(state["run_id"], most=MOST_CALLS)
        analysis = in_words_of_the_model(analysis, state["told"], workspace.model.model, calls)
    save_analysis(workspace, analysis)
    end(runtime, "tell", len(analysis.segments))
    return {"analysis_key": state["run_id"]}
