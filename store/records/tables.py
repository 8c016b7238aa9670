"""The tables. A row names people by person id at most."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.types import TypeDecorator
from sqlmodel import JSON, Column, Field

from store.records.tenancy import Owned


class UtcTime(TypeDecorator):
    """A time with its zone; SQLite forgets zones, so it is kept in UTC and given its zone back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def time_column() -> Column:
    """A time that is looked up by, kept in UTC."""
    return Column(UtcTime, nullable=False, index=True)


class Trace(Owned, table=True):
    """One call of one tool."""

    tool_trace_id: str = Field(primary_key=True)
    workflow_id: str = Field(index=True)
    tool: str
    warehouse: str
    snapshot_id: str = ""
    started_at: datetime = Field(sa_column=time_column())
    milliseconds: float
    outcome: str  # ok, refused, failed
    message: str = ""  # of a refusal
    actor: str = ""  # who asked
    request_bytes: int = Field(default=0, sa_type=BigInteger)  # as JSON
    answer_bytes: int = Field(default=0, sa_type=BigInteger)
    counts: dict[str, float] = Field(default_factory=dict, sa_column=Column(JSON))


class Export(Owned, table=True):
    """One file that left through a signed URL."""

    export_id: str = Field(primary_key=True)
    workflow_id: str = Field(index=True)
    warehouse: str
    format: str
    rows: int
    size_bytes: int = Field(sa_type=BigInteger)
    actor: str = ""  # who had it written
    people: int | None = None  # in it; None where it was written before that was kept
    snapshot_id: str = ""  # of their ids
    platform: str = ""  # in whose form, such as meta
    delivered_to: str = ""  # the destination to which it was written besides
    delivered_url: str = ""
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    downloads: int = 0
    created_at: datetime = Field(sa_column=time_column())
    expires_at: datetime = Field(sa_column=time_column())


class Feedback(Owned, table=True):
    """What somebody said of a person, a cluster, a segment, a score or a narrative."""

    feedback_id: str = Field(primary_key=True)
    warehouse: str
    workflow_id: str = Field(default="", index=True)
    tool_trace_id: str = Field(default="", index=True)
    kind: str
    message: str
    person_id: int | None = Field(default=None, sa_type=BigInteger)
    cluster_hash: str = ""
    segment: str = ""  # of an analysis, by name
    subject: str = ""  # what else it is about: `lead:…` of a score, `text:…`, `change:…` of a briefing
    snapshot_id: str = ""  # of a person id that is a row number; empty where ids come with the source
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())
    status: str = "new"  # accepted, declined
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    reason: str = ""  # of the decision
    effect: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Analysis(Owned, table=True):
    """One analysis of customers; its findings are an artifact under the same id."""

    analysis_id: str = Field(primary_key=True)
    workflow_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    snapshot_id: str
    created_at: datetime = Field(sa_column=time_column())
    customers: int
    headline: str
