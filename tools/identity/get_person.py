"""What is known of these persons?"""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NotRequired
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import Field, field_validator
from typing_extensions import TypedDict

from store.errors import TooMany
from store.exports import ExportLink
from store.population.domains import DOMAINS, Domain
from store.population.fields import RAW, contact_columns
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.declaration import ExportingQuery, ExportingResult, PersonId

MOST = 1_000
MOST_CHOICES = 16  # of domains, whose keys are kept
Keys = list[tuple[str, str, bool] | None]
_known_keys: "WeakKeyDictionary[Population, dict[frozenset[str], Keys]]" = WeakKeyDictionary()
CONTACT_KINDS: tuple[Domain, ...] = ("address", "email", "id", "maid", "phone")


class PersonQuery(ExportingQuery):
    """Which persons, and which of the eighteen domains of each."""

    person_ids: list[PersonId] = Field(description="At most 1,000; numbers, or numbers as text.")
    domains: list[Domain] = Field(default=list(DOMAINS), min_length=1, description="Domains to return.")

    @field_validator("person_ids", mode="before")
    @classmethod
    def _not_too_many(cls, ids: Any) -> Any:
        if isinstance(ids, list) and len(ids) > MOST:
            raise TooMany(
                f"{len(ids):,} person ids in one request; {MOST:,} is the most",
                where="person_ids",
                instead=f"Split them into {-(-len(ids) // MOST)} requests under one workflow_id.",
            )
        return ids


class PersonMetadata(TypedDict):
    """How good the record is, and when it was last touched."""

    quality_score: float
    last_modified: NotRequired[str]


class Profile(TypedDict):
    """One person: attributes as flat keys and values. What is unknown is left out."""

    person_id: str
    metadata: PersonMetadata
    domains: dict[str, str | float]


class PersonResult(ExportingResult):
    """Profiles in the order they were asked for; an id asked for twice is answered twice."""

    profiles: list[Profile]
    not_found: list[str] = Field(description="Ids that are nobody's in this population.")


def get_person(workspace: Workspace, query: PersonQuery) -> PersonResult:
    """Profiles of up to 1,000 persons: attributes of the domains asked for, flat, without nulls.

    Contact values are numbered (`email1`, three at most). An attribute and its value are those of a
    cluster in `list_clusters`; the raw figure of a number, and the day of a date, are beside it as
    `<attribute>_value`.
    """
    population = workspace.population
    ids = np.array(query.person_ids, dtype=np.int64)
    profiles: dict[int, Any] = {}
    keys, columns = _keys(population, query), _columns(population, query)
    for batch in population.ask(_profiles, ids, keys, columns, _dated(population)):
        profiles |= batch
    found = [profiles[person_id] for person_id in query.person_ids if person_id in profiles]
    return PersonResult.model_construct(
        profiles=found,
        not_found=[str(person_id) for person_id in query.person_ids if person_id not in profiles],
        export=_export(workspace, query, found) if query.format != "none" else None,
    )


def _keys(population: Population, query: PersonQuery) -> Keys:
    """Attribute, value and whether it can have several, by cluster code; None outside the domains.

    Kept for as long as the snapshot is open: a population has thousands of clusters.
    """
    known, domains = _known_keys.setdefault(population, {}), frozenset(query.domains)
    keys = known.get(domains)
    if keys is None:
        if len(known) >= MOST_CHOICES:
            known.clear()
        keys = known[domains] = _made_keys(population, domains)
    return keys


def _made_keys(population: Population, domains: frozenset[str]) -> Keys:
    lists = {
        column.get("attribute", name)
        for name, column in population.manifest.mapping["columns"].items()
        if column["kind"] == "list"
    }
    return [
        (cluster.name, cluster.value, cluster.name in lists) if cluster.domain in domains else None
        for cluster in population.catalogue.clusters
    ]


def _columns(population: Population, query: PersonQuery) -> list[tuple[str, str]]:
    """Columns of the fields file to return, and the key of each."""
    columns = [
        (name, name) for kind in CONTACT_KINDS if kind in query.domains for name in contact_columns([kind])
    ]
    for name, column in population.manifest.mapping["columns"].items():
        attribute = column.get("attribute", name)
        if column.get("domain", "demographic") in query.domains:
            if column["kind"] == "field":
                columns.append((attribute, attribute))
            elif column["kind"] in ("number", "date"):
                columns.append((RAW + attribute, f"{attribute}_value"))
    return columns


def _dated(population: Population) -> frozenset[str]:
    """Columns of the fields file that hold days since 1970."""
    return frozenset(
        RAW + column.get("attribute", name)
        for name, column in population.manifest.mapping["columns"].items()
        if column["kind"] == "date" and column.get("as", "date") == "date"
    )


def _day(days: float) -> str:
    return str(np.datetime64(math.floor(days), "D"))


def _profiles(
    shard: Shard,
    person_ids: np.ndarray,
    keys: Keys,
    columns: list[tuple[str, str]],
    dated: frozenset[str],
) -> dict[int, Any]:
    asked, numbers = shard.numbers_of(person_ids)
    if not len(asked):
        return {}
    order = np.argsort(numbers)  # rows near each other on disk are read one after the other
    asked, numbers = asked[order], numbers[order]
    metadata = _metadata(shard, numbers)
    attributes = _attributes(shard, numbers, keys)
    keys_of = dict(columns)
    for name, values in shard.fields.take(numbers, list(keys_of)).items():
        key = keys_of[name]
        for profile, value in zip(attributes, values, strict=True):
            if value is not None and value == value:  # NaN is missing too
                profile[key] = _day(value) if name in dated else value
    return {
        person_id: {"person_id": str(person_id), "metadata": about, "domains": profile}
        for person_id, about, profile in zip(person_ids[asked].tolist(), metadata, attributes, strict=True)
    }


def _attributes(shard: Shard, numbers: np.ndarray, keys: Keys) -> list[dict[str, Any]]:
    codes, starts = shard.profiles.of(numbers)
    flat, edges = codes.tolist(), starts.tolist()
    profiles = []
    for first, last in pairwise(edges):
        profile: dict[str, Any] = {}
        several: Counter[str] = Counter()
        for code in sorted(flat[first:last]):  # so that the values of a list are numbered in one order
            if (found := keys[code]) is None:
                continue
            name, value, is_list = found
            if is_list:
                several[name] += 1
                name = f"{name}{several[name]}"
            profile[name] = value
        profiles.append(profile)
    return profiles


def _metadata(shard: Shard, numbers: np.ndarray) -> Iterator[dict[str, Any]]:
    kept = shard.fields.take(numbers, ["quality_score", "last_modified"])
    times = kept.get("last_modified", [None] * len(numbers))
    for quality, time in zip(kept["quality_score"], times, strict=True):
        about: dict[str, Any] = {"quality_score": round(quality, 2)}
        if time is not None:
            about["last_modified"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield about


def _export(workspace: Workspace, query: PersonQuery, profiles: list[Any]) -> ExportLink:
    assert query.format != "none"
    keys = sorted({key for profile in profiles for key in profile["domains"]})
    return workspace.exports.write(
        workspace.new_id(),
        query.format,
        ["person_id", "quality_score", "last_modified", *keys],
        [profiles],
        warehouse=workspace.warehouse.name,
        workflow_id=query.workflow_id or "",
        actor=workspace.actor,
        now=workspace.now(),
        flat=_flat,
        snapshot_id=workspace.population.snapshot_id,
    )


def _flat(profile: dict[str, Any]) -> dict[str, Any]:
    return {"person_id": profile["person_id"], **profile["metadata"], **profile["domains"]}
