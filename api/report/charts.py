"""Charts as SVG, drawn once for page, mail and print."""

import hashlib
import json
import re
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from agent.analysis import Segment
from agent.narration.wording import named, ratio
from tools.audience.expression_curve import CurvePoint
from tools.audience.strategies import Strategy
from tools.mining.findings import TraitLift
from tools.scoring.ranking import FrontierPoint

INK, QUIET, ACCENT, SECOND = "#1d2433", "#8a93a6", "#1f6feb", "#b5651d"
WIDTH = 620
TRAITS_OF_A_SEGMENT = 5
LONGEST_LABEL = 44
HOUSE_SIGNS = (",", ".")
# What is around a chart tells it as one picture; the roles of its parts are half of its bytes.
ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-(?:label|roledescription|hidden)="[^"]*")')


def lift_chart(traits: list[TraitLift]) -> str:
    """Lift over the population with its interval, one line a trait; the line at 1 is the population."""
    if not traits:
        return ""
    rows = [
        {
            "trait": shortened(named(t.trait)),
            "lift": t.lift.value,
            "low": max(t.lift.low, 0.05),
            "high": t.lift.high,
            "told": ratio(t.lift.value),
        }
        for t in traits
    ]
    order = [row["trait"] for row in rows]
    scale = alt.Scale(
        type="log",
        nice=False,
        domain=[min(0.9, min(r["low"] for r in rows)), max(r["high"] for r in rows) * 1.15],
    )
    x = alt.X(
        "lift:Q",
        scale=scale,
        title="times as frequent as in the population (log scale, 95 % interval)",
        axis=alt.Axis(values=[1, 1.5, 2, 3, 5, 8, 12, 20], format="~g"),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("trait:N", sort=order, title=None))
    lines = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q"
    )
    points = base.mark_point(color=ACCENT, filled=True, size=70, opacity=1).encode(x=x)
    figures = base.mark_text(align="left", dx=8, dy=-8, fontSize=11, color=INK).encode(x=x, text="told:N")
    one = (
        alt.Chart(alt.Data(values=[{"one": 1}]))
        .mark_rule(color=QUIET, strokeDash=[4, 3])
        .encode(x=alt.X("one:Q", scale=scale))
    )
    return as_svg(one + lines + points + figures, height=30 * len(rows))


def segment_chart(segment: Segment) -> str:
    """Shares of the segment's strongest traits, in it and in the population."""
    traits = segment.traits[:TRAITS_OF_A_SEGMENT]
    if not traits:
        return ""
    rows = [
        {"trait": shortened(named(t.trait)), "share": share, "of": of}
        for t in traits
        for of, share in (("population", t.baseline_share), ("segment", t.frequency.value))
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(height=8)
        .encode(
            y=alt.Y("trait:N", sort=[row["trait"] for row in rows], title=None),
            yOffset=alt.YOffset("of:N", sort=["segment", "population"]),
            x=alt.X("share:Q", title="share who have it", axis=alt.Axis(format="%", tickCount=4)),
            color=alt.Color(
                "of:N",
                scale=alt.Scale(domain=["segment", "population"], range=[ACCENT, QUIET]),
                legend=alt.Legend(title=None, orient="top"),
            ),
        )
    )
    return as_svg(chart, height=36 * len(traits), width=300)


def frontier_chart(points: list[FrontierPoint], ways: list[Strategy]) -> str:
    """Share of held-out customers reached, by the size of the audience; with the strategies on it."""
    if not points:
        return ""
    curve = [
        {
            "size": p.size,
            "recall": p.recall.value,
            "low": p.recall.low,
            "high": p.recall.high,
            "chance": p.share_of_population,
        }
        for p in points
    ]
    spots = [
        {"size": w.new_people, "recall": w.recall.value, "name": w.strategy} for w in ways if w.new_people
    ]
    x = alt.X(
        "size:Q",
        scale=alt.Scale(type="log", nice=False),
        title="people in the audience (log scale)",
        axis=alt.Axis(format="~s", tickCount=6),
    )
    y = alt.Y("recall:Q", title="share of held-out customers reached", axis=alt.Axis(format="%"))
    base = alt.Chart(alt.Data(values=curve))
    band = base.mark_area(color=ACCENT, opacity=0.15).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    line = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(x=x, y=y)
    chance = base.mark_line(color=QUIET, strokeDash=[4, 3]).encode(x=x, y="chance:Q")
    marked = alt.Chart(alt.Data(values=spots))
    dots = marked.mark_point(color=SECOND, filled=True, size=90, opacity=1).encode(x=x, y=y)
    names = marked.mark_text(color=INK, align="left", dx=9, fontSize=12).encode(x=x, y=y, text="name:N")
    return as_svg(band + chance + line + dots + names, height=260)


def curve_chart(points: list[CurvePoint]) -> str:
    """Share of held-out customers that each expression reaches, with its interval; dashed is chance."""
    if len(points) < 2:
        return ""
    rows = [
        {
            "share": p.share_of_population,
            "recall": p.recall.value,
            "low": p.recall.low,
            "high": p.recall.high,
            "point": str(p.point),
            "name": ", ".join(p.strategies),
        }
        for p in points
    ]
    most = max(row["share"] for row in rows)
    x = alt.X("share:Q", title="share of the population in the audience", axis=alt.Axis(format="%"))
    y = alt.Y("recall:Q", title="share of held-out customers reached", axis=alt.Axis(format="%"))
    base = alt.Chart(alt.Data(values=rows))
    chance = (
        alt.Chart(alt.Data(values=[{"share": 0, "recall": 0}, {"share": most, "recall": most}]))
        .mark_line(color=QUIET, strokeDash=[4, 3])
        .encode(x=x, y=y)
    )
    line = base.mark_line(color=ACCENT, strokeWidth=1.5, opacity=0.5).encode(x=x, y=y)
    bars = base.mark_rule(color=ACCENT, strokeWidth=2.5, opacity=0.45).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q"
    )
    dots = base.mark_point(color=ACCENT, filled=True, size=60, opacity=1).encode(x=x, y=y)
    numbers = base.mark_text(color=INK, dx=-9, dy=-9, fontSize=11).encode(x=x, y=y, text="point:N")
    names = base.mark_text(color=SECOND, align="left", dx=9, dy=8, fontSize=12).encode(
        x=x, y=y, text="name:N"
    )
    return as_svg(chance + line + bars + dots + numbers + names, height=260)


def shortened(text: str) -> str:
    """The text, cut where it is too long for the name of a row."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def as_svg(chart: Any, height: int, width: int = WIDTH, signs: tuple[str, str] = HOUSE_SIGNS) -> str:
    """The chart as SVG that takes its ink from the page, so that it can be read in light and dark.

    signs: what parts thousands, and what parts a fraction, on its axes.
    """
    whole = (
        chart.properties(width=width, height=height, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            gridColor=QUIET,
            gridOpacity=0.25,
            domain=False,
            ticks=False,
            labelFontSize=12,
            titleFontSize=11,
            titleFontWeight="normal",
            labelLimit=320,
            labelPadding=6,
        )
        .configure_legend(labelColor=INK, labelFontSize=12)
    )
    return _drawn(json.dumps(whole.to_dict(), sort_keys=True), signs)


@lru_cache(maxsize=512)
def _drawn(spec: str, signs: tuple[str, str]) -> str:
    """The same chart is drawn once: a page may be looked at many times."""
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=_locale(signs))
    svg = re.sub(rf'"{INK}"', '"currentColor"', svg)
    svg = ROLES.sub("", svg)
    # Several charts stand in one page, and each calls its clips by the same names.
    mark = hashlib.sha256((spec + "".join(signs)).encode()).hexdigest()[:10]
    svg = re.sub(r'(id="|url\(#)(clip|gradient)', rf"\1c{mark}\2", svg)
    return re.sub(
        r'(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)"',
        r'\1 style="max-width:\2px;width:100%;height:auto"',
        svg,
        count=1,
    )


def _locale(signs: tuple[str, str]) -> dict[str, Any]:
    """How d3 writes figures; a share as the house does, `33 %`."""
    group, decimal = signs
    return {
        "thousands": group,
        "decimal": decimal,
        "grouping": [3],
        "currency": ["", ""],
        "percent": "\u00a0%",
    }
