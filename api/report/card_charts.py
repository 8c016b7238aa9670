"""The charts of cards: narrow enough for a phone, figures as the reader writes them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt

from agent.narration.wording import named, number, percent, ratio
from api.report.charts import ACCENT, INK, QUIET, SECOND, as_svg
from api.report.written import Written
from tools.audience.expression_curve import CurvePoint
from tools.mining.findings import TraitLift

BARS, PLOT = 300, 256  # pixels; a phone of 390 leaves 330, and the scale of the curve takes its part
ROW, HEIGHT = 40, 210
ROOM = 1.45  # times the highest value, so that the figure at the end of a bar has room
LOWEST = 0.05  # where a log scale ends
LONGEST = 44  # letters of a name
STEPS = [0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 50, 100]


class Bar(NamedTuple):
    """A lift, with what stands above its bar and at its end."""

    trait: str
    name: str
    told: str
    lift: float
    low: float
    high: float
    one: int = 1


class Dot(NamedTuple):
    """A point of the curve; told: what stands beside the chosen one, on the side where there is room."""

    share: float
    recall: float
    low: float
    high: float
    told: str = ""
    side: str = ""


def lift_bars(traits: Sequence[TraitLift], written: Written, axis: str) -> str:
    """A bar from 1, the population, to each lift; the thin line is its interval. The name stands above.

    axis: what the scale says.
    """
    return _bars(tuple(_bar(one, written) for one in traits), axis, written.signs) if traits else ""


def _bar(one: TraitLift, written: Written) -> Bar:
    name = named(one.trait)
    lift, low, high = (max(value, LOWEST) for value in (one.lift.value, one.lift.low, one.lift.high))
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return Bar(one.trait.cluster_hash, short, written.told(ratio(one.lift.value)), lift, low, high)


@lru_cache(maxsize=512)
def _bars(rows: tuple[Bar, ...], axis: str, signs: tuple[str, str]) -> str:
    low = min(0.9, *(row.low for row in rows))
    high = max(1.2, *(row.high for row in rows)) * ROOM
    scale = alt.Scale(type="log", nice=False, domain=[low, high])
    ticks = [step for step in STEPS if low <= step <= high]
    x = alt.X("lift:Q", scale=scale, title=axis, axis=alt.Axis(values=ticks, format="~g", titleFontSize=12))
    y = alt.Y("trait:N", sort=[row.trait for row in rows], title=None, axis=None)
    base = alt.Chart(_values(rows)).encode(y=y)
    bold = {"color": INK, "align": "left", "fontSize": 12, "fontWeight": 600}
    ends = {"x": alt.X("low:Q", scale=scale), "x2": "high:Q"}
    layers = [
        alt.Chart(_values(rows[:1]))
        .mark_rule(color=QUIET, strokeDash=[4, 3])
        .encode(x=alt.X("one:Q", scale=scale)),
        base.mark_bar(color=ACCENT, opacity=0.55, height=10, yOffset=8).encode(x=x, x2="one:Q"),
        base.mark_rule(color=INK, strokeWidth=1.5, yOffset=8).encode(**ends),
        base.mark_text(color=INK, align="left", fontSize=12, dy=-7).encode(
            x=alt.datum(low, type="quantitative"), text="name:N"
        ),
        base.mark_text(**bold, dx=6, dy=8).encode(x=alt.X("high:Q", scale=scale), text="told:N"),
    ]
    return as_svg(alt.layer(*layers), ROW * len(rows), BARS, signs)


def reach_curve(points: Sequence[CurvePoint], chosen: int, written: Written, axes: tuple[str, str]) -> str:
    """The share of held-out customers that each point reaches, with its interval; the chosen one is large.

    chosen: a point, from 1. axes: what the scale of the shares of the population says, and of the customers.
    """
    if not points:
        return ""
    most = max(point.share_of_population for point in points)
    return _curve(tuple(_dot(point, chosen, most, written) for point in points), axes, written.signs)


def _dot(point: CurvePoint, chosen: int, most: float, written: Written) -> Dot:
    share, recall = point.share_of_population, point.recall
    if point.point != chosen:
        return Dot(share, recall.value, recall.low, recall.high)
    told = written.told(f"{number(point.new_people)} · {percent(recall.value)}")
    return Dot(share, recall.value, recall.low, recall.high, told, "left" if share < most / 2 else "right")


@lru_cache(maxsize=512)
def _curve(rows: tuple[Dot, ...], axes: tuple[str, str], signs: tuple[str, str]) -> str:
    most = max(row.share for row in rows)
    x = alt.X("share:Q", title=axes[0], axis=alt.Axis(format="~%", tickCount=4, titleFontSize=12))
    y = alt.Y("recall:Q", title=axes[1], axis=alt.Axis(format="~%", tickCount=5, titleFontSize=12))
    chance = alt.Chart(_values([Dot(0, 0, 0, 0), Dot(most, most, 0, 0)]))
    base = alt.Chart(_values(rows))
    here = alt.Chart(_values([row for row in rows if row.told]))
    layers: list[Any] = [
        chance.mark_line(color=QUIET, strokeDash=[4, 3]).encode(x=x, y=y),
        base.mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.5).encode(x=x, y=y),
        base.mark_rule(color=ACCENT, strokeWidth=2, opacity=0.45).encode(x=x, y="low:Q", y2="high:Q"),
        base.mark_point(color=ACCENT, filled=True, size=36, opacity=1).encode(x=x, y=y),
        here.mark_point(color=SECOND, filled=True, size=200, opacity=1).encode(x=x, y=y),
    ]
    for row in rows:
        if row.told:
            beside = {"align": row.side, "dx": 12 if row.side == "left" else -12, "dy": 14}
            text = here.mark_text(color=INK, fontSize=13, fontWeight=600, **beside)
            layers.append(text.encode(x=x, y=y, text="told:N"))
    return as_svg(alt.layer(*layers), HEIGHT, PLOT, signs)


def _values(rows: Sequence[NamedTuple]) -> alt.Data:
    return alt.Data(values=[row._asdict() for row in rows])
