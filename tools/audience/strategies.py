"""How to reach people like the customers: narrow and sure, wide and loose, or between."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from store.population.population import Population
from tools.audience.expression_curve import CurvePoint, StrategyName, expression_curve
from tools.audience.measured import MeasuredExpression
from tools.audience.selection import Selection
from tools.mining.findings import LiftReport
from tools.mining.rows.membership import Membership

__all__ = ["Strategy", "StrategyName", "strategies", "strategies_of"]


class Strategy(MeasuredExpression):
    """One way to reach them, sized exactly and measured on customers it was not made from."""

    strategy: StrategyName
    point: int | None = Field(default=None, description="Which point of the curve it is.")


def strategies_of(curve: Sequence[CurvePoint]) -> list[Strategy]:
    """The precision, hybrid and reach points of a curve; none of an empty one."""
    shared = set(MeasuredExpression.model_fields)
    return [
        Strategy(strategy=name, point=each.point, **{field: getattr(each, field) for field in shared})
        for name in ("precision", "hybrid", "reach")
        for each in curve
        if name in each.strategies
    ]


def strategies(
    population: Population,
    report: LiftReport,
    made_from: Membership,
    measured_on: Membership,
    customers: np.ndarray,
    universe: Selection,
    *,
    held_out: bool,
) -> list[Strategy]:
    """The precision, hybrid and reach expressions of a report; none where nothing sets the customers apart.

    Named points of the curve of expressions: see `expression_curve` for the arguments.
    """
    return strategies_of(
        expression_curve(population, report, made_from, measured_on, customers, universe, held_out=held_out)
    )
