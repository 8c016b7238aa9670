"""`/briefings`: what changed, as read in the mail; written now, or two analyses side by side."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from agent import CATALOGUE
from agent.compare_analyses import compare_analyses
from api.access.visit import Reader, Runner
from api.pages.briefings.kept import briefings_of, newest_briefing
from api.pages.briefings.moved import changes_shown
from api.pages.briefings.one.routes import one_briefing_pages
from api.pages.briefings.scheduled.recipient_routes import recipient_pages
from api.pages.briefings.scheduled.routes import schedule_pages, schedule_words
from api.pages.briefings.sent.routes import delivery_pages, sending_pages
from api.pages.briefings.telling import TELLING
from api.pages.here import Chosen, workspace_here, workspace_if_any
from api.pages.outcomes.jobs.panel import job_to_show
from api.pages.outcomes.jobs.routes import add_job_pages, begun, job_panel
from api.pages.outcomes.showing.readers import locale_for
from api.pages.rendering import page
from api.rest.form.paging import Pages
from api.rest.work.jobs import needs_of
from store.outcomes.ledger import ledger_of
from store.workspace import Workspace
from tools.calls import checked, tool_named

COMPARE = "compare_analyses"
MOST_LISTED = 100  # analyses to choose from
Id = Annotated[str | None, Query(max_length=80)]


def briefing_pages() -> APIRouter:
    """The screen of briefings."""
    router = APIRouter()

    @router.get("/briefings")
    def briefings(request: Request, visit: Reader, chosen: Chosen, pages: Pages) -> HTMLResponse:
        """The briefings of the warehouse, newest first."""
        workspace = workspace_if_any(visit, chosen)
        database = visit.house.database
        if workspace is None:
            return _page(request, "briefings/briefings.html.j2", None, listed=None, panel=None, cards=[])
        name = workspace.warehouse.name
        last = newest_briefing(database, name)
        panel = job_to_show(database, TELLING, name, last.created_at if last else None)
        return _page(
            request,
            "briefings/briefings.html.j2",
            workspace,
            listed=briefings_of(visit.house, name, pages),
            panel=panel,
            analyses=len(database.analyses(name)),
            has_outcomes=ledger_of(workspace.warehouse).exists,
            **schedule_words(visit, name),
        )

    @router.post("/briefings/run")
    def run_now(request: Request, visit: Runner, chosen: Chosen) -> HTMLResponse:
        """Write this week's briefing now, as a job."""
        workspace = workspace_here(visit, chosen)
        run = begun(visit, TELLING, workspace.warehouse.name, {})
        return job_panel(request, visit, TELLING, run)

    add_job_pages(router, TELLING)
    _add_comparing(router)
    # What has a name of its own comes before what has an id in that place.
    for pages_of in (schedule_pages, recipient_pages, delivery_pages, sending_pages, one_briefing_pages):
        router.include_router(pages_of())
    return router


def _add_comparing(router: APIRouter) -> None:
    @router.get("/briefings/compare")
    def compare(
        request: Request, visit: Reader, chosen: Chosen, before: Id = None, after: Id = None
    ) -> HTMLResponse:
        """Two analyses of the warehouse side by side, chosen from a list."""
        workspace = workspace_if_any(visit, chosen)
        known = workspace.database.analyses(workspace.warehouse.name)[:MOST_LISTED] if workspace else []
        shown = None
        if workspace and before and after:
            visit.require(*needs_of(COMPARE))
            # To look at a page is no use of a tool: it leaves no trace.
            query = checked(tool_named(CATALOGUE, COMPARE), {"before": before, "after": after})
            shown = changes_shown(compare_analyses(workspace, query), locale_for(request))
        latest = [each.analysis_id for each in known[:2]]
        return _page(
            request,
            "briefings/compare.html.j2",
            workspace,
            known=known,
            shown=shown,
            after=after or (latest[0] if latest else ""),
            before=before or (latest[1] if len(latest) > 1 else ""),
        )


def _page(request: Request, template: str, workspace: Workspace | None, **words: Any) -> HTMLResponse:
    name = workspace.warehouse.name if workspace else ""
    return page(request, template, screen="briefings", warehouse=name, **words)
