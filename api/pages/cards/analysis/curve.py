"""What does the curve show, and the point that is chosen on it?"""

from typing import NamedTuple

from agent.analysis import Analysis
from api.pages.cards.analysis.rows import AudienceRow, point_row
from api.pages.figures.linked import Linked
from api.pages.words import text
from api.report.written import Written
from store.errors import NotFound

CHOSEN = ("hybrid", "precision", "reach")  # which point is chosen at first


class CurveView(NamedTuple):
    """The curve with one point chosen."""

    analysis_id: str
    points: int
    at: int
    row: AudienceRow
    strategies: list[str]
    chart: str
    conversation_id: str  # in which an audience of the point is asked for; empty outside of any


def curve_view(
    analysis: Analysis, linked: Linked, written: Written, at: int | None = None, conversation_id: str = ""
) -> CurveView | None:
    """The curve with the point `at` chosen, the balanced one without it; None where there is no curve.

    Raises NotFound for a point that the curve lacks.
    """
    from api.report.card_charts import reach_curve  # altair takes a second to import

    if not analysis.curve:
        return None
    chosen = at if at is not None else _first(analysis)
    if not 1 <= chosen <= len(analysis.curve):
        raise NotFound(
            f"The curve has no point {chosen}", where="at", instead=f"It has {len(analysis.curve)}, from 1."
        )
    point = analysis.curve[chosen - 1]
    axes = (text("cards.axis_share"), text("cards.axis_reached"))
    chart = reach_curve(analysis.curve, point.point, written, axes)
    names = [str(name) for name in point.strategies]
    row = point_row(linked, point)
    return CurveView(analysis.analysis_id, len(analysis.curve), chosen, row, names, chart, conversation_id)


def _first(analysis: Analysis) -> int:
    for name in CHOSEN:
        for place, point in enumerate(analysis.curve, start=1):
            if name in point.strategies:
                return place
    return (len(analysis.curve) + 1) // 2
