"""Whose identifiers are these?"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal, NotRequired

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from store.errors import BadInput
from store.exports import ExportLink
from store.identifiers import Malformed, normalise
from store.identifiers.address import display_address, zip_of
from store.places import centroid_of, haversine_km
from store.population.domains import HashType, IdentifierType
from store.population.fields import contact_columns
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Geocoder, Workspace
from tools.declaration import ExportingQuery, ExportingResult
from tools.identity.corrections.overlay import corrections_on
from tools.identity.diagnosis import LOW_RATE, MatchProblem, diagnose
from tools.identity.matching import Group, Matches, Persons, Problems, as_given, match, persons_of

STEP = 2_000  # persons written at a time: Python's collector walks all that are held
PLAIN_ONLY = ("address", "id")


class Identifiers(BaseModel):
    """Identifiers of one type and form."""

    model_config = ConfigDict(extra="forbid")

    id_type: IdentifierType = Field(
        description="`email`, `phone`, `address`, `maid`, or `id`: the source's own key."
    )
    hash_type: HashType = Field(
        default="plaintext", description="How they are hashed; addresses and ids are plain."
    )
    values: list[str]

    @model_validator(mode="after")
    def _plain(self) -> "Identifiers":
        _check_plain(self.id_type, self.hash_type)
        return self


class ResolveQuery(ExportingQuery):
    """Identifiers in groups, or one group spelled out."""

    multi_identifiers: list[Identifiers] | None = Field(default=None, description="Groups of identifiers.")
    id_type: IdentifierType | None = Field(default=None, description="The type of `identifiers`.")
    id_hash: HashType = Field(default="plaintext", description="How `identifiers` are hashed.")
    identifiers: list[str] | None = Field(default=None, description="Identifiers of one type.")

    @model_validator(mode="after")
    def _one_form(self) -> "ResolveQuery":
        if (self.multi_identifiers is None) == (self.identifiers is None):
            raise ValueError("give either `multi_identifiers`, or `id_type` with `identifiers`")
        if self.identifiers is not None and self.id_type is None:
            raise ValueError("`identifiers` need an `id_type`")
        _check_plain(self.id_type, self.id_hash)
        return self

    def groups(self) -> list[Group]:
        """The identifiers as groups. Raises BadInput when there are none."""
        given = self.multi_identifiers or [
            Identifiers.model_construct(id_type=self.id_type, hash_type=self.id_hash, values=self.identifiers)
        ]
        if not any(each.values for each in given):
            raise BadInput("There are no identifiers", where="identifiers", instead="Send at least one.")
        return [Group(each.id_type, each.hash_type, each.values) for each in given]


def _check_plain(id_type: IdentifierType | None, hash_type: HashType) -> None:
    if id_type in PLAIN_ONLY and hash_type != "plaintext":
        raise ValueError(f"{id_type} identifiers are matched in plaintext only")


class Match(TypedDict):
    """One given value that belongs to the person."""

    criterion_type: str
    criterion_value: str
    quality_score: float


class AddressMatch(TypedDict):
    """Where the address given lies."""

    normalized_address: str
    latitude: NotRequired[float]
    longitude: NotRequired[float]
    distance_meters: NotRequired[float]


class Identity(TypedDict):
    """A person, with the matches that led there."""

    person_id: int
    overall_quality_score: float
    matches: list[Match]
    identifiers: dict[Literal["email", "phone"], list[str]]
    address: NotRequired[AddressMatch]


class ResolveStats(BaseModel):
    """How many were asked for, and how many persons they are."""

    requested: int
    resolved: int
    rate: float


class ResolveResult(ExportingResult):
    """The persons, or the file they are in."""

    identities: list[Identity]
    stats: ResolveStats
    diagnosis: list[MatchProblem] | None = Field(
        default=None, description="Why so few matched, when the rate is below 0.5."
    )


def resolve_identities(workspace: Workspace, query: ResolveQuery) -> ResolveResult:
    """Persons behind e-mails, phones, addresses and ad ids, plain or hashed, with the quality of each match.

    The overall quality is the noisy-OR of the matches, 1 - prod(1 - score). `resolved` counts distinct
    persons and `rate` is resolved / requested. Persons come in the order of the identifiers that found them
    first. With a format, the identities are in the export.
    """
    groups = query.groups()
    population = workspace.population
    matches, problems = match(population, groups, corrections_on(workspace))
    persons = persons_of(matches)
    requested = sum(len(group.values) for group in groups)
    rate = round(len(persons.shard) / requested, 2)
    batches = _identities(population, groups, matches, persons, workspace.geocode)
    export = None
    if query.format != "none":
        export = _export(workspace, query, batches)
    return ResolveResult.model_construct(
        identities=[] if export else [identity for batch in batches for identity in batch],
        stats=ResolveStats(requested=requested, resolved=len(persons.shard), rate=rate),
        export=export,
        diagnosis=diagnose(problems, _repeats(requested, problems, persons)) if rate < LOW_RATE else None,
    )


def _repeats(requested: int, problems: Problems, persons: Persons) -> int:
    """Identifiers that matched somebody whom another one had found already; 0 where they were shared more."""
    return max(0, requested - problems.total - len(persons.shard))


def _identities(
    population: Population, groups: list[Group], matches: Matches, persons: Persons, geocode: Geocoder | None
) -> Iterator[list[Any]]:
    names = [(f"{g.id_type}_{g.hash_type}", g.values, g.id_type == "address") for g in groups]
    placed = any(name[2] for name in names)
    scores = np.round(matches.score, 4).tolist()
    given, group = matches.given.tolist(), matches.group.tolist()
    quality, starts = np.round(persons.quality, 4).tolist(), persons.starts.tolist()
    order = as_given(matches, persons)
    for first in range(0, len(quality), STEP):
        wanted = order[first : first + STEP]
        by_shard = np.sort(wanted)
        contacts = _contacts(population, persons.shard[by_shard], persons.number[by_shard])
        batch: dict[int, Any] = {}
        for at, (person_id, identifiers, place) in zip(by_shard.tolist(), contacts, strict=True):
            found = range(starts[at], starts[at + 1])
            identity: dict[str, Any] = {
                "person_id": person_id,
                "overall_quality_score": quality[at],
                "matches": [
                    {
                        "criterion_type": names[group[m]][0],
                        "criterion_value": names[group[m]][1][given[m]],
                        "quality_score": scores[m],
                    }
                    for m in found
                ],
                "identifiers": identifiers,
            }
            if placed and (
                address := next((names[group[m]][1][given[m]] for m in found if names[group[m]][2]), None)
            ):
                identity["address"] = _address(address, place, geocode)
            batch[at] = identity
        yield [batch[at] for at in wanted.tolist()]


def _contacts(
    population: Population, shards: np.ndarray, numbers: np.ndarray
) -> Iterator[tuple[int, dict[str, list[str]], tuple[float, float]]]:
    """Id, e-mails and phones, and place of each person; the persons come sorted by shard."""
    starts = np.searchsorted(shards, np.arange(len(population.shards) + 1))
    for shard, (first, last) in zip(population.shards, pairwise(starts.tolist()), strict=True):
        if last > first:
            yield from _shard_contacts(shard, numbers[first:last])


def _shard_contacts(
    shard: Shard, numbers: np.ndarray
) -> Iterator[tuple[int, dict[str, list[str]], tuple[float, float]]]:
    ids = shard.person_ids[numbers].tolist()
    places = zip(
        shard.geography.latitude[numbers].tolist(), shard.geography.longitude[numbers].tolist(), strict=True
    )
    emails, phones = (_values(shard, numbers, kind) for kind in ("email", "phone"))
    for person_id, mine, calls, place in zip(ids, emails, phones, places, strict=True):
        identifiers = {"email": mine} if mine else {}
        if calls:
            identifiers["phone"] = calls
        yield person_id, identifiers, place


def _values(shard: Shard, numbers: np.ndarray, kind: str) -> list[list[str]]:
    """What each person has of a kind of contact."""
    columns = shard.fields.take(numbers, contact_columns([kind])).values()
    if not columns:
        return [[] for _ in numbers]
    return [[value for value in row if value is not None] for row in zip(*columns, strict=True)]


def _address(given: str, place: tuple[float, float], geocode: Geocoder | None) -> dict[str, Any]:
    """The address in standard form, where it lies, and how far that is from where the person is kept."""
    try:
        normal = normalise("address", given)
    except Malformed:
        return {"normalized_address": given}
    address: dict[str, Any] = {"normalized_address": display_address(normal)}
    zip_code = zip_of(normal)
    at = (geocode(normal) if geocode else None) or (centroid_of(zip_code) if zip_code else None)
    if at:
        address |= {"latitude": round(at[0], 6), "longitude": round(at[1], 6)}
        if not np.isnan(place[0]):
            kilometres = haversine_km(*at, np.array([place[0]]), np.array([place[1]]))
            address["distance_meters"] = round(float(kilometres[0]) * 1000, 1)
    return address


def _export(workspace: Workspace, query: ResolveQuery, batches: Iterator[list[Any]]) -> ExportLink:
    assert query.format != "none"
    return workspace.exports.write(
        workspace.new_id(),
        query.format,
        ["person_id", "overall_quality_score", "matched_by", *contact_columns(["email", "phone"])],
        batches,
        warehouse=workspace.warehouse.name,
        workflow_id=query.workflow_id or "",
        actor=workspace.actor,
        now=workspace.now(),
        flat=_flat,
        snapshot_id=workspace.population.snapshot_id,
    )


def _flat(identity: dict[str, Any]) -> dict[str, Any]:
    row = {
        "person_id": identity["person_id"],
        "overall_quality_score": identity["overall_quality_score"],
        "matched_by": " ".join(sorted({match["criterion_type"] for match in identity["matches"]})),
    }
    for kind, values in identity["identifiers"].items():
        row |= {f"{kind}{slot}": value for slot, value in enumerate(values, start=1)}
    return row
