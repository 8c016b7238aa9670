"""How many people of the population have all of these traits? Counted from the bitmaps, never modelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pyroaring import BitMap

from store.population.catalogue import Catalogue, Cluster
from store.population.population import Population
from store.population.shard import Shard
from tools.audience.selection import Selection, selected, size
from tools.mining.findings import Trait
from tools.mining.rows.membership import Membership

# Persons whose profiles are read at once; a thousand codes each take half a gigabyte.
READ_AT_ONCE = 65_536


@dataclass
class BitmapCounts:
    """Exact counts over the population, or over a part of it that the customers are compared with."""

    population: Population
    universe: Selection | None = None

    @property
    def total(self) -> int:
        """People in the population, or in the part of it."""
        return self._total

    @cached_property
    def _total(self) -> int:
        return size(self.population, self.universe) if self.universe else self.population.persons

    def sizes(self, codes: Sequence[int] | np.ndarray) -> np.ndarray:
        """People with each trait, int64."""
        wanted = np.asarray(codes, dtype=np.int64)
        if self.universe is None:
            return self.population.catalogue.sizes[wanted]
        return np.asarray(self.set_sizes([(code,) for code in wanted.tolist()]))

    def set_sizes(self, sets: Sequence[tuple[int, ...]]) -> np.ndarray:
        """People with all traits of each set, int64."""
        if not len(sets):
            return np.empty(0, dtype=np.int64)
        return np.sum(self.population.ask(_set_sizes, list(sets), self.universe), axis=0)


def _set_sizes(shard: Shard, sets: list[tuple[int, ...]], universe: Selection | None) -> np.ndarray:
    """Sets that begin alike share the bitmap of their beginning, so they are taken in order."""
    everyone = shard.everyone if universe is None else selected(shard, universe)
    counts = np.zeros(len(sets), dtype=np.int64)
    path: list[tuple[int, BitMap]] = []
    for at in sorted(range(len(sets)), key=lambda at: sets[at]):
        *beginning, last = sets[at]
        kept = 0
        while kept < min(len(path), len(beginning)) and path[kept][0] == beginning[kept]:
            kept += 1
        del path[kept:]
        for code in beginning[kept:]:
            path.append((code, (path[-1][1] if path else everyone) & shard.bitmaps[code]))
        counts[at] = (path[-1][1] if path else everyone).intersection_cardinality(shard.bitmaps[last])
    return counts


def membership(population: Population, person_ids: np.ndarray, codes: np.ndarray) -> Membership:
    """Which of these clusters each of these persons is in; persons that the population lacks are left out.

    In the order of shards, and of the numbers in each.
    """
    return Membership.joined(population.ask(_held, np.asarray(person_ids, dtype=np.int64), codes))


def affordable(
    population: Population, person_ids: np.ndarray, codes: np.ndarray, most_bytes: int
) -> np.ndarray:
    """Those of the codes, ascending, whose membership stays within the bytes: the most frequent ones.

    Frequent among these persons or in the population, whichever is more: what is rare in both can be
    no finding. A bit a person and code, and as much again while the shards' parts are joined.
    """
    kept = int(most_bytes // max(1, 2 * len(person_ids) // 8))
    if kept >= len(codes):
        return codes
    clusters = len(population.catalogue)
    counts = np.sum(population.ask(_counted, np.asarray(person_ids, dtype=np.int64), clusters), axis=0)
    here, there = counts[codes] / len(person_ids), population.catalogue.sizes[codes] / population.persons
    order = np.argsort(-np.maximum(here, there), kind="stable")
    return np.sort(codes[order[:kept]])


def _counted(shard: Shard, person_ids: np.ndarray, clusters: int) -> np.ndarray:
    """Of these persons as far as they are here: how many have each cluster."""
    counts = np.zeros(clusters, dtype=np.int64)
    for some in _in_number_order(shard, person_ids):
        counts += np.bincount(shard.profiles.of(some)[0], minlength=clusters)
    return counts


def _held(shard: Shard, person_ids: np.ndarray, codes: np.ndarray) -> Membership:
    """Those of the persons who are here, in number order."""
    numbers = _in_number_order(shard, person_ids)
    return Membership.joined([Membership.from_profiles(*shard.profiles.of(some), codes) for some in numbers])


def _in_number_order(shard: Shard, person_ids: np.ndarray) -> list[np.ndarray]:
    """Local numbers of the persons who are here, in parts; one empty part where nobody is."""
    numbers = np.sort(shard.numbers_of(person_ids)[1])
    return np.split(numbers, range(READ_AT_ONCE, len(numbers), READ_AT_ONCE))


def profiles_of(shard: Shard, person_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes of these persons as far as they are here, in number order, and where each one's start."""
    return shard.profiles.of(np.sort(shard.numbers_of(person_ids)[1]))


def traits_of(catalogue: Catalogue, codes: np.ndarray) -> dict[int, Trait]:
    """The clusters of these codes as a reader meets them."""
    return {int(code): trait_of(catalogue[int(code)]) for code in codes}


def trait_of(cluster: Cluster) -> Trait:
    """A cluster as a reader meets it."""
    return Trait(
        cluster_id=cluster.cluster_id,
        cluster_hash=cluster.cluster_hash,
        name=cluster.name,
        value=cluster.value,
        domain=cluster.domain,
        label=cluster.label,
        phrase=cluster.phrase,
    )
