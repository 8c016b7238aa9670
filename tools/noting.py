"""Which tools change what others see, and is it kept who did?"""

from store.records import Trace
from store.records.access.audit import AuditEntry, note_again
from store.workspace import Workspace
from tools.declaration import ToolResult

# Whatever the door. Files tell of themselves where they are written; other tools keep a trace, and change
# nothing that was there before.
ACTIONS = {
    "create_icp_profile": "profile.create",
    "clone_icp_profile": "profile.clone",
    "update_icp_profile": "profile.change",
    "restore_icp_profile": "profile.restore",
    "share_icp_profile": "profile.share",
    "delete_icp_profile": "profile.delete",
}


def note_done(workspace: Workspace, trace: Trace, result: ToolResult) -> None:
    """Keep in the audit what a tool changed, under its trace: a call that is told of twice has one entry."""
    action, about = ACTIONS.get(trace.tool), getattr(result, "icp_profile_id", "")
    if action is None or not about:
        return
    entry = AuditEntry(
        entry_id=f"audit_{trace.tool_trace_id}",
        actor=trace.actor,
        action=action,
        about=about,
        created_at=workspace.now(),
    )
    note_again(workspace.database, entry)
