"""Jobs: asked for, followed, stopped, decided for, and what came of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from agent import CATALOGUE
from api.access.visit import Reader, Runner, Visit
from api.jobs import queue
from api.jobs.attempt import trace_id
from api.jobs.kinds import kind_named
from api.jobs.one_call import RESULT, OneCall, require_kept
from api.rest.form.paging import Page, Pages, page_of
from api.rest.form.problems import refusal_answer
from api.rest.work.events import HEADERS, MEDIA_TYPE, job_events, number_after
from store.access import Scope
from store.errors import Conflict, NotAllowed, NotFound
from store.records.newest import Place, newest
from store.records.runs import OPEN, Run, Status, run_named
from tools.calls import tool_named

SOON = 1  # seconds after which it is worth asking how far a job is
AGAIN = {"Retry-After": str(SOON)}


class JobAsked(BaseModel):
    """A tool with its arguments, to be done while nobody waits."""

    model_config = ConfigDict(extra="forbid")

    tool: str = Field(max_length=100, description="A name from `GET /v1/tools`.")
    arguments: dict[str, Any] = Field(default_factory=dict, description="As the tool takes them.")
    warehouse: str | None = Field(default=None, description="The warehouse; the only one when left out.")
    asks: bool = Field(
        default=False, description="What leaves the house as a file waits for `POST …/approve`."
    )


class Decision(BaseModel):
    """What a job waited for."""

    model_config = ConfigDict(extra="forbid")

    approved: bool


class Job(BaseModel):
    """How a job is."""

    run_id: str
    tool: str
    warehouse: str
    workflow_id: str
    status: Status
    step: str = Field(description="The step it is in, or was in last.")
    done: int
    of: int = Field(description="`done` of how many parts of the step.")
    count: int | None = Field(default=None, description="What the last step counted.")
    waiting_for: dict[str, Any] | None = Field(default=None, description="What it wants decided.")
    message: str = Field(description="Why it was refused or failed.")
    refusal: str = Field(description="Which kind of refusal it was, such as NotFound; empty without one.")
    actor: str = Field(description="Who asked for it.")
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    events: str = Field(description="Where it can be followed.")
    result: str | None = Field(default=None, description="Where its answer is, once it is done.")


def job_of(run: Run) -> Job:
    """The job of a record."""
    path = f"/v1/jobs/{run.run_id}"
    return Job(
        tool=run.kind,
        events=f"{path}/events",
        result=f"{path}/result" if run.status == "done" else None,
        **run.model_dump(include=set(Job.model_fields) - {"tool", "events", "result"}),
    )


def submitted(
    visit: Visit, tool: str, arguments: dict[str, Any], warehouse: str | None, *, asks: bool = False
) -> JSONResponse:
    """202 with the job, queued, for whoever may use the tool."""
    kind_named(tool)
    visit.require(*needs_of(tool))
    name = visit.settings.warehouse_named(warehouse, visit.house.home)
    run = queue.submit(
        visit.house, visit.settings, tool, arguments, name, asks=asks, actor=visit.principal.actor
    )
    headers = {"Location": f"/v1/jobs/{run.run_id}", **AGAIN}
    return JSONResponse(job_of(run).model_dump(mode="json"), 202, headers=headers)


def needs_of(tool: str) -> list[Scope]:
    """The scopes that the tool needs, in a fixed order; none for one that is there no more."""
    try:
        return sorted(tool_named(CATALOGUE, tool).needs)
    except NotFound:
        return []


def job_routes() -> APIRouter:
    """`/v1/jobs`."""
    router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

    @router.post("", status_code=202, response_model=Job)
    def submit_job(visit: Runner, asked: JobAsked) -> JSONResponse:
        """The job, queued: any tool, done by a worker while nobody waits."""
        return submitted(visit, asked.tool, asked.arguments, asked.warehouse, asks=asked.asks)

    @router.get("")
    def list_jobs(
        visit: Reader,
        pages: Pages,
        status: Annotated[list[Status] | None, Query(description="Only jobs that are so.")] = None,
        warehouse: Annotated[str | None, Query(max_length=63, description="Only of this one.")] = None,
    ) -> Page[Job]:
        """Jobs, newest first."""
        rows = newest(
            visit.house.database,
            Run,
            Run.created_at,
            Run.run_id,
            pages.limit,
            pages.after,
            status=tuple(status) if status else None,
            warehouse=warehouse,
        )
        return page_of(rows, pages.limit, lambda run: Place(run.created_at, run.run_id), job_of)

    @router.get("/{run_id}")
    def show_job(visit: Reader, run_id: str, response: Response) -> Job:
        """How far a job is."""
        run = run_named(visit.house.database, run_id)
        if run.status in OPEN:
            response.headers.update(AGAIN)
        return job_of(run)

    _add_outcome_routes(router)
    _add_changes(router)
    return router


def _add_outcome_routes(router: APIRouter) -> None:
    @router.get("/{run_id}/result", response_model=None)
    def job_result(visit: Reader, run_id: str) -> Response:
        """What came of a job, as the tool answers; 409 while there is nothing, 410 once its day is over."""
        return _result_of(visit, run_named(visit.house.database, run_id))

    @router.get(
        "/{run_id}/events",
        response_class=StreamingResponse,
        responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    )
    def follow_job(
        visit: Reader, run_id: str, last_event_id: Annotated[str | None, Header()] = None
    ) -> StreamingResponse:
        """The job's states after Last-Event-ID as `progress`, each whole, and `done` at its end."""
        database = visit.house.database
        frames = job_events(
            lambda: database.get(Run, run_id),
            lambda run: job_of(run).model_dump(mode="json"),
            number_after(last_event_id),
        )
        return StreamingResponse(frames, media_type=MEDIA_TYPE, headers=HEADERS)


def _add_changes(router: APIRouter) -> None:
    @router.post("/{run_id}/cancel")
    def cancel_job(visit: Runner, run_id: str) -> Job:
        """The job, cancelled now or, where a worker has it, after the step it is in."""
        return job_of(queue.cancel(visit.house, run_id))

    @router.post("/{run_id}/approve")
    def approve_job(visit: Runner, run_id: str, decision: Decision) -> Job:
        """The job, queued again with the decision that it waited for."""
        return _changed(visit, run_id, lambda: queue.answer(visit.house.database, run_id, decision.approved))

    @router.post("/{run_id}/resume")
    def resume_job(visit: Runner, run_id: str) -> Job:
        """The job, queued again after it was cancelled or failed; it goes on at the step it was in."""
        return _changed(visit, run_id, lambda: queue.go_on(visit.house.database, run_id))


def _changed(visit: Visit, run_id: str, change: Callable[[], object]) -> Job:
    run = run_named(visit.house.database, run_id)
    visit.require(*needs_of(run.kind))
    change()
    return job_of(run_named(visit.house.database, run_id))


def _result_of(visit: Visit, run: Run) -> Response:
    """The answer of a job. Raises NotAllowed, and Expired once it is gone."""
    needs: list[Scope] = [need for need in needs_of(run.kind) if need != "run"]
    visit.require(*needs)
    if run.status != "done":
        is_open = run.status in OPEN
        conflict = Conflict(
            f"The job is {run.status}, so there is no answer" + (" yet" if is_open else ""),
            where="run_id",
            instead="`GET /v1/jobs/{run_id}` tells how it is.",
        )
        return refusal_answer(conflict, AGAIN if is_open else None)
    kind, artifacts = kind_named(run.kind), visit.house.artifacts
    if isinstance(kind, OneCall):
        if run.actor != visit.principal.actor:
            raise NotAllowed(
                "The answer of a call is for whoever asked", where="run_id", instead="Ask it too."
            )
        require_kept(artifacts, run.run_id, run.ended_at, visit.house.now())
        return FileResponse(
            artifacts.path(RESULT, run.run_id, "json"),
            media_type="application/json",
            headers={"Cache-Control": "private, no-store"},
        )
    found = kind.saved(visit.house.workspace(run.warehouse, visit.principal.actor), run.run_id)
    found.workflow_id, found.tool_trace_id = run.workflow_id, trace_id(run.run_id)
    return Response(found.model_dump_json(exclude_none=True, warnings=False), media_type="application/json")
