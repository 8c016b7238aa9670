"""Files behind signed links: fetched until their hour is over, listed, and revoked."""

import re
from datetime import datetime

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from api.access.visit import PeopleReader, PeopleRunner
from api.rest.form.paging import Page, Pages, page_of
from store.records import Export
from store.records.newest import Place, newest
from store.workspace import House

MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "jsonl": "application/x-ndjson"}
_LATER_PART = re.compile(r"bytes=(?:[1-9]\d*-|-)").match  # of a download that was begun before


class ExportLine(BaseModel):
    """One file that was written, without its link: whoever asked for it has that."""

    export_id: str
    warehouse: str
    workflow_id: str
    format: str
    rows: int
    size_bytes: int
    actor: str = Field(description="Who had it written.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    downloads: int = Field(description="How often it was fetched, from its beginning.")


def export_routes() -> APIRouter:
    """`GET /v1/exports`, `DELETE /v1/exports/{export_id}`, and the files, whose link is the credential."""
    router = APIRouter(prefix="/v1/exports", tags=["exports"])

    @router.get("")
    def exports(visit: PeopleReader, pages: Pages, warehouse: str | None = Query(None)) -> Page[ExportLine]:
        """The exports of the organisation, newest first."""
        rows = newest(
            visit.house.database,
            Export,
            Export.created_at,
            Export.export_id,
            pages.limit,
            pages.after,
            warehouse=warehouse,
        )
        return page_of(rows, pages.limit, _place, lambda row: ExportLine.model_validate(row.model_dump()))

    @router.delete("/{export_id}", status_code=204, response_class=Response)
    def revoke(visit: PeopleRunner, export_id: str) -> None:
        """Remove an export at once; its link answers 410 from then on."""
        visit.house.exports.revoke(export_id, visit.house.now(), visit.principal.actor)

    @router.get("/{name}", response_class=FileResponse)
    @router.head("/{name}", response_class=FileResponse, include_in_schema=False)
    def export(
        request: Request, name: str, expires: int = Query(), signature: str = Query(max_length=128)
    ) -> FileResponse:
        """The file of a signed link; 410 once its hour is over or it was revoked."""
        house = _house_of(request.app.state.house, name)
        path = house.exports.fetch(name, expires, signature, house.now())
        if request.method == "GET" and not _LATER_PART(request.headers.get("range", "")):
            house.exports.count_download(name)
        return FileResponse(
            path,
            media_type=MEDIA_TYPES[path.suffix[1:]],
            filename=f"fieldmark-{name}",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )

    return router


def _place(row: Export) -> Place:
    return Place(row.created_at, row.export_id)


def _house_of(house: House, name: str) -> House:
    """The house whose export this is: the link names no organisation, its record does."""
    record = house.everywhere.get(Export, name.partition(".")[0])
    return house.of(record.organisation_id) if record else house
