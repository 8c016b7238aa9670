"""To which folders and buckets are exports written besides?"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, Visit
from api.pages.settings.parts import formed, part_page
from api.rest.form.paging import Pages, Turned
from api.rest.found.destinations import (
    NewDestination,
    added_destination,
    page_of_destinations,
    removed_destination,
    try_destination,
)

Text = Annotated[str, Form()]


def destination_pages() -> APIRouter:
    """`/settings/destinations`."""
    router = APIRouter(prefix="/settings/destinations")

    @router.get("")
    def destinations(request: Request, visit: Admin, pages: Pages) -> HTMLResponse:
        """The destinations without their keys, newest first, and the form for another one."""
        return _page(request, visit, pages, "destinations")

    @router.post("")
    def add(
        request: Request,
        visit: Admin,
        name: Text,
        url: Text,
        endpoint: Text = "",
        region: Text = "us-east-1",
        key: Text = "",
        secret: Text = "",
    ) -> HTMLResponse:
        """A new destination; its keys are kept and shown nowhere."""
        given = {"name": name, "url": url, "endpoint": endpoint, "key": key, "secret": secret}
        if region:  # left empty it is the usual one
            given["region"] = region
        added_destination(visit, formed(NewDestination, given))
        return _page(request, visit, Turned(), "destinations_list", "destination_added")

    @router.post("/{name}/test")
    def test(request: Request, visit: Admin, name: str) -> HTMLResponse:
        """Write a small file there and remove it."""
        try_destination(visit, name)
        return _page(request, visit, Turned(), "destinations_list", "destination_tested", name)

    @router.post("/{name}/remove")
    def remove(request: Request, visit: Admin, name: str) -> HTMLResponse:
        """Forget a destination and its keys."""
        removed_destination(visit, name)
        return _page(request, visit, Turned(), "destinations_list", "destination_removed")

    return router


def _page(
    request: Request, visit: Visit, pages: Turned, template: str, done: str = "", name: str = ""
) -> HTMLResponse:
    return part_page(
        request,
        visit,
        "destinations",
        f"leaving/{template}.html.j2",
        found=page_of_destinations(visit, pages),
        done=done,
        name=name,
        folders=bool(visit.settings.export_folders),
    )
