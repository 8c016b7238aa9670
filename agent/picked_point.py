"""Which point of an analysis's curve is meant, and what lies next to it?"""

from collections.abc import Sequence
from typing import NamedTuple

from agent.analysis import Analysis
from agent.customers import expression_of
from agent.narration.wording import interval, number, percent, times
from agent.requests import AudienceQuery
from store.errors import NotFound
from store.population.population import Population
from tools.audience.expression_curve import CurvePoint
from tools.audience.measured import MeasuredExpression
from tools.audience.selection import Selection, sizes


class Picked(NamedTuple):
    """A point of the curve and its neighbours; fits: whether it keeps to the size that was asked for."""

    point: CurvePoint
    surer: CurvePoint | None
    wider: CurvePoint | None
    of: int
    fits: bool = True


def picked_point(
    population: Population, analysis: Analysis, query: AudienceQuery, around: Selection
) -> Picked | None:
    """The point that a request means; None where it names none, and no strategy that is one.

    By size it is the widest point that keeps to query.target_size, counted among the people `around`;
    the surest where all are larger. Raises NotFound for a point that the curve lacks.
    """
    curve = analysis.curve
    if not query.is_on_curve:
        at = [at for at, point in enumerate(curve) if query.strategy in point.strategies]
        return _at(curve, at[0]) if at and query.segment is None else None
    if not curve:
        raise NotFound(
            "This analysis has no curve of expressions",
            where="analysis_id",
            instead="Run the analysis again, or take the strategy precision, hybrid, reach or ranked.",
        )
    if query.point is None:
        return _within(population, curve, query.target_size or 1, around)
    if query.point > len(curve):
        raise NotFound(
            f"The curve has no point {query.point}",
            where="point",
            instead=f"It has {len(curve)}: from 1 ({number(curve[0].total)} people) "
            f"to {len(curve)} ({number(curve[-1].total)}).",
        )
    return _at(curve, query.point - 1)


def _within(population: Population, curve: Sequence[CurvePoint], most: int, around: Selection) -> Picked:
    points = [around.also(expression_of(population, point.expression)) for point in curve]
    fitting = [at for at, size in enumerate(sizes(population, points)) if size <= most]
    return _at(curve, fitting[-1]) if fitting else _at(curve, 0)._replace(fits=False)


def _at(curve: Sequence[CurvePoint], at: int) -> Picked:
    surer = curve[at - 1] if at else None
    wider = curve[at + 1] if at + 1 < len(curve) else None
    return Picked(curve[at], surer, wider, len(curve))


def point_in_words(picked: Picked) -> str:
    """Why it is this point, what may be expected of it, and what the points next to it would give."""
    point = picked.point
    told = [f"Point {point.point} of {picked.of} of the curve of the analysis: it {expected(point)}."]
    if not picked.fits:
        told.append("Even this, the surest, is larger than the size asked for, so the likest of it are kept.")
    for name, other in (("Surer", picked.surer), ("Wider", picked.wider)):
        if other:
            told.append(
                f"{name}: point {other.point}, {number(other.total)} people, "
                f"{times(other.lift.value)} as many as chance ({interval(other.lift)})."
            )
    return " ".join(told)


def expected(audience: MeasuredExpression, customers: str = "customers") -> str:
    """`reaches 34 % of held-out customers with 3.2 % of the population, 11 times as many … (9-13)`."""
    measured = f"held-out {customers}" if audience.held_out else f"the {customers} it was made from"
    return (
        f"reaches {percent(audience.recall.value)} of {measured} with "
        f"{percent(audience.share_of_population)} of the population, "
        f"{times(audience.lift.value)} as many as chance ({interval(audience.lift)})"
    )
