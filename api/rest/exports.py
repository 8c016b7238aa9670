"""Files behind signed links, until their hour is over."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse

from store.records import Export
from store.workspace import House

MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "jsonl": "application/x-ndjson"}


def export_routes() -> APIRouter:
    """`GET` and `HEAD /v1/exports/{name}`, with Range; the link is the credential."""
    router = APIRouter(prefix="/v1/exports", tags=["exports"])

    @router.get("/{name}", response_class=FileResponse)
    @router.head("/{name}", response_class=FileResponse, include_in_schema=False)
    def export(
        request: Request, name: str, expires: int = Query(), signature: str = Query(max_length=128)
    ) -> FileResponse:
        """The file of a signed link; 410 once its hour is over."""
        house = _house_of(request.app.state.house, name)
        path = house.exports.fetch(name, expires, signature, house.now())
        return FileResponse(
            path,
            media_type=MEDIA_TYPES[path.suffix[1:]],
            filename=f"fieldmark-{name}",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )

    return router


def _house_of(house: House, name: str) -> House:
    """The house whose export this is: the link names no organisation, its record does."""
    record = house.everywhere.get(Export, name.partition(".")[0])
    return house.of(record.organisation_id) if record else house
