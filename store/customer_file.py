"""A file of customers: which of its columns identify them, and how."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from store.errors import BadFile
from store.identifiers import Malformed, normalise
from store.identifiers.address import zip_of
from store.identifiers.digests import guess_hash_type
from store.population.build.staging import identifier_columns
from store.population.domains import HashType, IdentifierType
from store.population.mapping import Column, Mapping, propose
from store.population.source import Source, open_source
from store.population.source.cells import missing_sql, person_id_sql

SAMPLE = 200
MOST = 0.8  # of the cells looked at must be of a form for the column to be of it
# Whose digests a column holds, by its name; those of e-mail addresses where that says nothing.
DIGESTED: dict[IdentifierType, re.Pattern[str]] = {
    "phone": re.compile(r"phone|mobile|cell|tel|msisdn", re.IGNORECASE),
    "maid": re.compile(r"maid|idfa|gaid|aaid|device|advert", re.IGNORECASE),
}


class IdentifierColumn(NamedTuple):
    """Identifiers of one type and form."""

    id_type: IdentifierType
    hash_type: HashType
    values: list[str]


class CustomerFile(NamedTuple):
    """What identifies the customers of a file."""

    rows: int
    groups: list[IdentifierColumn]
    person_ids: list[int]
    notes: list[str]


def read_customers(path: Path) -> CustomerFile:
    """The identifiers of a CSV, Parquet or JSON Lines file of customers, its columns recognised.

    Plain identifiers, digests of them, and whole addresses whatever their column is called.
    Raises BadFile when no column identifies anybody.
    """
    with open_source([path]) as source:
        mapping = propose(source).mapping
        _recognise_addresses(source, mapping)
        digested = _digested(source, mapping)
        columns: list[tuple[str, IdentifierType]] = [
            *((sql, _type_of(name)) for name, sql in identifier_columns(mapping).items()),
            *((missing_sql(name, mapping), whose) for name, whose in digested.items()),
        ]
        groups = [_group(whose, values) for sql, whose in columns if (values := _values(source, sql))]
        person = next(iter(mapping.of_kind("person_id")), None)
        ids = [int(value) for value in _values(source, person_id_sql(person, mapping))] if person else []
        if not groups and not ids:
            raise BadFile(
                "No column identifies the customers",
                where=f"{path.name}: {', '.join(source.columns)}",
                instead="Name a column email, phone, address, maid or person_id.",
            )
        identifying = mapping.of_kind("identifier", "person_id")
        read: dict[str, str] = {name: each.identifier or "person id" for name, each in identifying.items()}
        return CustomerFile(source.rows, groups, ids, [_note(source.rows, read | digested, groups, ids)])


def _type_of(staged: str) -> IdentifierType:
    return staged.rstrip("123")  # type: ignore[return-value]  # identifier_columns numbers the types


def _recognise_addresses(source: Source, mapping: Mapping) -> None:
    """Map columns of whole addresses by their values, where no column is named like one."""
    if any(column.identifier == "address" for column in mapping.columns.values()):
        return
    for name, column in mapping.columns.items():
        if column.kind in ("category", "field", "ignore") and _mostly(source, mapping, name, _is_address):
            mapping.columns[name] = Column(kind="identifier", identifier="address", domain="address")


def _digested(source: Source, mapping: Mapping) -> dict[str, IdentifierType]:
    """Columns of digests, which a proposal leaves out, and whose digests they are."""
    digested = [name for name in mapping.of_kind("ignore") if _mostly(source, mapping, name, guess_hash_type)]
    return {name: _whose_digests(name) for name in digested}


def _whose_digests(name: str) -> IdentifierType:
    for id_type, says in DIGESTED.items():
        if says.search(name):
            return id_type
    return "email"


def _mostly(source: Source, mapping: Mapping, name: str, test: Callable[[str], object]) -> bool:
    values = _values(source, missing_sql(name, mapping), most=SAMPLE)
    return bool(values) and sum(bool(test(value)) for value in values) >= MOST * len(values)


def _is_address(value: str) -> bool:
    try:
        return zip_of(normalise("address", value)) is not None
    except Malformed:
        return False


def _group(id_type: IdentifierType, values: list[str]) -> IdentifierColumn:
    """The values of a column with the form that most of them have."""
    forms: Counter[HashType] = Counter(_form(id_type, value) for value in values)
    return IdentifierColumn(id_type, forms.most_common(1)[0][0], values)


def _form(id_type: IdentifierType, value: str) -> HashType:
    guessed = guess_hash_type(value)
    # An advertising id without its hyphens is as long as an md5, and a house may number people by anything.
    if guessed is None or id_type in ("address", "id") or (id_type == "maid" and guessed == "md5"):
        return "plaintext"
    return guessed


def _values(source: Source, sql: str, most: int | None = None) -> list[str]:
    rows = source.connection.execute(
        f"SELECT v FROM (SELECT CAST({sql} AS VARCHAR) AS v FROM {source.sql}) "  # noqa: S608  # names are quoted
        f"WHERE v IS NOT NULL{'' if most is None else f' LIMIT {most}'}"
    )
    return [row[0] for row in rows.fetchall()]


def _note(rows: int, read: dict[str, str], groups: list[IdentifierColumn], ids: list[int]) -> str:
    columns = ", ".join(f"`{name}` ({what})" for name, what in read.items())
    counts = [f"{len(group.values):,} {group.id_type} ({group.hash_type})" for group in groups]
    counts += [f"{len(ids):,} person ids"] if ids else []
    return f"{rows:,} rows; read {columns}: {', '.join(counts)}."
