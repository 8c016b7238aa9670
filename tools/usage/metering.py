"""What did a call use, and is it written down once?"""

from collections.abc import Mapping

from store.records import Trace
from store.records.usage import UsageEntry, Used, add_usage
from store.workspace import Workspace
from tools.declaration import ToolResult
from tools.telling import links_of
from tools.usage.credits import tariff_of


def units_of(tool: str, result: ToolResult) -> dict[Used, int]:
    """What the answer of a tool used: rows scored, identifiers resolved, rows of its file."""
    found: dict[Used, int] = {}
    if tool == "score_leads":
        found["rows_scored"] = int(getattr(result, "scored", 0))
    if tool == "resolve_identities":
        found["identifiers_resolved"] = int(getattr(getattr(result, "stats", None), "resolved", 0))
    rows = [link["rows"] if isinstance(link, Mapping) else link.rows for link in links_of(result)]
    found["rows_exported"] = sum(map(int, rows))
    return {what: units for what, units in found.items() if units}


def meter(workspace: Workspace, trace: Trace, result: ToolResult) -> None:
    """Write down what a call used, under its trace: a call that is told of twice counts once."""
    for what, units in units_of(trace.tool, result).items():
        note_use(workspace, f"{trace.tool_trace_id}_{what}", trace.workflow_id, what, units, trace.actor)


def note_use(
    workspace: Workspace, entry_id: str, workflow_id: str, what: Used, units: int, actor: str = ""
) -> bool:
    """Write down one use; False where it has been written down already. Only scored rows cost credits."""
    price = tariff_of(workspace).credits_per_row if what == "rows_scored" else 0.0
    return add_usage(
        workspace.database,
        UsageEntry(
            entry_id=entry_id,
            at=workspace.now(),
            actor=actor or workspace.actor,
            what=what,
            units=units,
            credits=units * price,
            workflow_id=workflow_id,
        ),
    )
