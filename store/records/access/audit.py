"""Who did what, to what, and when? Ids and figures; nobody's values."""

import re
from datetime import datetime

from sqlmodel import JSON, Column, Field

from store.records.database import Database
from store.records.newest import Place, newest
from store.records.tables import time_column
from store.records.tenancy import Owned

Detail = str | int | float | bool | None
# An id, a role, a scope or the name of an action; no address, no name of a person.
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:,-]{0,127}")


class AuditEntry(Owned, table=True):
    """One thing that somebody did."""

    entry_id: str = Field(primary_key=True)
    actor: str = Field(index=True)  # local, key_… or member_…
    action: str = Field(index=True)  # key.made, member.removed …
    about: str = ""  # the id of what it was done to
    detail: dict[str, Detail] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=time_column())


def note(database: Database, entry: AuditEntry) -> None:
    """Keep an entry. A text in it that is no plain id is a bug of the caller: ValueError."""
    _require_plain(entry)
    database.add(entry)


def note_again(database: Database, entry: AuditEntry) -> None:
    """Keep an entry that may have been kept before, under its id."""
    _require_plain(entry)
    database.keep(entry)


def _require_plain(entry: AuditEntry) -> None:
    texts = [entry.action, entry.about, *(each for each in entry.detail.values() if isinstance(each, str))]
    if any(text and not PLAIN.fullmatch(text) for text in texts):
        raise ValueError("an audit entry holds ids and figures only")


def entries_of(
    database: Database,
    limit: int,
    after: Place | None = None,
    *,
    action: str | None = None,
    actor: str | None = None,
) -> list[AuditEntry]:
    """What was done, newest first, one more than the limit where there is more; of one action or actor."""
    return newest(
        database,
        AuditEntry,
        AuditEntry.created_at,
        AuditEntry.entry_id,
        limit,
        after,
        action=action,
        actor=actor,
    )
