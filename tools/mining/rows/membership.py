"""Which customers have which clusters, in packed bits?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Up to this code a table of all codes (64 MB) is used, beyond it a binary search.
LARGEST_TABLE = 1 << 24

Words = NDArray[np.uint64]
Indices = NDArray[np.intp] | Sequence[int]


@dataclass(frozen=True)
class Membership:
    """Customers by cluster: bit r of row i says that customer r has cluster codes[i].

    codes: int32 (M,), ascending. bits: uint64 (M, words), the bits after `total` are 0.
    """

    codes: NDArray[np.int32]
    bits: Words
    total: int

    @classmethod
    def from_profiles(
        cls,
        codes_flat: NDArray[np.integer],
        offsets: NDArray[np.integer],
        keep_codes: Sequence[int] | NDArray,
    ) -> "Membership":
        """Membership of customers whose codes are codes_flat[offsets[r] : offsets[r + 1]].

        Codes that are not in keep_codes are passed over, a code given twice counts once.
        """
        from tools.mining.rows.kernels import set_bits  # compiled code takes a second to load

        keep = np.unique(np.asarray(keep_codes, dtype=np.int32))
        total = len(offsets) - 1
        bits = np.zeros((len(keep), _words(total)), dtype=np.uint64)
        flat, table = _rows_by_code(np.ascontiguousarray(codes_flat), keep)
        set_bits(bits, flat, np.asarray(offsets, dtype=np.int64), table)
        return cls(keep, bits, total)

    @classmethod
    def joined(cls, parts: "Sequence[Membership]") -> "Membership":
        """The customers of all parts, one part after the other; the parts have the same codes."""
        codes, total = parts[0].codes, sum(part.total for part in parts)
        bits = np.zeros((len(codes), _words(total) + 1), dtype=np.uint64)
        first = 0
        for part in parts:
            word, shift = first // 64, np.uint64(first % 64)
            words = part.bits.shape[1]
            bits[:, word : word + words] |= part.bits << shift
            if shift:
                bits[:, word + 1 : word + 1 + words] |= part.bits >> (np.uint64(64) - shift)
            first += part.total
        return cls(codes, np.ascontiguousarray(bits[:, : _words(total)]), total)

    def counts(self, within: Words | None = None) -> NDArray[np.int64]:
        """Customers of each cluster; of those in the packed mask `within` only, when it is given."""
        bits = self.bits if within is None else self.bits & within
        return popcount(bits)

    def cover(self, indices: Indices) -> Words:
        """The customers who have all these clusters, packed; everybody for no cluster."""
        if len(indices) == 0:
            return pack(np.ones(self.total, dtype=np.bool_))
        return np.bitwise_and.reduce(self.bits[np.asarray(indices)], axis=0)

    def count_of(self, indices: Indices) -> int:
        """How many customers have all these clusters (rows of `bits`, not codes)."""
        return int(popcount(self.cover(indices)))

    def rows(
        self, indices: Indices | None = None, start: int = 0, stop: int | None = None
    ) -> NDArray[np.uint8]:
        """0/1 of customers start..stop by cluster, shape (customers, clusters); start a multiple of 64."""
        if start % 64:
            raise ValueError("start has to be a multiple of 64")
        start = min(start, _words(self.total) * 64)
        stop = max(start, self.total if stop is None else min(stop, self.total))
        words = slice(start // 64, start // 64 + _words(stop - start))
        bits = self.bits[:, words] if indices is None else self.bits[np.asarray(indices), words]
        return unpack(bits, stop - start).T

    def only(self, indices: Indices) -> "Membership":
        """The same customers, with these clusters alone."""
        chosen = np.asarray(indices, dtype=np.intp)
        if np.array_equal(chosen, np.arange(len(self.codes))):
            return self  # of a million customers a copy takes hundreds of megabytes
        return Membership(self.codes[chosen], self.bits[chosen], self.total)

    def subset(self, rows: NDArray) -> "Membership":
        """These customers alone, in this order: customer numbers, or one true or false for each."""
        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        bits = np.zeros((len(self.codes), _words(len(chosen))), dtype=np.uint64)
        for i, row in enumerate(self.bits):
            bits[i] = pack(unpack(row, self.total)[chosen])
        return Membership(self.codes, bits, len(chosen))


def _rows_by_code(codes: NDArray, keep: NDArray[np.int32]) -> tuple[NDArray, NDArray[np.int32]]:
    """The codes, and the row of each code from 0, -1 for none; large codes are replaced by their places."""
    if len(keep) and (keep[0] < 0 or keep[-1] >= LARGEST_TABLE):
        place = np.minimum(np.searchsorted(keep, codes), len(keep) - 1)
        return np.where(keep[place] == codes, place, -1), np.arange(len(keep), dtype=np.int32)
    table = np.full(int(keep.max(initial=-1)) + 1, -1, dtype=np.int32)
    table[keep] = np.arange(len(keep), dtype=np.int32)
    return codes, table


def pack(rows: NDArray) -> Words:
    """The last axis of true and false as uint64 words, the first customer in the lowest bit."""
    octets = np.packbits(rows, axis=-1, bitorder="little")
    short = -octets.shape[-1] % 8
    if short:
        octets = np.pad(octets, [(0, 0)] * (octets.ndim - 1) + [(0, short)])
    return np.ascontiguousarray(octets).view("<u8").astype(np.uint64, copy=False)


def unpack(bits: Words, total: int) -> NDArray[np.uint8]:
    """Packed words as 0 and 1, the last axis `total` long."""
    octets = np.ascontiguousarray(bits).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=-1, count=total, bitorder="little")


def popcount(bits: Words) -> NDArray[np.int64]:
    """The number of bits set along the last axis."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)


def _words(total: int) -> int:
    return -(-total // 64)
