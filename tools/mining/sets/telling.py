"""Which of the proven sets are told, so that none repeats what others say?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.mining.evidence.statistics import Ints
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Words, popcount
from tools.mining.sets.ground import Ground

# What is left has to exceed its bound by this many standard errors of its log.
STANDARD_ERRORS = 2


@dataclass(frozen=True)
class Line:
    """A set that may be told. usual_share, usual_lift: among other people, whom it is compared with.

    beyond_others: whether it claims that its traits meet more often than they do there.
    """

    members: Ints
    usual_share: float
    usual_lift: float
    beyond_others: bool


class Told:
    """What has been told so far, and the customers whom none of it describes."""

    def __init__(self, ground: Ground, query: LiftQuery) -> None:
        self.customers, self.min_lift = ground.customers, query.min_lift
        self.left = ground.customers.cover([])

    def add(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self.left = self.left & ~self.customers.cover(line.members)

    def distinct(self, lines: Sequence[Line], max_overlap: float, limit: int) -> list[int]:
        """Places of the sets to tell: greedily the first, then each that says something of its own.

        Its customers are largely others: the overlap is a share of the smaller cover, so a superset of a
        set that was taken, and another name for the same customers, are both left out. And what it claims
        holds for the customers whom nothing told before describes: a part or a proxy of a told set, that
        only comes along with it, is explained by it (as Webb 2010 asks of a set beside its supersets).
        """
        left, chosen = self.left, []
        covers = np.zeros((min(limit, len(lines)), len(left)), dtype=np.uint64)
        sizes = np.zeros(len(covers), dtype=np.int64)
        for place, line in enumerate(lines):
            taken = len(chosen)
            if taken == len(covers):
                break
            cover = self.customers.cover(line.members)
            size = int(popcount(cover))
            shared = popcount(covers[:taken] & cover)
            if np.any(shared > max_overlap * np.minimum(sizes[:taken], size)):
                continue
            if not self._holds(line, cover, left):
                continue
            covers[taken], sizes[taken] = cover, size
            left = left & ~cover
            chosen.append(place)
        return chosen

    def _holds(self, line: Line, cover: Words, left: Words) -> bool:
        """Whether the set is enriched, and beyond others if it says so, among the customers who are left."""
        total, having = int(popcount(left)), int(popcount(cover & left))
        if total == self.customers.total:
            return True
        error = 1 / np.sqrt(having + 0.5)
        share = (having + 0.5) / (total + 1)
        if np.log(share / line.usual_share) < np.log(self.min_lift) + STANDARD_ERRORS * error:
            return False
        members = (popcount(self.customers.bits[line.members] & left) + 0.5) / (total + 1)
        return not line.beyond_others or bool(np.log(share / members.prod() / line.usual_lift) > error)
