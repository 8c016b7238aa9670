"""The card of an audience."""

from typing import NamedTuple

from fastapi import Request
from markupsafe import Markup

from agent.audience_result import AudienceResult
from agent.conversation.answers.people import readable, sample_shown
from agent.explain.known import figures_of_audience, overlap_figures, point_figures
from agent.narration.wording import alternatives
from api.pages.cards.analysis.rows import AudienceRow, point_row
from api.pages.cards.people import PersonRow, person_rows
from api.pages.cards.reader import written_for
from api.pages.figures.linked import Linked, Told
from api.pages.figures.prose import Prose
from api.pages.rendering import rendered
from api.report.written import Written
from tools.audience.expression_curve import CurvePoint
from tools.scoring.ranking import FrontierPoint


class AudienceView(NamedTuple):
    """What a card shows of an audience."""

    id: str
    audience: AudienceResult
    who: str
    why: Markup
    people: Told
    reachable: Told
    overlap: list[Told]
    least_fit: Told | None
    relaxed: list[tuple[str, Told]]
    points: list[tuple[str, AudienceRow]]
    sample: list[PersonRow]
    frontier: list[tuple[int, Told, Told]]


def audience_card(request: Request, id: str, found: AudienceResult) -> str:
    """The card of an audience; id: a name that no other card of the page has."""
    return rendered(
        request, "cards/audience/card.html.j2", view=audience_view(id, found, written_for(request))
    )


def audience_view(id: str, found: AudienceResult, written: Written) -> AudienceView:
    """The audience, each figure with its address, and its people masked."""
    figures = figures_of_audience(found, None)
    linked = Linked("audience", found.audience_id, figures)
    steps = [figure for figure in figures if figure.what.startswith("people in the audience after")]
    return AudienceView(
        id,
        found,
        _who(found),
        Prose(linked, written.told)(found.why),
        linked(figures[0]),
        linked(figures[1]),
        linked.all(overlap_figures(found)),
        linked.named("lowest fit score in the audience") if found.least_fit is not None else None,
        [(step.step, linked(figure)) for step, figure in zip(found.relaxed, steps, strict=True)],
        _points(linked, found),
        person_rows(sample_shown(found.sample)),
        [_ranked(linked, point) for point in found.frontier],
    )


def _who(found: AudienceResult) -> str:
    """What completes `People who …`; nothing where only the model ranked."""
    if found.point:
        return alternatives(found.point.alternatives)
    return readable(found.in_words) if found.expression else ""


def _ranked(linked: Linked, point: FrontierPoint) -> tuple[int, Told, Told]:
    recall, lift = linked.all(point_figures(point))
    return point.size, recall, lift


def _points(linked: Linked, found: AudienceResult) -> list[tuple[str, AudienceRow]]:
    named: list[tuple[str, CurvePoint | None]] = [
        ("point", found.point),
        ("surer", found.surer),
        ("wider", found.wider),
    ]
    return [(name, point_row(linked, point)) for name, point in named if point]
