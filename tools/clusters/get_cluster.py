"""How large is a cluster, and what goes with it?"""

import numpy as np
from pydantic import BaseModel, Field, model_validator
from pyroaring import BitMap

from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.clusters.listing import ClusterLine, cluster_line, found_cluster
from tools.declaration import ToolQuery, ToolResult

READ_A_SHARD = 20_000  # members whose profiles are read to find candidates; the counts told are exact
CANDIDATES = 200
SHOWN = 10
LEAST_SHARE = 0.01  # of the cluster's members
CLEARLY = 0.75  # times that share among the members read, from which the exact share is worth counting


class ClusterQuery(ToolQuery):
    """One cluster, by id or by hash."""

    cluster_id: str | None = Field(default=None, max_length=40)
    cluster_hash: str | None = Field(default=None, max_length=40)

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(given.get("cluster_id"), int):
            return given | {"cluster_id": str(given["cluster_id"])}
        return given

    @model_validator(mode="after")
    def _one(self) -> "ClusterQuery":
        if (self.cluster_id is None) == (self.cluster_hash is None):
            raise ValueError("give one of `cluster_id` and `cluster_hash`")
        return self


class Companion(BaseModel):
    """A cluster that the members are in more often than people are."""

    cluster: ClusterLine
    together: int = Field(description="People in both.")
    share: float = Field(description="Share of the members who are in it too.")
    lift: float = Field(description="That share / its share of the population.")


class ClusterResult(ToolResult):
    """The cluster, its share, and its strongest companions."""

    cluster: ClusterLine
    share_of_population: float
    co_occurring: list[Companion]


def get_cluster(workspace: Workspace, query: ClusterQuery) -> ClusterResult:
    """One cluster by id or hash: its size, its share of the population, and what goes with it most.

    Companions are other attributes that at least 1 % of the members have, by lift; counts are exact.
    """
    population = workspace.population
    cluster = found_cluster(population.catalogue, query.cluster_id or query.cluster_hash or "")
    companions = _companions(population, cluster.code) if cluster.size else []
    return ClusterResult(
        cluster=cluster_line(cluster),
        share_of_population=round(cluster.size / max(1, population.persons), 6),
        co_occurring=companions,
    )


def _companions(population: Population, code: int) -> list[Companion]:
    catalogue = population.catalogue
    seen = sum(
        population.ask(_profile_counts, code, len(catalogue)), np.zeros(len(catalogue), dtype=np.int64)
    )
    own = [other.code for other in catalogue.named(catalogue[code].name)]
    seen[own] = 0
    likely = seen / np.maximum(1, catalogue.sizes)
    likely[seen < LEAST_SHARE * CLEARLY * catalogue[code].size] = 0
    candidates = [int(c) for c in np.argsort(-likely, kind="stable")[:CANDIDATES] if likely[c] > 0]
    together = sum(population.ask(_together, code, candidates), np.zeros(len(candidates), dtype=np.int64))
    size, persons = catalogue[code].size, max(1, population.persons)
    found = [
        Companion(
            cluster=cluster_line(catalogue[other]),
            together=int(count),
            share=round(count / size, 4),
            lift=round(float(count / size / (catalogue[other].size / persons)), 3),
        )
        for other, count in zip(candidates, together.tolist(), strict=True)
        if count / size >= LEAST_SHARE
    ]
    return sorted((c for c in found if c.lift > 1), key=lambda c: -c.lift)[:SHOWN]


def _profile_counts(shard: Shard, code: int, clusters: int) -> np.ndarray:
    """How often each cluster is in the profiles of the members; of evenly spaced ones where they are many."""
    members = shard.bitmaps[code] & shard.everyone
    step = max(1, len(members) // READ_A_SHARD)
    numbers = np.asarray(members.to_array(), dtype=np.int64)[::step]
    codes, _ = shard.profiles.of(numbers)
    return np.bincount(codes, minlength=clusters) * step


def _together(shard: Shard, code: int, others: list[int]) -> np.ndarray:
    members: BitMap = shard.bitmaps[code] & shard.everyone
    return np.array(
        [members.intersection_cardinality(shard.bitmaps[other]) for other in others], dtype=np.int64
    )
