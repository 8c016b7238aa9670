"""What does a card or a page show of an analysis, each figure with the address of where it comes from?"""

from typing import NamedTuple

from agent.analysis import Analysis
from agent.explain.known import figures_of_analysis, match_figures, tested_figures
from agent.explain.known_proof import together_figures
from api.pages.cards.analysis.curve import CurveView, curve_view
from api.pages.cards.analysis.rows import (
    AudienceRow,
    CriterionRow,
    FoundRow,
    TraitRow,
    criterion_rows,
    lost_rows,
    mark_rows,
    pattern_rows,
    point_row,
    range_rows,
    set_rows,
    trait_rows,
)
from api.pages.cards.analysis.segments import SegmentView, segment_view
from api.pages.figures.linked import Linked, Told
from api.pages.figures.prose import Prose
from api.pages.words import text
from api.report.written import Written

TRAITS, BARS, SETS, RARE, UNREMARKABLE, CRITERIA, PATTERNS, RANGES = 15, 10, 8, 8, 8, 10, 6, 6


class Facts(NamedTuple):
    """From what was given to what was found."""

    customers: Told
    given: Told
    share: Told
    people: Told
    base_rate: Told | None
    segments: Told
    tested: Told


class AnalysisView(NamedTuple):
    """Everything that is shown of an analysis."""

    id: str
    analysis: Analysis
    prose: Prose
    facts: Facts
    criteria: list[CriterionRow]
    segments: list[SegmentView]
    traits: list[TraitRow]
    chart: str
    marks: list[FoundRow]
    described: Told | None
    sets: list[FoundRow]
    ranges: list[FoundRow]
    unremarkable: list[TraitRow]
    rare: list[TraitRow]
    patterns: list[tuple[str, FoundRow]]
    lost: list[FoundRow]
    curve: CurveView | None
    points: list[AudienceRow]


def linked_figures(analysis: Analysis) -> Linked:
    """The figures of an analysis, each with its address."""
    return Linked("analysis", analysis.analysis_id, figures_of_analysis(analysis))


def analysis_view(id: str, analysis: Analysis, written: Written, conversation_id: str = "") -> AnalysisView:
    """The analysis as a card with this id shows it, in a conversation or outside of any."""
    from api.report.card_charts import lift_bars  # altair takes a second to import

    linked, lift = linked_figures(analysis), analysis.lift
    axis = text("cards.axis_lift")
    size = (lift.customers, lift.population)
    patterns = analysis.anti_patterns[:PATTERNS]
    together = list(together_figures(lift))
    return AnalysisView(
        id=id,
        analysis=analysis,
        prose=Prose(linked, written.told),
        facts=_facts(linked, analysis),
        criteria=criterion_rows(linked, analysis)[:CRITERIA],
        segments=[segment_view(linked, analysis, one, written, axis) for one in analysis.segments],
        traits=trait_rows(linked, lift.top_attributes[:TRAITS], *size),
        chart=lift_bars(lift.top_attributes[:BARS], written, axis),
        marks=mark_rows(linked, analysis),
        described=linked(together[1]) if together else None,
        sets=set_rows(linked, analysis, (lift.multi_attribute_clusters + lift.top_intersections)[:SETS]),
        ranges=range_rows(linked, lift.ranges[:RANGES]),
        unremarkable=trait_rows(linked, lift.unremarkable[:UNREMARKABLE], *size),
        rare=trait_rows(linked, lift.rare_attributes[:RARE], *size),
        patterns=list(
            zip([one.description for one in patterns], pattern_rows(linked, analysis, patterns), strict=True)
        ),
        lost=lost_rows(linked, analysis)[:PATTERNS],
        curve=curve_view(analysis, linked, written, conversation_id=conversation_id),
        points=[point_row(linked, point) for point in analysis.curve],
    )


def _facts(linked: Linked, analysis: Analysis) -> Facts:
    matched = linked.all(match_figures(analysis))
    customers, given, share, people = matched[0], matched[1], matched[6], matched[8]
    base_rate = matched[9] if analysis.compared_with.base_rate else None
    tested = linked(next(iter(tested_figures(analysis.lift))))
    return Facts(customers, given, share, people, base_rate, linked.named("segments"), tested)
