"""Which few traits and sets together describe most of the customers, and not most of the people?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.statistics import Floats, Ints, ratio_interval, wilson_interval
from tools.mining.findings import FieldMark, MarksTogether, Trait
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Words, popcount
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.ground import Ground
from tools.mining.sets.intersections import Found

# Each pair of candidates is counted in the population: 3,160 counts.
MAX_CANDIDATES = 80

Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Portrait:
    """The field marks, and whom any of them describes; None without marks."""

    marks: list[FieldMark]
    together: MarksTogether | None


def field_marks(
    ground: Ground,
    found: Found,
    singles: Frequencies,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: LiftQuery,
) -> Portrait:
    """At most query.max_marks traits and sets that describe as many customers and as few people as may be.

    Taken greedily is what adds most to the share of the customers described (at its lower bound) less the
    share of the people described: the weighted relative accuracy of the union (Lavrac, Flach 1999). So a
    mark of nearly everybody adds nothing, nor does a rare one however large its lift; information instead
    of this difference took eight narrow sets that describe a third of the customers. Marks share no
    trait, and none implies another. The greedy search estimates the people from pairs of candidates;
    the people of the chosen marks are counted, by inclusion and exclusion over all of them in one batch,
    and a mark whose new customers are not query.min_lift times as frequent as its new people is left out.
    """
    candidates = _candidates(ground, found, singles, query) if query.max_marks else []
    chosen = [
        candidates[place] for place in _Greedy(ground, candidates, found.bound, population).chosen(query)
    ]
    covers = [ground.customers.cover(each.members) for each in chosen]
    unions = _Unions(ground, [each.members for each in chosen], population)
    kept = _lifting(ground, covers, unions, query)
    marks, covered = [], np.zeros_like(ground.customers.cover([]))
    for place in kept:
        adds = int(popcount(covers[place] & ~covered))
        covered = covered | covers[place]
        marks.append(_mark(ground, chosen[place], adds, int(popcount(covered)), traits))
    together = _together(ground, int(popcount(covered)), unions(kept)) if marks else None
    return Portrait(marks, together)


@dataclass(frozen=True)
class _Candidate:
    """A trait or a proven set; sure: the lower bound of its lift as a part of the lift."""

    members: Ints
    customers: int
    people: int
    q_value: float
    sure: float


def _candidates(ground: Ground, found: Found, singles: Frequencies, query: LiftQuery) -> list[_Candidate]:
    """What may be a mark: significant, enriched enough and beyond chance, and not of most people."""
    total, people = ground.customers.total, ground.people
    q_values = singles.q_values[0][np.searchsorted(singles.codes, ground.customers.codes)]
    alone = zip(np.arange(len(q_values))[:, None], ground.counts, ground.sizes, q_values, strict=True)
    sets = (
        (each.members, each.customers, each.people, each.q_value) for each in (*found.pairs, *found.longer)
    )
    every = [(each[0], int(each[1]), int(each[2]), float(each[3])) for each in (*alone, *sets)]
    lows = wilson_interval([each[1] for each in every], total)[0]
    candidates = [
        _Candidate(*each, sure=float(low) * total / max(each[1], 1))
        for each, low in zip(every, lows, strict=True)
        if each[3] <= query.q
        and low * people > each[2]
        and each[1] * people >= query.min_lift * each[2] * total
        and each[2] <= query.max_mark_share * people
    ]
    candidates.sort(key=lambda each: each.people / people - each.customers / total * each.sure)
    return candidates[:MAX_CANDIDATES]


class _Greedy:
    """Marks in the order of what they add, by customers counted and people estimated."""

    def __init__(
        self, ground: Ground, candidates: Sequence[_Candidate], bound: Chosen, population: PopulationCounts
    ) -> None:
        self.ground, self.candidates, self.bound = ground, candidates, bound
        self.covers = np.zeros((len(candidates), ground.customers.bits.shape[1]), dtype=np.uint64)
        for place, each in enumerate(candidates):
            self.covers[place] = ground.customers.cover(each.members)
        self.people = np.array([each.people for each in candidates], dtype=np.int64)
        self.sure = np.array([each.sure for each in candidates])
        self.shared = self._shared(population)

    def _shared(self, population: PopulationCounts) -> Floats:
        """(C, C): of the people of each candidate, the share who are also the other's."""
        pairs = list(combinations(range(len(self.candidates)), 2))
        together = np.diag(self.people).astype(np.float64)
        if pairs:
            members = [(self.candidates[a].members, self.candidates[b].members) for a, b in pairs]
            sizes = population.set_sizes([_codes(self.ground, each) for each in members])
            first, second = np.array(pairs).T
            together[first, second] = together[second, first] = sizes
        return np.minimum(together / self.people[:, None], 1.0)

    def chosen(self, query: LiftQuery) -> list[int]:
        total = self.ground.customers.total
        left, taken = self.ground.customers.cover([]), []
        free = np.ones(len(self.candidates), dtype=np.bool_)
        new_people = self.people / self.ground.people
        while len(taken) < query.max_marks:
            adds = popcount(self.covers & left) / total
            free &= (adds >= query.min_mark_adds) & (adds >= query.min_lift * new_people)
            if not free.any():
                break
            best = int(np.argmax(np.where(free, adds * self.sure - new_people, -np.inf)))
            taken.append(best)
            left = left & ~self.covers[best]
            # Of the people of a candidate, the marks are taken to overlap by chance.
            new_people = new_people * (1 - self.shared[:, best])
            barred = np.any(self.bound[self.candidates[best].members], axis=0)
            free &= np.array([not np.any(barred[each.members]) for each in self.candidates])
        return taken


def _codes(ground: Ground, members: Sequence[Ints]) -> tuple[int, ...]:
    """The codes of these sets together, each once."""
    return tuple(ground.customers.codes[np.unique(np.concatenate(members))].tolist())


class _Unions:
    """People whom any of some marks describes, by inclusion and exclusion over all of them, asked once."""

    def __init__(self, ground: Ground, members: Sequence[Ints], population: PopulationCounts) -> None:
        self.sizes: dict[tuple[int, ...], int] = {}
        every = list(_parts(range(len(members))))
        if every:
            asked = [_codes(ground, [members[i] for i in part]) for part in every]
            self.sizes = dict(zip(every, population.set_sizes(asked).tolist(), strict=True))

    def __call__(self, marks: Sequence[int]) -> int:
        parts = _parts(marks)
        return sum((-1) ** (len(part) + 1) * self.sizes[part] for part in parts)


def _parts(marks: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of one or more of these, which are ascending."""
    return chain.from_iterable(combinations(marks, size) for size in range(1, len(marks) + 1))


def _lifting(ground: Ground, covers: Sequence[Words], unions: _Unions, query: LiftQuery) -> list[int]:
    """The marks whose new customers are more than their new people give, and still enough."""
    kept: list[int] = []
    covered, people = np.zeros_like(ground.customers.cover([])), 0
    for place, cover in enumerate(covers):
        adds = int(popcount(cover & ~covered)) / ground.customers.total
        described = unions([*kept, place])
        new = (described - people) / ground.people
        if adds >= query.min_mark_adds and adds >= query.min_lift * new:
            kept.append(place)
            covered, people = covered | cover, described
    return kept


def _mark(
    ground: Ground, mark: _Candidate, adds: int, covered: int, traits: Mapping[int, Trait]
) -> FieldMark:
    total, share = ground.customers.total, mark.people / ground.people
    having = mark.customers
    lift: Floats = ground.counts[mark.members] / ground.sizes[mark.members]
    places = mark.members[np.argsort(-lift, kind="stable")]
    return FieldMark(
        traits=[traits[int(ground.customers.codes[place])] for place in places],
        customers=having,
        frequency=estimate(having / total, wilson_interval([having], total), 0),
        population=mark.people,
        baseline_share=share,
        lift=estimate(having / total / share, ratio_interval([having], total, share), 0),
        q_value=mark.q_value,
        adds=adds,
        covered=estimate(covered / total, wilson_interval([covered], total), 0),
    )


def _together(ground: Ground, customers: int, people: int) -> MarksTogether:
    total, people = ground.customers.total, max(people, customers)
    share = people / ground.people
    return MarksTogether(
        customers=customers,
        frequency=estimate(customers / total, wilson_interval([customers], total), 0),
        population=people,
        baseline_share=share,
        lift=estimate(customers / total / share, ratio_interval([customers], total, share), 0),
    )
