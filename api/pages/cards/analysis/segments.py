"""What does the card of a segment show?"""

from typing import Literal, NamedTuple

from markupsafe import Markup

from agent.analysis import Analysis, NarratedBy, Segment
from agent.explain.explanation import ExplainedFigure
from agent.explain.known import segment_figures
from api.pages.cards.analysis.rows import AudienceRow, TraitRow, audience_row, trait_rows
from api.pages.figures.linked import Linked, Told
from api.pages.figures.prose import Prose
from api.report.written import Written

SHOWN = 5  # traits
# Clusters whose samples overlap by 0.85 are firm, and by less than 0.6 should not be trusted: Hennig (2007),
# Cluster-wise assessment of cluster stability.
FIRM, LOOSE = 0.85, 0.6
Stability = Literal["firm", "fair", "loose"]


class MedianRow(NamedTuple):
    """A number in the middle of a segment, of the customers and of everybody."""

    label: str
    unit: str
    median: Told
    customers: Told
    population: Told


class SegmentView(NamedTuple):
    """A segment, each figure with its address."""

    name: str
    description: Markup
    narrated_by: NarratedBy
    size: Told
    share: Told
    stability: Told | None
    stable: Stability | None
    typical: Told | None
    exceptional: Told | None
    traits: list[TraitRow]
    chart: str
    medians: list[MedianRow]
    like: AudienceRow | None


def segment_view(
    linked: Linked, analysis: Analysis, segment: Segment, written: Written, axis: str
) -> SegmentView:
    """The segment as a card shows it; axis: what the scale of its chart says."""
    from api.report.card_charts import lift_bars  # altair takes a second to import

    figures = list(segment_figures(segment, analysis))
    named = {figure.what.partition(" the segment ")[0]: figure for figure in reversed(figures)}
    strongest = segment.traits[:SHOWN]
    group = f"in the segment {segment.name}"
    return SegmentView(
        segment.name,
        Prose(linked, written.told, figures, 1)(segment.description),
        segment.narrated_by,
        linked(figures[0]),
        linked(figures[1]),
        _if_any(linked, named.get("stability of")),
        stable(segment.stability),
        _if_any(linked, named.get("typical members of")),
        _if_any(linked, named.get("exceptional members of")),
        trait_rows(linked, strongest, segment.size, analysis.lift.population, group),
        lift_bars(strongest, written, axis),
        _medians(linked, segment, figures),
        audience_row(
            linked, f"the audience of {segment.name}", segment.audience, analysis.compared_with.people
        )
        if segment.audience
        else None,
    )


def stable(stability: float | None) -> Stability | None:
    """How firm a segment is, in a word."""
    if stability is None:
        return None
    return "firm" if stability >= FIRM else "fair" if stability >= LOOSE else "loose"


def _if_any(linked: Linked, figure: ExplainedFigure | None) -> Told | None:
    return linked(figure) if figure else None


def _medians(linked: Linked, segment: Segment, figures: list[ExplainedFigure]) -> list[MedianRow]:
    """They are the last of a segment's figures, three a number."""
    last = linked.all(figures[len(figures) - 3 * len(segment.figures) :])
    return [
        MedianRow(one.label, one.unit, *last[3 * at : 3 * at + 3]) for at, one in enumerate(segment.figures)
    ]
