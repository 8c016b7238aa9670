"""How is a figure of a briefing written, with its interval and its unit?"""

import math

from agent.briefing_result import Unit
from agent.narration.wording import number, percent, ratio
from api.report.briefing.told.words import text
from tools.mining.findings import Estimate


def figure(value: float, unit: Unit, currency: str = "") -> str:
    """`31 %`, `3.1 times`, `12,300 USD`, `54 days`, `1,204`; a dash for what is no number."""
    if not math.isfinite(value):
        return text("none")
    bare = _bare(value, unit)
    if unit == "money":
        return f"{bare} {currency}".strip()
    if unit == "days" and bare == "1":
        return f"{bare} day"
    return bare + {"share": " %", "times": " times", "days": " days"}.get(unit, "")


def estimated(found: Estimate | None, unit: Unit, currency: str = "") -> str:
    """`31 % (24-38 %)`: the figure with its 95 % interval; a dash where there is none."""
    if found is None:
        return text("none")
    told, span = figure(found.value, unit, currency), interval(found, unit)
    return f"{told} ({span})" if span else told


def interval(found: Estimate | None, unit: Unit) -> str:
    """`24-38 %`, `11,000-13,400`; nothing where the figure was counted, or its interval is not known."""
    if found is None or not all(map(math.isfinite, (found.low, found.high))) or found.low == found.high:
        return ""
    low, high = _bare(found.low, unit), _bare(found.high, unit)
    return f"{low}-{high}{' %' if unit == 'share' else ''}" if found.low >= 0 else f"{low} to {high}"


def _bare(value: float, unit: Unit) -> str:
    """The figure without its sign, as exact as its unit is told."""
    if unit == "share":
        return percent(value).removesuffix(" %")
    if unit == "times":
        return ratio(value)
    # Three digits: no interval here is narrower.
    return number(float(f"{value:.3g}") if unit == "money" else value)
