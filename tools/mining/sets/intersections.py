"""Which sets of traits do the customers hold together, more than chance and the population explain?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints, as_p_values, benjamini_hochberg, log_p_enriched
from tools.mining.evidence.variables import dependent, implications
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts, SetSizes
from tools.mining.sets.itemsets import CountTable, Sets, co_occurrence, frequent_sets, surplus
from tools.mining.sets.redundancy import distinct, least_added, log_excess, log_p_productive, one_shorter

Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """What the search stands on: the customers by their frequent traits, and those traits among people.

    sizes (M,) of `people`; variables (M,); floor: customers that a set needs; together (M, M).
    """

    customers: Membership
    sizes: Ints
    people: int
    variables: Ints
    floor: int
    together: Ints

    @classmethod
    def of(cls, customers: Membership, sizes: Ints, people: int, variables: Ints, floor: int) -> "Ground":
        return cls(customers, sizes, people, variables, floor, co_occurrence(customers))

    @property
    def counts(self) -> Ints:
        return np.diag(self.together)

    def lift(self, sets: Sets) -> Floats:
        total = self.customers.total
        return sets.counts / total / (self.counts[sets.members] / total).prod(axis=1)

    def excess(self, pairs: Sets, people: Ints) -> Floats:
        """log of the pairs' lift over their lift among other people, less one standard error."""
        first, second = pairs.members.T
        others, rest = np.maximum(people - pairs.counts, 0), self.sizes - self.counts
        ratio, error = log_excess(
            pairs.counts,
            self.counts[first],
            self.counts[second],
            self.customers.total,
            others=(others, rest[first], rest[second], self.people - self.customers.total),
        )
        return ratio - error

    def usual_share(self) -> Floats:
        """Share of the other people who have each trait."""
        return (self.sizes - self.counts) / max(self.people - self.customers.total, 1)

    def enrichment(self, sets: Sets, people: Ints) -> Floats:
        return (sets.counts / self.customers.total) / (people / self.people)


@dataclass(frozen=True)
class ProvenSet:
    """members: places in the codes of the ground. log_p: the larger of the tests of chance and population.

    beyond_others: whether all pairs of it are more often together than among other people.
    """

    members: Ints
    customers: int
    people: int
    log_p: float
    q_value: float
    beyond_others: bool


@dataclass(frozen=True)
class Found:
    """Pairs and longer sets, strongest first; how many were tested; whether a limit ended the search."""

    pairs: list[ProvenSet]
    longer: list[ProvenSet]
    tested: dict[str, int]
    bounded: bool


@dataclass(frozen=True)
class _Candidates:
    """Sets of one length that chance does not explain, strongest first, with the p-values of that."""

    sets: Sets
    log_p: Floats
    strength: Floats
    cut: bool


@dataclass(frozen=True)
class _Judged:
    """Candidates after the count in the population; proven: it does not explain them either."""

    candidates: _Candidates
    people: Ints
    log_p: Floats
    q_values: Floats
    proven: Chosen

    @property
    def members(self) -> Ints:
        return self.candidates.sets.members


def find_sets(ground: Ground, population: PopulationCounts, query: LiftQuery) -> Found:
    """Sets of 2 to query.max_length traits worth telling, by three questions to the population.

    First pairs that may be implications, then the pairs beyond chance, then the longer sets with
    their parts. Deepened are pairs whose lift is larger than among other people: what all people
    have in common opens no branch. Told first are those pairs, then those that are together as they
    are everywhere, and more frequent.
    """
    return _Search(ground, population, query).found()


class _Search:
    def __init__(self, ground: Ground, population: PopulationCounts, query: LiftQuery) -> None:
        self.ground, self.population, self.query = ground, population, query
        self.people_of = SetSizes(population, ground.customers.codes, ground.sizes)

    def found(self) -> Found:
        query = self.query
        level = self._free_pairs()
        table = CountTable(self.ground.customers, self.ground.together, [])
        likely = self._beyond_chance(level, table)
        self.people_of.fetch([likely.sets.members])
        pairs = self._judged(likely, table, query.min_lift, query.min_lift)
        excess = self.ground.excess(likely.sets, self.people_of(pairs.members))
        beyond = self._graph(pairs.members[excess > 0])
        levels, bounded = self._deepened(beyond)
        table = CountTable(self.ground.customers, self.ground.together, levels)
        candidates = [self._beyond_chance(each, table) for each in levels]
        members = [each.sets.members for each in candidates]
        self.people_of.fetch(part for whole in members for part in (whole, *one_shorter(whole)))
        longer = [self._judged(each, table, query.min_enrichment, query.min_added) for each in candidates]
        return Found(
            pairs=self._told([pairs], beyond, query.max_pair_overlap),
            longer=self._told(longer, beyond, query.max_overlap),
            tested={"pairs": level.tried, "sets": sum(each.tried for each in levels)},
            bounded=bounded or any(each.cut for each in (likely, *candidates)),
        )

    def _free_pairs(self) -> Sets:
        """The frequent pairs of traits that do not depend on one another by construction."""
        ground = self.ground
        implied = implications(ground.customers, self.population, ground.sizes, ground.together)
        free = ~dependent(ground.variables, implied, ground.counts)
        (level,), _ = frequent_sets(ground.customers, ground.floor, 2, allowed=free, together=ground.together)
        return level

    def _beyond_chance(self, level: Sets, customers_of: CountTable) -> _Candidates:
        """Productive sets of one length; if they are too many to count in the population, the strongest."""
        log_p = log_p_productive(level, customers_of, self.ground.customers.total)
        q_values = benjamini_hochberg(as_p_values(log_p), level.tried)
        strength = surplus(level, self.ground.counts, self.ground.customers.total)
        likely = (q_values <= self.query.q) & (self.ground.lift(level) >= self.query.min_lift)
        places = np.flatnonzero(likely)
        order = places[np.argsort(-strength[places], kind="stable")]
        chosen = order[: self.query.max_counted]
        return _Candidates(level.take(chosen), log_p[chosen], strength[chosen], len(chosen) < len(order))

    def _deepened(self, allowed: Chosen) -> tuple[list[Sets], bool]:
        ground = self.ground
        (_, *levels), bounded = frequent_sets(
            ground.customers,
            ground.floor,
            self.query.max_length,
            allowed=allowed,
            together=ground.together,
            max_sets=self.query.max_sets,
        )
        return levels, bounded

    def _graph(self, pairs: Ints) -> Chosen:
        """(M, M): True for these pairs."""
        joined = np.zeros(self.ground.together.shape, dtype=np.bool_)
        joined[pairs[:, 0], pairs[:, 1]] = joined[pairs[:, 1], pairs[:, 0]] = True
        return joined

    def _judged(
        self, candidates: _Candidates, table: CountTable, min_enrichment: float, min_added: float
    ) -> _Judged:
        ground, sets = self.ground, candidates.sets
        people = np.maximum(self.people_of(sets.members), sets.counts)
        against = log_p_enriched(sets.counts, ground.customers.total, people, ground.people)
        log_p = np.maximum(candidates.log_p, against)
        q_values = benjamini_hochberg(as_p_values(log_p), sets.tried)
        added = least_added(sets, table, lambda members: self._others(members, table), ground.usual_share())
        proven = (q_values <= self.query.q) & (added >= min_added)
        proven &= ground.enrichment(sets, people) >= min_enrichment
        return _Judged(candidates, people, log_p, q_values, proven)

    def _others(self, members: Ints, table: CountTable) -> Ints:
        return np.maximum(self.people_of(members) - table(members), 0)

    def _told(self, lengths: Sequence[_Judged], beyond: Chosen, max_overlap: float) -> list[ProvenSet]:
        """The proven sets of all lengths, in the order of telling, without those that repeat others."""
        proven = [each for judged in lengths for each in self._ranked(judged, beyond)]
        proven.sort(key=lambda each: (not each[1].beyond_others, -each[0]))
        members = [each.members for _, each in proven]
        chosen = distinct(self.ground.customers, members, max_overlap, self.query.max_shown)
        return [proven[place][1] for place in chosen]

    def _ranked(self, judged: _Judged, beyond: Chosen) -> Iterator[tuple[float, ProvenSet]]:
        for i in np.flatnonzero(judged.proven):
            members = judged.members[i]
            yield (
                float(judged.candidates.strength[i]),
                ProvenSet(
                    members=members,
                    customers=int(judged.candidates.sets.counts[i]),
                    people=int(judged.people[i]),
                    log_p=float(judged.log_p[i]),
                    q_value=float(judged.q_values[i]),
                    beyond_others=all(beyond[a, b] for a, b in combinations(members, 2)),
                ),
            )
