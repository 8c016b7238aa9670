"""All profiles: looked for, sorted, page by page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Reader
from api.pages.here import Chosen, workspace_if_any
from api.pages.profiles.listing.table import Sort, profile_table
from api.pages.rendering import is_fragment, page


def add_listing(router: APIRouter) -> None:
    """Add `/profiles`."""

    @router.get("/profiles")
    def profiles(
        visit: Reader,
        request: Request,
        chosen: Chosen,
        text: Annotated[str, Query(max_length=120)] = "",
        sort: Sort = "-changed",
        at: Annotated[int, Query(alias="page", ge=1, le=1_000)] = 1,
        focus: Annotated[str, Query(max_length=20)] = "",
    ) -> HTMLResponse:
        """The table; to the page's own script only its rows."""
        has_warehouse = workspace_if_any(visit, chosen) is not None
        found = profile_table(visit, text, sort, at)
        live = is_fragment(request)
        template = "profiles/listing/table.html.j2" if live else "profiles/listing/profiles.html.j2"
        return page(
            request,
            template,
            screen="profiles",
            found=found,
            text=text,
            sort=sort,
            focus=focus,
            live=live,
            has_warehouse=has_warehouse,
        )
