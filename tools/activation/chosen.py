"""Who is exported, and by which criteria were they chosen?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from pyroaring import BitMap

from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.activation.plan import AudiencePlan, evenly, kept_plan, people_of, selection_of
from tools.activation.queries import ExportAudience
from tools.audience.selection import Location, Selection, in_words, selected


@dataclass(frozen=True)
class Chosen:
    """People by local number, shard by shard; codes: the clusters by which they were chosen."""

    people: list[BitMap]
    in_words: str
    codes: tuple[int, ...] = ()
    location: Location | None = None
    ranked: bool = False
    made_at: datetime | None = None
    snapshot_id: str | None = None
    not_found: int = 0
    suppressed: int = 0

    @property
    def total(self) -> int:
        return sum(map(len, self.people))


def chosen_people(workspace: Workspace, query: ExportAudience) -> Chosen:
    """Whom the query means, without those it suppresses. Raises NotFound or BadInput."""
    if query.person_ids is not None:
        found = _persons(workspace, query.person_ids)
    else:
        found = _planned(workspace, _plan(workspace, query))
    left_out = _suppressed(workspace, query)
    if left_out is not None:
        people = [mine - out for mine, out in zip(found.people, left_out, strict=True)]
        gone = found.total - sum(map(len, people))
        found = Chosen(**{**found.__dict__, "people": people, "suppressed": gone})
    if query.target_size is not None and found.total > query.target_size:
        found = Chosen(**{**found.__dict__, "people": evenly(found.people, query.target_size)})
    return found


def _plan(workspace: Workspace, query: ExportAudience) -> AudiencePlan:
    if query.audience_id is not None:
        return kept_plan(workspace, query.audience_id)
    if query.analysis_id is not None:
        return _of_analysis(workspace, query, query.analysis_id)
    population = workspace.population
    expression = selection_of(population, query.expression).expression
    assert expression is not None  # an empty one does not parse
    return AudiencePlan(
        warehouse=workspace.warehouse.name,
        snapshot_id=population.snapshot_id,
        made_at=workspace.now(),
        in_words=in_words(expression, population.catalogue),
        expression=query.expression,
        location=query.location,
    )


def _planned(workspace: Workspace, plan: AudiencePlan) -> Chosen:
    population = workspace.population
    expression = selection_of(population, plan.expression).expression
    return Chosen(
        people=people_of(workspace, plan),
        in_words=plan.in_words,
        codes=tuple(int(code) for code in expression.terms()) if expression else (),
        location=plan.location,
        ranked=plan.model is not None,
        made_at=plan.made_at,
        snapshot_id=plan.snapshot_id,
    )


def _of_analysis(workspace: Workspace, query: ExportAudience, analysis_id: str) -> AudiencePlan:
    analysis = _analysis(workspace, analysis_id)
    common = {
        "warehouse": workspace.warehouse.name,
        "snapshot_id": analysis["snapshot_id"],
        "made_at": analysis["created_at"],
    }
    if query.strategy == "ranked":
        words = f"the {query.target_size:,} likest of anyone, ranked by fit"
        plan = {"expression": None, "model": analysis_id, "most": query.target_size, "in_words": words}
        return AudiencePlan.model_validate(common | plan)
    found = _segment(analysis, query.segment) if query.segment else _strategy(analysis, query.strategy)
    plan = {"expression": found["expression"], "in_words": found["in_words"]}
    return AudiencePlan.model_validate(common | plan)


def _analysis(workspace: Workspace, analysis_id: str) -> dict[str, Any]:
    try:
        found = workspace.artifacts.document("analysis", analysis_id)
    except NotFound:
        found = {}
    if found.get("warehouse") != workspace.warehouse.name:
        raise NotFound(
            f"There is no such analysis in `{workspace.warehouse.name}`",
            where="analysis_id",
            instead="`fieldmark analyses` lists those of a warehouse.",
        )
    return found


def _strategy(analysis: dict[str, Any], name: str) -> dict[str, Any]:
    for way in analysis["strategies"]:
        if way["strategy"] == name:
            return way
    raise NotFound(
        f"This analysis has no audience `{name}`", where="strategy", instead="Export an `expression` instead."
    )


def _segment(analysis: dict[str, Any], wanted: str) -> dict[str, Any]:
    segments = analysis["segments"]
    for segment in segments:
        if wanted.casefold() in (str(segment["segment_id"]), segment["name"].casefold()):
            if segment.get("audience") is not None:
                return segment["audience"]
            raise NotFound(
                "This segment has no expression that tells it",
                where="segment",
                instead="`generate_audience` joins its traits; export its `audience_id`.",
            )
    raise NotFound(
        "The analysis has no such segment",
        where="segment",
        instead=f"It has {', '.join(str(s['segment_id']) for s in segments) or 'none'}.",
    )


def _persons(workspace: Workspace, person_ids: list[int]) -> Chosen:
    ids = np.unique(np.array(person_ids, dtype=np.int64))
    people = workspace.population.ask(_numbers, ids)
    found = sum(map(len, people))
    return Chosen(people, f"{len(ids):,} people by their ids", not_found=len(ids) - found)


def _suppressed(workspace: Workspace, query: ExportAudience) -> list[BitMap] | None:
    population = workspace.population
    parts: list[list[BitMap]] = []
    if query.suppress is not None:
        parts.append(population.ask(selected, _selection(population, query.suppress)))
    if query.suppress_customers_of is not None:
        _analysis(workspace, query.suppress_customers_of)
        ids = np.sort(workspace.artifacts.people("customers", query.suppress_customers_of))
        parts.append(population.ask(_numbers, ids))
    if not parts:
        return None
    return [BitMap.union(*shards) for shards in zip(*parts, strict=True)]


def _selection(population: Population, expression: str) -> Selection:
    return selection_of(population, expression)


def _numbers(shard: Shard, person_ids: np.ndarray) -> BitMap:
    return BitMap(shard.numbers_of(person_ids)[1].astype(np.uint32))
