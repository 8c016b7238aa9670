"""Who is among the customers of both, and how far do their traits of then tell those of now?"""

import numpy as np

from store.population.catalogue import Catalogue
from store.population.population import Population
from store.population.shard import Shard
from tools.mining.changes.segment_changes import Ids, Overlap
from tools.mining.changes.share_change import phi
from tools.mining.rows.counting import membership
from tools.mining.rows.membership import Membership


def overlap_of(ids_before: Ids, ids_after: Ids, then: Population, now: Population) -> Overlap | None:
    """The people in both lists; None where the ids of two snapshots do not name the same people."""
    shared = np.intersect1d(ids_before, ids_after)
    if then.snapshot_id == now.snapshot_id:
        return Overlap(shared, otherwise=1.0)
    if not (_own_ids(then) and _own_ids(now)):
        return None
    return Overlap(shared, _agreement(shared, then, now))


def _own_ids(population: Population) -> bool:
    """Whether its ids came with the people; else they are numbers of rows."""
    return any(column["kind"] == "person_id" for column in population.manifest.mapping["columns"].values())


def _agreement(ids: Ids, then: Population, now: Population) -> dict[str, float]:
    """Phi of each trait by cluster hash, over the people who are in both snapshots."""
    known = np.intersect1d(_ids_in_order(then, ids), _ids_in_order(now, ids))
    if not len(known):
        return {}
    both = sorted(_hashes(then.catalogue) & _hashes(now.catalogue))
    old, new = _by_id(then, known, both), _by_id(now, known, both)
    together = np.bitwise_count(old.bits & new.bits).sum(axis=-1, dtype=np.int64)
    agreed = phi(together, new.counts(), old.counts(), len(known)) * len(known) / len(ids)
    return dict(zip(both, agreed.tolist(), strict=True))


def _hashes(catalogue: Catalogue) -> set[str]:
    return {catalogue[int(code)].cluster_hash for code in catalogue.minable(sensitive=True)}


def _by_id(population: Population, ids: Ids, hashes: list[str]) -> Membership:
    """Who of them has which of these clusters: people in the order of their ids, clusters in this order."""
    codes = np.array(
        [found.code for key in hashes if (found := population.catalogue.find(key))], dtype=np.int32
    )
    held = membership(population, ids, codes).subset(
        np.argsort(_ids_in_order(population, ids), kind="stable")
    )
    return held.only(np.searchsorted(held.codes, codes))


def _ids_in_order(population: Population, ids: Ids) -> Ids:
    """As far as they are there, in the order of shards and local numbers."""
    return np.concatenate(population.ask(_ids_here, ids))


def _ids_here(shard: Shard, ids: Ids) -> Ids:
    return np.asarray(shard.person_ids[np.sort(shard.numbers_of(ids)[1])])
