"""Jobs of one kind at their addresses: begun, followed, stopped, gone on with."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.access.visit import Reader, Runner, Visit
from api.jobs import queue
from api.pages.outcomes.jobs.events import panel_events
from api.pages.outcomes.jobs.kind import JobKind
from api.pages.outcomes.jobs.panel import panel_of
from api.pages.rendering import page, rendered
from api.rest.work.events import HEADERS, MEDIA_TYPE, number_after
from api.rest.work.jobs import needs_of
from store.errors import NotFound, ToolRefused
from store.records.runs import Run, run_named

PANEL, STEPS = "outcomes/jobs/panel.html.j2", "outcomes/jobs/steps.html.j2"


def add_job_pages(router: APIRouter, kind: JobKind) -> None:
    """`…/{run_id}/events`, `…/cancel`, `…/resume` under the prefix of the kind."""

    @router.get(f"{kind.prefix}/{{run_id}}/events", response_class=StreamingResponse)
    def follow(
        request: Request, visit: Reader, run_id: str, last_event_id: Annotated[str | None, Header()] = None
    ) -> StreamingResponse:
        """The steps as they go, and the whole panel at the end."""
        database = visit.house.database
        frames = panel_events(
            lambda: _of_kind(database.get(Run, run_id), kind),
            lambda run: rendered(request, STEPS, panel=panel_of(kind, run)),
            lambda run: _whole(request, visit, kind, run),
            number_after(last_event_id),
        )
        return StreamingResponse(frames, media_type=MEDIA_TYPE, headers=HEADERS)

    @router.post(f"{kind.prefix}/{{run_id}}/cancel")
    def cancel(request: Request, visit: Runner, run_id: str) -> HTMLResponse:
        """Stop it: now, or after the step it is in."""
        _require(visit, kind, run_id)
        return job_panel(request, visit, kind, queue.cancel(visit.house, run_id))

    @router.post(f"{kind.prefix}/{{run_id}}/resume")
    def resume(request: Request, visit: Runner, run_id: str) -> HTMLResponse:
        """Go on with it at the step it was in."""
        _require(visit, kind, run_id)
        queue.go_on(visit.house.database, run_id)
        return job_panel(request, visit, kind, run_named(visit.house.database, run_id))


def begun(visit: Visit, kind: JobKind, warehouse: str, arguments: dict[str, Any]) -> Run:
    """The queued job of this tool. Raises NotAllowed, BadInput, and Busy."""
    visit.require(*needs_of(kind.tool))
    return queue.submit(
        visit.house, visit.settings, kind.tool, arguments, warehouse, actor=visit.principal.actor
    )


def job_panel(request: Request, visit: Visit, kind: JobKind, run: Run) -> HTMLResponse:
    """The panel of a job as a fragment."""
    return page(request, PANEL, **_words(visit, kind, run))


def _whole(request: Request, visit: Visit, kind: JobKind, run: Run | None) -> str:
    if run is None:
        return rendered(request, PANEL, panel=None, result=None, kind=kind)
    return rendered(request, PANEL, **_words(visit, kind, run))


def _words(visit: Visit, kind: JobKind, run: Run) -> dict[str, Any]:
    return {"panel": panel_of(kind, run), "result": _result(visit, kind, run), "kind": kind}


def _result(visit: Visit, kind: JobKind, run: Run) -> str:
    """Where what came of it lies; its home where there is nothing, or no more."""
    if run.status != "done":
        return kind.home
    try:
        return kind.result(visit.house.workspace(run.warehouse, visit.principal.actor), run)
    except ToolRefused:
        return kind.home


def _of_kind(run: Run | None, kind: JobKind) -> Run | None:
    return run if run is not None and run.kind == kind.tool else None


def _require(visit: Visit, kind: JobKind, run_id: str) -> None:
    """Raise NotFound for a job of another kind, NotAllowed where whoever asks may not use its tool."""
    if _of_kind(run_named(visit.house.database, run_id), kind) is None:
        raise NotFound("There is no such job here", where="run_id", instead=f"See those of {kind.home}.")
    visit.require(*needs_of(kind.tool))
