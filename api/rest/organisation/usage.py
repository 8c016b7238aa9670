"""What the organisation used."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.access.visit import Reader
from store.tariff import Tariff
from tools.usage.usage_report import By, UsageReport, usage_report


def usage_routes() -> APIRouter:
    """`GET /v1/usage`."""
    router = APIRouter(prefix="/v1/usage", tags=["usage"])

    @router.get("")
    def usage(
        visit: Reader,
        first: Annotated[
            date | None, Query(alias="from", description="The first day, UTC; of this month.")
        ] = None,
        last: Annotated[date | None, Query(alias="to", description="The last day, UTC; today.")] = None,
        by: Annotated[By, Query(description="What each line is of.")] = "day",
    ) -> UsageReport:
        """Rows scored and exported, identifiers resolved, tokens and credits, by day, kind or actor."""
        settings = visit.settings
        tariff = Tariff(settings.credits_per_row, settings.credits_per_month)
        return usage_report(visit.house.database, tariff, visit.house.now(), first=first, last=last, by=by)

    return router
