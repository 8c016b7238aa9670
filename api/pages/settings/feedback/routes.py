"""What did people say of the answers, and what is decided about it?"""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from agent import CATALOGUE
from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.pages.settings.feedback.about import around, things_of
from api.pages.settings.feedback.weighed import weighed
from api.pages.settings.parts import formed, names_for, part_page
from api.rest.form.paging import Pages, page_of
from store.errors import BadInput
from store.records import Feedback
from store.records.corrections import corrections_from
from store.records.feedback import FeedbackStatus, feedback_named, waiting_feedback
from store.records.newest import Place, newest
from tools.calls import call, tool_named
from tools.feedback.decide_feedback import Decision
from tools.feedback.list_feedback import line_of
from tools.feedback.submit_feedback import KINDS

ADDRESS = "/settings/feedback"
STATUSES: tuple[str, ...] = get_args(FeedbackStatus)
Wanted = Annotated[str, Query(max_length=40)]
Line = Annotated[str, Form(max_length=1_000)]


def feedback_pages() -> APIRouter:
    """`/settings/feedback`, one feedback, and what is decided about it."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def feedback(
        request: Request, visit: PeopleReader, pages: Pages, kind: Wanted = "", status: Wanted = ""
    ) -> HTMLResponse:
        """What was said, newest first, with what it is about."""
        at, key, only = Feedback.created_at, Feedback.feedback_id, {"kind": kind, "status": status}
        asked = {name: value for name, value in only.items() if value}
        rows = newest(visit.house.database, Feedback, at, key, pages.limit, pages.after, **asked)
        found = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.feedback_id), line_of)
        known = around(visit, found.items)
        return part_page(
            request,
            visit,
            "feedback",
            "feedback/list.html.j2",
            found=found,
            things={line.feedback_id: things_of(visit, line, known) for line in found.items},
            kinds=KINDS,
            statuses=STATUSES,
            only=only,
            is_filtered=bool(asked),
            address=f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS,
        )

    @router.get("/{feedback_id}")
    def one_feedback(request: Request, visit: PeopleReader, feedback_id: str) -> HTMLResponse:
        """One feedback: what it is about, what accepting it would change, and what was decided."""
        return _one(request, visit, feedback_id, "one")

    @router.post("/{feedback_id}/accept")
    def accept(
        request: Request, visit: PeopleRunner, feedback_id: str, reason: Line = "", name: Line = ""
    ) -> HTMLResponse:
        """Accept it: the next run obeys it."""
        given = {"decision": "accept", "reason": reason, **({"name": name} if name.strip() else {})}
        return _decided(request, visit, feedback_id, given)

    @router.post("/{feedback_id}/decline")
    def decline(request: Request, visit: PeopleRunner, feedback_id: str, reason: Line = "") -> HTMLResponse:
        """Decline it, with a reason."""
        if not reason.strip():
            raise BadInput(
                "Nobody said why it is declined", where="reason", instead="Write it in a sentence."
            )
        return _decided(request, visit, feedback_id, {"decision": "decline", "reason": reason})

    @router.post("/{feedback_id}/reopen")
    def reopen(request: Request, visit: PeopleRunner, feedback_id: str) -> HTMLResponse:
        """Take the decision back: it is new again."""
        return _decided(request, visit, feedback_id, {"decision": "reopen"})

    return router


def _decided(request: Request, visit: Visit, feedback_id: str, given: dict[str, Any]) -> HTMLResponse:
    said = feedback_named(visit.house.database, feedback_id)
    decision = formed(Decision, given).model_dump(exclude_unset=True)
    arguments = {"feedback_id": said.feedback_id, **decision}
    call(tool_named(CATALOGUE, "decide_feedback"), visit.workspace(said.warehouse), arguments)
    return _one(request, visit, feedback_id, "decided", given["decision"])


def _one(request: Request, visit: Visit, feedback_id: str, template: str, done: str = "") -> HTMLResponse:
    database = visit.house.database
    line = line_of(feedback_named(database, feedback_id))
    return part_page(
        request,
        visit,
        "feedback",
        f"feedback/{template}.html.j2",
        line=line,
        things=things_of(visit, line, around(visit, [line])),
        weighed=weighed(visit, line),
        corrections=corrections_from(database, line.feedback_id),
        kinds=KINDS,
        statuses=STATUSES,
        names=names_for(visit),
        done=done,
        next_id=_next(visit, feedback_id) if done in ("accept", "decline") else "",
        left=waiting_feedback(database),
    )


def _next(visit: Visit, feedback_id: str) -> str:
    """The newest other one that waits; empty where there is none."""
    at, key = Feedback.created_at, Feedback.feedback_id
    found = newest(visit.house.database, Feedback, at, key, 1, status="new")
    return next((row.feedback_id for row in found if row.feedback_id != feedback_id), "")
