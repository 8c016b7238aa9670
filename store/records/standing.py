"""Which audiences are kept up to date at a destination, and what changed in each?"""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Column, Field

from store.records.tables import time_column
from store.records.tenancy import Owned


class StandingAudience(Owned, table=True):
    """An audience that is made anew when its data or its model changes."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "warehouse", "name", name="uq_standingaudience_name"),
    )

    standing_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    name: str
    query: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    platform: str = ""  # in whose form it is written; empty: as CSV of ids
    destination: str = ""  # to which it is written; empty: nowhere
    is_paused: bool = False
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


class StandingChange(Owned, table=True):
    """One time an audience was made anew: who is in it is an artifact under the same id."""

    __table_args__ = (UniqueConstraint("standing_id", "key", name="uq_standingchange_key"),)

    change_id: str = Field(primary_key=True)
    standing_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    key: str  # of what it was made from: the same data and model make it once
    snapshot_id: str = ""
    people: int = 0
    entered: int = 0
    left: int = 0
    why: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    delivered_to: str = ""
    run_id: str = ""  # the briefing that it was made for
    created_at: datetime = Field(sa_column=time_column())
