"""Who are the leads, and what is known of each?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from store.errors import BadInput
from store.feature_file import FeatureFile
from store.features import Feature, FeatureKind, FeatureTable, category, number, sets
from store.population.population import Population
from store.workspace import Workspace
from tools.identity.corrections.overlay import corrections_on
from tools.identity.matching import Group, match, persons_of
from tools.outcomes.persons_by_email import persons_by_email
from tools.scoring.population_features import population_features

NOBODY = -1
MOST_COLUMNS = 500
# Columns of people or companies by name: never what a lead is like.
NAMING = frozenset(
    (
        *("id", "lead_id", "person_id", "account_id", "contact_id", "email", "e-mail", "email_address"),
        *("phone", "phone_number", "mobile", "name", "full_name", "first_name", "last_name", "company"),
        *("company_name", "account_name", "website", "domain", "url", "linkedin", "linkedin_url", "address"),
        *("notes", "comment", "comments"),
    )
)


@dataclass(frozen=True)
class Leads:
    """What is known of each lead, and what it is called by whoever gave it."""

    table: FeatureTable
    ids: list[str]
    notes: list[str]
    persons: np.ndarray | None = None  # the person of each, -1 for nobody; None where none was looked for


def leads_of_persons(workspace: Workspace, person_ids: Sequence[int]) -> Leads:
    """People of the population, by their ids; one whom it lacks is unknown throughout."""
    ids = np.array(person_ids, dtype=np.int64)
    table = population_features(workspace.population, ids)
    lacking = len(ids) - len(np.unique(np.concatenate(workspace.population.ask(_found, ids))))
    notes = [f"{lacking:,} of the ids are nobody of this population."] if lacking else []
    return Leads(table, [str(one) for one in person_ids], notes, ids)


def _found(shard: Any, ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(ids)[0]


def leads_of_identifiers(workspace: Workspace, groups: list[Group]) -> Leads:
    """The people to whom identifiers belong, each once; identifiers of nobody are counted, not scored."""
    population = workspace.population
    matches, problems = match(population, groups, corrections_on(workspace))
    persons = persons_of(matches)
    ids = [
        int(population.shards[shard].person_ids[at])
        for shard, at in zip(persons.shard.tolist(), persons.number.tolist(), strict=True)
    ]
    found = leads_of_persons(workspace, ids)
    told = [f"{problems.total:,} identifiers led to nobody, and are not scored."] if problems.total else []
    return Leads(found.table, found.ids, told, found.persons)


def leads_of_file(workspace: Workspace, file: FeatureFile) -> Leads:
    """The rows of a file: by its own columns, and by the population's where it knows the row's person."""
    persons = _persons(workspace, file) if workspace.warehouse.exists else None
    ids = next(iter(file.ids.values()), None) or [""] * file.table.rows
    called = [given or f"row {row}" for row, given in enumerate(ids, start=1)]
    if persons is None or not (persons != NOBODY).any():
        return Leads(file.table, called, file.notes)
    more = population_features(workspace.population, persons).without(file.table.names)
    known = int((persons != NOBODY).sum())
    note = (
        f"{known:,} of {len(persons):,} rows are people of the population, whose other attributes count too."
    )
    return Leads(file.table.beside(*more.features), called, [*file.notes, note], persons)


def _persons(workspace: Workspace, file: FeatureFile) -> np.ndarray | None:
    """The person of each row, -1 for nobody; None where no column tells."""
    population = workspace.population
    for values in file.ids.values():
        if any("@" in value for value in values[:100]):
            found = persons_by_email(population, values, corrections_on(workspace))
            return np.array([int(one) if one else NOBODY for one in found], dtype=np.int64)
        if _has_own_ids(population) and all(_is_id(value) for value in values if value):
            return np.array([int(value) if value else NOBODY for value in values], dtype=np.int64)
    return None


def _has_own_ids(population: Population) -> bool:
    """Whether people are numbered by the house; else the numbers are those of one snapshot."""
    columns = population.manifest.mapping["columns"].values()
    return any(column["kind"] == "person_id" for column in columns)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19


def leads_of_rows(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, FeatureKind]) -> Leads:
    """Leads given as objects. kinds: of the columns that the profile knows; others are passed over.

    `id` names a lead. Raises BadInput where a number cannot be read, with the place of its row.
    """
    columns = tuple(_column(name, kind, rows) for name, kind in kinds.items())
    ids = [str(row.get("id", f"row {at}")) for at, row in enumerate(rows, start=1)]
    return Leads(FeatureTable(len(rows), columns), ids, [])


def leads_of_any_rows(
    rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, FeatureKind] | None = None
) -> Leads:
    """Leads given as objects, with every column but those that name or number somebody.

    kinds: of columns that are known; of others a list makes a set, nothing but numbers a number, and the
    rest a category. Raises BadInput for more than MOST_COLUMNS columns.
    """
    told: dict[str, FeatureKind] = dict(kinds or {})
    names = dict.fromkeys(name for row in rows for name in row if name not in told)
    if len(names) > MOST_COLUMNS:
        raise BadInput(
            f"The rows have more than {MOST_COLUMNS:,} columns", where="rows", instead="Leave some out."
        )
    for name in names:
        if name.casefold().replace(" ", "_") not in NAMING:
            told[name] = _kind([row[name] for row in rows if row.get(name) not in (None, "")])
    return leads_of_rows(rows, told)


def _kind(values: Sequence[Any]) -> FeatureKind:
    if any(isinstance(value, list) for value in values):
        return "set"
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return "number" if values and numbers else "category"


def _column(name: str, kind: FeatureKind, rows: Sequence[Mapping[str, Any]]) -> Feature:
    values = [row.get(name) for row in rows]
    if kind == "number":
        return number(name, [_number(value, name, at) for at, value in enumerate(values)])
    if kind == "category":
        return category(name, [_told(value) for value in values])
    return sets(name, [[] if v is None else v if isinstance(v, list) else [v] for v in values])


def _told(value: object) -> object:
    return ("Yes" if value else "No") if isinstance(value, bool) else value


def _number(value: Any, name: str, at: int) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadInput(
            "A value is not a number", where=f"rows.{at}.{name}", instead="Give a number, or leave it out."
        ) from None
