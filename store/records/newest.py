"""How is a table read in pages: the newest first, from a place on, however many rows came since?"""

from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlmodel import SQLModel, col, select

from store.records.database import Database

Record = TypeVar("Record", bound=SQLModel)


class Place(NamedTuple):
    """Where a row stands among the rows of its table: its time, and its key among those of that time."""

    at: datetime
    key: str


def newest(
    database: Database,
    table: type[Record],
    at: Any,
    key: Any,
    limit: int,
    after: Place | None = None,
    **where: Any,
) -> list[Record]:
    """The rows after a place, newest first: one more than the limit where there are more.

    at, key: the table's columns of the time and of the key. where: what columns must be equal to; one that
    is None is not looked at, and a tuple is any of its values.
    """
    found = select(table).order_by(col(at).desc(), col(key).desc()).limit(limit + 1)
    for name, wanted in where.items():
        if isinstance(wanted, tuple):
            found = found.where(getattr(table, name).in_(wanted))
        elif wanted is not None:
            found = found.where(getattr(table, name) == wanted)
    if after is not None:
        found = found.where((col(at) < after.at) | ((col(at) == after.at) & (col(key) < after.key)))
    with database.session() as session:
        return list(session.exec(found))
