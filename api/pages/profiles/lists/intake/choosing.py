"""A list is chosen and looked at before anything is done with it."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleRunner
from api.pages.profiles.lists.intake.waiting import WaitingList, another_sheet, drop, looked_at, wait_with
from api.pages.rendering import page
from store.errors import ToolRefused

LONGEST_ID, LONGEST_NAME = 80, 400
Id = Annotated[str, Form(max_length=LONGEST_ID)]
Name = Annotated[str, Form(max_length=LONGEST_NAME)]


def add_choosing(router: APIRouter) -> None:
    """Add `/profiles/lists/look` and what is done there."""

    @router.post("/profiles/lists/look")
    def choose(
        visit: PeopleRunner, request: Request, file: Annotated[UploadFile, File()], replaces: Id = ""
    ) -> HTMLResponse:
        """Keep the file under an id of its own, and show what it is."""
        drop(visit, replaces)
        name = file.filename or ""
        found = wait_with(visit, name, file.file)
        try:
            return _look(request, found, name)
        except ToolRefused:  # what cannot be read is not kept
            drop(visit, found.upload_id)
            raise

    @router.post("/profiles/lists/look/sheet")
    def choose_sheet(
        visit: PeopleRunner, request: Request, upload: Id, sheet: Name, name: Name = ""
    ) -> HTMLResponse:
        """Read another sheet of the workbook."""
        return _look(request, another_sheet(visit, upload, sheet), name)

    @router.post("/profiles/lists/look/remove")
    def take_back(visit: PeopleRunner, request: Request, upload: Id) -> HTMLResponse:
        """Remove the file."""
        drop(visit, upload)
        return page(request, "profiles/lists/intake/no_look.html.j2", screen="profiles")


def _look(request: Request, found: WaitingList, name: str) -> HTMLResponse:
    return page(
        request,
        "profiles/lists/intake/look.html.j2",
        screen="profiles",
        upload=found.upload_id,
        name=name or found.path.name,
        file=looked_at(found),
        sheets=found.sheets,
    )
