"""What do the findings of a run say, put together and into words?"""

from typing import Any

from agent.analysis import Analysis, Comparison, MatchStatistics, Segment, SegmentFigure
from agent.customers import Customers
from agent.figures import provenance
from agent.narration import template
from agent.state import AnalysisState
from agent.version import CODE_VERSION
from agent.warnings import warnings_of
from store.workspace import Workspace
from tools.audience.expression_curve import CurvePoint
from tools.audience.measured import FindingAudience
from tools.audience.selection import in_words
from tools.audience.strategies import strategies_of
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import AntiPattern, Criterion, Estimate, LiftReport, SegmentFinding, SegmentReport
from tools.scoring.ranking import FrontierPoint


def analysis_of(workspace: Workspace, state: AnalysisState, customers: Customers) -> Analysis:
    """The analysis, from the findings that the steps before it kept."""
    lift = saved_lift(workspace, state)
    compared = _compared_with(customers)
    kept = workspace.artifacts.document("profile", state["profile_key"]) if "profile_key" in state else {}
    against = [AntiPattern.model_validate(a) for a in kept.get("anti_patterns", [])]
    segments, background, chosen_by = _segments(workspace, state, customers)
    sized = (
        workspace.artifacts.document("strategies", state["strategies_key"])
        if "strategies_key" in state
        else {}
    )
    curve = [CurvePoint.model_validate(point) for point in sized.get("curve", [])]
    ways = strategies_of(curve)
    points = [
        FrontierPoint.model_validate(p) for p in _document(workspace, "frontier", state.get("frontier_key"))
    ]
    match = MatchStatistics.model_validate(state["match"])
    return Analysis(
        workflow_id=state["workflow_id"],
        analysis_id=state["run_id"],
        warehouse=workspace.warehouse.name,
        snapshot_id=state["snapshot_id"],
        created_at=workspace.now(),
        headline=template.headline(lift),
        summary=template.summary(lift, compared),
        match=match,
        compared_with=compared,
        lift=lift,
        segments=segments,
        segments_chosen_by=chosen_by,
        background=background,
        criteria=[Criterion.model_validate(c) for c in kept.get("criteria", [])],
        anti_patterns=[template.anti_pattern(a, compared) for a in against],
        strategies=ways,
        curve=curve,
        mark_audiences=[FindingAudience.model_validate(mark) for mark in sized.get("marks", [])],
        frontier=points,
        recommendations=template.recommendations(lift, segments, against, ways, compared),
        warnings=[*state["warnings"], *warnings_of(match, lift, ways, customers.left_out)],
        provenance=provenance(customers.query.lift),
        seed=customers.query.seed,
        code_version=CODE_VERSION,
    )


def _segments(
    workspace: Workspace, state: AnalysisState, customers: Customers
) -> tuple[list[Segment], Segment | None, str]:
    if "segments_key" not in state:
        return [], None, "no trait sets these customers apart, so none were looked for"
    kept = workspace.artifacts.document("segments", state["segments_key"])
    report = SegmentReport.model_validate(kept["report"])
    names: list[str] = []
    for finding in report.segments:
        names.append(template.segment_name(finding, names))
    segments = [
        _named(customers, finding, name, kept) for finding, name in zip(report.segments, names, strict=True)
    ]
    background = _named(customers, report.background, "Everybody else", {}) if report.background else None
    return segments, background, report.chosen_by


def _named(customers: Customers, finding: SegmentFinding, name: str, kept: dict[str, Any]) -> Segment:
    """kept: figures and audiences by segment."""
    key = str(finding.segment_id)
    low, high = (float(edge) for edge in wilson_interval(finding.size, len(customers.ids)))
    audience = kept.get("audiences", {}).get(key)
    codes = [t.trait.cluster_hash for t in finding.traits[:3]]
    return Segment(
        **finding.model_dump(),
        name=name,
        description=template.segment_description(finding),
        figures=[SegmentFigure.model_validate(figure) for figure in kept.get("figures", {}).get(key, [])],
        share=Estimate(value=finding.size / len(customers.ids), low=low, high=high),
        expression=audience["expression"] if audience else " AND ".join(codes) or None,
        audience=FindingAudience.model_validate(audience) if audience else None,
    )


def _compared_with(customers: Customers) -> Comparison:
    people = customers.counts.total
    among = customers.universe.expression
    rate = None
    if customers.query.outcome:
        low, high = (float(edge) for edge in wilson_interval(len(customers.ids), people))
        rate = Estimate(value=len(customers.ids) / people, low=low, high=high)
    words = (
        f"those who {in_words(among, customers.population.catalogue)}" if among else "the whole population"
    )
    return Comparison(people=people, in_words=words, expression=customers.query.among, base_rate=rate)


def saved_lift(workspace: Workspace, state: AnalysisState) -> LiftReport:
    """What the mining step found."""
    return LiftReport.model_validate(workspace.artifacts.document("lift", state["lift_key"]))


def _document(workspace: Workspace, kind: str, key: str | None) -> list[Any]:
    return workspace.artifacts.document(kind, key) if key else []
