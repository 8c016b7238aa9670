"""Which figures does an analysis or an audience show, and what was counted for each?"""

from collections.abc import Iterable, Iterator

from agent.analysis import Analysis, Segment
from agent.audience_result import AudienceResult, Relaxation
from agent.explain.explanation import ExplainedFigure
from agent.explain.known_proof import SIZE, audience_figures, proof_figures
from agent.explain.known_traits import CUSTOMERS, lost_figures, pattern_figures, set_figures, trait_figures
from agent.explain.making import estimated, exact, with_source
from agent.figures import provenance
from tools.audience.expression_curve import CurvePoint
from tools.mining.findings import LiftReport
from tools.mining.queries import LiftQuery
from tools.scoring.ranking import FrontierPoint

CURVE = "size and quality curve"


def figures_of_analysis(analysis: Analysis) -> list[ExplainedFigure]:
    """Every figure, those of the headline first, then as a reader meets them."""
    lift = analysis.lift
    strongest = [*lift.top_attributes, *lift.rare_attributes]
    found = [
        *trait_figures(strongest, CUSTOMERS, lift.customers, lift.population),
        *set_figures([*lift.multi_attribute_clusters, *lift.top_intersections], lift),
        *_audiences(analysis),
        *(figure for segment in analysis.segments for figure in segment_figures(segment, analysis)),
        *(figure for pattern in analysis.anti_patterns for figure in pattern_figures(pattern, lift)),
        *proof_figures(lift),
        *match_figures(analysis),
        *tested_figures(lift),
        *trait_figures(lift.unremarkable, CUSTOMERS, lift.customers, lift.population),
        *weight_figures(analysis),
        *lost_figures(lift),
        *(figure for segment in analysis.segments for figure in _precision(segment)),
        exact("segments", "count", len(analysis.segments), "segments"),
        *(figure for point in analysis.frontier for figure in point_figures(point)),
    ]
    sources = {source.figure: source for source in analysis.provenance}
    return [with_source(figure, sources) for figure in found]


def figures_of_audience(audience: AudienceResult, analysis: Analysis | None) -> list[ExplainedFigure]:
    """The audience's own figures, and its curve."""
    total = {"people in the audience": audience.total}
    found = [
        exact("people in the audience", "count", audience.total, SIZE),
        exact("people in the audience who can be reached", "count", audience.reachable, SIZE, total),
        *overlap_figures(audience),
    ]
    if audience.least_fit is not None:
        found.append(exact("lowest fit score in the audience", "number", audience.least_fit, "fit score"))
    found += [exact(_relaxed(one), "count", one.total, SIZE) for one in audience.relaxed]
    found += [figure for point in points_of(audience) for figure in curve_figures(point)]
    found += [figure for point in audience.frontier for figure in point_figures(point)]
    sources = {
        source.figure: source for source in (analysis.provenance if analysis else provenance(LiftQuery()))
    }
    return [with_source(figure, sources) for figure in found]


def points_of(audience: AudienceResult) -> list[CurvePoint]:
    """The point of the curve that an audience is, and those next to it."""
    return [point for point in (audience.point, audience.surer, audience.wider) if point]


def curve_figures(point: CurvePoint) -> list[ExplainedFigure]:
    """Sizes, recall and lift of a point of the curve."""
    people = round(point.total / point.share_of_population) if point.share_of_population else 0
    return list(audience_figures(f"point {point.point} of the curve", point, people))


def _relaxed(one: Relaxation) -> str:
    return f"people in the audience after a step that widened it: {one.step}"


def overlap_figures(audience: AudienceResult) -> list[ExplainedFigure]:
    """How many of the customers the audience holds."""
    overlap = audience.overlap
    if overlap is None:
        return []
    counts = {"customers in the audience": overlap.in_audience, "customers": overlap.customers}
    share = overlap.share_of_customers
    return [
        exact("customers who are in the audience", "count", overlap.in_audience, SIZE, counts),
        exact("share of the customers who are in the audience", "share", share, SIZE, counts),
    ]


def _audiences(analysis: Analysis) -> Iterator[ExplainedFigure]:
    people = analysis.compared_with.people
    for way in analysis.strategies:
        yield from audience_figures(f"the {way.strategy} audience", way, people)
    for segment in analysis.segments:
        if segment.audience:
            yield from audience_figures(f"the audience of {segment.name}", segment.audience, people)
    for point in analysis.curve:
        yield from audience_figures(f"point {point.point} of the curve", point, people)


def segment_figures(segment: Segment, analysis: Analysis) -> Iterator[ExplainedFigure]:
    """Size, share, stability, traits and medians of a segment."""
    name = f"the segment {segment.name}"
    counts = {f"customers in {name}": segment.size, "customers": analysis.match.analysed}
    yield exact(f"customers in {name}", "count", segment.size, "segments", counts)
    yield estimated(f"share of the customers in {name}", "share", segment.share, "segments", counts)
    if segment.stability is not None:
        yield exact(f"stability of {name}", "number", segment.stability, "segments", counts)
    for what, members in (("typical", segment.typical), ("exceptional", segment.exceptional)):
        if members is not None:
            yield exact(f"{what} members of {name}", "count", members, "segments", counts)
    yield from trait_figures(segment.traits, f"in {name}", segment.size, analysis.lift.population)
    for one in segment.figures:
        label = f"median {one.label.lower()}{f' ({one.unit})' if one.unit else ''}"
        yield exact(f"{label} in {name}", "number", one.median, "", {"people read": one.people})
        yield exact(f"{label} of all customers", "number", one.customers_median, "")
        yield exact(f"{label} of the population", "number", one.population_median, "")


def _precision(segment: Segment) -> Iterator[ExplainedFigure]:
    if segment.audience and segment.audience.precision:
        what = f"of the customers in the audience of {segment.name}, share who are members of the segment"
        yield estimated(what, "share", segment.audience.precision, "recall and lift of an audience")


def match_figures(analysis: Analysis) -> Iterator[ExplainedFigure]:
    """From what was given to the customers who were analysed, and whom they are compared with."""
    match, compared = analysis.match, analysis.compared_with
    counts = {"given": match.requested, "that led to somebody": match.matched, "persons": match.resolved}
    for what, value in (
        ("customers who were analysed", match.analysed),
        ("identifiers or ids that were given", match.requested),
        ("of what was given, those that led to somebody", match.matched),
        ("persons behind what was given", match.resolved),
        ("persons left out because their match is too unsure", match.below_quality),
        ("persons left out because they are not among the people compared with", match.outside),
    ):
        yield exact(what, "count", value, "customers", counts)
    led = match.matched / max(1, match.requested)
    yield exact("share of what was given that led to somebody", "share", led, "customers", counts)
    yield exact("match rate: persons / what was given", "share", match.rate, "customers", counts)
    yield exact(f"people compared with ({compared.in_words})", "count", compared.people, "baseline share")
    if compared.base_rate:
        what = "base rate: share of the people compared with who are customers"
        yield estimated(what, "share", compared.base_rate, "frequency")


def tested_figures(lift: LiftReport) -> Iterable[ExplainedFigure]:
    """How many traits and sets were tested, and how many stand out."""
    return [
        exact("traits and sets that were tested", "count", sum(lift.tested.values()), "q-value"),
        *(
            exact(f"{name} that were tested", "count", count, "q-value")
            for name, count in lift.tested.items()
        ),
        exact("traits that are more frequent", "count", len(lift.top_attributes), "q-value"),
        exact("traits that are rarer", "count", len(lift.rare_attributes), "q-value"),
    ]


def weight_figures(analysis: Analysis) -> Iterable[ExplainedFigure]:
    """What each criterion counts in the profile, in their order."""
    return [
        exact(
            f"weight of {one.label.lower()} ({', '.join(one.values)}) in the profile", "share", one.weight, ""
        )
        for one in analysis.criteria
    ]


def point_figures(point: FrontierPoint) -> Iterable[ExplainedFigure]:
    """Recall and lift of the best so many people."""
    name = f"the best {point.size:,} people by fit"
    counts = {"held-out customers reached": point.held_out_customers, "people": point.size}
    return [
        estimated(f"recall of {name}", "share", point.recall, CURVE, counts),
        estimated(f"lift of {name}", "ratio", point.lift, CURVE, counts),
    ]
