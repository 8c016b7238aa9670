"""Where in this snapshot is a person who was named in another one?"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from store.identifiers.digests import prefixes_of_hex
from store.population.domains import IDENTIFIER_TYPES
from store.population.fields import CONTACTS
from store.population.lookup import Hits, digest, normal_form
from store.population.population import Population
from store.population.shard import Shard

Place = tuple[int, int]  # shard, local number
Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # asked, shard, number, slot


class Named(NamedTuple):
    """A person as a record names them."""

    person_id: int
    snapshot_id: str  # of an id that is a row number; empty where ids come with the source
    known_by: Sequence[str]  # digests of their identifiers, `type:sha256`


class Own(NamedTuple):
    """One identifier of a person."""

    id_type: str
    slot: int  # 0..2
    normal: str
    digest: str  # `type:sha256` of the normal form

    @property
    def which(self) -> str:
        """`email2`."""
        return f"{self.id_type}{self.slot + 1}"


def has_own_ids(population: Population) -> bool:
    """Whether ids come with the source; else they are row numbers of one snapshot."""
    return any(column["kind"] == "person_id" for column in population.manifest.mapping["columns"].values())


def snapshot_of_ids(population: Population) -> str:
    """The snapshot in which ids mean what they mean; empty where they mean it in all."""
    return "" if has_own_ids(population) else population.snapshot_id


def places_of(population: Population, named: Sequence[Named]) -> list[Place | None]:
    """Where each person is; None for one who is not here, or of whom nothing tells where they are.

    By their id where it holds here. Else they are whoever alone has the most of their identifiers.
    """
    by_id = [at for at, each in enumerate(named) if each.snapshot_id in ("", population.snapshot_id)]
    found: list[Place | None] = [None] * len(named)
    ids = np.array([named[at].person_id for at in by_id], dtype=np.int64)
    for shard, (asked, numbers) in enumerate(population.ask(_numbers, ids)):
        for at, number in zip(asked.tolist(), numbers.tolist(), strict=True):
            found[by_id[at]] = shard, number
    others = sorted(set(range(len(named))) - set(by_id))
    if others:
        who = _holders_by_digest(population, {one for at in others for one in named[at].known_by})
        for at in others:
            found[at] = _surest(who, named[at].known_by)
    return found


def _numbers(shard: Shard, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return shard.numbers_of(ids)


def _holders_by_digest(population: Population, digests: set[str]) -> dict[str, set[Place]]:
    wanted = sorted(digests)
    asked, shard, number, _ = holders(population, wanted)
    found: dict[str, set[Place]] = defaultdict(set)
    for at, *place in zip(asked.tolist(), shard.tolist(), number.tolist(), strict=True):
        found[wanted[at]].add((place[0], place[1]))
    return found


def _surest(who: dict[str, set[Place]], known_by: Iterable[str]) -> Place | None:
    votes = Counter(place for one in known_by for place in who.get(one, ()))
    first = votes.most_common(2)
    if not first or (len(first) == 2 and first[0][1] == first[1][1]):
        return None
    return first[0][0]


def holders(population: Population, digests: Sequence[str]) -> Rows:
    """Whoever has these identifiers, `type:sha256`: (index of the digest, shard, local number, slot)."""
    parts = [(np.empty(0, dtype=np.int64),) * 4]
    kinds = [one.partition(":")[0] for one in digests]
    for kind in sorted(set(kinds)):
        places = [index for index, one in enumerate(kinds) if one == kind]
        values, at = [digests[index].partition(":")[2] for index in places], np.array(places)
        prefixes = prefixes_of_hex(values, "sha256").view(np.int64)
        for shard, hits in enumerate(population.ask(_hits, kind, values, prefixes)):
            parts.append((at[hits.asked], np.full(len(hits.asked), shard), hits.number, hits.slot))
    asked, shards, numbers, slots = (np.concatenate([part[column] for part in parts]) for column in range(4))
    return asked, shards, numbers, slots


def _hits(shard: Shard, kind: str, values: list[str], prefixes: np.ndarray) -> Hits:
    hits = shard.lookup.find(kind, "sha256", values, prefixes)
    kept = ~np.isin(hits.number, shard.erased_numbers)
    return Hits(hits.asked[kept], hits.number[kept], hits.slot[kept])


def identifiers_of(population: Population, place: Place) -> list[Own]:
    """Every identifier of the person there, in their order."""
    shard, number = place
    columns = [f"{kind}{slot + 1}" for kind in IDENTIFIER_TYPES for slot in range(CONTACTS)]
    kept = population.shards[shard].fields.take(np.array([number]), columns)
    found = []
    for kind in IDENTIFIER_TYPES:
        for slot in range(CONTACTS):
            value = kept.get(f"{kind}{slot + 1}", [None])[0]
            normal = normal_form(kind, value) if value else None
            if normal is not None:
                found.append(Own(kind, slot, normal, f"{kind}:{digest(normal, 'sha256')}"))
    return found


def person_id_at(population: Population, place: Place) -> int:
    """The id of the person there."""
    return int(population.shards[place[0]].person_ids[place[1]])
