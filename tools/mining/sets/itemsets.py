"""Which sets of clusters do enough customers have, and how many exactly?"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Ints
from tools.mining.rows.membership import Membership
from tools.mining.sets.best_first import found_best_first
from tools.mining.sets.levels import Allowed, Sets, by_length, surplus

__all__ = ["CountTable", "Sets", "co_occurrence", "frequent_sets", "set_counts", "surplus"]

# Threads, which the counting lets run side by side, and shares of the work for each.
THREADS, PARTS = min(8, os.cpu_count() or 1), 16


def co_occurrence(customers: Membership) -> Ints:
    """(M, M): customers who have both clusters; the diagonal holds those who have the one."""
    from tools.mining.sets.kernels import pair_counts  # compiled code takes a second to load

    return pair_counts(customers.bits)


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

    allowed: (M, M), symmetric; only sets whose every pair is allowed are searched. Depth-first over
    packed bits (Zaki 2000), the first members side by side. Where there are more than max_sets of three
    and more, so many are found best-first instead: see best_first.py. Each length is in the order of its
    members.
    """
    together = co_occurrence(customers) if together is None else together
    allowed = np.ones(together.shape, dtype=np.bool_) if allowed is None else allowed
    pairs = _pairs(together, allowed, floor)
    if max_length < 3 or not len(pairs):
        return [pairs], False
    joinable = allowed & (together >= floor)
    np.fill_diagonal(joinable, False)
    found = _depth_first(customers, joinable, floor, max_length, max_sets)
    if found is not None:
        return [pairs, *found], False
    return [pairs, *found_best_first(customers, joinable, floor, max_length, max_sets)[0]], True


def _depth_first(
    customers: Membership, joinable: Allowed, floor: int, max_length: int, max_sets: int
) -> list[Sets] | None:
    """All sets of each length from 3; None where there are more than max_sets."""
    from tools.mining.sets.kernels import sets_from

    room = np.array([max_sets])
    roots = np.flatnonzero(np.triu(joinable, 1).sum(axis=1) > 1)

    def begun(some: NDArray[np.intp]) -> tuple[NDArray[np.int32], Ints, Ints]:
        return sets_from(customers.bits, joinable, some, floor, max_length, room)

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(begun, np.array_split(roots, PARTS * THREADS)))
    # Threads may lose each other's subtractions, so that the room is no exact count.
    if room[0] < 0 or sum(len(counts) for _, counts, _ in parts) > max_sets:
        return None
    members = np.concatenate([np.empty((0, max_length), dtype=np.int32), *(part[0] for part in parts)])
    counts = np.concatenate([np.empty(0, dtype=np.int64), *(part[1] for part in parts)])
    tried = np.sum([np.zeros(max_length + 1, dtype=np.int64), *(part[2] for part in parts)], axis=0)
    return by_length(members, counts, tried)


def set_counts(customers: Membership, members: Ints) -> Ints:
    """(S,): customers who have all members of each row of (S, L)."""
    from tools.mining.sets import kernels

    return kernels.set_counts(customers.bits, np.ascontiguousarray(members))


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
            return set_counts(self.customers, members)
        keys, counts = self.known[members.shape[1]]
        wanted = self._keys(members)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        answer = counts[place]
        missing = np.flatnonzero(keys[place] != wanted)
        answer[missing] = set_counts(self.customers, members[missing])
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
