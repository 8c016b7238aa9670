"""The dialog that makes a file of an audience: looked at first, written after a yes."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from agent import CATALOGUE
from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.jobs import queue
from api.jobs.one_call import RESULT
from api.pages.audiences.exporting.following import job_fragments
from api.pages.audiences.exporting.wanted import LONGEST, Wanted, wanted_again, wanted_of
from api.pages.audiences.kept.one import KeptAudience, kept_one
from api.pages.here import require_warehouse
from api.pages.rendering import page, rendered
from api.rest.work.events import HEADERS, MEDIA_TYPE, number_after
from store.destinations import Destinations
from store.errors import BadInput, NotFound
from store.records.runs import Run, run_named
from store.workspace import Workspace
from tools.activation.platforms import PLATFORMS
from tools.activation.queries import ExportedAudience
from tools.calls import call, tool_named

LONG = 200_000  # people of an audience whose file a job writes
FOLDER = "audiences/exporting"
TOOL = "export_audience"


def exporting_pages() -> APIRouter:
    """`/audiences/{audience_id}/export`, what is told before, the file, and how far its job is."""
    router = APIRouter()

    @router.get("/audiences/{audience_id}/export")
    def dialog(request: Request, visit: PeopleRunner, audience_id: str) -> HTMLResponse:
        """The dialog."""
        kept = kept_one(visit, audience_id)
        words = {
            "kept": kept,
            "platforms": PLATFORMS.values(),
            "wanted": Wanted(),
            "destinations": [each.name for each in Destinations(visit.house.home).all()],
        }
        return page(request, f"{FOLDER}/dialog.html.j2", screen="audiences", **words)

    @router.get("/audiences/{audience_id}/export/check")
    def check(request: Request, visit: PeopleRunner, audience_id: str) -> HTMLResponse:
        """What to know before the file is written."""
        kept = kept_one(visit, audience_id)
        wanted = wanted_of(request.query_params.multi_items())
        arguments = wanted.arguments(audience_id, kept.record.workflow_id, ()) | {"preflight": True}
        arguments.pop("delivery", None)  # nothing is delivered by looking
        found = call(tool_named(CATALOGUE, TOOL), _workspace(visit, kept), arguments)
        words = _checked_words(found, wanted, kept)
        return page(request, f"{FOLDER}/check.html.j2", screen="audiences", **words)

    @router.post("/audiences/{audience_id}/export")
    def write(
        request: Request,
        visit: PeopleRunner,
        audience_id: str,
        wanted: Annotated[str, Form(max_length=LONGEST)],
        yes: Annotated[str, Form(max_length=10)] = "",
        accept: Annotated[list[str] | None, Form()] = None,
    ) -> HTMLResponse:
        """Write the file now, or queue a job for a large one."""
        if yes != "yes":
            raise BadInput(
                "The file was not written, for nobody said yes",
                where="yes",
                instead="Tick the yes above the button first.",
            )
        kept = kept_one(visit, audience_id)
        arguments = wanted_again(wanted).arguments(audience_id, kept.record.workflow_id, accept or ())
        if kept.record.count > LONG:
            return _queued(request, visit, kept, arguments)
        made = call(tool_named(CATALOGUE, TOOL), _workspace(visit, kept), arguments)
        return page(
            request, f"{FOLDER}/written.html.j2", screen="audiences", files=files_shown(made), kept=kept
        )

    @router.get("/audiences/{audience_id}/export/jobs/{run_id}")
    def follow(
        request: Request,
        visit: PeopleReader,
        audience_id: str,
        run_id: str,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """How far the job is, as fragments, until it has ended."""
        kept = kept_one(visit, audience_id)
        run_named(visit.house.database, run_id)

        def told(run: Run | None) -> str:
            files = files_of_job(visit, kept, run)
            return rendered(request, f"{FOLDER}/progress.html.j2", run=run, kept=kept, files=files)

        frames = job_fragments(
            lambda: visit.house.database.get(Run, run_id), told, number_after(last_event_id)
        )
        return StreamingResponse(frames, media_type=MEDIA_TYPE, headers=HEADERS)

    return router


def _workspace(visit: Visit, kept: KeptAudience) -> Workspace:
    return visit.house.workspace(require_warehouse(visit, kept.record.warehouse), visit.principal.actor)


def _queued(request: Request, visit: Visit, kept: KeptAudience, arguments: dict[str, Any]) -> HTMLResponse:
    warehouse = require_warehouse(visit, kept.record.warehouse)
    run = queue.submit(visit.house, visit.settings, TOOL, arguments, warehouse, actor=visit.principal.actor)
    return page(request, f"{FOLDER}/queued.html.j2", screen="audiences", run=run, kept=kept)


def _checked_words(found: Any, wanted: Wanted, kept: KeptAudience) -> dict[str, Any]:
    assert isinstance(found, ExportedAudience)  # what the tool declares
    blocked = any(each.code == "nobody_usable" for each in found.warnings) or found.rows == 0
    stops = list(dict.fromkeys(each.code for each in found.warnings if each.severity == "stop"))
    return {"found": found, "wanted": wanted, "kept": kept, "stops": stops, "blocked": blocked}


def files_of_job(visit: Visit, kept: KeptAudience, run: Run | None) -> list[dict[str, Any]]:
    """The files that a job of this audience wrote; none but to who asked for it, once it is done."""
    is_theirs = run is not None and run.kind == TOOL and run.actor == visit.principal.actor
    if run is None or not is_theirs or run.status != "done" or run.workflow_id != kept.record.workflow_id:
        return []
    try:
        said = visit.house.artifacts.document(RESULT, run.run_id)
    except NotFound:  # its answer was kept for a day
        return []
    return files_shown(ExportedAudience.model_validate(said))


def files_shown(made: Any) -> list[dict[str, Any]]:
    """The files with links into this house: whoever reads them may know it by another name."""
    assert isinstance(made, ExportedAudience)  # what the tool declares
    shown = []
    for file in made.files:
        at = urlsplit(file.export.url)
        shown.append(
            {
                "href": f"{at.path}?{at.query}",
                "rows": file.export.rows,
                "size": file.export.size_bytes,
                "until": file.export.expires_at,
                "delivered": file.delivered.destination if file.delivered else "",
            }
        )
    return shown
