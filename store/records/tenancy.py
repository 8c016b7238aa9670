"""Whose is a record? Every table has its organisation, and a session sees the records of one."""

from functools import lru_cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, with_loader_criteria
from sqlmodel import Field, Session, SQLModel

from store.access import LOCAL

ORGANISATION = "organisation_id"  # in the info of a session


class Owned(SQLModel):
    """A record of one organisation."""

    organisation_id: str = Field(default=LOCAL, index=True)


class OwnedSession(Session):
    """A session of one organisation, or of all of them where `info` names none.

    What it selects, changes and removes is that organisation's; what it adds becomes so.
    """


@event.listens_for(OwnedSession, "do_orm_execute")
def _only_own(state: ORMExecuteState) -> None:
    own = state.session.info.get(ORGANISATION)
    if own is None:
        return
    if state.is_insert:
        state.statement = state.statement.values(organisation_id=own)  # type: ignore[attr-defined]  # an INSERT
    else:
        state.statement = state.statement.options(*_criteria(own, len(Owned.__subclasses__())))


@lru_cache(maxsize=1024)
def _criteria(own: str, _tables: int) -> tuple[LoaderCriteriaOption, ...]:
    """What every statement is held to; made anew when a table has been declared since."""
    return tuple(
        with_loader_criteria(table, lambda each: each.organisation_id == own, include_aliases=True)
        for table in Owned.__subclasses__()
        if hasattr(table, "__table__")
    )


@event.listens_for(OwnedSession, "before_flush")
def _make_own(session: Session, *_: Any) -> None:
    own = session.info.get(ORGANISATION)
    if own is None:
        return
    for record in (*session.new, *session.dirty):
        if isinstance(record, Owned):
            record.organisation_id = own
