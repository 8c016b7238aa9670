"""Who is meant, in whichever snapshot their id was given?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from pydantic import Field, model_validator

from store.errors import NotFound
from store.population.domains import PERSONAL
from store.population.fields import contact_columns
from store.population.lookup import digest, normal_form
from store.population.population import Population
from store.population.shard import Shard
from store.records.corrections import active_corrections
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery
from tools.identity.corrections.overlay import corrections_on
from tools.identity.matching import Group, match, persons_of
from tools.identity.resolve_identities import Identifiers, ResolveQuery


class AboutPerson(ToolQuery):
    """One person, by their id or by identifiers of theirs."""

    person_id: PersonId | None = Field(default=None, description="A number, or a number as text.")
    multi_identifiers: list[Identifiers] | None = Field(
        default=None, description="Identifiers of theirs, plain or hashed; none of them is kept."
    )

    @model_validator(mode="after")
    def _one_way(self) -> "AboutPerson":
        if (self.person_id is None) == (self.multi_identifiers is None):
            raise ValueError("give either `person_id` or `multi_identifiers`")
        return self


@dataclass
class Known:
    """People of one population, as they are known there and in snapshots before it."""

    workspace: Workspace
    snapshot_id: str  # in which the ids are theirs
    person_ids: frozenset[int]
    has_own_ids: bool  # whether ids come with the source; else they are row numbers of one snapshot
    identifiers: Mapping[str, list[str]]  # by which they are known again where rows have other numbers
    persons: int = 1  # how many these are: ids that were merged are one person's
    _elsewhere: dict[str, frozenset[int] | None] = field(default_factory=dict)

    def ids_in(self, snapshot_id: str) -> frozenset[int] | None:
        """Their ids in a snapshot; None where nothing tells, since it is kept no more."""
        if self.has_own_ids or snapshot_id == self.snapshot_id:
            return self.person_ids
        if snapshot_id not in self._elsewhere:
            self._elsewhere[snapshot_id] = self._looked_up(snapshot_id)
        return self._elsewhere[snapshot_id]

    def _looked_up(self, snapshot_id: str) -> frozenset[int] | None:
        groups = [Group(kind, "plaintext", values) for kind, values in self.identifiers.items() if values]  # type: ignore[arg-type]  # of PERSONAL
        kept = {line.snapshot_id for line in self.workspace.warehouse.snapshots()}
        if not groups or snapshot_id not in kept:
            return None
        return ids_of(self.workspace.warehouse.snapshot(snapshot_id), groups)


def known(workspace: Workspace, query: AboutPerson) -> Known:
    """The people whom a query means; an id may be nobody's. Raises NotFound for identifiers of nobody."""
    population = workspace.population
    if query.person_id is not None:
        person_ids = frozenset([query.person_id])
    else:
        groups = ResolveQuery(multi_identifiers=query.multi_identifiers).groups()
        person_ids = ids_of(population, groups)
        if not person_ids:
            raise NotFound(
                "Nobody here has these identifiers",
                where="multi_identifiers",
                instead="Somebody who was erased is asked for by their person id alone.",
            )
    corrected = corrections_on(workspace)
    if corrected is not None:
        person_ids = corrected.ids_of_same(person_ids)
    ids = np.array(sorted(person_ids), dtype=np.int64)
    found: dict[str, set[str]] = {kind: set() for kind in PERSONAL}
    not_theirs = _split_off(workspace, person_ids)
    for each in population.ask(_identifiers, ids):
        for kind, values in each.items():
            found[kind] |= {value for value in values if _digest(kind, value) not in not_theirs}
    columns = population.manifest.mapping["columns"].values()
    return Known(
        workspace,
        population.snapshot_id,
        person_ids,
        any(column["kind"] == "person_id" for column in columns),
        {kind: sorted(values) for kind, values in found.items()},
        len(ids) if corrected is None else len(np.unique(corrected.one_each(ids))),
    )


def ids_of(population: Population, groups: list[Group]) -> frozenset[int]:
    """Ids of the people to whom these identifiers belong."""
    persons = persons_of(match(population, groups)[0])
    places = zip(persons.shard.tolist(), persons.number.tolist(), strict=True)
    return frozenset(int(population.shards[shard].person_ids[number]) for shard, number in places)


def digests_of(person: Known) -> set[str]:
    """Their identifiers as corrections keep them: `type:sha256`."""
    return {_digest(kind, value) for kind, values in person.identifiers.items() for value in values} - {""}


def _digest(kind: str, value: str) -> str:
    normal = normal_form(kind, value)
    return f"{kind}:{digest(normal, 'sha256')}" if normal else ""


def _split_off(workspace: Workspace, person_ids: frozenset[int]) -> set[str]:
    """Identifiers that were found not to be theirs: by these, somebody else would be erased with them."""
    here = ("", workspace.population.snapshot_id)
    return {
        one
        for each in active_corrections(workspace.database, workspace.warehouse.name)
        if each.kind == "split" and each.person_id in person_ids and each.snapshot_id in here
        for one in each.digests
    }


def _identifiers(shard: Shard, person_ids: np.ndarray) -> dict[str, set[str]]:
    _, numbers = shard.numbers_of(person_ids)
    if not len(numbers):
        return {}
    kept = shard.fields.take(np.sort(numbers), contact_columns(list(PERSONAL)))
    found: dict[str, set[str]] = {}
    for name, values in kept.items():
        found.setdefault(name.rstrip("123"), set()).update(value for value in values if value)
    return found
