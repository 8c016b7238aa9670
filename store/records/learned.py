"""Models that were learned from outcomes: which one is in use, and why another was kept aside."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Column as SqlColumn
from sqlmodel import JSON, Column, Field, col, select

from store.records.database import Database
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

ModelKind = Literal["fit", "conversion", "churn", "expansion"]
KINDS: tuple[ModelKind, ...] = get_args(ModelKind)


class LearnedModel(Owned, table=True):
    """One model of one warehouse. What it computes with is an artifact under the same id."""

    model_id: str = Field(primary_key=True)
    run_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    kind: str
    status: str  # published, aside (worse, so it is not used), retired (another took its place)
    why: list[str] = Field(default_factory=list, sa_column=Column(JSON))
    figures: dict[str, float] = Field(default_factory=dict, sa_column=Column(JSON))
    data_hash: str  # of everything it was learned from
    learned_until: datetime | None = Field(default=None, sa_column=SqlColumn(UtcTime, nullable=True))
    created_at: datetime = Field(sa_column=time_column())


def published_model(database: Database, warehouse: str, kind: ModelKind) -> LearnedModel | None:
    """The model in use, or None."""
    found = [one for one in learned_models(database, warehouse) if one.kind == kind]
    return next((one for one in found if one.status == "published"), None)


def learned_models(database: Database, warehouse: str) -> list[LearnedModel]:
    """Every model of a warehouse, newest first."""
    with database.session() as session:
        found = select(LearnedModel).where(LearnedModel.warehouse == warehouse)
        newest = col(LearnedModel.created_at).desc(), col(LearnedModel.model_id)
        return list(session.exec(found.order_by(*newest)))


def keep_model(database: Database, record: LearnedModel) -> None:
    """Keep a model; one that is published retires the one of its kind before it, in the same transaction.

    Keeping it again changes nothing.
    """
    with database.session() as session:
        if session.get(LearnedModel, record.model_id) is not None:
            return
        if record.status == "published":
            before = select(LearnedModel).where(
                LearnedModel.warehouse == record.warehouse,
                LearnedModel.kind == record.kind,
                LearnedModel.status == "published",
            )
            for one in session.exec(before):
                one.status = "retired"
                session.add(one)
        session.add(record)
