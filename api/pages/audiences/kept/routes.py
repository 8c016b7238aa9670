"""Audiences that were kept: all of them, and one."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleReader, PeopleRunner, Reader
from api.pages.audiences.kept.one import files_of, kept_one
from api.pages.here import Chosen, workspace_if_any
from api.pages.rendering import page
from api.rest.form.paging import Pages, page_of
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest

SCREEN = "audiences"


def kept_pages() -> APIRouter:
    """`/audiences`, `/audiences/{audience_id}`, and taking a file of one back."""
    router = APIRouter()

    @router.get("/audiences")
    def kept_audiences(request: Request, visit: Reader, chosen: Chosen, pages: Pages) -> HTMLResponse:
        """The audiences of the warehouse, newest first."""
        workspace = workspace_if_any(visit, chosen)
        if workspace is None:
            return page(request, "audiences/kept/list.html.j2", screen=SCREEN, found=None, warehouse="")
        name = workspace.warehouse.name
        at, key = KeptResult.created_at, KeptResult.result_id
        rows = newest(
            visit.house.database,
            KeptResult,
            at,
            key,
            pages.limit,
            pages.after,
            kind="audience",
            warehouse=name,
        )
        found = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.result_id))
        return page(request, "audiences/kept/list.html.j2", screen=SCREEN, found=found, warehouse=name)

    @router.get("/audiences/{audience_id}")
    def one_audience(request: Request, visit: PeopleReader, audience_id: str) -> HTMLResponse:
        """One audience: its size, its sentence, a masked sample, and the files that were written of it."""
        kept = kept_one(visit, audience_id)
        files = files_of(visit, kept.record)
        words = {"kept": kept, "files": files, "now": visit.house.now()}
        return page(request, "audiences/kept/one.html.j2", screen=SCREEN, **words)

    @router.get("/audiences/{audience_id}/files")
    def files(request: Request, visit: PeopleReader, audience_id: str) -> HTMLResponse:
        """The files written of an audience."""
        kept = kept_one(visit, audience_id)
        words = {"kept": kept, "files": files_of(visit, kept.record), "now": visit.house.now()}
        return page(request, "audiences/kept/files.html.j2", screen=SCREEN, **words)

    @router.post("/audiences/{audience_id}/exports/{export_id}/revoke")
    def revoke(request: Request, visit: PeopleRunner, audience_id: str, export_id: str) -> HTMLResponse:
        """Take a file back at once; its link ends."""
        kept = kept_one(visit, audience_id)
        if export_id in {file.export_id for file in files_of(visit, kept.record)}:
            visit.house.exports.revoke(export_id, visit.house.now(), visit.principal.actor)
        words = {"kept": kept, "files": files_of(visit, kept.record), "now": visit.house.now()}
        return page(request, "audiences/kept/files.html.j2", screen=SCREEN, **words)

    return router
