"""How much was used on each day, drawn."""

from datetime import timedelta

import altair as alt

from api.pages.words import text
from api.report.charts import ACCENT, WIDTH, as_svg
from api.report.written import Written
from tools.usage.usage_report import UsageReport

WIDEST, GAP = 28, 0.75  # pixels of a bar at most; its part of the room of a day
NARROW = 230  # pixels of the plot on a phone


def usage_chart(report: UsageReport, measure: str, written: Written, width: int = WIDTH) -> str:
    """One bar a day of this measure, days without any too, as SVG. The report is by day."""
    used = {line.key: getattr(line, measure) for line in report.lines}
    days = [
        (report.first_day + timedelta(days=day)).isoformat()
        for day in range((report.last_day - report.first_day).days + 1)
    ]
    rows = [{"day": day, "used": used.get(day, 0)} for day in days]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=ACCENT, size=min(WIDEST, GAP * width / len(days)))
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y(
                "used:Q",
                title=text(f"settings.measure_{measure}"),
                axis=alt.Axis(format="~s", tickCount=4),
            ),
        )
    )
    return as_svg(chart, 180, width, written.signs)
