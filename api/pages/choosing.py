"""Another warehouse for the pages that follow."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from api.access.visit import Reader
from api.pages.here import COOKIE, require_warehouse
from api.pages.rendering import gone_to

YEAR_S = 365 * 24 * 3600
PLACE = r"^/([A-Za-z0-9?&=_.~%-][\x21-\x5b\x5d-\x7e]{0,400})?$"  # of this house; `//host` would be another


def choosing_routes() -> APIRouter:
    """`POST /warehouse`."""
    router = APIRouter()

    @router.post("/warehouse")
    def choose(
        visit: Reader,
        warehouse: Annotated[str, Form(max_length=63)],
        back: Annotated[str, Form(pattern=PLACE)] = "/",
    ) -> HTMLResponse:
        """Remember the warehouse in this browser, and go back."""
        answer = gone_to(back)
        answer.set_cookie(
            COOKIE,
            require_warehouse(visit, warehouse),
            max_age=YEAR_S,
            httponly=True,
            samesite="lax",
            secure=visit.settings.base_url.startswith("https://"),
        )
        return answer

    return router
