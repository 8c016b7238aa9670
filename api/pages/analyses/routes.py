"""`/analyses`: the analyses that were made, each as a page, and the point of its curve that is chosen."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from agent import CATALOGUE
from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from api.access.visit import PeopleRunner, Reader, Visit
from api.pages.cards.analysis.card import how_sure
from api.pages.cards.analysis.curve import curve_view
from api.pages.cards.analysis.view import analysis_view, linked_figures
from api.pages.cards.audience.card import audience_card
from api.pages.cards.reader import written_for
from api.pages.here import require_warehouse, warehouses_of
from api.pages.rendering import page
from api.rest.form.paging import Pages
from api.rest.found.kept import page_of_analyses
from store.errors import NotFound
from tools.calls import call, tool_named

CARD = r"^[a-z]{1,20}-[0-9a-f]{1,16}$"
PAGE = "analysis-0"  # the name of the elements of a page, as cards have one
Ending = Literal["html", "md", "json"]
MEDIA = {"html": "text/html", "md": "text/markdown", "json": "application/json"}


def analyses_pages() -> APIRouter:
    """The list, each analysis, its report, and what is done on its curve."""
    router = APIRouter(prefix="/analyses")
    _add_curve(router)

    @router.get("")
    def analyses(
        request: Request,
        visit: Reader,
        pages: Pages,
        warehouse: Annotated[str | None, Query(max_length=63)] = None,
    ) -> HTMLResponse:
        """Analyses, newest first; of one warehouse, or of all."""
        only = require_warehouse(visit, warehouse) if warehouse else None
        found = page_of_analyses(visit.house.database, pages, only)
        return page(
            request,
            "analyses/list.html.j2",
            screen="analyses",
            found=found,
            warehouse=only,
            warehouses=warehouses_of(visit),
        )

    @router.get("/{analysis_id}")
    def analysis(request: Request, visit: Reader, analysis_id: str) -> HTMLResponse:
        """All of an analysis."""
        found = saved_analysis(visit.house.artifacts, analysis_id)
        view = analysis_view(PAGE, found, written_for(request))
        return page(
            request,
            "analyses/one.html.j2",
            screen="analyses",
            view=view,
            sure=how_sure(found),
            whole=True,
        )

    @router.get("/{analysis_id}/report.{ending}")
    def report(visit: Reader, analysis_id: str, ending: Ending) -> Response:
        """All of it as one file that needs nothing else."""
        found = saved_analysis(visit.house.artifacts, analysis_id)
        named = f'attachment; filename="{found.analysis_id}.{ending}"'
        return Response(
            _report(found, ending), media_type=MEDIA[ending], headers={"Content-Disposition": named}
        )

    return router


def _add_curve(router: APIRouter) -> None:
    @router.get("/{analysis_id}/point")
    def point(
        request: Request,
        visit: Reader,
        analysis_id: str,
        at: Annotated[int, Query(ge=1, le=1_000)],
        card: Annotated[str, Query(pattern=CARD)],
        conversation: Annotated[str, Query(max_length=80)] = "",
    ) -> HTMLResponse:
        """The point that is chosen on the curve of a card."""
        found = saved_analysis(visit.house.artifacts, analysis_id)
        curve = curve_view(found, linked_figures(found), written_for(request), at, conversation)
        if curve is None:
            raise NotFound("This analysis has no curve", where="analysis", instead="Make the analysis again.")
        return page(request, "cards/analysis/moved.html.j2", curve=curve, id=card)

    @router.post("/{analysis_id}/audience")
    def build(
        request: Request, visit: PeopleRunner, analysis_id: str, at: Annotated[int, Form(ge=1, le=1_000)]
    ) -> HTMLResponse:
        """The audience of a point, built and kept, as a card."""
        made = _built(visit, saved_analysis(visit.house.artifacts, analysis_id), at)
        card = audience_card(request, f"audience-{made.audience_id[-8:]}", made)
        return HTMLResponse(card)


def _built(visit: Visit, found: Analysis, at: int) -> AudienceResult:
    tool = tool_named(CATALOGUE, "generate_audience")
    visit.require(*tool.needs)
    arguments = {"analysis_id": found.analysis_id, "point": at, "exclude": ["customers"]}
    made = call(tool, visit.workspace(found.warehouse), arguments)
    assert isinstance(made, AudienceResult)
    return made


def _report(found: Analysis, ending: Ending) -> str:
    from api.report import html_report, markdown_report  # the templates take a while to import

    if ending == "json":
        return found.model_dump_json(indent=1)
    return html_report(found) if ending == "html" else markdown_report(found)
