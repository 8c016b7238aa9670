"""Charts of outcomes as SVG: weights of criteria, win rates by tier, predicted against observed."""

from typing import Any

import altair as alt

from agent.narration.wording import percent
from api.report.charts import ACCENT, HOUSE_SIGNS, INK, QUIET, SECOND, as_svg
from api.report.written import Written
from tools.outcomes.measures.findings import Cell
from tools.scoring.conversion.report import ReliabilityPoint
from tools.scoring.fit.profile import FitCriterion

FADED = {1: 1.0, 2: 0.6, 3: 0.3}  # how strong the bar of each tier of criteria is
FIGURE = 48  # pixels beside the longest bar or interval, for its figure
DASHED = [4, 3]
WIDE, NARROW, SQUARE = 560, 180, 400  # pixels of the plot: on a desk, on a phone, of the reliability
AS_HOUSE = Written(HOUSE_SIGNS, str)
PERCENT = "format(datum.value * 100, '~g') + ' %'"


def criteria_chart(criteria: list[FitCriterion], width: int = WIDE) -> str:
    """The weight of each criterion, the weightiest first; one alone needs no picture."""
    if len(criteria) < 2:
        return ""
    rows = [
        {
            "criterion": name,
            "weight": each.weight,
            "faded": FADED[each.tier],
            "told": percent(each.weight),
        }
        for name, each in zip(_names(criteria), criteria, strict=True)
    ]
    x = alt.X(
        "weight:Q",
        title="share of what the criteria tell together",
        axis=_shares(width, grid=False),
        scale=_from_zero(max(row["weight"] for row in rows) * _room(width)),
    )
    names = alt.Axis(labelLimit=220 if width == WIDE else 110)
    base = alt.Chart(_rows(rows)).encode(
        y=alt.Y("criterion:N", sort=[row["criterion"] for row in rows], title=None, axis=names), x=x
    )
    bars = base.mark_bar(color=ACCENT, height=15, cornerRadiusEnd=3).encode(
        opacity=alt.Opacity("faded:Q", scale=None, legend=None)
    )
    figures = base.mark_text(align="left", dx=6, color=INK, fontSize=12).encode(text="told:N")
    return as_svg(bars + figures, height=30 * len(rows), width=width)


def _names(criteria: list[FitCriterion]) -> list[str]:
    """What each criterion is called; with its column where two are called alike, or their bars would add."""
    told = [each.scale.told for each in criteria]
    return [
        f"{name} ({each.scale.name})" if told.count(name) > 1 else name
        for name, each in zip(told, criteria, strict=True)
    ]


def tier_chart(cells: list[Cell], width: int = WIDE) -> str:
    """Win rate of each tier with its interval; the dashed line is that of all tiers together."""
    known = [cell for cell in cells if cell.tier and cell.win_rate]
    if len(known) < 2:
        return ""
    rows = [_tier_row(cell) for cell in known]
    won, lost = sum(cell.won for cell in known), sum(cell.lost for cell in known)
    x = alt.X(
        "rate:Q",
        title=["share of the decided deals that were won", "95 % interval; dashed: all tiers"],
        axis=_shares(width),
        scale=_from_zero(max(row["high"] for row in rows) * _room(width)),
    )
    base = alt.Chart(_rows(rows)).encode(y=alt.Y("tier:N", sort=[row["tier"] for row in rows], title=None))
    lines = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(x=alt.X("low:Q"), x2="high:Q")
    points = base.mark_point(color=ACCENT, filled=True, size=90, opacity=1).encode(x=x)
    figures = base.mark_text(align="right", fontSize=12, color=INK).encode(x=alt.value(width), text="told:N")
    all_tiers = (
        alt.Chart(_rows([{"rate": won / (won + lost)}]))
        .mark_rule(color=SECOND, strokeDash=DASHED, strokeWidth=1.5)
        .encode(x=x)
    )
    return as_svg(all_tiers + lines + points + figures, height=36 * len(rows), width=width)


def _tier_row(cell: Cell) -> dict[str, Any]:
    assert cell.win_rate
    return {
        "tier": f"Tier {cell.tier}",
        "rate": cell.win_rate.value,
        "low": cell.win_rate.low,
        "high": cell.win_rate.high,
        "told": percent(cell.win_rate.value),
    }


def reliability_chart(points: list[ReliabilityPoint], width: int = WIDE, written: Written = AS_HOUSE) -> str:
    """Observed shares with their intervals over predicted ones; on the dashed line both are the same."""
    if len(points) < 2:
        return ""
    rows = [
        {
            "predicted": point.predicted_rate,
            "observed": point.observed_rate.value,
            "low": point.observed_rate.low,
            "high": point.observed_rate.high,
        }
        for point in points
    ]
    most = min(1.0, max(max(row["predicted"], row["high"]) for row in rows) * 1.05)
    side = SQUARE if width == WIDE else width + 50  # the names of its rows are short
    x = alt.X("predicted:Q", title="predicted chance", axis=_shares(side), scale=_from_zero(most))
    title = ["share that happened", "95 % interval"]
    y = alt.Y("observed:Q", title=title, axis=_shares(side), scale=_from_zero(most))
    same = (
        alt.Chart(_rows([{"predicted": 0, "observed": 0}, {"predicted": most, "observed": most}]))
        .mark_line(color=QUIET, strokeDash=DASHED)
        .encode(x=x, y=y)
    )
    base = alt.Chart(_rows(rows)).encode(x=x)
    line = base.mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.4).encode(y=y)
    intervals = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(
        y=alt.Y("low:Q"), y2="high:Q"
    )
    dots = base.mark_point(color=ACCENT, filled=True, size=70, opacity=1).encode(y=y)
    return as_svg(same + line + intervals + dots, round(side * 0.75), side, written.signs)


def _shares(width: int, grid: bool = True) -> alt.Axis:
    return alt.Axis(labelExpr=PERCENT, tickCount=max(3, min(6, width // 60)), grid=grid)


def _room(width: int) -> float:
    """How many times the longest bar the axis is long."""
    return width / (width - FIGURE)


def _from_zero(most: float) -> alt.Scale:
    return alt.Scale(domain=[0, most], nice=False)


def _rows(rows: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)
