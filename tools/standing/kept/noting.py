"""Who kept, paused, synced or removed a standing audience?"""

from store.records.access.audit import AuditEntry, Detail, note_again
from store.workspace import Workspace


def note_standing(
    workspace: Workspace, action: str, standing_id: str, once: str = "", **detail: Detail
) -> None:
    """Keep in the audit what was done. once: of what is noted one time, however often it is told."""
    entry = AuditEntry(
        entry_id=f"audit_{action}_{once or workspace.new_id()}",
        actor=workspace.actor,
        action=action,
        about=standing_id,
        detail={"warehouse": workspace.warehouse.name, **detail},
        created_at=workspace.now(),
    )
    note_again(workspace.database, entry)
