"""Sets of clusters by their length, and how strong each is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints

Allowed = NDArray[np.bool_]


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


def surplus(sets: Sets, counts: Ints, total: int) -> Floats:
    """Strength of sets: share * log(share / product of the members' shares), the higher the better."""
    share = sets.counts / total
    return share * np.log(share / (counts[sets.members] / total).prod(axis=1))


def by_length(members: NDArray[np.int32], counts: Ints, tried: Ints) -> list[Sets]:
    """Rows of members filled up with -1 as the sets of each length from 3, to the longest that was tried."""
    lengths = (members >= 0).sum(axis=1)
    longest = max(3, int(np.flatnonzero(tried).max(initial=3)))
    return [
        Sets(
            members[lengths == length, :length].astype(np.int64),
            counts[lengths == length],
            int(tried[length]),
        )
        for length in range(3, longest + 1)
    ]
