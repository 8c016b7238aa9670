"""How does a chart of a briefing look: each row's figure before and now, with its intervals?

An SVG of our own, not a chart of altair: labels and figures stand above their lines, so that a row is read at
320 px too, and a mail with three charts takes a few milliseconds instead of seconds of a JavaScript engine.
"""

import math
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from agent.briefing_result import Bar, Chart
from api.report.briefing.drawing.png import smaller
from api.report.briefing.told.parts import Drawn, Row
from api.report.briefing.told.words import cut, text
from tools.mining.findings import Estimate

SHOWN = 536  # px of a chart in a mail of 600
DENSITY = 2  # pixels of a PNG for each px shown
LETTER = 0.58  # how wide a letter or a bold digit is, for its size
SANS = "Roboto, Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
ROOM = 0.06  # of the span, on both sides
FROM_ZERO = 0.5  # a lowest figure under this part of the highest: the scale begins at zero


class Look(NamedTuple):
    """The colours and letters of a chart."""

    ink: str
    quiet: str
    line: str
    accent: str
    ground: str
    hollow: str
    font: str = SANS
    width: int = SHOWN
    row: int = 56
    size: int = 14
    pad: int = 14


LOOKS = {
    # Opaque, so that it can be read in a mail whose client is dark, of a grey that does not glare; narrower
    # than it is shown, so that its letters are large enough on a phone.
    "mail": Look("#1d2433", "#5b6475", "#d5dbe5", "#1f6feb", "#eff2f7", "#eff2f7", width=470, row=52),
    # It takes its ink from the page, in light and dark.
    "page": Look("currentColor", "#8a93a6", "#8a93a6", "#1f6feb", "", "none", "inherit", pad=4),
    # Over the width of a sheet its letters are as large as those of the text.
    "print": Look(
        *("#1d2433", "#5b6475", "#d5dbe5", "#1f6feb", "", "#ffffff"),
        font="Libertinus Serif",
        width=680,
        row=47,
        size=15,
        pad=4,
    ),
}
LookName = Literal["mail", "page", "print"]


class Scale(NamedTuple):
    """From figures to places on the line."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """The place of a figure; at the end of the line where it lies outside."""
        part = (value - self.low) / (self.high - self.low)
        return round(self.left + min(max(part, 0.0), 1.0) * (self.right - self.left), 1)


def chart_svg(drawn: Drawn, look: LookName = "page") -> str:
    """The chart as SVG: filled the figure now, hollow the one before, and their 95 % intervals."""
    from api.report.briefing.templates_of import template

    of = LOOKS[look]
    left, right = (14, of.width - 14) if of.ground else (2, of.width - 2)
    scale = _scale(drawn.chart, left + 8, right - 8)
    pairs = zip(drawn.chart.bars, drawn.rows, strict=True)
    return template("chart.svg.j2").render(
        width=of.width,
        height=_height(drawn.chart, of),
        look=of,
        left=left,
        right=right,
        was_at=right - _room(max(len(row.now_value) for row in drawn.rows), of),
        says=drawn.says,
        key=text("chart_key" if drawn.columns > 1 else "chart_key_now"),
        rows=[_row(at, bar, row, scale, of) for at, (bar, row) in enumerate(pairs)],
    )


def chart_png(drawn: Drawn) -> bytes:
    """The chart as PNG for a mail, twice as wide and high as `shown_size`, on a light ground."""
    return _png(chart_svg(drawn, "mail"))


def shown_size(chart: Chart) -> tuple[int, int]:
    """Width and height at which a mail shows the PNG, px."""
    look = LOOKS["mail"]
    return SHOWN, round(_height(chart, look) * SHOWN / look.width)


def _height(chart: Chart, look: Look) -> int:
    return look.row * len(chart.bars) + 8 + 2 * look.pad


@lru_cache(maxsize=64)
def _png(svg: str) -> bytes:
    """The same for every recipient of a briefing."""
    import vl_convert

    return smaller(vl_convert.svg_to_png(svg, scale=DENSITY * SHOWN / LOOKS["mail"].width))


def _scale(chart: Chart, left: float, right: float) -> Scale:
    ends = [end for bar in chart.bars for each in (bar.now, bar.before) if each for end in _ends(each)]
    finite = [end for end in ends if math.isfinite(end)] or [0.0]
    low, high = min(finite), max(finite)
    if 0 <= low < FROM_ZERO * high:
        low = 0.0
    room = ROOM * (high - low) or abs(high) * ROOM or 1.0
    return Scale(low - (room if low else 0.0), high + room, left, right)


def _ends(found: Estimate) -> tuple[float, float, float]:
    return found.low, found.value, found.high


def _room(letters: int, look: Look) -> float:
    """Room for so many letters and a gap, px."""
    return round(letters * look.size * LETTER + 12, 1)


def _row(at: int, bar: Bar, row: Row, scale: Scale, look: Look) -> dict[str, Any]:
    was = text("was", figure=row.before_value) if row.before_value else ""
    figures = _room(len(row.now_value), look) + (_room(len(was), look) if was else 0.0)
    letters = int((look.width - 2 * look.pad - figures) / (look.size * LETTER))
    return {
        "top": look.row * at + look.pad,
        "label": cut(row.label, max(12, letters)),
        "now_value": row.now_value,
        "was": was,
        "now": _places(bar.now, scale),
        "before": _places(bar.before, scale),
    }


def _places(found: Estimate | None, scale: Scale) -> dict[str, float] | None:
    if found is None or not math.isfinite(found.value):
        return None
    low, value, high = (end if math.isfinite(end) else found.value for end in _ends(found))
    return {"low": scale.at(low), "value": scale.at(value), "high": scale.at(high)}
