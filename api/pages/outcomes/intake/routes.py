"""`/outcomes/load`: a file is looked at, corrected, and recorded; or the example is."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.access.visit import Reader, Runner, Visit
from api.pages.choosing import YEAR_S
from api.pages.here import COOKIE, Chosen, workspace_if_any
from api.pages.outcomes.intake.example import EXAMPLE, record_example
from api.pages.outcomes.intake.held import ENDINGS, Held, choose_sheet, drop, held, hold
from api.pages.outcomes.intake.looking import KINDS, SAID, Said, look
from api.pages.rendering import gone_to, page
from store.errors import BadInput
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import ledger_of
from store.workspace import Workspace
from tools.outcomes.persons_by_email import email_resolver

FIRST_NAME = "crm"  # of the warehouse where there is none yet
MOST_STAGES = 20
LONGEST_SHEET = 100  # characters of its name
Column = Annotated[list[str] | None, Form(max_length=len(SAID))]
Stages = Annotated[list[str] | None, Form(max_length=MOST_STAGES)]


def add_intake_pages(router: APIRouter) -> None:
    """The ways of a file into the ledger."""

    @router.get("/outcomes/load")
    def choose_file(request: Request, visit: Reader, chosen: Chosen) -> HTMLResponse:
        """Which file is wanted, and where to drop it."""
        workspace = workspace_if_any(visit, chosen)
        return _page(request, visit, workspace, waiting=None)

    @router.post("/outcomes/load")
    def take_file(
        visit: Runner,
        chosen: Chosen,
        file: UploadFile,
        name: Annotated[str, Form(max_length=63)] = FIRST_NAME,
    ) -> HTMLResponse:
        """Keep the file, and look at it."""
        workspace = workspace_if_any(visit, chosen) or visit.house.workspace(name, visit.principal.actor)
        found = hold(visit, workspace.warehouse.name, file.filename or "", file.file)
        return gone_to(f"/outcomes/load/{found.upload_id}")

    @router.post("/outcomes/example")
    def example(visit: Runner) -> HTMLResponse:
        """Record generated deals in a warehouse of their own, and go there."""
        report = record_example(visit.house.workspace(EXAMPLE, visit.principal.actor))
        visit.note("outcomes.recorded", EXAMPLE, records=report.recorded, unit=report.unit)
        answer = gone_to("/outcomes")
        secure = visit.settings.base_url.startswith("https://")
        answer.set_cookie(COOKIE, EXAMPLE, max_age=YEAR_S, httponly=True, samesite="lax", secure=secure)
        return answer

    _add_held(router)


def _add_held(router: APIRouter) -> None:
    @router.get("/outcomes/load/{upload_id}")
    def look_at_file(request: Request, visit: Runner, upload_id: str) -> HTMLResponse:
        """What would be recorded of the file that waits."""
        waiting = held(visit, upload_id)
        workspace = _workspace(visit, waiting)
        return _page(request, visit, workspace, **_looked(visit, workspace, waiting, Said()))

    @router.post("/outcomes/load/{upload_id}/look")
    def look_again(
        request: Request,
        visit: Runner,
        upload_id: str,
        column: Column = None,
        stage: Stages = None,
        means: Stages = None,
        day_first: Annotated[bool | None, Form()] = None,
        currency: Annotated[str, Form(max_length=3)] = "",
    ) -> HTMLResponse:
        """The same with what somebody says of its columns."""
        waiting = held(visit, upload_id)
        said = _said(column, stage, means, day_first, currency)
        words = _looked(visit, _workspace(visit, waiting), waiting, said)
        return page(request, "outcomes/intake/look.html.j2", **words)

    @router.post("/outcomes/load/{upload_id}/sheet")
    def look_at_sheet(
        request: Request, visit: Runner, upload_id: str, sheet: Annotated[str, Form(max_length=LONGEST_SHEET)]
    ) -> HTMLResponse:
        """What would be recorded of another sheet of the workbook."""
        waiting = choose_sheet(visit, held(visit, upload_id), sheet)
        words = _looked(visit, _workspace(visit, waiting), waiting, Said())
        return page(request, "outcomes/intake/look.html.j2", is_chosen=True, **words)

    @router.post("/outcomes/load/{upload_id}/record")
    def record(
        request: Request,
        visit: Runner,
        upload_id: str,
        column: Column = None,
        stage: Stages = None,
        means: Stages = None,
        day_first: Annotated[bool | None, Form()] = None,
        currency: Annotated[str, Form(max_length=3)] = "",
    ) -> HTMLResponse:
        """Record it as it was looked at."""
        waiting = held(visit, upload_id)
        workspace = _workspace(visit, waiting)
        report = ledger_of(workspace.warehouse).load(
            waiting.path,
            IntakeQuery(),
            visit.house.now(),
            said=_said(column, stage, means, day_first, currency).column_file(),
            resolve=email_resolver(workspace),
            memory_limit=visit.settings.memory,
        )
        visit.note("outcomes.recorded", waiting.warehouse, records=report.recorded, unit=report.unit)
        drop(visit, waiting)
        return page(request, "outcomes/intake/recorded.html.j2", report=report, warehouse=waiting.warehouse)

    @router.post("/outcomes/load/{upload_id}/drop")
    def drop_file(visit: Runner, upload_id: str) -> HTMLResponse:
        """Throw the file away."""
        drop(visit, held(visit, upload_id))
        return gone_to("/outcomes/load")


def _said(
    column: list[str] | None,
    stage: list[str] | None,
    means: list[str] | None,
    day_first: bool | None,
    currency: str,
) -> Said:
    """What was said. Raises BadInput where it cannot be."""
    try:
        return Said(
            columns=dict(zip(SAID, column, strict=False)) if column else None,  # type: ignore[arg-type]  # pydantic checks it
            stages=dict(zip(stage or [], means or [], strict=False)),
            day_first=day_first,
            currency=currency.strip().upper(),
        )
    except ValidationError:
        raise BadInput(
            "A currency has three letters", where="currency", instead="Write it as EUR or USD."
        ) from None


def _workspace(visit: Visit, waiting: Held) -> Workspace:
    return visit.house.workspace(waiting.warehouse, visit.principal.actor)


def _looked(visit: Visit, workspace: Workspace, waiting: Held, said: Said) -> dict[str, Any]:
    found = look(workspace, waiting.path, said, visit.settings.memory)
    return {"waiting": waiting, "look": found, "roles": SAID, "kinds": KINDS}


def _page(request: Request, visit: Visit, workspace: Workspace | None, **words: Any) -> HTMLResponse:
    return page(
        request,
        "outcomes/intake/load.html.j2",
        screen="outcomes",
        warehouse=workspace.warehouse.name if workspace else "",
        **({} if words["waiting"] is None else {"warehouses": []}),  # the file knows where it goes
        first_name=FIRST_NAME,
        endings=",".join(ENDINGS),
        **words,
    )
