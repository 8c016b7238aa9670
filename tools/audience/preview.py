"""Some of the people selected, and all of them as a file."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, NotRequired

import numpy as np
from pyroaring import BitMap
from typing_extensions import TypedDict

from store.exports import ExportLink
from store.population.fields import contact_columns
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.audience.selection import Selection, selected
from tools.declaration import ExportFormat
from tools.scoring.lookalike import Ranker

SAMPLE = 10
STEP = 1 << 16  # people written at a time

FIGURES: tuple[Literal["fit_score", "tier", "reasons"], ...] = ("fit_score", "tier", "reasons")
AudienceIdentifier = Literal["email", "phone", "address", "maid"]


class SamplePerson(TypedDict):
    """One of the people selected."""

    person_id: int
    identifiers: dict[str, dict[str, str]]
    fit_score: NotRequired[float]
    tier: NotRequired[str]
    reasons: NotRequired[str]


class Audience(NamedTuple):
    """People selected, shard by shard, by local number."""

    people: list[BitMap]
    total: int
    reachable: int


def audience_of(population: Population, selection: Selection, kind: AudienceIdentifier) -> Audience:
    """Everyone selected, and how many of them have an identifier of this kind."""
    people = population.ask(selected, selection)
    reachable = [
        shard_people.intersection_cardinality(shard.having(kind))
        for shard, shard_people in zip(population.shards, people, strict=True)
    ]
    return Audience(people, sum(map(len, people)), sum(reachable))


def sample_of(
    population: Population, audience: Audience, kind: AudienceIdentifier, model: Ranker | None
) -> list[SamplePerson]:
    """Up to ten of them, evenly spaced: the same ones each time.

    They are of those who have an identifier of the kind; of all where nobody has one.
    """
    pools = [
        people & shard.having(kind) for shard, people in zip(population.shards, audience.people, strict=True)
    ]
    if not any(pools):
        pools = audience.people
    wanted = (
        np.unique(np.linspace(0, sum(map(len, pools)) - 1, SAMPLE).astype(np.int64)) if any(pools) else []
    )
    sample: list[SamplePerson] = []
    before = 0
    for shard, pool in zip(population.shards, pools, strict=True):
        ranks = [int(rank) - before for rank in wanted if before <= rank < before + len(pool)]
        before += len(pool)
        if ranks:
            table = _rows(shard, np.array([pool[rank] for rank in ranks], dtype=np.int64), kind, model)
            sample += [_shaped(row, kind) for row in table.to_pylist()]
    return sample


def export_audience(
    workspace: Workspace,
    population: Population,
    audience: Audience,
    kind: AudienceIdentifier,
    format: ExportFormat,
    workflow_id: str,
    model: Ranker | None,
    export_id: str | None = None,
) -> ExportLink | None:
    """Everyone selected as a file, written in constant memory; None for the format `none`.

    Under an id of the caller's it is written once: a step that runs again gets the same file.
    """
    if format == "none":
        return None
    return workspace.exports.write(
        export_id or workspace.new_id(),
        format,
        export_columns(kind, model.columns if model else ()),
        _batches(population, audience, kind, model),
        warehouse=workspace.warehouse.name,
        workflow_id=workflow_id,
        actor=workspace.actor,
        now=workspace.now(),
        snapshot_id=population.snapshot_id,
        shaped=lambda row: _shaped(row, kind),  # type: ignore[arg-type, return-value]  # a TypedDict is a dict
    )


def export_columns(kind: AudienceIdentifier, figures: Sequence[str] = ()) -> list[str]:
    """Names of the columns of a file of people, with what is told of each where something ranks them."""
    return ["person_id", *contact_columns([kind]), *figures]


def _batches(
    population: Population, audience: Audience, kind: AudienceIdentifier, model: Ranker | None
) -> Iterator[Any]:
    for shard, people in zip(population.shards, audience.people, strict=True):
        numbers = np.asarray(people.to_array(), dtype=np.int64)
        for start in range(0, len(numbers), STEP):
            yield _rows(shard, numbers[start : start + STEP], kind, model)


def _rows(shard: Shard, numbers: np.ndarray, kind: AudienceIdentifier, model: Ranker | None) -> Any:
    more = model.figures(shard, numbers) if model else {}
    return shard.fields.rows(numbers, contact_columns([kind]), person_id=shard.person_ids[numbers], **more)


def _shaped(row: dict[str, Any], kind: str) -> SamplePerson:
    values = {
        name: value
        for name, value in row.items()
        if value is not None and name not in ("person_id", *FIGURES)
    }
    person = SamplePerson(person_id=row["person_id"], identifiers={kind: values} if values else {})
    for name in FIGURES:
        if name in row:
            person[name] = row[name]
    return person
