"""What was asked of a language model, what it answered, and what that cost."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Column, Field

from store.records.tables import time_column
from store.records.tenancy import Owned


class ModelCall(Owned, table=True):
    """One request to a model. It holds aggregates and the model's words, nobody's values."""

    call_id: str = Field(primary_key=True)  # run, text and attempt: written again it is the same row
    run_id: str = Field(index=True)
    workflow_id: str = Field(index=True)
    warehouse: str
    told: str  # which text: segment-0, anti_pattern-2
    attempt: int
    prompt: str
    prompt_version: str
    model: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    answer: str = ""
    outcome: str  # kept, refused, or what failed
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JSON))
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    milliseconds: float = 0.0
    created_at: datetime = Field(sa_column=time_column())
