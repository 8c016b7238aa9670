"""What each call used, and its credits: rows scored or exported, identifiers resolved, tokens of a model."""

from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col, func, select

from store.records.database import Database
from store.records.model_calls import ModelCall
from store.records.tables import time_column
from store.records.tenancy import Owned

Used = Literal["rows_scored", "identifiers_resolved", "rows_exported", "model_tokens"]


class UsageEntry(Owned, table=True):
    """One kind of thing that one call used."""

    entry_id: str = Field(primary_key=True)  # of the call and what it used: written again it is the same row
    at: datetime = Field(sa_column=time_column())
    actor: str
    what: str
    units: int
    credits: float = 0.0
    workflow_id: str = Field(index=True)


def add_usage(database: Database, entry: UsageEntry) -> bool:
    """Keep an entry; False where this call has one of the kind already."""
    try:
        with database.session() as session:
            if session.get(UsageEntry, entry.entry_id) is not None:
                return False
            session.add(entry)
    except IntegrityError:  # another process was first
        return False
    return True


def usage_between(database: Database, start: datetime, end: datetime) -> list[UsageEntry]:
    """Entries from start to before end, oldest first."""
    with database.session() as session:
        found = select(UsageEntry).where(col(UsageEntry.at) >= start, col(UsageEntry.at) < end)
        return list(session.exec(found.order_by(col(UsageEntry.at), col(UsageEntry.entry_id))))


def credits_since(database: Database, start: datetime) -> float:
    """Credits used from this moment on."""
    with database.session() as session:
        spent = select(func.sum(UsageEntry.credits)).where(col(UsageEntry.at) >= start)
        return float(session.exec(spent).one() or 0.0)


def model_calls_between(database: Database, start: datetime, end: datetime) -> list[ModelCall]:
    """Requests to a model from start to before end: what they used is in them already."""
    with database.session() as session:
        found = select(ModelCall).where(col(ModelCall.created_at) >= start, col(ModelCall.created_at) < end)
        return list(session.exec(found))
