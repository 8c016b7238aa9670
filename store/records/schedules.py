"""When is a briefing due, who gets it, and which slots were taken?"""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Column, Field

from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned


class Schedule(Owned, table=True):
    """A briefing, or the watch for alerts, of one warehouse, again and again."""

    schedule_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    kind: str = "briefing"  # or alert: only what is significant is told, and not again within the cool-down
    name: str = ""
    cron: str  # five fields, in local time
    timezone: str  # of the IANA database
    icp_profile: str = ""  # whose customers it is about; empty: the last that were analysed
    recipient_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    sync: bool = False  # whether standing audiences are brought up to date at their destinations too
    cooldown_hours: int = 0
    is_paused: bool = False
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


class Slot(Owned, table=True):
    """One time at which a schedule was due."""

    __table_args__ = (UniqueConstraint("schedule_id", "slot", name="uq_slot_schedule_slot"),)

    slot_id: str = Field(primary_key=True)
    schedule_id: str = Field(index=True)
    slot: str  # local time without its zone: an hour that daylight saving repeats is one slot
    due_at: datetime = Field(sa_column=time_column())
    status: str  # taken; skipped: a later one was due too when somebody looked
    run_id: str = ""  # the job that writes the briefing
    taken_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
