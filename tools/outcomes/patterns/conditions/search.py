"""Which conditions, and pairs and triples of them, set some rows apart from others?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import log_ndtr, xlogy

from tools.mining.evidence.statistics import Floats, Ints, as_p_values, log_p_enriched
from tools.mining.rows.membership import Words, popcount
from tools.mining.sets.multiplicity import focused, log_layered
from tools.outcomes.patterns.conditions.candidates import Candidates, Group, bound_pairs
from tools.outcomes.patterns.conditions.query import ConditionQuery
from tools.outcomes.patterns.conditions.telling import Claim, distinct

# Marked and other rows with the set, then marked and other rows it is compared with: how far apart they lie.
Effect = Callable[[Floats, Floats, Floats, Floats], Floats]
# Sets that selection looks at, the strongest: of more proven ones the rest repeat these.
MOST_CLAIMS = 400
LENGTHS = {1: "conditions", 2: "pairs", 3: "triples"}
# A claim has to hold at 5 % among the rows that nothing told before describes.
LEFT_LOG_P = np.log(0.05)
# Nats by which the signed root of G may miss the exact tail; what it passes over counts as tested.
SLACK = 2.0


@dataclass(frozen=True)
class Comparison:
    """Marked rows against others. What is sought is more frequent among the marked."""

    marked: Group
    others: Group

    def counts(self, sets: Ints) -> tuple[Floats, Floats]:
        return self.marked.counts(sets).astype(np.float64), self.others.counts(sets).astype(np.float64)


@dataclass(frozen=True)
class Side:
    """What is sought: a set more frequent among the marked of every comparison, by so much in `effect`."""

    comparisons: Sequence[Comparison]
    effect: Effect


@dataclass(frozen=True)
class Found:
    """A set that is told, of a side. marked, others: rows with it in the side's first comparison, and known
    rows in all."""

    side: int
    members: Ints
    marked: int
    others: int
    marked_known: int
    others_known: int
    p_value: float
    q_value: float


@dataclass(frozen=True)
class Search:
    """What was found, strongest first, and how many conditions, pairs and triples could have been."""

    found: list[Found]
    tested: dict[str, int]


def share_ratio(k: Floats, o: Floats, K: Floats, O: Floats) -> Floats:  # noqa: E741  # as in the 2 x 2 table
    """How many times as frequent the set is among the marked, half a row added to each count."""
    return (k + 0.5) / (K + 1) / ((o + 0.5) / (O + 1))


def risk_ratio(k: Floats, o: Floats, K: Floats, O: Floats) -> Floats:  # noqa: E741  # as in the 2 x 2 table
    """How many times as often rows with the set are marked as those without, half a row added."""
    return (k + 0.5) / (k + o + 1) / ((K - k + 0.5) / (K - k + O - o + 1))


def rate_fall(k: Floats, o: Floats, K: Floats, O: Floats) -> Floats:  # noqa: E741  # as in the 2 x 2 table
    """How many times as often rows without the set are others as those with it, half a row added."""
    return (O - o + 0.5) / (K - k + O - o + 1) / ((o + 0.5) / (k + o + 1))


def search(
    candidates: Candidates,
    sides: Sequence[Side],
    min_effect: float,
    query: ConditionQuery,
    *,
    min_marked: int = 0,
    families: int = 1,
) -> Search:
    """The sets of conditions that are more frequent among the marked of a side, strongest first.

    A set is compared with the rows of which all its columns are known; it must lie `min_effect` beyond those
    without it, and query.min_added beyond each of its parts. Its p-value is the largest of the one-sided
    Fisher tests of all this, in all comparisons of the side (an intersection-union test). Every length that
    can be formed gets an even part of q (Webb 2008), every set of enough rows counts as tested on every side,
    also those passed over, and so do `families` such searches of one list; q is of what is told (focused
    Benjamini-Hochberg). Numbers of rows, never outcomes, decide what is enough. Selection: see telling.py.
    """
    complete = all(c.marked.total and c.others.total for side in sides for c in side.comparisons)
    if not len(candidates) or not complete:
        return Search([], dict.fromkeys(LENGTHS.values(), 0))
    grounds = [_Ground(candidates, side, min_effect, query, min_marked) for side in sides]
    possible, lists = grounds[0].possible(), len(sides) * max(families, 1)
    proven: list[_Proven] = []
    for at, ground in enumerate(grounds):
        for table in ground.tables(possible, lists):
            layered = log_layered(table.log_p, table.sets.shape[1], possible) + np.log(lists)
            proven += [
                _Proven(at, *each)
                for each in zip(table.sets, table.log_p, layered, table.strength, strict=True)
            ]
    log_p = np.array([each.layered for each in proven])
    told = focused(log_p, query.q, query.max_shown, lambda admitted: _told(grounds, proven, admitted))
    found = [grounds[proven[at].side].found(proven[at], len(told)) for at in told]
    tested = {name: len(sides) * possible.get(length, 0) for length, name in LENGTHS.items()}
    return Search(found, tested)


class _Proven(NamedTuple):
    """A set that was tested: log p, the same times all that could have been told, and its strength."""

    side: int
    members: Ints
    log_p: float
    layered: float
    strength: float


@dataclass(frozen=True)
class _Table:
    """Sets of one length. log_p: of the least convincing test; strength: G of the first comparison, nats."""

    sets: Ints
    log_p: Floats
    strength: Floats


class _Ground:
    """What the search of one side stands on."""

    def __init__(
        self, candidates: Candidates, side: Side, min_effect: float, query: ConditionQuery, min_marked: int
    ) -> None:
        self.candidates, self.query = candidates, query
        self.comparisons, self.effect, self.min_effect = side.comparisons, side.effect, min_effect
        self.min_marked = min_marked
        self.first = side.comparisons[0]
        together = self.first.marked.together + self.first.others.together
        self.floor = query.floor(self.first.marked.total + self.first.others.total)
        size = len(candidates)
        self.enough = np.diag(together)[:size] >= self.floor
        meet = ~bound_pairs(candidates, together) & (together[:size, :size] >= self.floor)
        self.meet = meet & self.enough[:, None] & self.enough[None, :]

    def possible(self) -> dict[int, int]:
        """By length, the sets that have enough rows; of triples those whose every pair has (a bound)."""
        graph = self.meet.astype(np.float64)
        triangles = round(float(((graph @ graph) * graph).sum()) / 6) if self.query.max_length > 2 else 0
        pairs = int(np.triu(self.meet, 1).sum()) if self.query.max_length > 1 else 0
        counted = {1: int(self.enough.sum()), 2: pairs, 3: triangles}
        return {length: many for length, many in counted.items() if many}

    def tables(self, possible: dict[int, int], lists: int) -> Iterator[_Table]:
        """The sets of each length that may be told, tested."""
        sets = np.flatnonzero(self.enough)[:, None]
        for length in range(1, self.query.max_length + 1):
            sets, least = self._worth(sets)
            # What has to be reached even if as much as can be shown is told; G alone is never more cautious.
            bound = np.log(self.query.q * self.query.max_shown) - log_layered(np.zeros(1), length, possible)
            reach = log_ndtr(-np.sqrt(2 * least)) <= bound - np.log(lists) + SLACK
            yield self._tested(sets[np.flatnonzero(reach)[: self.query.max_tested]])
            if length == 1:
                sets = np.argwhere(np.triu(self.meet, 1))
            elif length < self.query.max_length:
                sets = self._extended(sets[: self.query.max_extended])

    def _extended(self, pairs: Ints) -> Ints:
        """These pairs, each with every third condition that may meet both."""
        sets = [
            np.sort(np.column_stack([np.repeat(pair[None], len(third), axis=0), third]), axis=1)
            for pair in pairs
            if len(third := np.flatnonzero(self.meet[pair].all(axis=0)))
        ]
        found = np.concatenate([np.empty((0, 3), dtype=np.int64), *sets])
        # One number a set, its members as digits: sorting those takes a tenth of sorting rows.
        keys = np.ravel_multi_index(tuple(found.T), (len(self.candidates),) * 3)
        return found[np.unique(keys, return_index=True)[1]]

    def _worth(self, sets: Ints) -> tuple[Ints, Floats]:
        """The sets whose every effect is large enough, the most convincing first, and the least G of each."""
        least = np.full(len(sets), np.inf)
        for part in range(-1, sets.shape[1] if sets.shape[1] > 1 else 0):
            keep = np.ones(len(sets), dtype=np.bool_)
            for comparison in self.comparisons:
                counts = self._against(sets, part, comparison)
                k, o, *_ = counts
                keep &= self.effect(*counts) >= (self.min_effect if part < 0 else self.query.min_added)
                least = np.minimum(least, _g(*counts))
                if comparison is self.first:
                    keep &= (k + o >= self.floor) & (k >= self.min_marked)
            sets, least = sets[keep], least[keep]
        order = np.argsort(-least, kind="stable")
        return sets[order], least[order]

    def _against(
        self, sets: Ints, part: int, comparison: Comparison
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Marked and others with the sets, and with what they are compared with: the rest of the set without
        the member at `part`, where that one's column is known; for -1 all rows whose columns are known."""
        known = self.candidates.known[sets]
        if part >= 0:
            known = np.column_stack([np.delete(sets, part, axis=1), known[:, part]])
        return (*comparison.counts(sets), *comparison.counts(known))

    def _tested(self, sets: Ints) -> _Table:
        log_p = np.full(len(sets), -np.inf)
        for part in range(-1, sets.shape[1] if sets.shape[1] > 1 else 0):
            for comparison in self.comparisons:
                log_p = np.maximum(log_p, _log_p(*self._against(sets, part, comparison)))
        return _Table(sets, log_p, _g(*self._against(sets, -1, self.first)))

    def claim(self, proven: _Proven) -> Claim:
        cover = self.candidates.cover(proven.members)
        marked, others = self.first.marked.mask, self.first.others.mask

        def remains(left: Words) -> bool:
            sides = (cover & left & marked, cover & left & others, left & marked, left & others)
            counts = [np.array([float(popcount(each))]) for each in sides]
            return bool(self.effect(*counts)[0] >= self.min_effect and _log_p(*counts)[0] <= LEFT_LOG_P)

        return Claim(proven.side, tuple(proven.members.tolist()), cover & (marked | others), remains)

    def found(self, proven: _Proven, told: int) -> Found:
        k, o, K, O = self._against(proven.members[None], -1, self.first)  # noqa: E741  # as in the 2 x 2 table
        return Found(
            side=proven.side,
            members=proven.members,
            marked=int(k[0]),
            others=int(o[0]),
            marked_known=int(K[0]),
            others_known=int(O[0]),
            p_value=float(as_p_values(proven.log_p)),
            # The smallest q at which it would be told among as many.
            q_value=float(as_p_values(min(proven.layered - np.log(told), 0.0))),
        )


def _told(grounds: Sequence[_Ground], proven: Sequence[_Proven], admitted: Ints) -> list[int]:
    """Places of the admitted sets that are told: the strongest that say something of their own."""
    strongest = sorted(admitted.tolist(), key=lambda at: -proven[at].strength)[:MOST_CLAIMS]
    claims = {at: grounds[proven[at].side].claim(proven[at]) for at in strongest}
    # Of a condition and its contrary on the other side, which are as strong, the one that fewer rows meet.
    order = sorted(strongest, key=lambda at: (-round(proven[at].strength, 6), claims[at].size))
    query = grounds[0].query
    kept = distinct(
        [claims[at] for at in order], grounds[0].candidates.variables, query.max_overlap, query.max_shown
    )
    return [order[at] for at in kept]


def _log_p(k: Floats, o: Floats, K: Floats, O: Floats) -> Floats:  # noqa: E741  # as in the 2 x 2 table
    return log_p_enriched(k, k + o, K, K + O)


def _g(k: Floats, o: Floats, K: Floats, O: Floats) -> Floats:  # noqa: E741  # as in the 2 x 2 table
    """Log-likelihood ratio of the 2 x 2 table, in nats: how much is explained, by size and by effect."""
    n, N = k + o, K + O
    g = np.zeros(len(k))
    for cell, row, column in ((k, n, K), (o, n, O), (K - k, N - n, K), (O - o, N - n, O)):
        g += xlogy(cell, cell * N / np.maximum(row * column, 1.0))
    return np.maximum(g, 0.0)
