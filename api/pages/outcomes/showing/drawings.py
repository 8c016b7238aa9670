"""The charts of outcomes as a page shows them: one for a desk and one for a phone, drawn once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel, TypeAdapter

from api.pages.charts import as_chart
from api.pages.numbers import HOUSE, localised, signs_of
from api.report.outcomes.win_rates import CriterionRate, GainPoint, Rate
from api.report.written import Written
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


def quarters_drawn(quarters: list[Quarter], overall: Rate, locale: str) -> Markup:
    """Win rate by quarter; empty where there are fewer than two."""
    return _both("quarters", Quarters(quarters=quarters, overall=overall), locale)


def criteria_drawn(rates: list[CriterionRate], base: Rate, locale: str) -> Markup:
    """Win rate by criterion; empty without one."""
    return _both("criteria", Criteria(rates=rates, base=base), locale)


def gain_drawn(points: list[GainPoint], locale: str) -> Markup:
    """Share of the won found over share of the deals pursued; empty with fewer than two points."""
    return _both("gain", points, locale)


def reliability_drawn(points: list[ReliabilityPoint], locale: str) -> Markup:
    """Predicted against observed; empty with fewer than two points."""
    return _both("reliability", points, locale)


def changes_drawn(traits: list[TraitChange], locale: str) -> Markup:
    """Shares before and after; empty where no trait moved."""
    return _both("changes", traits, locale)


FORMS: dict[str, TypeAdapter[Any]] = {
    "quarters": TypeAdapter(Quarters),
    "criteria": TypeAdapter(Criteria),
    "gain": TypeAdapter(list[GainPoint]),
    "reliability": TypeAdapter(list[ReliabilityPoint]),
    "changes": TypeAdapter(list[TraitChange]),
}


def _both(name: str, shown: Any, locale: str) -> Markup:
    # Readers who write figures alike see one picture.
    as_house = signs_of(locale) == signs_of(HOUSE)
    return _drawn(name, FORMS[name].dump_json(shown), HOUSE if as_house else locale)


@lru_cache(maxsize=KEPT)
def _drawn(name: str, content: bytes, locale: str) -> Markup:
    """The chart of this content: what is asked again, by whomever, is the same picture."""
    from api.report.outcomes.charts import NARROW, WIDE  # altair takes seconds to import

    draw, shown = _drawer(name), FORMS[name].validate_json(content)
    group, decimal = signs_of(locale)
    written = Written((group, decimal), lambda text: localised(text, locale))
    wide, narrow = draw(shown, WIDE, written), draw(shown, NARROW, written)
    if not wide:
        return Markup()
    whole = Markup('<div class="on-desk">{}</div><div class="on-phone">{}</div>')
    return whole.format(as_chart(wide), as_chart(narrow))


def _drawer(name: str) -> Callable[[Any, int, Written], str]:
    from api.report.outcomes import change_charts, charts, rate_charts

    drawers: dict[str, Callable[[Any, int, Written], str]] = {
        "quarters": lambda shown, *how: rate_charts.quarter_chart(shown.quarters, shown.overall, *how),
        "criteria": lambda shown, *how: rate_charts.criterion_rate_chart(shown.rates, shown.base, *how),
        "gain": rate_charts.gain_chart,
        "reliability": charts.reliability_chart,
        "changes": change_charts.change_chart,
    }
    return drawers[name]
