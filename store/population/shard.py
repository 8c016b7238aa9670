"""A range of persons with everything that can be asked of them."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from store.identifiers.digests import prefixes_of_hex
from store.population.bitmaps import DEFAULT_CACHE_BYTES, Bitmaps, read_having
from store.population.domains import PERSONAL
from store.population.fields import Fields, read_fields
from store.population.geography import Geography, read_geography
from store.population.lookup import Lookup
from store.population.profiles import Profiles, read_profiles


@dataclass
class Shard:
    """Persons are told by local numbers, 0 .. persons - 1, in the order of the curve."""

    folder: Path
    first: int  # the population's number of its first person
    persons: int
    erased_ids: np.ndarray  # person ids that may not be answered, sorted int64
    erased_digests: frozenset[str]  # `type:sha256` of identifiers whose persons may not be answered
    cache_bytes: int = DEFAULT_CACHE_BYTES
    _having: dict[str, BitMap] = field(default_factory=dict)

    @cached_property
    def bitmaps(self) -> Bitmaps:
        return Bitmaps(self.folder, self.cache_bytes)

    @cached_property
    def profiles(self) -> Profiles:
        return read_profiles(self.folder)

    @cached_property
    def fields(self) -> Fields:
        return read_fields(self.folder)

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.folder, self.fields)

    @cached_property
    def geography(self) -> Geography:
        return read_geography(self.folder)

    @cached_property
    def person_ids(self) -> np.ndarray:
        """Person id by local number, int64."""
        return np.load(self.folder / "person_ids.npy", mmap_mode="r")

    @cached_property
    def _numbers_by_id(self) -> np.ndarray:
        """Sorted ids and the local number of each, (2, persons) int64."""
        return np.load(self.folder / "numbers_by_id.npy", mmap_mode="r")

    @cached_property
    def everyone(self) -> BitMap:
        """Local numbers of everyone who may be answered."""
        everyone = BitMap()
        everyone.add_range(0, self.persons)
        return everyone - BitMap(self.erased_numbers.astype(np.uint32))

    @cached_property
    def erased_numbers(self) -> np.ndarray:
        """Local numbers of those who were erased, sorted int64."""
        numbers = [self._known(self.erased_ids)[1]]
        for kind in PERSONAL:
            digests = [text.partition(":")[2] for text in self.erased_digests if text.startswith(f"{kind}:")]
            if digests:
                prefixes = prefixes_of_hex(digests, "sha256").view(np.int64)
                numbers.append(self.lookup.find(kind, "sha256", digests, prefixes).number)
        return np.unique(np.concatenate(numbers))

    def having(self, kind: str) -> BitMap:
        """Local numbers of those with at least one identifier of this kind."""
        if kind not in self._having:
            self._having[kind] = read_having(kind, self.folder)
        return self._having[kind]

    def numbers_of(self, person_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of these ids live here and may be answered: their indices, and their local numbers."""
        asked, numbers = self._known(person_ids)
        if len(self.erased_numbers):
            kept = ~np.isin(numbers, self.erased_numbers)
            asked, numbers = asked[kept], numbers[kept]
        return asked, numbers

    def _known(self, person_ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids, numbers = self._numbers_by_id
        at = np.minimum(np.searchsorted(ids, person_ids), len(ids) - 1)
        asked = np.flatnonzero(ids[at] == person_ids)
        return asked, np.asarray(numbers[at[asked]])


def write_person_ids(person_ids: np.ndarray, folder: Path) -> None:
    """Write ids by local number, and local numbers by id."""
    order = np.argsort(person_ids, kind="stable")
    np.save(folder / "person_ids.npy", person_ids)
    np.save(folder / "numbers_by_id.npy", np.stack([person_ids[order], order.astype(np.int64)]))
