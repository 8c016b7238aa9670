"""What happened under a workflow, and which were the last ones?"""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access.visit import Reader, Visit
from api.pages.settings.parts import names_for, part_page
from api.pages.settings.tracing.waterfall import waterfall_of
from api.rest.form.paging import Page, Pages, Turned, page_of
from store.records import Trace
from store.records.newest import Place, newest
from store.records.trace_tree import trace_of

ADDRESS = "/settings/traces"
Outcome = Literal["", "ok", "refused", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("ok", "refused", "failed")
CALLS = 100  # that a page of workflows is made of
ROWS = 200  # of a trace that a page shows


class WorkflowLine(NamedTuple):
    """A workflow, as far as a page of calls tells it."""

    workflow_id: str
    started_at: datetime  # of its last call
    tools: list[str]  # in the order of their calls, each once
    calls: int
    wrong: int  # calls that were refused or failed
    actor: str
    warehouse: str


def trace_pages() -> APIRouter:
    """`/settings/traces`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("", response_model=None)
    def traces(
        request: Request,
        visit: Reader,
        pages: Pages,
        workflow_id: Annotated[str, Query(max_length=80)] = "",
        outcome: Outcome = "",
    ) -> HTMLResponse | RedirectResponse:
        """The last workflows; with an id, that one."""
        if workflow_id.strip():
            return RedirectResponse(f"{ADDRESS}/{quote(workflow_id.strip(), safe='')}", 303)
        asked = f"{ADDRESS}?outcome={outcome}" if outcome else ADDRESS
        return part_page(
            request,
            visit,
            "traces",
            "tracing/traces.html.j2",
            found=_workflows(visit, pages, outcome),
            outcome=outcome,
            outcomes=OUTCOMES,
            address=asked,
            names=names_for(visit),
        )

    @router.get("/{workflow_id}")
    def trace(
        request: Request,
        visit: Reader,
        workflow_id: str,
        first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> HTMLResponse:
        """Everything that happened under a workflow, as a waterfall."""
        tree = trace_of(visit.house.database, workflow_id)
        bars = waterfall_of(tree)
        return part_page(
            request,
            visit,
            "traces",
            "tracing/trace.html.j2",
            tree=tree,
            bars=bars[first : first + ROWS],
            first=first,
            after=first + ROWS if len(bars) > first + ROWS else None,
            before=max(0, first - ROWS) if first else None,
            many=len(bars),
        )

    return router


def _workflows(visit: Visit, pages: Turned, outcome: Outcome) -> Page[WorkflowLine]:
    """The workflows of a page of calls, newest first; one that spans two pages is on both."""
    at, key = Trace.started_at, Trace.tool_trace_id
    database = visit.house.database
    rows = newest(database, Trace, at, key, CALLS, pages.after, outcome=outcome or None)
    found = page_of(rows, CALLS, lambda row: Place(row.started_at, row.tool_trace_id))
    together: dict[str, list[Trace]] = {}
    for call in found.items:
        together.setdefault(call.workflow_id, []).append(call)
    lines = [_line(calls) for calls in together.values()]
    return Page(items=lines, next_cursor=found.next_cursor)


def _line(calls: list[Trace]) -> WorkflowLine:
    """calls: of one workflow, the newest first."""
    last = calls[0]
    return WorkflowLine(
        last.workflow_id,
        last.started_at,
        list(dict.fromkeys(call.tool for call in reversed(calls))),
        len(calls),
        sum(call.outcome != "ok" for call in calls),
        last.actor,
        last.warehouse,
    )
