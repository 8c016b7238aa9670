"""What do the corrections of a warehouse change in the matches of this snapshot?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from store.population.domains import IDENTIFIER_TYPES
from store.population.fields import CONTACTS
from store.population.population import Population
from store.records.corrections import Correction, active_corrections, active_ids
from store.workspace import Workspace
from tools.identity.corrections.known_again import (
    Named,
    Place,
    holders,
    person_id_at,
    places_of,
)

SHIFT = 32  # of the shard, in the key of a place
Hits = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # shard, form, local number, slot
_kept: "WeakKeyDictionary[Population, tuple[tuple[str, ...], Corrected]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Corrected:
    """Corrections as they apply to one snapshot; arrays sorted by their first line."""

    split: dict[str, np.ndarray]  # by type: keys of place and slot whose match does not count
    others: np.ndarray  # keys of the places that are somebody else
    kept: np.ndarray  # key of whom each is
    turn: np.ndarray  # 1, 2 …: the first, the second other of the same person
    other_ids: np.ndarray  # person ids that are somebody else, ascending
    kept_ids: np.ndarray

    def told(self) -> str:
        """How many there are, in words: `2 matches split, one merge`."""
        split, merged = sum(map(len, self.split.values())), len(self.others)
        parts = [(split, "one match split", "{:,} matches split"), (merged, "one merge", "{:,} merges")]
        words = [(one if many == 1 else more).format(many) for many, one, more in parts if many]
        return " and ".join(words) or "none concerns this snapshot"

    def hits(self, id_type: str, hits: Hits) -> Hits:
        """The hits without those that were split off, and with those of others at whom they are.

        Slots of the n-th other begin at n x CONTACTS. A form and a person stay one row: the best slot's.
        """
        shard, form, number, slot = self._without_split(id_type, hits)
        key = shard << SHIFT | number
        moved = _is_in(self.others, key)
        if not len(moved):
            return shard, form, number, slot
        # Only theirs are looked through: of a hundred thousand hits few are of somebody who was merged.
        mine = np.union1d(moved, _is_in(self._kept_once, key))
        rest = np.delete(np.arange(len(key)), mine)
        at = np.searchsorted(self.others, key[moved])
        key[moved] = self.kept[at]
        slot = slot.copy()
        slot[moved] += self.turn[at] * CONTACTS
        mine = mine[np.lexsort((slot[mine], slot[mine] % CONTACTS, form[mine], key[mine]))]
        again = (np.diff(key[mine]) == 0) & (np.diff(form[mine]) == 0)
        stays = np.concatenate((rest, mine[np.concatenate(([True], ~again))]))
        key, form, slot = key[stays], form[stays], slot[stays]
        return key >> SHIFT, form, key & ((1 << SHIFT) - 1), slot

    @cached_property
    def _kept_once(self) -> np.ndarray:
        return np.unique(self.kept)

    def _without_split(self, id_type: str, hits: Hits) -> Hits:
        split = self.split.get("address" if id_type not in IDENTIFIER_TYPES else id_type)
        shard, form, number, slot = hits
        if split is None or not len(form):
            return hits
        gone = _is_in(split, _slot_key(shard, number, slot))
        if not len(gone):
            return hits
        return np.delete(shard, gone), np.delete(form, gone), np.delete(number, gone), np.delete(slot, gone)

    def one_each(self, person_ids: np.ndarray) -> np.ndarray:
        """The ids with everybody under the one that was kept of theirs, in their order; not made unique."""
        if not len(self.other_ids):
            return person_ids
        at = np.minimum(np.searchsorted(self.other_ids, person_ids), len(self.other_ids) - 1)
        return np.where(self.other_ids[at] == person_ids, self.kept_ids[at], person_ids)

    def ids_of_same(self, person_ids: frozenset[int]) -> frozenset[int]:
        """These ids, and all others of the same persons."""
        kept = self.one_each(np.array(sorted(person_ids), dtype=np.int64))
        others = self.other_ids[np.isin(self.kept_ids, kept)]
        return person_ids | frozenset(kept.tolist()) | frozenset(others.tolist())


def corrections_on(workspace: Workspace) -> Corrected | None:
    """The corrections of the warehouse as they apply to its current snapshot; None where there are none.

    Kept for as long as the snapshot is open and the corrections are the same.
    """
    ids = active_ids(workspace.database, workspace.warehouse.name)
    if not ids:
        return None
    population = workspace.population
    kept = _kept.get(population)
    if kept is None or kept[0] != ids:
        made = overlay_of(population, active_corrections(workspace.database, workspace.warehouse.name))
        kept = _kept[population] = ids, made
    return kept[1]


def overlay_of(population: Population, corrections: Sequence[Correction]) -> Corrected:
    """These corrections as they apply to a snapshot. Those about somebody who is not in it do nothing."""
    merges = [each for each in corrections if each.kind == "merge" and each.other_person_id is not None]
    one = places_of(population, [named(each) for each in merges])
    other = places_of(population, [other_named(each) for each in merges])
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    root = _roots(pairs)
    moved = sorted(place for place in root if root[place] != place)
    turns: Counter[Place] = Counter()
    turn = []
    for place in moved:
        turns[root[place]] += 1
        turn.append(turns[root[place]])
    ids = sorted((person_id_at(population, place), person_id_at(population, root[place])) for place in moved)
    return Corrected(
        split=_split(population, [each for each in corrections if each.kind == "split"]),
        others=_keys(moved),
        kept=_keys([root[place] for place in moved]),
        turn=np.array(turn, dtype=np.int64),
        other_ids=np.array([pair[0] for pair in ids], dtype=np.int64),
        kept_ids=np.array([pair[1] for pair in ids], dtype=np.int64),
    )


def named(correction: Correction) -> Named:
    """The person whom a correction is about: of a merge, the one who is kept."""
    return Named(correction.person_id, correction.snapshot_id, correction.known_by)


def other_named(correction: Correction) -> Named:
    """Who is the same, of a merge."""
    return Named(correction.other_person_id or 0, correction.snapshot_id, correction.other_known_by)


def _roots(pairs: Sequence[tuple[Place, Place]]) -> dict[Place, Place]:
    """Whom each place is in the end; a pair whose two are one already changes nothing."""
    kept_of: dict[Place, Place] = {}

    def root(place: Place) -> Place:
        while place in kept_of:
            place = kept_of[place]
        return place

    for kept, other in pairs:
        if root(kept) != root(other):
            kept_of[root(other)] = root(kept)
    return {place: root(place) for pair in pairs for place in pair}


def _split(population: Population, splits: Sequence[Correction]) -> dict[str, np.ndarray]:
    places = places_of(population, [named(each) for each in splits])
    whose: dict[str, set[Place]] = {}
    for each, place in zip(splits, places, strict=True):
        if place is not None:
            for one in each.digests:
                whose.setdefault(one, set()).add(place)
    digests = sorted(whose)
    keys: dict[str, list[int]] = {}
    for at, shard, number, slot in zip(
        *(each.tolist() for each in holders(population, digests)), strict=True
    ):
        if (shard, number) in whose[digests[at]]:
            kind = digests[at].partition(":")[0]
            keys.setdefault(kind, []).append((shard << SHIFT | number) * CONTACTS + slot)
    return {kind: np.array(sorted(each), dtype=np.int64) for kind, each in keys.items()}


def _is_in(ascending: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Indices of the keys that are among these."""
    if not len(ascending):
        return np.empty(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(ascending, keys), len(ascending) - 1)
    return np.flatnonzero(ascending[at] == keys)


def _slot_key(shard: np.ndarray, number: np.ndarray, slot: np.ndarray) -> np.ndarray:
    return (shard << SHIFT | number) * CONTACTS + slot


def _keys(places: Sequence[Place]) -> np.ndarray:
    return np.array([shard << SHIFT | number for shard, number in places], dtype=np.int64)
