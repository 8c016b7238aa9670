"""The builder: an audience read back, counted, and kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from agent import CATALOGUE
from agent.analyses import saved_analysis
from agent.audience_result import AudienceResult
from api.access.visit import PeopleReader, PeopleRunner, Reader, Visit
from api.pages.audiences.building.asked import LONGEST_STATE, Asked, asked_again, asked_of
from api.pages.audiences.building.choices import known_analyses, known_audiences, traits_meant
from api.pages.audiences.building.reading import Reading, reading
from api.pages.audiences.building.saving import audience_arguments
from api.pages.audiences.building.shown import Shown
from api.pages.audiences.building.tree.changing import Built, built
from api.pages.audiences.map.placing import placed
from api.pages.audiences.map.shown import maps_of, shown_map_box
from api.pages.here import Chosen, require_warehouse, workspace_here, workspace_if_any
from api.pages.rendering import gone_to, is_fragment, page
from store.errors import NotFound
from store.workspace import Workspace
from tools.calls import call, tool_named

SCREEN = "audiences"
SEARCH = Annotated[str, Query(max_length=200)]


def building_pages() -> APIRouter:
    """`/audiences/new`, its search for traits, and `POST /audiences`."""
    router = APIRouter()

    @router.get("/audiences/new")
    def builder(request: Request, visit: Reader, chosen: Chosen) -> HTMLResponse:
        """The builder as its address says; to the script, the parts of it that can have changed."""
        workspace = workspace_if_any(visit, chosen)
        if workspace is None or not workspace.warehouse.exists or not visit.principal.may("people"):
            return page(
                request, "audiences/building/templates/closed.html.j2", screen=SCREEN, empty=workspace is None
            )
        words = _words(workspace, visit, request)
        template = "parts" if is_fragment(request) else "builder"
        return page(request, f"audiences/building/templates/{template}.html.j2", screen=SCREEN, **words)

    @router.get("/audiences/new/traits")
    def search(request: Request, visit: PeopleReader, chosen: Chosen, q: SEARCH = "") -> HTMLResponse:
        """The traits that a text may mean."""
        workspace = workspace_here(visit, chosen)
        found = traits_meant(workspace, q)
        persons = workspace.population.persons
        return page(
            request, "audiences/building/templates/found.html.j2", found=found, q=q.strip(), persons=persons
        )

    @router.post("/audiences")
    def save(visit: PeopleRunner, state: Annotated[str, Form(max_length=LONGEST_STATE)]) -> HTMLResponse:
        """Keep the audience that was built, and go to it."""
        asked = asked_again(state)
        workspace = visit.house.workspace(require_warehouse(visit, asked.warehouse), visit.principal.actor)
        root = built(asked, (), workspace.population.catalogue).root
        arguments = audience_arguments(asked, reading(workspace, root, asked.also(compare=())))
        made = call(tool_named(CATALOGUE, "generate_audience"), workspace, arguments)
        assert isinstance(made, AudienceResult)  # what the tool declares
        return gone_to(f"/audiences/{made.audience_id}")

    return router


def _words(workspace: Workspace, visit: Visit, request: Request) -> dict[str, Any]:
    pairs = request.query_params.multi_items()
    asked = asked_of(pairs).also(warehouse=workspace.warehouse.name)
    asked = _begun(workspace, asked)
    before = shown_map_box(workspace.population, asked)
    asked, place_problem = placed(asked, request.query_params, before)
    pressed = asked.do
    now = built(asked, pairs, workspace.population.catalogue)
    found = reading(workspace, now.root, now.asked)
    return {
        "shown": Shown(now, found, pressed),
        "built": now,
        "asked": now.asked,
        "found": found,
        "pressed": pressed,
        "place_problem": place_problem,
        "maps": maps_of(workspace.population, now.asked, found, _has_choice(now, found)),
        "analyses": known_analyses(visit.house.database, workspace.warehouse.name),
        "audiences": known_audiences(workspace),
        "is_new_analysis": asked.analysis != asked.shown,
        "can_save": found.total > 0 and bool(found.expression or found.of_analysis),
    }


def _has_choice(now: Built, found: Reading) -> bool:
    return bool(found.expression or now.asked.location or found.of_analysis)


def _begun(workspace: Workspace, asked: Asked) -> Asked:
    """With a segment of an analysis, the expression of that segment. Raises NotFound."""
    if not asked.segment or asked.tree or asked.expression:
        return asked
    for segment in saved_analysis(workspace.artifacts, asked.analysis).segments:
        if asked.segment in (str(segment.segment_id), segment.name):
            found = segment.audience.expression if segment.audience else segment.expression
            return asked.also(expression=found or "")
    raise NotFound("The analysis has no such segment", where="segment", instead="Open the analysis again.")
