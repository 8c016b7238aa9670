"""Is it kept who made, changed or ended a schedule?"""

from store.records.access.audit import AuditEntry, Detail, note
from store.workspace import Workspace


def noted(workspace: Workspace, action: str, schedule_id: str, **detail: Detail) -> None:
    """Keep an entry in the audit: ids and figures."""
    entry = AuditEntry(
        entry_id=f"audit_{workspace.new_id()}",
        actor=workspace.actor,
        action=action,
        about=schedule_id,
        detail=detail,
        created_at=workspace.now(),
    )
    note(workspace.database, entry)
