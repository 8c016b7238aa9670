"""Which matches of identifiers with persons did somebody correct, why, and were they taken back?"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import JSON, Column, Field

from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned


class Correction(Owned, table=True):
    """A wrong match split, or two persons merged. Identifiers are digests only."""

    correction_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    kind: str  # split: this identifier is not this person's; merge: these two persons are one
    person_id: int = Field(sa_type=BigInteger)
    other_person_id: int | None = Field(default=None, sa_type=BigInteger)  # merge: who is the same
    digests: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # `type:sha256`
    evidence: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    feedback_id: str = ""
    actor: str = ""
    created_at: datetime = Field(sa_column=time_column())
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    undone_by: str = ""
