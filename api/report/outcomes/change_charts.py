"""Charts of what changed as SVG: each share before and after, with its intervals."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from agent.narration.wording import named
from api.report.charts import ACCENT, QUIET, as_svg, shortened
from api.report.outcomes.charts import AS_HOUSE, PERCENT, WIDE
from api.report.written import Written
from tools.mining.changes.change_findings import TraitChange

MOST = 10
ROOM = 1.05
NARROW_LABEL = 18  # characters


def change_chart(traits: Sequence[TraitChange], width: int = WIDE, written: Written = AS_HOUSE) -> str:
    """Share of the customers with each trait, before (hollow) and after (filled), with 95 % intervals."""
    if not traits:
        return ""
    rows: list[dict[str, Any]] = [
        {"trait": name, "when": when, "share": found.value, "low": found.low, "high": found.high}
        for name, each in zip(_names(traits[:MOST], width), traits[:MOST], strict=True)
        for when, found in (("before", each.before), ("after", each.after))
    ]
    x = alt.X(
        "share:Q",
        title=["share of the customers, 95 % interval", "hollow: before; filled: after"],
        axis=alt.Axis(labelExpr=PERCENT, tickCount=max(3, min(6, width // 80))),
        scale=alt.Scale(domain=[0, min(1.0, max(row["high"] for row in rows) * ROOM)], nice=False),
    )
    times = ["before", "after"]
    colours = alt.Scale(domain=times, range=[QUIET, ACCENT])
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("trait:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)),
        yOffset=alt.YOffset("when:N", sort=times),
        color=alt.Color("when:N", scale=colours, legend=None),
    )
    lines = base.mark_rule(strokeWidth=2.5, opacity=0.5).encode(x=alt.X("low:Q"), x2="high:Q")
    points = base.mark_point(filled=False, size=70, strokeWidth=2).encode(
        x=x,
        fill=alt.Fill("when:N", scale=colours, legend=None),
        fillOpacity=alt.FillOpacity("when:N", scale=alt.Scale(domain=times, range=[0, 1]), legend=None),
    )
    return as_svg(lines + points, 38 * min(MOST, len(traits)), width, written.signs)


def _names(traits: Sequence[TraitChange], width: int) -> list[str]:
    """A name for each row, none twice, or two traits would be one row."""
    told = [named(each.trait) for each in traits]
    if width != WIDE:
        told = [name if len(name) <= NARROW_LABEL else f"{name[: NARROW_LABEL - 1]}…" for name in told]
    short = [shortened(name) for name in told]
    return [f"{at}. {name}" if short.count(name) > 1 else name for at, name in enumerate(short, 1)]
