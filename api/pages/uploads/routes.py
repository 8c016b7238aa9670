"""A file is chosen, looked at, put right, or taken back; nothing is done with it yet."""

from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from agent.conversation.looking import seen
from api.access.visit import PeopleRunner, Visit
from api.demo.progress import BEST_CUSTOMERS
from api.pages.rendering import page
from api.pages.welcome.shown import example_file
from store.customer_columns import say_role
from store.errors import NotFound, ToolRefused
from store.uploads import PREFIX, Uploads, safe_name

ROLES = ("email", "phone", "address", "maid", "id", "person_id", "nothing")
LONGEST_ID, LONGEST_NAME = 80, 400
Id = Annotated[str, Form(max_length=LONGEST_ID)]


def upload_routes() -> APIRouter:
    """`/uploads`."""
    router = APIRouter(prefix="/uploads")

    @router.post("")
    def choose(
        visit: PeopleRunner,
        request: Request,
        file: Annotated[UploadFile, File()],
        replaces: Id = "",
    ) -> HTMLResponse:
        """Keep the file under an id of its own, and show what it is."""
        _forget(Uploads(visit.house.home), replaces)
        return _kept(visit, request, file.filename or "", file.file)

    @router.post("/example")
    def choose_example(visit: PeopleRunner, request: Request) -> HTMLResponse:
        """The same with the example file of this house."""
        path = example_file(visit)
        if path is None:
            raise NotFound("The example file is not made yet", where=BEST_CUSTOMERS)
        with path.open("rb") as file:
            return _kept(visit, request, BEST_CUSTOMERS, file)

    @router.post("/column")
    def correct(
        visit: PeopleRunner,
        request: Request,
        upload: Id,
        column: Annotated[str, Form(max_length=LONGEST_NAME)],
        role: Annotated[str, Form(max_length=20)],
    ) -> HTMLResponse:
        """Say what a column is."""
        say_role(_waiting(visit, upload), column, role)
        return _look(visit, request, upload, changed=column)

    @router.post("/sheet")
    def choose_sheet(
        visit: PeopleRunner,
        request: Request,
        upload: Id,
        sheet: Annotated[str, Form(max_length=LONGEST_NAME)],
    ) -> HTMLResponse:
        """Read another sheet of the workbook."""
        _waiting(visit, upload)
        Uploads(visit.house.home).choose_sheet(upload, sheet)
        return _look(visit, request, upload)

    @router.post("/remove")
    def take_back(visit: PeopleRunner, request: Request, upload: Id) -> HTMLResponse:
        """Remove the file."""
        _forget(Uploads(visit.house.home), upload)
        return page(request, "uploads/none.html.j2")

    return router


def _kept(visit: Visit, request: Request, name: str, content: BinaryIO) -> HTMLResponse:
    uploads, upload_id = Uploads(visit.house.home), f"{PREFIX}{visit.house.new_id()}"
    try:
        uploads.save_from(upload_id, name, content)
        return _look(visit, request, upload_id)
    except ToolRefused:  # what cannot be read is not kept
        uploads.remove(upload_id)
        raise


def _forget(uploads: Uploads, upload_id: str) -> None:
    if upload_id and uploads.waiting(upload_id) is not None:
        uploads.remove(upload_id)


def _waiting(visit: Visit, upload_id: str) -> Any:
    path = Uploads(visit.house.home).waiting(upload_id)
    if path is None:
        raise NotFound("The file is no longer here", where="file", instead="Choose it again.")
    return path


def _look(visit: Visit, request: Request, upload_id: str, changed: str = "") -> HTMLResponse:
    path = _waiting(visit, upload_id)
    sheets = Uploads(visit.house.home).sheets_of(upload_id)
    return page(
        request,
        "uploads/look.html.j2",
        upload=upload_id,
        name=safe_name(path.name),
        file=seen(path),
        sheets=sheets,
        roles=ROLES,
        changed=changed,
    )
