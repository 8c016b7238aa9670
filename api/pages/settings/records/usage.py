"""What was used, on which days, and how many credits are left?"""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.access.visit import Reader
from api.pages.cards.reader import written_for
from api.pages.charts import as_chart
from api.pages.settings.parts import names_for, part_page
from api.report.written import Written
from store.errors import BadInput
from store.tariff import Tariff
from tools.usage.usage_report import UsageLine, UsageReport, usage_report

Measure = Literal["credits", "rows_scored", "identifiers_resolved", "rows_exported", "model_tokens"]
MEASURES: tuple[Measure, ...] = (
    "credits",
    "rows_scored",
    "identifiers_resolved",
    "rows_exported",
    "model_tokens",
)


def usage_pages() -> APIRouter:
    """`/settings/usage`."""
    router = APIRouter(prefix="/settings/usage")

    @router.get("")
    def usage(
        request: Request,
        visit: Reader,
        first: Annotated[str, Query(alias="from", max_length=10)] = "",
        last: Annotated[str, Query(alias="to", max_length=10)] = "",
        measure: Measure | None = None,
    ) -> HTMLResponse:
        """What was used between two days, by day, by kind and by whom."""
        settings, now = visit.settings, visit.house.now()
        tariff = Tariff(settings.credits_per_row, settings.credits_per_month)
        span = {"first": _day(first, "from"), "last": _day(last, "to")}
        by_day = usage_report(visit.house.database, tariff, now, **span, by="day")
        by_actor = usage_report(visit.house.database, tariff, now, **span, by="actor")
        drawn = measure or _telling(by_day.total)
        return part_page(
            request,
            visit,
            "usage",
            "records/usage.html.j2",
            report=by_day,
            actors=by_actor.lines,
            measures=MEASURES,
            measure=drawn,
            svg=_chart(by_day, drawn, written_for(request)) if by_day.lines else "",
            names=names_for(visit),
        )

    return router


def _day(text: str, where: str) -> date | None:
    """The day as a field of a form says it; empty is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("This is no day", where=where, instead="Write it as 2026-03-02.") from None


def _telling(total: UsageLine) -> Measure:
    """The first measure of which anything was used."""
    used: list[Measure] = [measure for measure in MEASURES if getattr(total, measure)]
    return used[0] if used else "credits"


def _chart(report: UsageReport, measure: Measure, written: Written) -> Markup:
    """The chart twice: one for a desk, one for a phone."""
    # The chart library takes a second.
    from api.pages.settings.records.usage_chart import NARROW, usage_chart

    wide, narrow = usage_chart(report, measure, written), usage_chart(report, measure, written, NARROW)
    whole = Markup('<div class="on-desk">{}</div><div class="on-phone">{}</div>')
    return whole.format(as_chart(wide), as_chart(narrow))
