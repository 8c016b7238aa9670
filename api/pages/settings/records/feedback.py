"""What did people say of the answers, and of which?"""

from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleReader, Visit
from api.pages.settings.parts import part_page
from api.rest.form.paging import Pages, page_of
from store.records import Analysis, Feedback, Trace
from store.records.newest import Place, newest
from tools.feedback.submit_feedback import FeedbackQuery

ADDRESS = "/settings/feedback"
KINDS: tuple[str, ...] = get_args(FeedbackQuery.model_fields["kind"].annotation)
STATUSES = ("new",)  # what the house itself writes; others are shown where there are some
Wanted = Annotated[str, Query(max_length=40)]


def feedback_pages() -> APIRouter:
    """`/settings/feedback`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def feedback(
        request: Request, visit: PeopleReader, pages: Pages, kind: Wanted = "", status: Wanted = ""
    ) -> HTMLResponse:
        """What was said, newest first, with the answer that it was about."""
        rows = newest(
            visit.house.database,
            Feedback,
            Feedback.created_at,
            Feedback.feedback_id,
            pages.limit,
            pages.after,
            kind=kind or None,
            status=status or None,
        )
        asked = {name: value for name, value in (("kind", kind), ("status", status)) if value}
        found = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.feedback_id))
        return part_page(
            request,
            visit,
            "feedback",
            "records/feedback.html.j2",
            found=found,
            calls=_calls(visit, found.items),
            analyses=_analyses(visit, found.items),
            kinds=KINDS,
            statuses=sorted({*STATUSES, *(row.status for row in found.items)} | ({status} - {""})),
            kind=kind,
            only=status,
            address=f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS,
        )

    return router


def _calls(visit: Visit, rows: list[Feedback]) -> dict[str, Trace]:
    """The calls that feedback names, by their ids."""
    wanted = tuple({row.tool_trace_id for row in rows if row.tool_trace_id})
    at, key = Trace.started_at, Trace.tool_trace_id
    found = newest(visit.house.database, Trace, at, key, len(wanted), tool_trace_id=wanted) if wanted else []
    return {call.tool_trace_id: call for call in found}


def _analyses(visit: Visit, rows: list[Feedback]) -> dict[str, Analysis]:
    """The newest analysis of each workflow that feedback is about."""
    wanted = tuple({row.workflow_id for row in rows if row.workflow_id})
    at, key, most = Analysis.created_at, Analysis.analysis_id, 10 * len(wanted)
    found = newest(visit.house.database, Analysis, at, key, most, workflow_id=wanted) if wanted else []
    return {analysis.workflow_id: analysis for analysis in reversed(found)}
