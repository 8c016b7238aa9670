"""One call of a tool, whatever door it came through: checked, given its ids, traced."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import ValidationError

from store.errors import BadInput, NotFound, ToolRefused
from store.records import Trace
from store.watching import happening
from store.workspace import Workspace
from tools.declaration import WORKFLOW_ID, Tool, ToolQuery, ToolResult
from tools.figures import counts_of, size_of
from tools.noting import note_done
from tools.telling import tell_done
from tools.usage.metering import meter

SHOWN_PROBLEMS = 5
FIELD_NAME = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*|\d{1,6}")  # of a field or a place in a list
LONGEST_NAME = 40
Result = TypeVar("Result", bound=ToolResult)


def call(tool: Tool, workspace: Workspace, arguments: dict[str, Any]) -> ToolResult:
    """The tool's answer to these arguments, with its workflow and trace ids.

    Raises ToolRefused (BadInput where the arguments do not fit the tool's schema). Every call leaves a
    trace, a refused one too; none of a person's values is in it.
    """
    given = arguments.get("workflow_id")
    well_formed = isinstance(given, str) and re.fullmatch(WORKFLOW_ID, given)
    with _tracing(tool.name, workspace, given if well_formed else None) as trace:
        trace.request_bytes = size_of(arguments)
        query = checked(tool, arguments)
        return _answered(workspace, trace, query, lambda: tool.run(workspace, query))


def traced(name: str, workspace: Workspace, query: ToolQuery, answer: Callable[[], Result]) -> Result:
    """The answer, under the query's workflow (a new one when it has none), with a trace of the call."""
    with _tracing(name, workspace, query.workflow_id) as trace:
        trace.request_bytes = size_of(query)
        return _answered(workspace, trace, query, answer)


@contextmanager
def _tracing(name: str, workspace: Workspace, workflow_id: str | None) -> Iterator[Trace]:
    trace = Trace(
        tool_trace_id=f"trace_{workspace.new_id()}",
        workflow_id=workflow_id or workspace.new_id(),
        tool=name,
        warehouse=workspace.warehouse.name,
        started_at=workspace.now(),
        milliseconds=0.0,
        outcome="failed",
        actor=workspace.actor,
    )
    began = time.perf_counter()
    try:
        with happening("call", name, actor=trace.actor, tool_trace_id=trace.tool_trace_id) as here:
            here.note_around(
                workflow_id=trace.workflow_id, organisation=workspace.database.organisation_id or ""
            )
            workspace.warehouse.require_loaded()
            if workspace.warehouse.exists:  # else it holds outcomes or events alone
                trace.snapshot_id = workspace.warehouse.current_id
            yield trace
            here.note(bytes_in=trace.request_bytes, bytes_out=trace.answer_bytes)
    except ToolRefused as refusal:
        trace.outcome, trace.message = "refused", str(refusal)
        raise
    finally:
        trace.milliseconds = round((time.perf_counter() - began) * 1000, 2)
        workspace.database.add(trace)


def _answered(workspace: Workspace, trace: Trace, query: ToolQuery, answer: Callable[[], Result]) -> Result:
    query.workflow_id = trace.workflow_id
    result = answer()
    trace.outcome, trace.counts = "ok", counts_of(result)
    result.workflow_id, result.tool_trace_id = trace.workflow_id, trace.tool_trace_id
    trace.answer_bytes = size_of(result)
    meter(workspace, trace, result)
    note_done(workspace, trace, result)
    about = {"workflow_id": trace.workflow_id, "tool": trace.tool, "warehouse": trace.warehouse}
    tell_done(workspace, trace.tool, trace.tool_trace_id, result, about)
    return result


def checked(tool: Tool, arguments: dict[str, Any]) -> Any:
    """The query that these arguments make. Raises BadInput that names fields, never their values."""
    try:
        return tool.query.model_validate(arguments)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        shown = "; ".join(f"{_place(p['loc'])}: {p['msg']}" for p in problems[:SHOWN_PROBLEMS])
        more = f"; and {len(problems) - SHOWN_PROBLEMS} more" if len(problems) > SHOWN_PROBLEMS else ""
        raise BadInput(
            f"The arguments of {tool.name} do not fit: {shown}{more}",
            where="arguments",
            instead=f"It takes: {', '.join(tool.query.model_fields)}.",
        ) from None


def _place(steps: tuple[int | str, ...]) -> str:
    """Where in the arguments: `values.0`. An unknown field is named only if its name is made of words.

    A list given in the place of an object can bring people's values here, as keys.
    """
    names = [str(step) for step in steps]
    if not names:
        return "`arguments`"
    if any(len(name) > LONGEST_NAME or not FIELD_NAME.fullmatch(name) for name in names):
        return "a field"
    return f"`{'.'.join(names)}`"


def tool_named(tools: tuple[Tool, ...], name: str) -> Tool:
    """The tool of this name. Raises NotFound with the names there are."""
    for each in tools:
        if each.name == name:
            return each
    raise NotFound(
        "There is no such tool",
        where="tool name",
        instead=f"The tools are {', '.join(each.name for each in tools)}.",
    )
