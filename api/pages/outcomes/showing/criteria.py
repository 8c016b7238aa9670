"""Win rate by criterion as a table that can be put in another order."""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

from api.report.outcomes.win_rates import CriterionRate, Rate, bin_rate
from tools.scoring.fit.profile import FitBin

Sort = Literal["weight", "rate", "gap", "name", "sure"]
SORTS: tuple[Sort, ...] = get_args(Sort)

_KEYS: dict[Sort, Callable[[CriterionRate], tuple[float, float | str]]] = {
    "weight": lambda each: (0, -each.criterion.weight),
    "rate": lambda each: (0, -each.good.rate.value) if each.good.rate else (1, 0.0),
    "gap": lambda each: (0, -each.gap.value) if each.gap else (1, 0.0),
    "name": lambda each: (0, each.criterion.scale.told.casefold()),
    "sure": lambda each: (0, each.criterion.q_value),
}


class BinShown(NamedTuple):
    """One value of a criterion, and how often deals with it are won."""

    found: FitBin
    rate: Rate


def in_order(rates: list[CriterionRate], sort: Sort) -> list[CriterionRate]:
    """The rows in this order: names from A, the surest (lowest q) first, other figures from the largest."""
    return sorted(rates, key=_KEYS[sort])


def bins_of(found: CriterionRate) -> list[BinShown]:
    """The values of a criterion that any deal had, the unknown last."""
    unknown, *known = found.criterion.bins
    return [BinShown(each, bin_rate(each)) for each in (*known, unknown) if each.ideal + each.others > 0]
