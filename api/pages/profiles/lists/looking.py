"""A scored list is looked through: filtered, sorted, row by row, taken along as a file."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import ValidationError

from api.access.visit import PeopleReader, PeopleRunner, Reader, Visit
from api.pages.profiles.lists.charts import tiers_picture
from api.pages.profiles.lists.exporting import list_file
from api.pages.profiles.lists.following import list_frames
from api.pages.profiles.lists.rows import rows_query, rows_shown
from api.pages.profiles.lists.seen import SeenList, erased_from, lead_shown, lists_of, seen_list
from api.pages.profiles.reaching import actor_named
from api.pages.rendering import is_fragment, page, rendered
from api.rest.work.events import HEADERS, MEDIA_TYPE
from store.errors import BadInput, NotFound
from store.scored_lists.asking import RowsQuery, one_row
from tools.profiles.lists.row_reasons import row_reasons

ListId = Annotated[str, Path(max_length=80)]
FOLDER = "profiles/lists"


def _asked(
    profile: Annotated[int, Query()] = 0,
    tier: Annotated[str, Query(max_length=1)] = "",
    text: Annotated[str, Query(max_length=200)] = "",
    sort: Annotated[str, Query(max_length=40)] = "-score",
    at: Annotated[int, Query(alias="page")] = 1,
) -> RowsQuery:
    return _query(profile=profile, tier=tier, text=text, sort=sort, page=at)


def _query(**given: object) -> RowsQuery:
    try:
        return RowsQuery.model_validate(given)
    except ValidationError as error:
        named = ", ".join(str(each["loc"][0]) for each in error.errors(include_input=False))
        raise BadInput(
            "The list cannot be asked so", where=named, instead="Use the form of the page."
        ) from None


Asked = Annotated[RowsQuery, Depends(_asked)]


def add_looking(router: APIRouter) -> None:
    """Add `/profiles/lists/{id}` and its parts."""

    @router.get("/profiles/lists/{list_id}")
    def one_list(
        visit: Reader,
        request: Request,
        list_id: ListId,
        asked: Asked,
        focus: Annotated[str, Query(max_length=30)] = "",
    ) -> HTMLResponse:
        """The list, or how far its scoring is; to the page's own script only its rows."""
        seen = seen_list(visit, list_id)
        live = is_fragment(request) and seen.is_scored
        words = _words(visit, seen, asked, focus, with_chart=not live)
        if live:
            return page(request, f"{FOLDER}/rows.html.j2", live=True, **words)
        return page(request, f"{FOLDER}/list.html.j2", live=False, **words)

    @router.get("/profiles/lists/{list_id}/progress")
    def progress(visit: Reader, request: Request, list_id: ListId) -> StreamingResponse:
        """How far the scoring is, and at its end the list."""
        seen_list(visit, list_id)

        def look() -> SeenList | None:
            try:
                return seen_list(visit, list_id)
            except NotFound:
                return None

        def told(seen: SeenList) -> str:
            return rendered(request, f"{FOLDER}/progress.html.j2", screen="profiles", seen=seen)

        def whole(seen: SeenList) -> str:
            words = _words(visit, seen, RowsQuery(), "")
            return rendered(request, f"{FOLDER}/body.html.j2", live=False, **words)

        return StreamingResponse(list_frames(look, told, whole), media_type=MEDIA_TYPE, headers=HEADERS)

    _add_rows(router)


def _add_rows(router: APIRouter) -> None:
    @router.get("/profiles/lists/{list_id}/rows/{row}")
    def one_lead(
        visit: PeopleReader,
        request: Request,
        list_id: ListId,
        row: Annotated[int, Path(ge=0, lt=1 << 31)],
        profile: Annotated[int, Query(ge=0, le=2)] = 0,
    ) -> HTMLResponse:
        """Why one lead scores as it does, by the profile as it was then."""
        seen = seen_list(visit, list_id)
        lists = lists_of(visit)
        kept = seen.kept
        found = one_row(lists.rows(kept), row, erased_from(visit, kept))
        if profile >= len(kept.against):
            raise BadInput("The list was not scored against so many profiles", where="profile")
        return page(
            request,
            f"{FOLDER}/row.html.j2" if is_fragment(request) else f"{FOLDER}/row_page.html.j2",
            screen="profiles",
            seen=seen,
            lead=lead_shown(visit, found["lead"]),
            row=found,
            at=profile,
            against=kept.against[profile],
            reasons=row_reasons(lists, kept, found, profile),
        )

    @router.post("/profiles/lists/{list_id}/export")
    def export(
        visit: PeopleRunner,
        request: Request,
        list_id: ListId,
        profile: Annotated[int, Form()] = 0,
        tier: Annotated[str, Form(max_length=1)] = "",
        text: Annotated[str, Form(max_length=200)] = "",
        sort: Annotated[str, Form(max_length=40)] = "-score",
        whole: Annotated[str, Form(max_length=4)] = "",
    ) -> HTMLResponse:
        """The rows that pass, or all of them, as a file for an hour."""
        asked = RowsQuery() if whole else _query(profile=profile, tier=tier, text=text, sort=sort)
        link = list_file(visit, seen_list(visit, list_id), asked)
        found = urlsplit(link.url)
        return page(
            request,
            f"{FOLDER}/exported.html.j2",
            screen="profiles",
            link=link,
            address=f"{found.path}?{found.query}",  # of this house, by whatever name the browser knows it
        )


def _words(
    visit: Visit, seen: SeenList, asked: RowsQuery, focus: str, *, with_chart: bool = True
) -> dict[str, Any]:
    shown = rows_shown(visit, seen, rows_query(visit, asked)) if seen.is_scored else None
    return {
        "screen": "profiles",
        "seen": seen,
        "shown": shown,
        "focus": focus,
        "maker": actor_named(visit, seen.kept.creator),
        "chart": tiers_picture(seen.kept.against) if seen.is_scored and with_chart else "",
    }
