"""The steps of analyze_customers. Each calls one tool and returns what changed."""

from typing import Any

import numpy as np
from langgraph.runtime import Runtime

from agent import narrator
from agent.analyses import save_analysis
from agent.analysis import Analysis, Comparison, MatchStatistics, Segment
from agent.customers import Customers, customers_of, find_customers, rows_to_ids, universe_of
from agent.figures import provenance, segment_figures
from agent.requests import AnalyzeQuery
from agent.state import AnalysisState, RunContext
from agent.warnings import warnings_of
from store.workspace import Workspace
from tools.audience.selection import Selection, in_words
from tools.audience.strategies import Strategy, strategies
from tools.identity.diagnosis import LOW_RATE
from tools.mining.antipatterns import anti_patterns
from tools.mining.counting import traits_of
from tools.mining.criteria import criteria
from tools.mining.findings import AntiPattern, Criterion, Estimate, LiftReport, SegmentFinding, SegmentReport
from tools.mining.lift import lift_report
from tools.mining.membership import Membership
from tools.mining.queries import AntiPatternQuery
from tools.mining.segments import segment_report
from tools.mining.statistics import wilson_interval
from tools.scoring.lookalike import learn, save_model
from tools.scoring.ranking import FrontierPoint, frontier

__all__ = ["LOW_RATE", "diagnose", "learn_fit", "mine", "profile", "resolve", "segment", "size_strategies", "tell"]

CODE_VERSION = "0.1.0"
Step = Runtime[RunContext]


def resolve(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Find the customers among the population, and forget the identifiers they came by."""
    workspace = _begin(runtime, "resolve")
    query = AnalyzeQuery.model_validate(workspace.artifacts.document("request", state["request_key"]))
    population = workspace.population
    ids, stats = find_customers(population, query, universe_of(population, query.among))
    workspace.artifacts.save_people("customers", state["run_id"], ids)
    workspace.artifacts.remove("request", state["request_key"], "json")
    _end(runtime, "resolve", len(ids))
    return {"match": stats, "customers_key": state["run_id"], "snapshot_id": population.snapshot_id}


def diagnose(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Say why few identifiers were matched; the analysis goes on with those that were."""
    match = state["match"]
    told = (
        f"Only {match['rate']:.0%} of what was given was matched: {match['resolved']:,} of {match['requested']:,}. "
        "The customers who were matched may differ from those who were not."
    )
    return {"warnings": [*state["warnings"], told]}


def mine(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """What sets the customers apart from the population."""
    workspace = _begin(runtime, "mine")
    customers = customers_of(state, runtime.context)
    report = _mined(customers, customers.membership)
    workspace.artifacts.save_document("lift", state["run_id"], report.model_dump())
    _end(runtime, "mine", sum(report.tested.values()))
    return {"lift_key": state["run_id"], "found": len(report.top_attributes)}


def _mined(customers: Customers, rows: Membership) -> LiftReport:
    return lift_report(
        rows, customers.counts, traits_of(customers.population.catalogue, customers.codes),
        customers.query.lift.model_copy(update=_rates(customers)),
    )  # fmt: skip


def _rates(customers: Customers) -> dict[str, bool]:
    """Rates mean something where the population holds customers and others alike."""
    return {"outcome_rates": customers.query.outcome is not None}


def segment(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Groups of customers who resemble each other."""
    workspace = _begin(runtime, "segment")
    customers = customers_of(state, runtime.context)
    catalogue = customers.population.catalogue
    report, labels = segment_report(
        customers.membership, customers.counts, traits_of(catalogue, customers.codes),
        customers.query.segmentation.model_copy(update={"seed": customers.query.seed}),
    )  # fmt: skip
    everyone = rows_to_ids(customers, np.arange(len(customers.ids)))
    figures = segment_figures(customers.population, everyone, labels, [s.segment_id for s in report.segments])
    found = {"report": report.model_dump(), "figures": figures}
    workspace.artifacts.save_document("segments", state["run_id"], found)
    for each in report.segments:
        members = everyone[labels == each.segment_id]
        workspace.artifacts.save_people("segment", f"{state['run_id']}-{each.segment_id}", members)
    _end(runtime, "segment", len(report.segments))
    return {"segments_key": state["run_id"]}


def profile(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The weighted criteria, and who the customers are not."""
    workspace = _begin(runtime, "profile")
    customers = customers_of(state, runtime.context)
    traits = traits_of(customers.population.catalogue, customers.codes)
    report = _lift(workspace, state)
    against = anti_patterns(customers.membership, customers.counts, traits, AntiPatternQuery(**_rates(customers)))
    found = {
        "criteria": [c.model_dump() for c in criteria(report, customers.membership, customers.counts, traits)],
        "anti_patterns": [a.model_dump() for a in against],
    }
    workspace.artifacts.save_document("profile", state["run_id"], found)
    _end(runtime, "profile", len(found["criteria"]))
    return {"profile_key": state["run_id"]}


def size_strategies(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The precision, hybrid and reach expressions, made from one half of the customers, measured on the other."""
    workspace = _begin(runtime, "size_strategies")
    customers = customers_of(state, runtime.context)
    made_rows, measured_rows, held_out = customers.halves()
    made_from = customers.membership.subset(made_rows) if held_out else customers.membership
    report = _mined(customers, made_from) if held_out else _lift(workspace, state)
    ways = strategies(
        customers.population, report, made_from, customers.membership.subset(measured_rows), customers.ids,
        customers.universe, held_out=held_out,
    )  # fmt: skip
    workspace.artifacts.save_document("strategies", state["run_id"], [way.model_dump() for way in ways])
    _end(runtime, "size_strategies", len(ways))
    return {"strategies_key": state["run_id"]}


def learn_fit(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """The model that scores fit, and how its quality falls as the audience grows, on held-out customers."""
    workspace = _begin(runtime, "learn")
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
    _end(runtime, "learn", len(points))
    return {"frontier_key": state["run_id"]}


def tell(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Put the findings into words, and keep the analysis."""
    workspace = _begin(runtime, "tell")
    analysis = _analysis(workspace, state, customers_of(state, runtime.context))
    save_analysis(workspace, analysis)
    _end(runtime, "tell", len(analysis.segments))
    return {"analysis_key": state["run_id"], "warnings": analysis.warnings}


def _analysis(workspace: Workspace, state: AnalysisState, customers: Customers) -> Analysis:
    lift = _lift(workspace, state)
    compared = _compared_with(customers)
    kept = workspace.artifacts.document("profile", state["profile_key"]) if "profile_key" in state else {}
    against = [AntiPattern.model_validate(a) for a in kept.get("anti_patterns", [])]
    segments, background, chosen_by = _segments(workspace, state, customers)
    ways = [Strategy.model_validate(s) for s in _document(workspace, "strategies", state.get("strategies_key"))]
    points = [FrontierPoint.model_validate(p) for p in _document(workspace, "frontier", state.get("frontier_key"))]
    match = MatchStatistics.model_validate(state["match"])
    return Analysis(
        workflow_id=state["workflow_id"], analysis_id=state["run_id"], warehouse=workspace.warehouse.name,
        snapshot_id=state["snapshot_id"], created_at=workspace.now(), headline=narrator.headline(lift),
        summary=narrator.summary(lift, compared), match=match, compared_with=compared, lift=lift,
        segments=segments, segments_chosen_by=chosen_by, background=background,
        criteria=[Criterion.model_validate(c) for c in kept.get("criteria", [])],
        anti_patterns=[narrator.anti_pattern(a, compared) for a in against], strategies=ways, frontier=points,
        recommendations=narrator.recommendations(lift, segments, against, ways, compared),
        warnings=[*state["warnings"], *warnings_of(match, lift, ways)], provenance=provenance(customers.query.lift),
        seed=customers.query.seed, code_version=CODE_VERSION,
    )  # fmt: skip


def _segments(
    workspace: Workspace, state: AnalysisState, customers: Customers
) -> tuple[list[Segment], Segment | None, str]:
    if "segments_key" not in state:
        return [], None, "no trait sets these customers apart, so none were looked for"
    kept = workspace.artifacts.document("segments", state["segments_key"])
    report = SegmentReport.model_validate(kept["report"])
    names: list[str] = []
    for finding in report.segments:
        names.append(narrator.segment_name(finding, names))
    segments = [
        _named(customers, finding, name, kept["figures"].get(str(finding.segment_id), []))
        for finding, name in zip(report.segments, names, strict=True)
    ]
    background = _named(customers, report.background, "Everybody else", []) if report.background else None
    return segments, background, report.chosen_by


def _named(customers: Customers, finding: SegmentFinding, name: str, figures: list[dict[str, Any]]) -> Segment:
    low, high = (float(edge) for edge in wilson_interval(finding.size, len(customers.ids)))
    codes = [t.trait.cluster_hash for t in finding.traits[:3]]
    return Segment(
        **finding.model_dump(), name=name, description=narrator.segment_description(finding), figures=figures,
        share=Estimate(value=finding.size / len(customers.ids), low=low, high=high),
        expression=" AND ".join(codes) if codes else None,
    )  # fmt: skip


def _compared_with(customers: Customers) -> Comparison:
    people = customers.counts.total
    among = customers.universe.expression
    rate = None
    if customers.query.outcome:
        low, high = (float(edge) for edge in wilson_interval(len(customers.ids), people))
        rate = Estimate(value=len(customers.ids) / people, low=low, high=high)
    words = f"those who {in_words(among, customers.population.catalogue)}" if among else "the whole population"
    return Comparison(people=people, in_words=words, expression=customers.query.among, base_rate=rate)


def _lift(workspace: Workspace, state: AnalysisState) -> LiftReport:
    return LiftReport.model_validate(workspace.artifacts.document("lift", state["lift_key"]))


def _document(workspace: Workspace, kind: str, key: str | None) -> list[Any]:
    return workspace.artifacts.document(kind, key) if key else []


def _begin(runtime: Step, step: str) -> Workspace:
    runtime.context.stop_if_cancelled()
    runtime.stream_writer({"step": step, "done": 0, "of": 1})
    return runtime.context.workspace


def _end(runtime: Step, step: str, count: int) -> None:
    runtime.stream_writer({"step": step, "done": 1, "of": 1, "count": count})
