"""What was made and said, found again: analyses, audiences, briefings, feedback, traces."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.briefing_result import Briefing
from agent.generate_audience import AUDIENCE
from agent.run_briefing import BRIEFING
from agent.runs.workflow import Workflow
from api.access.visit import PeopleReader, Reader, Visit
from api.rest.form.paging import Page, Pages, Turned, page_of
from store.errors import NotFound
from store.records import Analysis as AnalysisRecord
from store.records import Database
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest
from store.records.trace_tree import TraceTree, trace_of

Warehouse = Annotated[str | None, Query(max_length=63, description="Only of this one.")]


class AnalysisLine(BaseModel):
    """An analysis, as a list shows it."""

    analysis_id: str
    workflow_id: str
    warehouse: str
    snapshot_id: str
    created_at: datetime
    customers: int
    headline: str


class ResultLine(BaseModel):
    """An audience or a briefing, as a list shows it."""

    id: str
    workflow_id: str
    warehouse: str
    actor: str
    created_at: datetime
    headline: str
    count: int = Field(description="People of an audience, significant changes of a briefing.")


def kept_routes() -> APIRouter:
    """What was made, newest first, and each of it whole."""
    router = APIRouter(prefix="/v1")
    _add_analyses(router)
    _add_results(router)

    @router.get("/traces/{workflow_id}", tags=["traces"])
    def show_trace(visit: Reader, workflow_id: str) -> TraceTree:
        """Everything that happened under a workflow: jobs, steps, calls, words of a model, files."""
        return trace_of(visit.house.database, workflow_id)

    return router


def _add_analyses(router: APIRouter) -> None:
    @router.get("/analyses", tags=["analyses"])
    def list_analyses(visit: Reader, pages: Pages, warehouse: Warehouse = None) -> Page[AnalysisLine]:
        """Analyses, newest first."""
        return page_of_analyses(visit.house.database, pages, warehouse)

    @router.get("/analyses/{analysis_id}", tags=["analyses"], response_model=Analysis)
    def show_analysis(visit: Reader, analysis_id: str) -> Response:
        """One analysis, whole."""
        return _whole(saved_analysis(visit.house.artifacts, analysis_id))

    @router.get("/analyses/{analysis_id}/report", response_class=HTMLResponse, tags=["analyses"])
    def show_report(visit: Reader, analysis_id: str) -> str:
        """One analysis as a page."""
        from api.report import html_report  # the chart library takes a second to import

        return html_report(saved_analysis(visit.house.artifacts, analysis_id))


def page_of_analyses(database: Database, pages: Turned, warehouse: str | None) -> Page[AnalysisLine]:
    """A page of the analyses of a warehouse, or of all."""
    at, key = AnalysisRecord.created_at, AnalysisRecord.analysis_id
    rows = newest(database, AnalysisRecord, at, key, pages.limit, pages.after, warehouse=warehouse)
    return page_of(
        rows,
        pages.limit,
        lambda row: Place(row.created_at, row.analysis_id),
        lambda row: AnalysisLine(**row.model_dump(include=set(AnalysisLine.model_fields))),
    )


def _add_results(router: APIRouter) -> None:
    @router.get("/audiences", tags=["audiences"])
    def list_audiences(visit: Reader, pages: Pages, warehouse: Warehouse = None) -> Page[ResultLine]:
        """Audiences, newest first."""
        return _results(visit, "audience", pages, warehouse)

    @router.get("/audiences/{audience_id}", tags=["audiences"], response_model=AudienceResult)
    def show_audience(visit: PeopleReader, audience_id: str) -> Response:
        """One audience: its expression, size and sample; its file has an hour of its own."""
        return _whole(_result(visit, AUDIENCE, audience_id))

    @router.get("/briefings", tags=["briefings"])
    def list_briefings(visit: Reader, pages: Pages, warehouse: Warehouse = None) -> Page[ResultLine]:
        """Briefings, newest first."""
        return _results(visit, "briefing", pages, warehouse)

    @router.get("/briefings/{briefing_id}", tags=["briefings"], response_model=Briefing)
    def show_briefing(visit: Reader, briefing_id: str) -> Response:
        """One briefing, whole."""
        return _whole(_result(visit, BRIEFING, briefing_id))


def _results(visit: Visit, kind: str, pages: Turned, warehouse: str | None) -> Page[ResultLine]:
    at, key = KeptResult.created_at, KeptResult.result_id
    database = visit.house.database
    rows = newest(database, KeptResult, at, key, pages.limit, pages.after, kind=kind, warehouse=warehouse)
    return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.result_id), _line)


def _line(row: KeptResult) -> ResultLine:
    return ResultLine(id=row.result_id, **row.model_dump(include=set(ResultLine.model_fields) - {"id"}))


def _result(visit: Visit, kind: Workflow[Any, Any], result_id: str) -> BaseModel:
    try:
        return kind.result.model_validate(visit.house.artifacts.document(kind.result_kind, result_id))
    except NotFound:  # whose words name the id
        raise NotFound(
            f"There is no such {kind.noun}",
            where="id",
            instead=f"`GET /v1/{kind.noun}s` lists those there are.",
        ) from None


def _whole(found: BaseModel) -> Response:
    return Response(found.model_dump_json(exclude_none=True, warnings=False), media_type="application/json")
