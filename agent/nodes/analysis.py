"""The steps of analyze_customers after the customers are found. Each calls tools and returns what changed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from agent.analyses import save_analysis
from agent.changes.kept import keep_counts
from agent.customers import Customers, customers_of, rows_to_ids
from agent.figures import segment_figures
from agent.narration.gathering import facts_of
from agent.narration.obeying import as_accepted, texts_told_by_template, told_by_template
from agent.narration.told import in_words_of_the_model
from agent.nodes.step import Step, begin, end
from agent.nodes.telling import analysis_of, saved_lift
from agent.state import AnalysisState
from tools.audience.expression_curve import expression_curve
from tools.audience.finding_expressions import mark_audiences, segment_audiences
from tools.audience.measured import FindingAudience, code_of
from tools.audience.selection import Selection
from tools.mining.antipatterns import anti_patterns
from tools.mining.criteria import criteria
from tools.mining.evidence.confirmation import confirmed
from tools.mining.evidence.contrast import contrasted, marks_of_the_lost
from tools.mining.evidence.statistics import Ints
from tools.mining.findings import LiftReport, Trait
from tools.mining.lift import lift_report
from tools.mining.queries import AntiPatternQuery
from tools.mining.rows.counting import traits_of
from tools.mining.rows.membership import Membership
from tools.mining.segments.segments import segment_report
from tools.scoring.lookalike import learn, save_model
from tools.scoring.ranking import FrontierPoint, frontier

MOST_CALLS = 1_000  # of a model, in one run
FEWEST = 2  # the floor was held where the customers were found; a half of them may lie below it


def mine(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """What sets the customers apart from the population, from chance and from the lost; and if it holds."""
    workspace = begin(state, runtime, "mine")
    customers = customers_of(state, runtime.context)
    traits = traits_of(customers.population.catalogue, customers.codes)
    report = _mined(customers, customers.membership, traits)
    made_rows, measured_rows, held_out = customers.halves()
    if held_out:
        first, second = (customers.membership.subset(rows) for rows in (made_rows, measured_rows))
        half = _mined(customers, first, traits, min_customers=FEWEST, draws=0, max_marks=0)
        report = confirmed(report, half, first, second, traits)
        workspace.artifacts.save_document("half_lift", state["run_id"], half.model_dump())
    if customers.lost is not None:
        report = _beside_the_lost(report, customers, customers.lost, traits)
    workspace.artifacts.save_document("lift", state["run_id"], report.model_dump())
    keep_counts(workspace, state["run_id"], state["settings"], customers)
    end(runtime, "mine", sum(report.tested.values()))
    return {"lift_key": state["run_id"], "found": len(report.top_attributes)}


def _beside_the_lost(
    report: LiftReport, customers: Customers, lost: Membership, traits: Mapping[int, Trait]
) -> LiftReport:
    report = contrasted(report, customers.membership, lost, traits)
    marks = marks_of_the_lost(customers.membership, lost, traits, customers.query.lift)
    first = {mark.trait.name: mark for mark in reversed(marks)}
    return report.model_copy(
        update={"marks_of_the_lost": [mark for mark in marks if first[mark.trait.name] is mark]}
    )


def _mined(customers: Customers, rows: Membership, traits: Mapping[int, Trait], **changes: Any) -> LiftReport:
    query = customers.query.lift.model_copy(
        update={"seed": customers.query.seed, **_rates(customers), **changes}
    )
    ranks = customers.population.catalogue.ranks(customers.codes)
    return lift_report(rows, customers.counts, traits, query, ranks)


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
        _told_sets(saved_lift(workspace, state)),
    )
    everyone = rows_to_ids(customers, np.arange(len(customers.ids)))
    figures = segment_figures(customers.population, everyone, labels, [s.segment_id for s in report.segments])
    audiences = {key: each.model_dump() for key, each in _segment_audiences(customers, labels).items()}
    found = {"report": report.model_dump(), "figures": figures, "audiences": audiences}
    workspace.artifacts.save_document("segments", state["run_id"], found)
    for each in report.segments:
        members = everyone[labels == each.segment_id]
        workspace.artifacts.save_people("segment", f"{state['run_id']}-{each.segment_id}", members)
    end(runtime, "segment", len(report.segments))
    return {"segments_key": state["run_id"]}


def _told_sets(report: LiftReport) -> list[list[int]]:
    """Codes of the sets that are told, each with what most of its customers have besides."""
    found = [*report.multi_attribute_clusters, *report.top_intersections]
    return [[code_of(trait) for trait in (*each.traits, *each.companions)] for each in found]


def _segment_audiences(customers: Customers, labels: Ints) -> dict[str, FindingAudience]:
    made, measured, held_out = customers.halves()
    found = segment_audiences(
        customers.population,
        customers.membership.subset(made),
        labels[made],
        customers.membership.subset(measured),
        labels[measured],
        customers.ids,
        customers.universe,
        held_out=held_out,
    )
    return {str(segment): audience for segment, audience in found.items()}


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
    """Expressions from the surest to the widest, made from one half and measured on the other."""
    workspace = begin(state, runtime, "size_strategies")
    customers = customers_of(state, runtime.context)
    made_rows, measured_rows, held_out = customers.halves()
    made_from = customers.membership.subset(made_rows) if held_out else customers.membership
    kept = workspace.artifacts.document("half_lift", state["run_id"]) if held_out else None
    report = LiftReport.model_validate(kept) if kept else saved_lift(workspace, state)
    curve = expression_curve(
        customers.population,
        report,
        made_from,
        customers.membership.subset(measured_rows),
        customers.ids,
        customers.universe,
        held_out=held_out,
    )
    marks = mark_audiences(
        customers.population,
        saved_lift(workspace, state).field_marks,
        customers.membership,
        customers.ids,
        customers.universe,
        held_out=False,
    )
    found = {"curve": [each.model_dump() for each in curve], "marks": [each.model_dump() for each in marks]}
    workspace.artifacts.save_document("strategies", state["run_id"], found)
    end(runtime, "size_strategies", len(curve))
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
        analysis = analysis_of(workspace, state, customers)
        facts = facts_of(analysis, customers.population.catalogue)
        for text in told_by_template(analysis, customers.effects) & facts.keys():
            del facts[text]
    end(runtime, "brief", len(facts))
    return {"briefed": {key: each.model_dump(mode="json") for key, each in facts.items()}}


def tell(state: AnalysisState, runtime: Step) -> dict[str, Any]:
    """Put the findings into words, the model's where they were kept, and save the analysis."""
    workspace = begin(state, runtime, "tell")
    customers = customers_of(state, runtime.context)
    analysis = analysis_of(workspace, state, customers)
    obeyed = customers.obeyed
    if workspace.model is not None:
        obeyed = [*obeyed, *texts_told_by_template(analysis, customers.effects)]
    if workspace.model is not None and state.get("briefed"):
        calls = workspace.database.model_calls(state["run_id"], most=MOST_CALLS)
        analysis = in_words_of_the_model(analysis, state["told"], workspace.model.model, calls)
    analysis = as_accepted(analysis, customers.effects, obeyed)
    save_analysis(workspace, analysis)
    end(runtime, "tell", len(analysis.segments))
    return {"analysis_key": state["run_id"]}
