"""A file of customers: which of its columns identify them, and how."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from store.customer_columns import recognised, roles_of, values_of
from store.errors import BadFile
from store.identifiers.digests import guess_hash_type
from store.population.build.staging import identifier_columns
from store.population.domains import HashType, IdentifierType
from store.population.source import open_source
from store.population.source.cells import missing_sql, person_id_sql


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

    Plain identifiers, digests of them, and whole addresses whatever their column is called; what somebody
    said of a column of an uploaded file goes before what it looks like.
    Raises BadFile when no column identifies anybody.
    """
    with open_source([path]) as source:
        found = recognised(source, roles_of(path))
        mapping = found.mapping
        columns: list[tuple[str, IdentifierType]] = [
            *((sql, _type_of(name)) for name, sql in identifier_columns(mapping).items()),
            *((missing_sql(name, mapping), whose) for name, whose in found.digested.items()),
        ]
        groups = [_group(whose, values) for sql, whose in columns if (values := values_of(source, sql))]
        person = next(iter(mapping.of_kind("person_id")), None)
        ids = [int(value) for value in values_of(source, person_id_sql(person, mapping))] if person else []
        if not groups and not ids:
            raise BadFile(
                "No column identifies the customers",
                where=f"{path.name}: {', '.join(source.columns)}",
                instead="Name a column email, phone, address, maid or person_id.",
            )
        return CustomerFile(source.rows, groups, ids, [_note(source.rows, found.read, groups, ids)])


def _type_of(staged: str) -> IdentifierType:
    return staged.rstrip("123")  # type: ignore[return-value]  # identifier_columns numbers the types


def _group(id_type: IdentifierType, values: list[str]) -> IdentifierColumn:
    """The values of a column with the form that most of them have."""
    forms: Counter[HashType] = Counter(form_of(id_type, value) for value in values)
    return IdentifierColumn(id_type, forms.most_common(1)[0][0], values)


def form_of(id_type: IdentifierType, value: str) -> HashType:
    """Whether a value is a digest, and of which kind."""
    guessed = guess_hash_type(value)
    # An advertising id without its hyphens is as long as an md5, and a house may number people by anything.
    if guessed is None or id_type in ("address", "id") or (id_type == "maid" and guessed == "md5"):
        return "plaintext"
    return guessed


def _note(rows: int, read: dict[str, str], groups: list[IdentifierColumn], ids: list[int]) -> str:
    columns = ", ".join(f"`{name}` ({what})" for name, what in read.items())
    counts = [f"{len(group.values):,} {group.id_type} ({group.hash_type})" for group in groups]
    counts += [f"{len(ids):,} person ids"] if ids else []
    return f"{rows:,} rows; read {columns}: {', '.join(counts)}."
