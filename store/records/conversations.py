"""What was said in a conversation and what came of it: masked words, ids and figures, nobody's values."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Column, Field, col, select

from store.records.database import Database
from store.records.tables import Export, UtcTime, time_column
from store.records.tenancy import Owned


class Conversation(Owned, table=True):
    """One conversation with one warehouse, and what it has in mind."""

    conversation_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    title: str = ""
    memory: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    created_at: datetime = Field(sa_column=time_column())
    spoken_at: datetime = Field(sa_column=time_column())


class Turn(Owned, table=True):
    """One message and its answer."""

    turn_id: str = Field(primary_key=True)  # of its conversation and its number
    conversation_id: str = Field(index=True)
    number: int
    message: str  # its identifiers masked
    file: str = ""
    status: str
    plan: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    text: str = ""
    follow_ups: list[str] = Field(default_factory=list, sa_column=Column(JSON))
    workflow_id: str = Field(index=True)
    started_at: datetime = Field(sa_column=time_column())
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


class TurnEvent(Owned, table=True):
    """One thing that whoever follows a turn was told."""

    event_id: str = Field(primary_key=True)  # of its turn and its number
    turn_id: str = Field(index=True)
    number: int
    kind: str  # plan, progress, answer, done
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))


def conversations_of(database: Database, warehouse: str | None = None, most: int = 50) -> list[Conversation]:
    """The last conversations, with a warehouse or with any, the one spoken in last first."""
    with database.session() as session:
        found = select(Conversation).order_by(col(Conversation.spoken_at).desc()).limit(most)
        if warehouse:
            found = found.where(Conversation.warehouse == warehouse)
        return list(session.exec(found))


def turns_of(database: Database, conversation_id: str) -> list[Turn]:
    """The turns of a conversation, in order."""
    with database.session() as session:
        found = select(Turn).where(Turn.conversation_id == conversation_id)
        return list(session.exec(found.order_by(col(Turn.number))))


def events_of(database: Database, turn_id: str, after: int = 0) -> list[TurnEvent]:
    """What was told of a turn after an event, in order."""
    with database.session() as session:
        found = select(TurnEvent).where(TurnEvent.turn_id == turn_id, TurnEvent.number > after)
        return list(session.exec(found.order_by(col(TurnEvent.number))))


def exports_from(database: Database, warehouse: str, most: int = 20) -> list[Export]:
    """The last files that left a warehouse, newest first."""
    with database.session() as session:
        found = select(Export).where(Export.warehouse == warehouse)
        return list(session.exec(found.order_by(col(Export.created_at).desc()).limit(most)))
