"""Which organisations does this house serve?"""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from store.access import LOCAL
from store.errors import BadInput, NotFound
from store.records.database import Database
from store.records.tables import time_column

LONGEST_NAME = 120


class Organisation(SQLModel, table=True):
    """One tenant. It is owned by nobody, so it is asked for by its id alone."""

    organisation_id: str = Field(primary_key=True)
    name: str
    created_at: datetime = Field(sa_column=time_column())


def organisations(everywhere: Database) -> list[Organisation]:
    """All organisations that were made, oldest first."""
    with everywhere.session() as session:
        oldest = col(Organisation.created_at), col(Organisation.organisation_id)
        return list(session.exec(select(Organisation).order_by(*oldest)))


def organisation_named(database: Database, organisation_id: str, now: datetime) -> Organisation:
    """The organisation of this id; the local one is there without having been made. Raises NotFound."""
    found = database.get(Organisation, organisation_id)
    if found is not None:
        return found
    if organisation_id == LOCAL:
        return Organisation(organisation_id=LOCAL, name=LOCAL, created_at=now)
    raise NotFound(
        "There is no such organisation",
        where="organisation",
        instead="`fieldmark organisations list` shows those there are.",
    )


def keep_organisation(database: Database, organisation: Organisation) -> Organisation:
    """Keep it, new or under a new name. Raises BadInput for a name that is empty or too long."""
    organisation.name = organisation.name.strip()
    if not 1 <= len(organisation.name) <= LONGEST_NAME:
        raise BadInput(f"A name has 1 to {LONGEST_NAME} characters", where="name")
    database.keep(organisation)
    return organisation
