"""From what was the result of a run made, so that it can be made again?"""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Column, Field

from store.records.tables import time_column
from store.records.tenancy import Owned


class Recipe(Owned, table=True):
    """What a run was made from, and the digest of what came of it."""

    run_id: str = Field(primary_key=True)
    kind: str = Field(index=True)  # the tool
    warehouse: str = Field(index=True)
    made_from: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    result_hash: str
    replay_of: str = Field(default="", index=True)
    created_at: datetime = Field(sa_column=time_column())
