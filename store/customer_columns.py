"""Which columns of a file identify its customers, and as what: recognised, or as somebody said."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import orjson

from store.artifacts import written_whole
from store.errors import BadInput
from store.identifiers import Malformed, normalise
from store.identifiers.address import zip_of
from store.identifiers.digests import guess_hash_type
from store.population.domains import IDENTIFIER_TYPES, IdentifierType
from store.population.mapping import Column, propose
from store.population.mapping import Mapping as ColumnMapping
from store.population.source import Source
from store.population.source.cells import missing_sql
from store.uploads import ROLES

Role = Literal["email", "phone", "address", "maid", "id", "person_id", "nothing"]
SAMPLE = 200
MOST = 0.8  # of the cells looked at must be of a form for the column to be of it
# Whose digests a column holds, by its name; those of e-mail addresses where that says nothing.
DIGESTED: dict[IdentifierType, re.Pattern[str]] = {
    "phone": re.compile(r"phone|mobile|cell|tel|msisdn", re.IGNORECASE),
    "maid": re.compile(r"maid|idfa|gaid|aaid|device|advert", re.IGNORECASE),
}


class Recognised(NamedTuple):
    """What the columns are."""

    mapping: ColumnMapping
    digested: dict[str, IdentifierType]  # columns of digests, and whose they are

    def role_of(self, name: str) -> Role:
        """What a column identifies people by."""
        if name in self.digested:
            return self.digested[name]
        column = self.mapping.columns.get(name)
        if column is None or column.kind not in ("identifier", "person_id"):
            return "nothing"
        return "person_id" if column.kind == "person_id" else column.identifier or "nothing"

    @property
    def read(self) -> dict[str, str]:
        """The columns that identify people, and by what."""
        return {
            name: role.replace("_", " ")
            for name in [*self.mapping.of_kind("identifier", "person_id"), *self.digested]
            if (role := self.role_of(name)) != "nothing"
        }


def recognised(source: Source, roles: Mapping[str, Role]) -> Recognised:
    """The columns by their names and values; those of `roles` as somebody said they are."""
    mapping = propose(source).mapping
    _recognise_addresses(source, mapping)
    digested = _digested(source, mapping)
    found = Recognised(mapping, digested)
    for name, role in roles.items():
        if name in source.columns and found.role_of(name) != role:
            _put(source, found, name, role)
    return found


def roles_of(path: Path) -> dict[str, Role]:
    """What somebody said the columns of the file are; empty where nobody did."""
    beside = path.with_name(path.name + ROLES)
    return orjson.loads(beside.read_bytes()) if beside.exists() else {}


def say_role(path: Path, column: str, role: str) -> None:
    """Keep beside the file what a column of it is, for all who read it. Raises BadInput."""
    known = {one: one for one in get_args(Role)}
    if role not in known:
        raise BadInput("There is no such role", where="role", instead=f"One of: {', '.join(known)}.")
    roles = roles_of(path) | {column: known[role]}
    with written_whole(path.with_name(path.name + ROLES)) as beside:
        beside.write_bytes(orjson.dumps(roles))


def _put(source: Source, found: Recognised, name: str, role: Role) -> None:
    found.digested.pop(name, None)
    if role == "person_id":
        for other in found.mapping.of_kind("person_id"):
            found.mapping.columns[other] = Column(kind="ignore")
        found.mapping.columns[name] = Column(kind="person_id")
    elif role in IDENTIFIER_TYPES:
        found.mapping.columns[name] = Column(kind="ignore")
        if role != "id" and _mostly(source, found.mapping, name, guess_hash_type):
            found.digested[name] = role
        else:
            found.mapping.columns[name] = Column(kind="identifier", identifier=role, domain=role)
    else:
        found.mapping.columns[name] = Column(kind="ignore")


def _recognise_addresses(source: Source, mapping: ColumnMapping) -> None:
    """Map columns of whole addresses by their values, where no column is named like one."""
    if any(column.identifier == "address" for column in mapping.columns.values()):
        return
    for name, column in mapping.columns.items():
        if column.kind in ("category", "field", "ignore") and _mostly(source, mapping, name, _is_address):
            mapping.columns[name] = Column(kind="identifier", identifier="address", domain="address")


def _digested(source: Source, mapping: ColumnMapping) -> dict[str, IdentifierType]:
    """Columns of digests, which a proposal leaves out, and whose digests they are."""
    digested = [name for name in mapping.of_kind("ignore") if _mostly(source, mapping, name, guess_hash_type)]
    return {name: _whose_digests(name) for name in digested}


def _whose_digests(name: str) -> IdentifierType:
    for id_type, says in DIGESTED.items():
        if says.search(name):
            return id_type
    return "email"


def _mostly(source: Source, mapping: ColumnMapping, name: str, test: Callable[[str], object]) -> bool:
    values = values_of(source, missing_sql(name, mapping), most=SAMPLE)
    return bool(values) and sum(bool(test(value)) for value in values) >= MOST * len(values)


def _is_address(value: str) -> bool:
    try:
        return zip_of(normalise("address", value)) is not None
    except Malformed:
        return False


def values_of(source: Source, sql: str, most: int | None = None) -> list[str]:
    """The values of a column, or of an expression over columns, that are there; the first `most`."""
    rows = source.connection.execute(
        f"SELECT v FROM (SELECT CAST({sql} AS VARCHAR) AS v FROM {source.sql}) "  # noqa: S608  # names are quoted
        f"WHERE v IS NOT NULL{'' if most is None else f' LIMIT {most}'}"
    )
    return [row[0] for row in rows.fetchall()]
