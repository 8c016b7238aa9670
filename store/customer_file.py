"""A file of customers: which of its columns identify them, and how."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from store.errors import BadFile
from store.identifiers.digests import guess_hash_type
from store.population.build.staging import identifier_columns
from store.population.domains import HashType, IdentifierType
from store.population.mapping import Mapping, propose
from store.population.source import Source, open_source
from store.population.source.cells import person_id_sql

SAMPLE = 200


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

    Raises BadFile when no column identifies anybody.
    """
    with open_source([path]) as source:
        mapping = propose(source).mapping
        groups = [group for name, sql in identifier_columns(mapping).items() if (group := _group(source, name, sql))]
        person = next(iter(mapping.of_kind("person_id")), None)
        ids = _values(source, person_id_sql(person, mapping)) if person else []
        if not groups and not ids:
            raise BadFile(
                "No column identifies the customers", where=f"{path.name}: {', '.join(source.columns)}",
                instead="Name a column email, phone, address, maid or person_id.",
            )  # fmt: skip
        return CustomerFile(source.rows, groups, [int(value) for value in ids], _notes(mapping, groups, ids, source.rows))


def _group(source: Source, name: str, sql: str) -> IdentifierColumn | None:
    values = [str(value) for value in _values(source, sql)]
    if not values:
        return None
    forms = Counter(guess_hash_type(value) or "plaintext" for value in values[:SAMPLE])
    return IdentifierColumn(name.rstrip("123"), forms.most_common(1)[0][0], values)  # type: ignore[arg-type]  # named by IDENTIFIER_TYPES


def _values(source: Source, sql: str) -> list[object]:
    rows = source.connection.execute(f"SELECT v FROM (SELECT {sql} AS v FROM {source.sql}) WHERE v IS NOT NULL")
    return [row[0] for row in rows.fetchall()]


def _notes(mapping: Mapping, groups: list[IdentifierColumn], ids: list[object], rows: int) -> list[str]:
    used = [f"`{name}` ({column.identifier or 'person id'})" for name, column in mapping.of_kind("identifier", "person_id").items()]
    counts = [f"{len(group.values):,} {group.id_type} ({group.hash_type})" for group in groups]
    counts += [f"{len(ids):,} person ids"] if ids else []
    return [f"{rows:,} rows; read {', '.join(used)}: {', '.join(counts)}."]
