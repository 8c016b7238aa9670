"""Which audiences are kept up to date at a destination, and what changed in each?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, Session, col, delete, select

from store.errors import Conflict, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.tables import time_column
from store.records.tenancy import Owned

MOST = 200  # of one warehouse: each of them is made anew by every briefing


class StandingAudience(Owned, table=True):
    """An audience that is made anew when its data or its model changes."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "warehouse", "name", name="uq_standingaudience_name"),
    )

    standing_id: str = Field(primary_key=True)
    warehouse: str = Field(index=True)
    name: str
    query: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    platform: str = ""  # in whose form it is written; empty: as CSV of ids and one kind of identifier
    destination: str = ""  # to which it is written; empty: nowhere
    is_paused: bool = False
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())


class StandingChange(Owned, table=True):
    """One time an audience was made anew: who is in it is an artifact under the same id."""

    __table_args__ = (
        UniqueConstraint("standing_id", "key", name="uq_standingchange_key"),
        UniqueConstraint("standing_id", "number", name="uq_standingchange_number"),
    )

    change_id: str = Field(primary_key=True)
    standing_id: str = Field(index=True)
    warehouse: str = Field(index=True)
    number: int  # 1 is the first
    key: str  # of what it was made from, after which change: it is made once
    made_from: str  # of what it was made from: the same data and model change nothing
    snapshot_id: str = ""
    people: int = 0
    entered: int = 0
    left: int = 0
    why: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    definition: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    delivered_to: str = ""
    run_id: str = ""  # the briefing that it was made for
    created_at: datetime = Field(sa_column=time_column())


def add_standing(database: Database, standing: StandingAudience) -> None:
    """Keep an audience as standing. Raises Conflict where the name is taken, or there are too many."""
    try:
        with database.session() as session:
            session.add(standing)
            session.flush()  # from here on nobody else writes to a file, so the count below holds
            mine = select(StandingAudience.standing_id).where(
                StandingAudience.warehouse == standing.warehouse
            )
            if len(session.exec(mine).all()) > MOST:
                raise Conflict(
                    f"There are {MOST} standing audiences already",
                    where="standing audiences",
                    instead="Remove one that is not used.",
                )
    except IntegrityError:
        raise Conflict(
            "There is a standing audience of this name already",
            where="name",
            instead="Take another name, or remove that one first.",
        ) from None


def standing_of(database: Database, warehouse: str) -> list[StandingAudience]:
    """Every standing audience of a warehouse, by name."""
    with database.session() as session:
        found = select(StandingAudience).where(StandingAudience.warehouse == warehouse)
        return list(session.exec(found.order_by(col(StandingAudience.name))))


def standing_named(database: Database, warehouse: str, named: str) -> StandingAudience:
    """The standing audience of this name or id. Raises NotFound with the names there are."""
    found = standing_of(database, warehouse)
    for each in found:
        if named in (each.name, each.standing_id):
            return each
    names = ", ".join(each.name for each in found[:10])
    raise NotFound(
        f"There is no such standing audience in `{warehouse}`",
        where="name",
        instead=f"There are {names}." if names else "`fieldmark standing add` keeps one.",
    )


def set_paused(database: Database, standing_id: str, is_paused: bool) -> None:
    """Keep whether a standing audience rests. Raises NotFound."""
    with database.session() as session:
        kept = session.get(StandingAudience, standing_id)
        if kept is None:
            raise _gone()
        kept.is_paused = is_paused
        session.add(kept)


def remove_standing(database: Database, standing_id: str) -> None:
    """Forget a standing audience and its changes. Raises NotFound where somebody else did."""
    with database.session() as session:
        kept = session.get(StandingAudience, standing_id)
        if kept is None:
            raise _gone()
        session.delete(kept)
        session.exec(  # type: ignore[call-overload]  # a DELETE
            delete(StandingChange).where(col(StandingChange.standing_id) == standing_id)
        )


def keep_change(database: Database, change: StandingChange, telling: Callable[[Session], None]) -> bool:
    """Keep a change with what is told of it, in one transaction; false where it was kept already.

    telling: adds what is told to the session. Raises NotFound where the audience was removed meanwhile.
    """
    try:
        with database.session() as session:
            if session.get(StandingAudience, change.standing_id) is None:
                raise _gone()
            session.add(change)
            session.flush()
            telling(session)
    except IntegrityError:
        return False
    return True


def last_change(database: Database, standing_id: str) -> StandingChange | None:
    """The newest change of a standing audience, or None."""
    with database.session() as session:
        found = select(StandingChange).where(StandingChange.standing_id == standing_id)
        return session.exec(found.order_by(col(StandingChange.number).desc()).limit(1)).first()


def changes_of(
    database: Database, standing_id: str, limit: int = 50, after: Place | None = None
) -> list[StandingChange]:
    """Its changes, newest first; one more than the limit where there are more."""
    at, key = StandingChange.created_at, StandingChange.change_id
    return newest(database, StandingChange, at, key, limit, after, standing_id=standing_id)


def _gone() -> NotFound:
    return NotFound(
        "There is no such standing audience",
        where="standing_id",
        instead="`fieldmark standing list` shows those there are.",
    )
