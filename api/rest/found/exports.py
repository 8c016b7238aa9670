"""Files behind signed links: fetched until their hour is over, listed, and revoked."""

import re
from datetime import datetime
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.rest.form.paging import Page, Pages, Turned, page_of
from store.records import Export
from store.records.newest import Place, newest
from store.workspace import House, Workspace
from tools.privacy.exports_about_person import looked_through
from tools.privacy.person import AboutPerson, known

LEAST = -(1 << 63)  # of a person id
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
    people: int | None = Field(description="In it; null where it was written before that was kept.")
    platform: str = Field(description="In whose form it was, such as `meta`; empty for none.")
    delivered_to: str = Field(description="The destination to which it was written besides; empty for none.")
    delivered_url: str = Field(description="Where it was written there.")
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    downloads: int = Field(description="How often it was fetched, from its beginning.")


def export_routes() -> APIRouter:
    """`GET /v1/exports`, `DELETE /v1/exports/{export_id}`, and the files, whose link is the credential."""
    router = APIRouter(prefix="/v1/exports", tags=["exports"])

    @router.get("")
    def exports(
        visit: PeopleReader,
        pages: Pages,
        warehouse: Annotated[str | None, Query(max_length=63, description="Only of this one.")] = None,
        person_id: Annotated[
            int | None, Query(ge=LEAST, le=-LEAST - 1, description="Only those in which this person was.")
        ] = None,
    ) -> Page[ExportLine]:
        """The exports of the organisation, newest first; with a person, those that they were in."""
        rows = (
            _newest(visit, pages, warehouse)
            if person_id is None
            else _about(visit.workspace(warehouse), person_id, pages)
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


def _newest(visit: Visit, pages: Turned, warehouse: str | None) -> list[Export]:
    at, key = Export.created_at, Export.export_id
    return newest(visit.house.database, Export, at, key, pages.limit, pages.after, warehouse=warehouse)


def _about(workspace: Workspace, person_id: int, pages: Turned) -> list[Export]:
    person = known(workspace, AboutPerson(person_id=person_id))
    found = (record for record, holds in looked_through(workspace, person, pages.after) if holds)
    return list(islice(found, pages.limit + 1))


def _place(row: Export) -> Place:
    return Place(row.created_at, row.export_id)


def _house_of(house: House, name: str) -> House:
    """The house whose export this is: the link names no organisation, its record does."""
    record = house.everywhere.get(Export, name.partition(".")[0])
    return house.of(record.organisation_id) if record else house
