"""Which sets of clusters do enough customers have, and how many exactly?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.rows.membership import Membership, popcount, unpack

Allowed = NDArray[np.bool_]

# Customers multiplied at once: float32 counts stay exact far beyond, and 500 clusters take 33 MB.
BLOCK_WORDS = 256


@dataclass(frozen=True)
class Sets:
    """Sets of one length. members: (S, L) rows of Membership.bits, ascending; counts: (S,) customers.

    tried: how many sets were counted to find these, the infrequent ones among them.
    """

    members: Ints
    counts: Ints
    tried: int

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def length(self) -> int:
        return self.members.shape[1]

    def take(self, chosen: NDArray) -> "Sets":
        return Sets(self.members[chosen], self.counts[chosen], self.tried)


def co_occurrence(customers: Membership) -> Ints:
    """(M, M): customers who have both clusters; the diagonal holds those who have the one."""
    clusters, words = customers.bits.shape
    together = np.zeros((clusters, clusters), dtype=np.int64)
    for start in range(0, words, BLOCK_WORDS):
        bits = customers.bits[:, start : start + BLOCK_WORDS]
        rows = unpack(bits, bits.shape[1] * 64).astype(np.float32)
        together += (rows @ rows.T).astype(np.int64)
    return together


def frequent_sets(
    customers: Membership,
    floor: int,
    max_length: int,
    *,
    allowed: Allowed | None = None,
    together: Ints | None = None,
    max_sets: int = 10_000_000,
) -> tuple[list[Sets], bool]:
    """Sets of 2 to max_length clusters held by at least `floor` customers; True if max_sets bounded it.

    allowed: (M, M), symmetric; only sets whose every pair is allowed are searched. Level by level
    (Agrawal, Srikant 1994) on packed bits, each set joined from two that differ in the last member
    (Zaki 2000). Where a level might need more than max_sets counts, the sets with the most
    customers beyond chance go on alone.
    """
    together = co_occurrence(customers) if together is None else together
    allowed = np.ones(together.shape, dtype=np.bool_) if allowed is None else allowed
    levels = [_pairs(together, allowed, floor)]
    bounded = False
    while levels[-1].length < max_length and len(levels[-1]):
        seeds = _affordable(levels[-1], customers.total, np.diag(together), max_sets)
        bounded |= len(seeds) < len(levels[-1])
        levels.append(_extend(customers, seeds, allowed, floor))
    return levels, bounded


def surplus(sets: Sets, counts: Ints, total: int) -> Floats:
    """Strength of sets: share * log(share / product of the members' shares), the higher the better."""
    share = sets.counts / total
    return share * np.log(share / (counts[sets.members] / total).prod(axis=1))


class CountTable:
    """Customers of any set that was found, or of a subset of one; counts what it does not hold."""

    def __init__(self, customers: Membership, together: Ints, levels: Sequence[Sets]) -> None:
        self.customers, self.together = customers, together
        self.known = {level.length: self._sorted(level) for level in levels if len(level)}

    def __call__(self, members: Ints) -> Ints:
        """members (S, L), ascending in each row: (S,) customers."""
        if members.shape[1] == 1:
            return np.diag(self.together)[members[:, 0]]
        if members.shape[1] == 2:
            return self.together[members[:, 0], members[:, 1]]
        if members.shape[1] not in self.known:
            return np.array([self.customers.count_of(row) for row in members], dtype=np.int64)
        keys, counts = self.known[members.shape[1]]
        wanted = self._keys(members)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        answer = counts[place]
        for missing in np.flatnonzero(keys[place] != wanted):
            answer[missing] = self.customers.count_of(members[missing])
        return answer

    def _sorted(self, level: Sets) -> tuple[Ints, Ints]:
        keys = self._keys(level.members)
        order = np.argsort(keys)
        return keys[order], level.counts[order]

    def _keys(self, members: Ints) -> Ints:
        """One number a row: its members as digits."""
        keys = np.zeros(len(members), dtype=np.int64)
        for column in members.T:
            keys = keys * len(self.together) + column
        return keys


def _pairs(together: Ints, allowed: Allowed, floor: int) -> Sets:
    above = np.triu(allowed, 1)
    first, second = np.nonzero(above & (together >= floor))
    return Sets(np.column_stack([first, second]), together[first, second], int(above.sum()))


def _extend(customers: Membership, level: Sets, allowed: Allowed, floor: int) -> Sets:
    """The frequent sets one longer than these, which are ordered by their members."""
    found = [np.zeros((0, level.length + 1), dtype=np.int64)]
    counts = [np.zeros(0, dtype=np.int64)]
    tried = 0
    for start, stop in _families(level):
        prefix, last = level.members[start, :-1], level.members[start:stop, -1]
        covers = customers.bits[last] & customers.cover(prefix)
        for i in range(len(last) - 1):
            later = i + 1 + np.flatnonzero(allowed[last[i], last[i + 1 :]])
            having = popcount(covers[later] & covers[i])
            frequent = having >= floor
            tried += len(later)
            new = last[later[frequent]]
            found.append(np.column_stack([np.tile(level.members[start + i], (len(new), 1)), new]))
            counts.append(having[frequent])
    return Sets(np.concatenate(found), np.concatenate(counts), tried)


def _families(level: Sets) -> Iterator[tuple[int, int]]:
    """Runs of two and more sets that differ in the last member only."""
    changes = np.any(level.members[1:, :-1] != level.members[:-1, :-1], axis=1)
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), len(level)]
    for start, stop in pairwise(bounds):
        if stop - start > 1:
            yield start, stop


def _affordable(level: Sets, total: int, counts: Ints, max_sets: int) -> Sets:
    """All of the level, or its strongest sets, so few that at most max_sets can come of them."""
    order = np.argsort(-surplus(level, counts, total), kind="stable")
    keep = len(level)
    while True:
        chosen = level.take(np.sort(order[:keep]))
        if sum((b - a) * (b - a - 1) // 2 for a, b in _families(chosen)) <= max_sets:
            return chosen
        keep = keep * 3 // 4
