"""How much was used on each day, drawn."""

import altair as alt

from api.pages.words import text
from api.report.charts import ACCENT, as_svg
from tools.usage.usage_report import UsageLine


def usage_chart(lines: list[UsageLine], measure: str) -> str:
    """One bar a day of this measure, as SVG; the lines' keys are days."""
    rows = [{"day": line.key, "used": getattr(line, measure)} for line in lines]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=ACCENT, cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y(
                "used:Q", title=text(f"settings.measure_{measure}"), axis=alt.Axis(format="~s", tickCount=4)
            ),
        )
    )
    return as_svg(chart, height=180)
