"""Which sets are the strongest, where there are too many to look at all?"""

from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.rows.membership import Membership
from tools.mining.sets.levels import Allowed, Sets, by_length


class _Open(NamedTuple):
    """A set that may be extended: by which later rows, and how strong a set may come of it, negated."""

    bound: float
    members: tuple[int, ...]
    customers: int
    later: NDArray[np.intp]


def found_best_first(
    customers: Membership, joinable: Allowed, floor: int, max_length: int, max_sets: int
) -> tuple[list[Sets], float]:
    """At least max_sets sets of three and more if there are so many, and the strength of none left out.

    Best-first search (Webb 1995): the open set from which the strongest set may come is extended next.
    No set that is left out is stronger than the float that comes second, 0 when none is. Strength is
    `surplus`; a set of count s that may take r more of the rows R is bounded by
    s log(s / (product of its shares * smallest share in R ** r)), since a set has no more customers than its
    subsets. Memory: the open sets, no more than the pairs and the sets found.
    """
    return _Search(customers, joinable, floor, max_length).until(max_sets)


class _Search:
    def __init__(self, customers: Membership, joinable: Allowed, floor: int, max_length: int) -> None:
        self.customers, self.joinable = customers, joinable
        self.floor, self.max_length = floor, max_length
        shares = np.maximum(customers.counts(), 1) / customers.total
        self.information: Floats = -np.log(shares)
        self.tried = np.zeros(max_length + 1, dtype=np.int64)
        self.members: list[NDArray[np.int32]] = []
        self.counts: list[Ints] = []

    def until(self, max_sets: int) -> tuple[list[Sets], float]:
        roots = range(len(self.joinable))
        queue = [pair for root in roots for pair in self._extended((root,), self._joined(root))]
        heapify(queue)
        found = 0
        while queue and found < max_sets:
            before = heappop(queue)
            for longer in self._extended(before.members, before.later):
                heappush(queue, longer)
            found += len(self.counts[-1])
        return self._levels(), max(0.0, -queue[0].bound) if queue else 0.0

    def _joined(self, root: int) -> NDArray[np.intp]:
        return root + 1 + np.flatnonzero(self.joinable[root, root + 1 :])

    def _extended(self, members: tuple[int, ...], later: NDArray[np.intp]) -> list[_Open]:
        """The sets one longer, kept from three on; those of them that may be extended again."""
        from tools.mining.sets.kernels import extended_counts  # compiled code takes a second to load

        counts = extended_counts(self.customers.bits, np.array(members), later, self.floor)
        length = len(members) + 1
        self.tried[length] += len(later)
        later, counts = later[counts >= self.floor], counts[counts >= self.floor]
        if length > 2:
            self._keep(members, later, counts)
        if length == self.max_length:
            return []
        after = [later[i + 1 :][self.joinable[row, later[i + 1 :]]] for i, row in enumerate(later)]
        return [
            self._open((*members, int(row)), int(count), rest)
            for row, count, rest in zip(later, counts, after, strict=True)
            if len(rest)
        ]

    def _open(self, members: tuple[int, ...], count: int, later: NDArray[np.intp]) -> _Open:
        share = count / self.customers.total
        more = min(len(later), self.max_length - len(members))
        information = self.information[list(members)].sum() + more * self.information[later].max()
        return _Open(-share * (np.log(share) + information), members, count, later)

    def _keep(self, members: tuple[int, ...], later: NDArray[np.intp], counts: Ints) -> None:
        rows = np.full((len(later), self.max_length), -1, dtype=np.int32)
        rows[:, : len(members)] = members
        rows[:, len(members)] = later
        self.members.append(rows)
        self.counts.append(counts)

    def _levels(self) -> list[Sets]:
        members = np.concatenate([np.empty((0, self.max_length), dtype=np.int32), *self.members])
        counts = np.concatenate([np.empty(0, dtype=np.int64), *self.counts])
        order = np.lexsort(members.T[::-1])
        return by_length(members[order], counts[order], self.tried)
