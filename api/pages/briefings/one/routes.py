"""`/briefings/{briefing_id}`: read, kept as a file, answered, made again."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from agent import CATALOGUE
from agent.briefing_result import Briefing
from api.access.visit import Reader, Runner, Visit
from api.pages.briefings.kept import briefing_named
from api.pages.briefings.one.files import Form as FileForm
from api.pages.briefings.one.files import file_answer
from api.pages.briefings.one.whole import whole_of
from api.pages.briefings.sent.log import log_of
from api.pages.numbers import localised
from api.pages.outcomes.showing.readers import locale_for
from api.pages.rendering import page
from api.pages.words import text
from api.report.briefing.told.words import clean
from api.rest.found.history import workspace_of_run
from store.workspace import Workspace
from tools.calls import call, tool_named

FOLDER = "briefings/one"
LONGEST = 600  # characters of one line
Verdict = Literal["right", "wrong", "known"]


def one_briefing_pages() -> APIRouter:
    """One briefing, after all that has a name of its own under `/briefings`."""
    router = APIRouter(prefix="/briefings/{briefing_id}")

    @router.get("")
    def briefing(request: Request, visit: Reader, briefing_id: str) -> HTMLResponse:
        """One briefing, as read in the mail, with all that it rests on."""
        found = briefing_named(visit.house.artifacts, briefing_id)
        sent = log_of(visit, briefing_id=briefing_id)
        return _page(request, visit, found, "briefing", sent=sent, log_page=False)

    @router.get("/sales")
    def sales(request: Request, visit: Reader, briefing_id: str) -> HTMLResponse:
        """Its appendix for sales alone, to be printed."""
        return _page(request, visit, briefing_named(visit.house.artifacts, briefing_id), "sales")

    @router.get("/file.{form}")
    def file(request: Request, visit: Reader, briefing_id: str, form: FileForm) -> Response:
        """One briefing as Markdown, JSON, PDF, or the mail as HTML."""
        found = briefing_named(visit.house.artifacts, briefing_id)
        return file_answer(found, form, visit.settings.base_url, locale_for(request))

    @router.post("/replay")
    def replay_it(request: Request, visit: Runner, briefing_id: str) -> HTMLResponse:
        """Whether it says the same when it is made again; nothing is sent, written or kept."""
        from agent.history.replaying.replay import replay  # the workflows take a moment to import

        found = replay(workspace_of_run(visit.house, briefing_id, visit.principal.actor), briefing_id)
        return page(request, f"{FOLDER}/replayed.html.j2", replayed=found)

    @router.post("/feedback")
    def feedback(
        request: Request,
        visit: Runner,
        briefing_id: str,
        verdict: Annotated[Verdict, Form()],
        change: Annotated[str, Form(max_length=200)] = "",
        message: Annotated[str, Form(max_length=3_000)] = "",
    ) -> HTMLResponse:
        """Whether a change, or the whole, was right: kept until somebody decides about it."""
        found = briefing_named(visit.house.artifacts, briefing_id)
        said = ": ".join(each for each in (text(f"briefings.verdict_{verdict}"), message.strip()) if each)
        given = {
            "workflow_id": found.workflow_id,
            "kind": "other",
            "message": said,
            **({"change": change} if change else {}),
        }
        call(tool_named(CATALOGUE, "submit_feedback"), _workspace(visit, found), given)
        return page(request, f"{FOLDER}/heard.html.j2")

    return router


def _workspace(visit: Visit, found: Briefing) -> Workspace:
    return visit.house.workspace(found.warehouse, visit.principal.actor)


def _page(request: Request, visit: Visit, found: Briefing, template: str, **words: Any) -> HTMLResponse:
    locale = locale_for(request)
    whole = whole_of(_workspace(visit, found), found, locale)
    return page(
        request,
        f"{FOLDER}/{template}.html.j2",
        screen="briefings",
        warehouse=found.warehouse,
        path="/briefings",  # who chooses another warehouse here goes to its briefings: this is of one
        whole=whole,
        found=found,
        told=whole.told,
        say=lambda line: localised(clean(line, LONGEST), locale),
        shown=whole.moved,
        **words,
    )
