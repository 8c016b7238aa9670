"""What does a file of customers look like, before anything is done with it?"""

import re
from pathlib import Path
from typing import NamedTuple

from store.customer_columns import Recognised, Role, recognised, roles_of
from store.errors import TooMany
from store.identifiers import Malformed, normalise
from store.identifiers.digests import guess_hash_type
from store.population.domains import CONTACT_DOMAINS, IdentifierType
from store.population.source import Source, open_source
from store.population.source.cells import missing_sql

FIRST_ROWS = 5
TESTED_ROWS = 100_000  # of which each identifier is read
MOST_ROWS = 1_000_000
MOST_COLUMNS = 60  # that are looked at one by one, those that identify people first
REPEATS = 0.5  # distinct values to values, up to which a column holds kinds of something
WHOLE = re.compile(r"-?[0-9]+(\.0+)?")


class LookedColumn(NamedTuple):
    """One column: what it is taken for, and how much of it can be read as that."""

    name: str
    role: Role
    is_digested: bool
    filled: int  # of the rows tested
    readable: int  # of those filled; all of them where the column identifies nobody
    example: str  # as it stands in the file: to be masked before anybody sees it
    is_personal: bool  # also where it identifies nobody: a name, or values that hardly repeat


class LookedFile(NamedTuple):
    """The file. What it holds of people is as it stands there: nobody may see it unmasked."""

    rows: int
    tested: int
    columns: list[LookedColumn]
    columns_left: int
    first: list[list[str]]


def look(path: Path) -> LookedFile:
    """The columns of the file and its first rows; at most TESTED_ROWS are read to the last value.

    Raises BadFile for what is no table, and TooMany for more rows than a conversation takes.
    """
    with open_source([path]) as source:
        if source.rows > MOST_ROWS:
            raise TooMany(
                f"The file has {source.rows:,} rows; {MOST_ROWS:,} is the most",
                where=path.name,
                instead="Send its best customers alone, or load it with `fieldmark load`.",
            )
        found = recognised(source, roles_of(path))
        names = sorted(source.columns, key=lambda name: found.role_of(name) == "nothing")[:MOST_COLUMNS]
        shown = [name for name in source.columns if name in names]
        columns = [_looked(source, found, name) for name in shown]
        tested = min(source.rows, TESTED_ROWS)
        return LookedFile(
            source.rows, tested, columns, len(source.columns) - len(shown), _first(source, found, shown)
        )


def _looked(source: Source, found: Recognised, name: str) -> LookedColumn:
    values = [value for value in _cells(source, found, name) if value is not None]
    role = found.role_of(name)
    column = found.mapping.columns.get(name)
    is_part = column is not None and bool(column.part)
    readable = values if role == "nothing" or is_part else [one for one in values if _is_readable(role, one)]
    is_name = column is not None and (column.kind == "field" or column.domain in CONTACT_DOMAINS)
    return LookedColumn(
        name,
        role,
        name in found.digested,
        len(values),
        len(readable),
        next(iter(readable or values), ""),
        is_name or len(set(values)) > REPEATS * len(values),
    )


def _cells(source: Source, found: Recognised, name: str) -> list[str | None]:
    sql = f"SELECT {missing_sql(name, found.mapping)} FROM {source.sql} LIMIT {TESTED_ROWS}"  # noqa: S608  # quoted
    return [row[0] for row in source.connection.execute(sql).fetchall()]


def _first(source: Source, found: Recognised, names: list[str]) -> list[list[str]]:
    cells = ", ".join(missing_sql(name, found.mapping) for name in names)
    sql = f"SELECT {cells} FROM {source.sql} ORDER BY source_row LIMIT {FIRST_ROWS}"  # noqa: S608  # quoted
    return [
        ["" if cell is None else cell for cell in row] for row in source.connection.execute(sql).fetchall()
    ]


def _is_readable(role: Role, value: str) -> bool:
    if role == "person_id":
        return WHOLE.fullmatch(value) is not None
    if role != "address" and guess_hash_type(value):
        return True
    try:
        normalise(_type_of(role), value)
    except Malformed:
        return False
    return True


def _type_of(role: Role) -> IdentifierType:
    return role  # type: ignore[return-value]  # not `nothing`, nor `person_id`
