"""Which audiences and briefings were made? What they say is an artifact under the same id."""

from datetime import datetime

from sqlmodel import Field

from store.records.database import Database
from store.records.tables import time_column
from store.records.tenancy import Owned


class KeptResult(Owned, table=True):
    """One audience or briefing that was made."""

    result_id: str = Field(primary_key=True)
    kind: str = Field(index=True)  # audience, briefing, quiet_alert (one that went to nobody)
    warehouse: str = Field(index=True)
    workflow_id: str = Field(index=True)
    actor: str = ""
    headline: str = ""
    count: int = 0  # people of an audience, significant changes of a briefing
    created_at: datetime = Field(sa_column=time_column())


def keep_result(database: Database, result: KeptResult) -> None:
    """Keep the record; keeping it again changes nothing."""
    with database.session() as session:
        if session.get(KeptResult, result.result_id) is None:
            session.add(result)
