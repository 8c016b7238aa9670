"""Which audiences are kept up to date, what would a refresh change, and what did each?"""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleRunner, Reader, Runner, Visit
from api.pages.audiences.standing.shown import (
    CHIPS,
    shown_of,
    standing_here,
    told_of,
    who_now,
    would_change,
)
from api.pages.here import Chosen, require_warehouse, workspace_if_any
from api.pages.rendering import gone_to, page
from api.rest.form.paging import Pages, Turned, page_of
from store.errors import BadInput
from store.records.newest import Place
from store.records.standing import changes_of, standing_of
from store.workspace import Workspace
from tools.calls import call
from tools.standing import catalogue
from tools.standing.findings import StandingRefreshed
from tools.standing.keep_audience import pause_audience, remove_audience

SCREEN, FOLDER, ADDRESS = "audiences", "audiences/standing", "/audiences/standing"
Text = Annotated[str, Form(max_length=255)]


def standing_pages() -> APIRouter:
    """`/audiences/standing`, one of them, and refreshing."""
    router = APIRouter()
    _add_list(router)
    _add_refresh(router)
    _add_one(router)
    return router


def _add_list(router: APIRouter) -> None:
    @router.get(ADDRESS)
    def standing_audiences(request: Request, visit: Reader, chosen: Chosen) -> HTMLResponse:
        """The audiences of the warehouse that are kept up to date, each with what moved last."""
        workspace = workspace_if_any(visit, chosen)
        words = {"all": None, "warehouse": ""} if workspace is None else _words_of_all(workspace)
        return page(request, f"{FOLDER}/list.html.j2", screen=SCREEN, **words)


def _add_refresh(router: APIRouter) -> None:
    @router.post(f"{ADDRESS}/refresh/look")
    def look(request: Request, visit: PeopleRunner, warehouse: Text, standing: Text = "") -> HTMLResponse:
        """What a refresh would change, of all or of one: nothing is written."""
        return _refreshed(request, visit, warehouse, standing, "dry_run")

    @router.post(f"{ADDRESS}/refresh")
    def refresh(
        request: Request, visit: PeopleRunner, warehouse: Text, standing: Text = "", yes: Text = ""
    ) -> HTMLResponse:
        """Make them anew, and write their files."""
        if yes != "yes":
            raise BadInput(
                "Nothing was refreshed, for nobody said yes",
                where="yes",
                instead="Look first, then tick the yes above the button.",
            )
        return _refreshed(request, visit, warehouse, standing, "yes")


def _add_one(router: APIRouter) -> None:
    @router.get(f"{ADDRESS}/{{standing_id}}")
    def one_standing(request: Request, visit: Reader, standing_id: str, pages: Pages) -> HTMLResponse:
        """One standing audience: who is in it, where it goes, and every change with its reasons."""
        return _one(request, visit, standing_id, "one", pages)

    @router.post(f"{ADDRESS}/{{standing_id}}/pause")
    def pause(request: Request, visit: Runner, standing_id: str) -> HTMLResponse:
        """Let it rest: no refresh makes it anew."""
        workspace, record = standing_here(visit, standing_id)
        pause_audience(workspace, record.standing_id, is_paused=True)
        return _one(request, visit, standing_id, "body", Turned(), "paused")

    @router.post(f"{ADDRESS}/{{standing_id}}/resume")
    def resume(request: Request, visit: Runner, standing_id: str) -> HTMLResponse:
        """Have it made anew again."""
        workspace, record = standing_here(visit, standing_id)
        pause_audience(workspace, record.standing_id, is_paused=False)
        return _one(request, visit, standing_id, "body", Turned(), "resumed")

    @router.post(f"{ADDRESS}/{{standing_id}}/remove")
    def remove(visit: PeopleRunner, standing_id: str) -> HTMLResponse:
        """Forget it and its changes; what lies at its destination stays."""
        workspace, record = standing_here(visit, standing_id)
        remove_audience(workspace, record.standing_id)
        return gone_to(f"{ADDRESS}?warehouse={record.warehouse}")


def _here(visit: Visit, warehouse: str) -> Workspace:
    return visit.house.workspace(require_warehouse(visit, warehouse), visit.principal.actor)


def _refreshed(request: Request, visit: Visit, warehouse: str, standing: str, mode: str) -> HTMLResponse:
    """standing: the id of one; empty for all, and the tiers of everybody."""
    workspace = _here(visit, warehouse)
    names = [standing_here(visit, standing)[1].standing_id] if standing else []
    given = {"mode": mode, "names": names, "rescore": not standing}
    found = cast(StandingRefreshed, call(catalogue.REFRESH, workspace, given))
    is_done = mode == "yes"
    words: dict[str, Any] = {
        "refresh": found,
        "changes": not is_done and (would_change(found.audiences) or found.rescored is not None),
        "is_done": is_done,
        "standing": standing,
        "warehouse": warehouse,
        "chips": CHIPS,
        "done": "",
    }
    if is_done:  # what is told of them on the page is made anew too
        words |= _words_of_one(visit, standing, Turned()) if standing else _words_of_all(workspace)
    return page(request, f"{FOLDER}/refreshed.html.j2", screen=SCREEN, **words)


def _words_of_all(workspace: Workspace) -> dict[str, Any]:
    name = workspace.warehouse.name
    found = [shown_of(workspace, each) for each in standing_of(workspace.database, name)]
    return {"all": found, "warehouse": name}


def _one(
    request: Request, visit: Visit, standing_id: str, template: str, pages: Turned, done: str = ""
) -> HTMLResponse:
    words: dict[str, Any] = _words_of_one(visit, standing_id, pages) | {"done": done}
    return page(request, f"{FOLDER}/{template}.html.j2", screen=SCREEN, **words)


def _words_of_one(visit: Visit, standing_id: str, pages: Turned) -> dict[str, Any]:
    workspace, record = standing_here(visit, standing_id)
    rows = changes_of(workspace.database, record.standing_id, pages.limit, pages.after)
    found = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.change_id))
    return {
        "shown": shown_of(workspace, record),
        "found": found,
        "told": {row.change_id: told_of(row) for row in found.items},
        "in_words": who_now(workspace, record),
        "warehouse": record.warehouse,
    }
