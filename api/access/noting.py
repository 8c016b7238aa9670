"""How is it kept what somebody did?"""

from store.records.access.audit import AuditEntry, Detail, note
from store.workspace import House, Workspace


def write_note(house: House | Workspace, actor: str, action: str, about: str = "", **detail: Detail) -> None:
    """Keep in the audit of a house what somebody did."""
    entry = AuditEntry(
        entry_id=f"audit_{house.new_id()}",
        actor=actor,
        action=action,
        about=about,
        detail=detail,
        created_at=house.now(),
    )
    note(house.database, entry)
