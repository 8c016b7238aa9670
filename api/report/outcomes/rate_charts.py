"""Charts of win rates as SVG: by quarter, by criterion, and what a score finds of the won."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from agent.narration.wording import percent
from api.report.charts import ACCENT, INK, QUIET, SECOND, as_svg, shortened
from api.report.outcomes.charts import AS_HOUSE, DASHED, PERCENT, SQUARE, WIDE
from api.report.outcomes.win_rates import CriterionRate, GainPoint, Rate
from api.report.written import Written
from tools.outcomes.record_summary import Quarter

MOST_QUARTERS, MOST_CRITERIA, LEAST_DECIDED = 12, 10, 10
ROOM = 1.05  # how many times the longest interval the axis is long
NARROW_LABEL = 16  # characters


def quarter_chart(
    quarters: Sequence[Quarter], overall: Rate, width: int = WIDE, written: Written = AS_HOUSE
) -> str:
    """Share won of the last quarters with its interval; the dashed line is that of all records.

    Quarters of fewer than 10 decided records are left out: their intervals would flatten all others.
    """
    known = [each for each in quarters if each.rate and each.decided >= LEAST_DECIDED][-MOST_QUARTERS:]
    if len(known) < 2 or overall.rate is None:
        return ""
    rows = [_row({"quarter": each.quarter}, each.rate) for each in known]
    x = alt.X("quarter:N", sort=None, title=None, axis=alt.Axis(labelAngle=0 if width == WIDE else -90))
    y = alt.Y("rate:Q", title="share, 95 % interval; dashed: all", axis=_shares(5), scale=_scale(rows))
    base = alt.Chart(_data(rows)).encode(x=x)
    lines = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(color=ACCENT, filled=True, size=70, opacity=1).encode(y=y)
    return as_svg(_level("y", overall.rate.value, y) + lines + points, 200, width, written.signs)


def criterion_rate_chart(
    rates: Sequence[CriterionRate], base: Rate, width: int = WIDE, written: Written = AS_HOUSE
) -> str:
    """Win rate where each criterion holds (filled) and where it does not (hollow); dashed: all deals."""
    known = [each for each in rates if each.good.rate and each.other.rate][:MOST_CRITERIA]
    if not known or base.rate is None:
        return ""
    rows = [
        _row({"criterion": name, "side": side}, rate.rate)
        for name, each in zip(_names(known, width), known, strict=True)
        for side, rate in (("yes", each.good), ("no", each.other))
    ]
    x = alt.X(
        "rate:Q",
        title=["win rate, 95 % interval", "filled: it holds; hollow: not", "dashed: all deals"],
        axis=_shares(max(3, min(6, width // 80))),
        scale=_scale(rows),
    )
    sides = ["yes", "no"]
    chart = alt.Chart(_data(rows)).encode(
        y=alt.Y("criterion:N", sort=None, title=None, axis=alt.Axis(labelLimit=240)),
        yOffset=alt.YOffset("side:N", sort=sides),
        color=alt.Color("side:N", scale=alt.Scale(domain=sides, range=[ACCENT, QUIET]), legend=None),
    )
    lines = chart.mark_rule(strokeWidth=2.5, opacity=0.5).encode(x=alt.X("low:Q"), x2="high:Q")
    filled = alt.FillOpacity("side:N", scale=alt.Scale(domain=sides, range=[1, 0]), legend=None)
    points = chart.mark_point(filled=False, size=70, strokeWidth=2).encode(
        x=x, fill=alt.Fill("side:N", scale=alt.Scale(domain=sides, range=[ACCENT, QUIET]), legend=None),
        fillOpacity=filled,
    )  # fmt: skip
    drawn = _level("x", base.rate.value, x) + lines + points
    return as_svg(drawn, 38 * len(known), width, written.signs)


def gain_chart(points: Sequence[GainPoint], width: int = WIDE, written: Written = AS_HOUSE) -> str:
    """Share of the won found over share of the deals pursued, with intervals; dashed is chance."""
    if len(points) < 2:
        return ""
    rows: list[dict[str, Any]] = [{"picked": 0.0, "found": 0.0, "low": 0.0, "high": 0.0, "tiers": ""}]
    rows += [
        {
            "picked": each.picked_share,
            "found": each.found_share.value,
            "low": each.found_share.low if each.picked_share < 1 else 1.0,
            "high": each.found_share.high,
            "tiers": _found(each, written) if each.picked_share < 1 else "",
        }
        for each in points
    ]
    side = SQUARE if width == WIDE else width + 50
    whole = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("picked:Q", title="share of the decided deals pursued", axis=_shares(4), scale=whole)
    y = alt.Y("found:Q", title="share of the won found, 95 % interval", axis=_shares(4), scale=whole)
    same = alt.Chart(_data([{"picked": 0, "found": 0}, {"picked": 1, "found": 1}]))
    base = alt.Chart(_data(rows)).encode(x=x)
    lines = base.mark_line(color=ACCENT, strokeWidth=2).encode(y=y)
    bars = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(y=alt.Y("low:Q"), y2="high:Q")
    dots = base.mark_point(color=ACCENT, filled=True, size=70, opacity=1).encode(y=y)
    names = base.mark_text(color=INK, align="left", dx=9, dy=10, fontSize=12).encode(y=y, text="tiers:N")
    chance = same.mark_line(color=QUIET, strokeDash=DASHED).encode(x=x, y=y)
    return as_svg(chance + lines + bars + dots + names, round(side * 0.8), side, written.signs)


def _found(point: GainPoint, written: Written) -> str:
    return written.told(f"{point.tiers}: {percent(point.found_share.value)}")


def _names(rates: Sequence[CriterionRate], width: int) -> list[str]:
    """What each criterion is called; with its column where two are called alike, or they would be one row."""
    told = [each.criterion.scale.told for each in rates]
    names = [
        f"{name} ({each.criterion.scale.name})" if told.count(name) > 1 else name
        for name, each in zip(told, rates, strict=True)
    ]
    if width == WIDE:
        return [shortened(name) for name in names]
    short = [name if len(name) <= NARROW_LABEL else f"{name[: NARROW_LABEL - 1]}…" for name in names]
    return [f"{at}. {name}" if short.count(name) > 1 else name for at, name in enumerate(short, 1)]


def _row(words: dict[str, str], rate: Any) -> dict[str, Any]:
    return words | {"rate": rate.value, "low": rate.low, "high": rate.high}


def _scale(rows: list[dict[str, Any]]) -> alt.Scale:
    return alt.Scale(domain=[0, min(1.0, max(row["high"] for row in rows) * ROOM)], nice=False)


def _shares(ticks: int) -> alt.Axis:
    return alt.Axis(labelExpr=PERCENT, tickCount=ticks)


def _level(axis: str, value: float, encoded: Any) -> alt.Chart:
    """A dashed line at this rate."""
    rule = alt.Chart(_data([{"rate": value}])).mark_rule(color=SECOND, strokeDash=DASHED, strokeWidth=1.5)
    return rule.encode(**{axis: encoded})


def _data(rows: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)
