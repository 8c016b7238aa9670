"""The charts of outcomes as a page shows them: one for a desk and one for a phone, drawn once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel, TypeAdapter

from api.pages.charts import as_chart
from api.report.outcomes.win_rates import CriterionRate, GainPoint, Rate
from tools.mining.changes.change_findings import TraitChange
from tools.outcomes.record_summary import Quarter
from tools.scoring.conversion.report import ReliabilityPoint

KEPT = 256  # drawings; each is some 20 kB


class Quarters(BaseModel):
    """What the chart of quarters shows."""

    quarters: list[Quarter]
    overall: Rate


class Criteria(BaseModel):
    """What the chart of criteria shows."""

    rates: list[CriterionRate]
    base: Rate


def quarters_drawn(quarters: list[Quarter], overall: Rate) -> Markup:
    """Win rate by quarter; empty where there are fewer than two."""
    return _both("quarters", Quarters(quarters=quarters, overall=overall))


def criteria_drawn(rates: list[CriterionRate], base: Rate) -> Markup:
    """Win rate by criterion; empty without one."""
    return _both("criteria", Criteria(rates=rates, base=base))


def gain_drawn(points: list[GainPoint]) -> Markup:
    """Share of the won found over share of the deals pursued; empty with fewer than two points."""
    return _both("gain", points)


def reliability_drawn(points: list[ReliabilityPoint]) -> Markup:
    """Predicted against observed; empty with fewer than two points."""
    return _both("reliability", points)


def changes_drawn(traits: list[TraitChange]) -> Markup:
    """Shares before and after; empty where no trait moved."""
    return _both("changes", traits)


FORMS: dict[str, TypeAdapter[Any]] = {
    "quarters": TypeAdapter(Quarters),
    "criteria": TypeAdapter(Criteria),
    "gain": TypeAdapter(list[GainPoint]),
    "reliability": TypeAdapter(list[ReliabilityPoint]),
    "changes": TypeAdapter(list[TraitChange]),
}


def _both(name: str, shown: Any) -> Markup:
    return _drawn(name, FORMS[name].dump_json(shown))


@lru_cache(maxsize=KEPT)
def _drawn(name: str, content: bytes) -> Markup:
    """The chart of this content: what is asked again, by whomever, is the same picture."""
    from api.report.outcomes.charts import NARROW, WIDE  # altair takes seconds to import

    draw, shown = _drawer(name), FORMS[name].validate_json(content)
    wide, narrow = draw(shown, WIDE), draw(shown, NARROW)
    if not wide:
        return Markup()
    whole = Markup('<div class="on-desk">{}</div><div class="on-phone">{}</div>')
    return whole.format(as_chart(wide), as_chart(narrow))


def _drawer(name: str) -> Callable[[Any, int], str]:
    from api.report.outcomes import change_charts, charts, rate_charts

    drawers: dict[str, Callable[[Any, int], str]] = {
        "quarters": lambda shown, width: rate_charts.quarter_chart(shown.quarters, shown.overall, width),
        "criteria": lambda shown, width: rate_charts.criterion_rate_chart(shown.rates, shown.base, width),
        "gain": rate_charts.gain_chart,
        "reliability": charts.reliability_chart,
        "changes": change_charts.change_chart,
    }
    return drawers[name]
