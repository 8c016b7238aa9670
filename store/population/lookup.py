"""Whose identifier is this? Sorted 64-bit keys, then the full value checked on every hit."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from store.identifiers import Malformed, normalise
from store.identifiers.address import building_of
from store.identifiers.digests import DigestType, prefixes_of
from store.population.domains import HashType, IdentifierType
from store.population.fields import Fields

SLOT_BITS = 2
BUILDING = "building"  # an address without its unit
HASHED: dict[str, tuple[DigestType, ...]] = {
    "email": ("md5", "sha1", "sha256"),
    "phone": ("md5", "sha1", "sha256"),
    "maid": ("md5", "sha1", "sha256"),
    "address": ("sha256",),
    BUILDING: ("sha256",),
    "id": ("sha256",),
}


class Hits(NamedTuple):
    """Which of the values asked for belong to which persons of a shard; three arrays of one length."""

    asked: np.ndarray  # index into the values
    number: np.ndarray  # local number of the person
    slot: np.ndarray  # 0..2: the person's first, second or third value of this type


@dataclass(frozen=True)
class Lookup:
    """The identifier keys of one shard."""

    folder: Path
    fields: Fields
    _keys: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def find(self, id_type: str, hash_type: HashType, values: list[str], prefixes: np.ndarray) -> Hits:
        """Persons who have these normalised values, or values with these hex digests.

        prefixes: the first 64 bits of each digest (of the sha256 for plain values), int64.
        """
        keys, references = self._sorted(id_type, "sha256" if hash_type == "plaintext" else hash_type)
        order = np.argsort(prefixes, kind="stable")
        first = np.searchsorted(keys, prefixes[order], side="left")
        last = np.searchsorted(keys, prefixes[order], side="right")
        counts = last - first
        asked = np.repeat(order, counts)
        at = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        found = np.asarray(references[at], dtype=np.int64)
        hits = Hits(asked, found >> SLOT_BITS, found & ((1 << SLOT_BITS) - 1))
        return self._verified(id_type, hash_type, values, hits)

    def _sorted(self, id_type: str, hash_type: str) -> tuple[np.ndarray, np.ndarray]:
        name = f"{id_type}_{hash_type}"
        if name not in self._keys:
            path = self.folder / f"keys_{name}.npy"
            none = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
            self._keys[name] = (
                (np.load(path, mmap_mode="r"), np.load(self.folder / f"people_{name}.npy", mmap_mode="r"))
                if path.exists()
                else none
            )
        return self._keys[name]

    def _verified(self, id_type: str, hash_type: HashType, values: list[str], hits: Hits) -> Hits:
        kind: IdentifierType = "address" if id_type == BUILDING else id_type  # type: ignore[assignment]  # narrowed by HASHED
        right = np.zeros(len(hits.asked), dtype=bool)
        for slot in np.unique(hits.slot).tolist():
            at = np.flatnonzero(hits.slot == slot)
            column = f"{kind}{slot + 1}"
            kept = self.fields.take(hits.number[at], [column])[column]
            wanted = [values[index] for index in hits.asked[at].tolist()]
            right[at] = [
                _is_same(id_type, hash_type, own, asked) for own, asked in zip(kept, wanted, strict=True)
            ]
        return Hits(hits.asked[right], hits.number[right], hits.slot[right])


def _is_same(id_type: str, hash_type: HashType, kept: str, asked: str) -> bool:
    if hash_type == "plaintext" and kept == asked and id_type != BUILDING:
        return True
    normal = normal_form(id_type, kept)
    if normal is None:
        return False
    return normal == asked if hash_type == "plaintext" else digest(normal, hash_type) == asked


def normal_form(id_type: str, value: str) -> str | None:
    """The normal form under which a value is kept, or None when it is malformed."""
    try:
        if id_type == BUILDING:
            return building_of(normalise("address", value))
        return normalise(id_type, value)  # type: ignore[arg-type]  # every other key of HASHED is an IdentifierType
    except Malformed:
        return None


def digest(normal: str, hash_type: HashType) -> str:
    """The hex digest of a normal form."""
    return hashlib.new(hash_type, normal.encode(), usedforsecurity=False).hexdigest()


def write_keys(
    id_type: str, normals: list[str], numbers: np.ndarray, slots: np.ndarray, folder: Path
) -> None:
    """Write the sorted keys of one type: normal forms, whose they are, and which of their values."""
    references = (numbers.astype(np.int64) << SLOT_BITS | slots).astype(np.int32)
    for hash_type in HASHED[id_type]:
        keys = prefixes_of(normals, hash_type).view(np.int64)
        order = np.argsort(keys, kind="stable")
        np.save(folder / f"keys_{id_type}_{hash_type}.npy", keys[order])
        np.save(folder / f"people_{id_type}_{hash_type}.npy", references[order])
