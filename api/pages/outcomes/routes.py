"""`/outcomes`: what came of the deals, what was learned from them, and which models are in use."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from agent.outcome_analysis import OutcomeAnalysis
from api.access.visit import Reader, Runner, Visit
from api.pages.here import Chosen, workspace_here, workspace_if_any
from api.pages.outcomes.downloads import Form as ReportForm
from api.pages.outcomes.downloads import report_answer
from api.pages.outcomes.intake.routes import add_intake_pages
from api.pages.outcomes.jobs.panel import job_to_show
from api.pages.outcomes.jobs.routes import add_job_pages, begun, job_panel
from api.pages.outcomes.learning import LEARNING
from api.pages.outcomes.showing.criteria import Sort
from api.pages.outcomes.showing.found import analysis_named, newest_analysis
from api.pages.outcomes.showing.learned import analysis_shown, criteria_shown
from api.pages.outcomes.showing.readers import locale_for
from api.pages.outcomes.showing.recorded import recorded_shown
from api.pages.rendering import is_fragment, page
from api.rest.form.paging import Pages, page_of
from store.outcomes.outcome_table import UnitKind
from store.records.learned import LearnedModel
from store.records.newest import Place, newest
from store.workspace import Workspace

Sorted = Annotated[Sort, Query()]
Unit = Annotated[UnitKind | None, Query()]
MOST_COLUMNS = 200  # that may be said to have been known before


def outcome_pages() -> APIRouter:
    """The screen of outcomes."""
    router = APIRouter()

    @router.get("/outcomes")
    def outcomes(
        request: Request, visit: Reader, chosen: Chosen, unit: Unit = None, sort: Sorted = "weight"
    ) -> HTMLResponse:
        """What is recorded, and the newest that was learned from it."""
        workspace, locale = workspace_if_any(visit, chosen), locale_for(request)
        recorded = recorded_shown(workspace, unit, locale) if workspace else None
        if workspace is None or recorded is None:
            return _page(request, visit, "outcomes/empty.html.j2", workspace)
        found = newest_analysis(workspace)
        shown = analysis_shown(workspace, found, sort, locale) if found else {"found": None}
        job = job_to_show(visit.house.database, LEARNING, workspace.warehouse.name, _made_at(found))
        return _page(
            request, visit, "outcomes/outcomes.html.j2", workspace, recorded=recorded, panel=job, **shown
        )

    add_intake_pages(router)
    _add_learning(router)
    _add_models(router)
    _add_analyses(router)
    return router


def _add_learning(router: APIRouter) -> None:
    add_job_pages(router, LEARNING)

    @router.post("/outcomes/learn")
    def learn(
        request: Request,
        visit: Runner,
        chosen: Chosen,
        unit: Annotated[UnitKind | None, Form()] = None,
        target: Annotated[str, Form(max_length=20)] = "",
        keep: Annotated[list[str] | None, Form(max_length=MOST_COLUMNS)] = None,
    ) -> HTMLResponse:
        """Learn again from all that is recorded, as a job."""
        workspace = workspace_here(visit, chosen)
        arguments: dict[str, Any] = {"unit": unit, "keep": keep or []}
        if target.strip():
            arguments["target"] = target.replace(",", "").strip()  # checked by the tool's own model
        run = begun(visit, LEARNING, workspace.warehouse.name, arguments)
        return job_panel(request, visit, LEARNING, run)


def _add_models(router: APIRouter) -> None:
    @router.get("/outcomes/models")
    def models(request: Request, visit: Reader, chosen: Chosen, pages: Pages) -> HTMLResponse:
        """Every model that was learned here, newest first: in use, kept aside, or replaced."""
        workspace = workspace_if_any(visit, chosen)
        if workspace is None:
            return _page(request, visit, "outcomes/empty.html.j2", None)
        at, key = LearnedModel.created_at, LearnedModel.model_id
        name = workspace.warehouse.name
        rows = newest(visit.house.database, LearnedModel, at, key, pages.limit, pages.after, warehouse=name)
        listed = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.model_id))
        return _page(request, visit, "outcomes/models.html.j2", workspace, listed=listed)


def _add_analyses(router: APIRouter) -> None:
    @router.get("/outcomes/{outcome_analysis_id}")
    def analysis(
        request: Request, visit: Reader, outcome_analysis_id: str, sort: Sorted = "weight"
    ) -> HTMLResponse:
        """One analysis of outcomes; its table of criteria alone, in another order, as a fragment."""
        found = analysis_named(visit.house.artifacts, outcome_analysis_id)
        if is_fragment(request):
            told = criteria_shown(found, sort, is_moved=True)
            return page(request, "outcomes/parts/criteria_table.html.j2", **told)
        workspace = visit.house.workspace(found.warehouse, visit.principal.actor)
        shown = analysis_shown(workspace, found, sort, locale_for(request))
        # Who chooses another warehouse here goes to its outcomes: this analysis is of one.
        return _page(
            request, visit, "outcomes/analysis.html.j2", workspace, recorded=None, path="/outcomes", **shown
        )

    @router.get("/outcomes/{outcome_analysis_id}/report.{form}")
    def report(visit: Reader, outcome_analysis_id: str, form: ReportForm) -> Response:
        """One analysis as a file: HTML that needs nothing else, Markdown or JSON."""
        return report_answer(analysis_named(visit.house.artifacts, outcome_analysis_id), form)


def _page(
    request: Request, visit: Visit, template: str, workspace: Workspace | None, **words: Any
) -> HTMLResponse:
    return page(
        request,
        template,
        screen="outcomes",
        warehouse=workspace.warehouse.name if workspace else "",
        **words,
    )


def _made_at(found: OutcomeAnalysis | None) -> Any:
    return found.created_at if found else None
