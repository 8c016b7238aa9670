"""The clusters of a population: each one attribute with one value."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from store.population.domains import CONTACT_DOMAINS, Domain

FIRST_ID = 1_000_000_000
ID_DIGITS = 10
HASH_DIGITS = 32


def cluster_hash(name: str, value: str) -> str:
    """32 hex digits that depend on name and value alone, so they outlive a rebuild."""
    return hashlib.blake2b(f"{name}\x1f{value}".encode(), digest_size=HASH_DIGITS // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Cluster:
    """One attribute with one value, and how many people have it."""

    code: int
    name: str
    value: str
    domain: Domain
    size: int
    label: str = ""
    phrase: str = ""
    sensitive: str = ""
    mined: bool = True  # false: an outcome, or an attribute the mapping keeps out of mining
    rank: int = -1  # position on its attribute's scale, rising; -1 where there is none

    @property
    def cluster_id(self) -> str:
        return str(FIRST_ID + self.code)

    @property
    def cluster_hash(self) -> str:
        return cluster_hash(self.name, self.value)


class Catalogue:
    """Every cluster, found by code, id, hash, name or domain."""

    def __init__(self, clusters: list[Cluster]) -> None:
        self.clusters = clusters

    def __len__(self) -> int:
        return len(self.clusters)

    def __getitem__(self, code: int) -> Cluster:
        return self.clusters[code]

    @cached_property
    def sizes(self) -> np.ndarray:
        """People in each cluster, int64 by code."""
        return np.array([cluster.size for cluster in self.clusters], dtype=np.int64)

    @cached_property
    def by_domain(self) -> tuple[Cluster, ...]:
        """All of them, domain by domain, in the order of their codes."""
        return tuple(sorted(self.clusters, key=lambda cluster: (cluster.domain, cluster.code)))

    @cached_property
    def _by_hash(self) -> dict[str, int]:
        return {cluster.cluster_hash: cluster.code for cluster in self.clusters}

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        names: dict[str, list[int]] = {}
        for cluster in self.clusters:
            names.setdefault(cluster.name, []).append(cluster.code)
        return names

    def find(self, key: str) -> Cluster | None:
        """The cluster with this id or hash, or None."""
        if len(key) == HASH_DIGITS:
            code = self._by_hash.get(key.lower())
        elif len(key) == ID_DIGITS and key.isascii() and key.isdigit():
            code = int(key) - FIRST_ID
        else:
            code = None
        return self.clusters[code] if code is not None and 0 <= code < len(self.clusters) else None

    def named(self, name: str) -> list[Cluster]:
        """Clusters of one attribute, largest first."""
        found = [self.clusters[code] for code in self._by_name.get(name, [])]
        return sorted(found, key=lambda cluster: (-cluster.size, cluster.value))

    def ranks(self, codes: np.ndarray) -> dict[int, int]:
        """The ranks of these codes, as far as they have one: what neighbours each value has."""
        return {int(code): rank for code in codes if (rank := self.clusters[int(code)].rank) >= 0}

    def valued(self, name: str, value: str) -> Cluster | None:
        """The cluster of this attribute with this value, or None."""
        code = self._by_hash.get(cluster_hash(name, value))
        return None if code is None else self.clusters[code]

    @property
    def names(self) -> list[str]:
        """Attribute names, sorted."""
        return sorted(self._by_name)

    def minable(self, domains: frozenset[str] | None = None, *, sensitive: bool = False) -> np.ndarray:
        """Codes of clusters that may be traits: no contacts, no outcomes, sensitive ones if asked."""
        return np.array(
            [
                cluster.code
                for cluster in self.clusters
                if cluster.mined
                and cluster.domain not in CONTACT_DOMAINS
                and (sensitive or not cluster.sensitive)
                and (domains is None or cluster.domain in domains)
            ],
            dtype=np.int32,
        )


def write_catalogue(clusters: list[Cluster], path: Path) -> None:
    """Write the clusters as Parquet, in code order."""
    columns = {name: [getattr(cluster, name) for cluster in clusters] for name in Cluster.__slots__}
    pq.write_table(pa.table(columns), path)


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue as it was written; clusters written before there were ranks have none."""
    return Catalogue([Cluster(**row) for row in pq.read_table(path).to_pylist()])
