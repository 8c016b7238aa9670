"""Who gets briefings, by which channel, and what became of each one sent?"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Column, Field

from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned


class Recipient(Owned, table=True):
    """One address or channel. What it is lies sealed: an address is personal, a channel's URL is a secret."""

    __table_args__ = (UniqueConstraint("organisation_id", "digest", name="uq_recipient_digest"),)

    recipient_id: str = Field(primary_key=True)
    channel: str  # mail, slack, teams, webhook, other
    sealed: str  # the address or URL, sealed with the house's secret
    digest: str  # keyed, of the same: the same address is one recipient
    shown: str = ""  # masked: a…@example.com
    status: str = "active"  # unsubscribed, bounced
    status_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


class BriefingDelivery(Owned, table=True):
    """One briefing on its way to one recipient."""

    __table_args__ = (
        UniqueConstraint("briefing_id", "recipient_id", name="uq_briefingdelivery_briefing_recipient"),
        Index("ix_briefingdelivery_due", "status", "next_attempt_at"),
    )

    delivery_id: str = Field(primary_key=True)
    briefing_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    recipient_id: str = Field(index=True)
    status: str = "pending"  # sent; failed: tried again; dead: not; bounced; unsubscribed
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    claimed_by: str = ""
    claimed_until: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    last_code: int | None = None  # of SMTP or HTTP
    last_error: str = ""  # a kind: no_answer, refused, bounced …
    message_id: str = ""  # of the mail, without its host
    created_at: datetime = Field(sa_column=time_column())
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
