"""Which of the proven sets of conditions are told, so that none repeats what others say?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tools.mining.evidence.statistics import Ints
from tools.mining.rows.membership import Words, popcount


@dataclass(frozen=True)
class Claim:
    """A proven set: its side and conditions, the rows that meet them, whether it holds among some rows."""

    side: int
    members: tuple[int, ...]
    cover: Words
    remains: Callable[[Words], bool]

    @cached_property
    def size(self) -> int:
        return int(popcount(self.cover))


def distinct(claims: Sequence[Claim], variables: Ints, max_overlap: float, limit: int) -> list[int]:
    """Places of the claims to tell, the first first.

    A claim that no longer holds outside a larger claim made of it waits for that, and is left out when that
    is told (Webb 2010: only what is not explained by its supersets). Each variable is told once, a claim may
    not share too much of the smaller cover with one taken, and it has to hold among the rows that no claim
    taken describes.
    """
    told = _Told(claims, variables, max_overlap, limit)
    for place in range(len(claims)):
        told.consider(place)
    return told.chosen


class _Told:
    """What has been taken so far, and the rows that none of it describes."""

    def __init__(self, claims: Sequence[Claim], variables: Ints, max_overlap: float, limit: int) -> None:
        self.claims, self.variables, self.max_overlap, self.limit = claims, variables, max_overlap, limit
        self.chosen: list[int] = []
        self.used: set[int] = set()
        self.considered: set[int] = set()
        self.left: Words = ~np.zeros_like(claims[0].cover) if claims else np.empty(0, dtype=np.uint64)

    def consider(self, place: int) -> None:
        """Take this claim if it says something of its own; first the larger ones that explain it."""
        if place in self.considered:
            return
        self.considered.add(place)
        claim, named = self.claims[place], {int(self.variables[at]) for at in self.claims[place].members}
        if len(self.chosen) == self.limit or named & self.used:
            return
        for larger in self._explaining(claim):
            self.consider(larger)
        # One of them may have been taken just now.
        if len(self.chosen) == self.limit or named & self.used:
            return
        taken = [self.claims[at] for at in self.chosen]
        if not _repeats(claim, taken, self.max_overlap) and claim.remains(self.left):
            self.chosen.append(place)
            self.used |= named
            self.left = self.left & ~claim.cover

    def _explaining(self, claim: Claim) -> list[int]:
        """The claims of its side with all its conditions and more, without whose rows it does not hold."""
        own = set(claim.members)
        return [
            at
            for at, each in enumerate(self.claims)
            if each.side == claim.side and own < set(each.members) and not claim.remains(~each.cover)
        ]


def _repeats(claim: Claim, taken: Sequence[Claim], max_overlap: float) -> bool:
    return any(
        int(popcount(claim.cover & each.cover)) > max_overlap * min(claim.size, each.size) for each in taken
    )
