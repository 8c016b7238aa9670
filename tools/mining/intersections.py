"""Which sets of traits do the customers hold together, more than chance and the population explain?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.mining.itemsets import Allowed, CountTable, Sets, co_occurrence, frequent_sets, surplus
from tools.mining.membership import Membership
from tools.mining.population_counts import PopulationCounts, SetSizes
from tools.mining.queries import LiftQuery
from tools.mining.redundancy import distinct, least_added, log_excess, log_p_productive, one_shorter
from tools.mining.statistics import Floats, Ints, as_p_values, benjamini_hochberg, log_p_enriched
from tools.mining.variables import dependent, implications


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
    """members: places in the codes of the ground. log_p: the larger of the tests of chance and population."""

    members: Ints
    customers: int
    people: int
    log_p: float
    q_value: float


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

    def take(self, chosen: NDArray) -> "_Candidates":
        return _Candidates(self.sets.take(chosen), self.log_p[chosen], self.strength[chosen], self.cut)


def find_sets(ground: Ground, population: PopulationCounts, query: LiftQuery) -> Found:
    """Sets of 2 to query.max_length traits worth telling, by three questions to the population.

    First pairs that may be implications, then the pairs beyond chance, then the longer sets with
    their parts. Told and deepened are pairs beyond chance whose lift is clearly larger than among
    other people: what all people have in common opens no branch.
    """
    return _Search(ground, population, query).found()


class _Search:
    def __init__(self, ground: Ground, population: PopulationCounts, query: LiftQuery) -> None:
        self.ground, self.population, self.query = ground, population, query
        self.people_of = SetSizes(population, ground.customers.codes, ground.sizes)

    def found(self) -> Found:
        level = self._pairs()
        pairs = self._beyond_chance(level, self._table([]))
        self.people_of.fetch([pairs.sets.members])
        pairs = pairs.take(self.ground.excess(pairs.sets, self.people_of(pairs.sets.members)) > 0)
        levels, bounded = self._longer(pairs.sets)
        table = self._table(levels)
        longer = [self._beyond_chance(each, table) for each in levels]
        members = [each.sets.members for each in longer]
        self.people_of.fetch(part for whole in members for part in (whole, *one_shorter(whole)))
        return Found(
            pairs=self._told([pairs], table, self.query.min_lift, self.query.max_pair_overlap),
            longer=self._told(longer, table, self.query.min_enrichment, self.query.max_overlap),
            tested={"pairs": level.tried, "sets": sum(each.tried for each in levels)},
            bounded=bounded or any(each.cut for each in (pairs, *longer)),
        )

    def _table(self, levels: Sequence[Sets]) -> CountTable:
        return CountTable(self.ground.customers, self.ground.together, levels)

    def _pairs(self) -> Sets:
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

    def _longer(self, pairs: Sets) -> tuple[list[Sets], bool]:
        ground = self.ground
        (_, *levels), bounded = frequent_sets(
            ground.customers,
            ground.floor,
            self.query.max_length,
            allowed=self._joined(pairs),
            together=ground.together,
            max_sets=self.query.max_sets,
        )
        return levels, bounded

    def _joined(self, pairs: Sets) -> Allowed:
        first, second = pairs.members.T
        allowed = np.zeros(self.ground.together.shape, dtype=np.bool_)
        allowed[first, second] = allowed[second, first] = True
        return allowed

    def _told(
        self, lengths: Sequence[_Candidates], table: CountTable, enrichment: float, overlap: float
    ) -> list[ProvenSet]:
        proven = [each for one in lengths for each in self._proven(one, table, enrichment)]
        proven.sort(key=lambda each: -each[0])
        sets = [each for _, each in proven]
        members = [each.members for each in sets]
        chosen = distinct(self.ground.customers, members, overlap, self.query.max_shown)
        return [sets[place] for place in chosen]

    def _others(self, members: Ints, table: CountTable) -> Ints:
        return np.maximum(self.people_of(members) - table(members), 0)

    def _proven(
        self, candidates: _Candidates, table: CountTable, enrichment: float
    ) -> list[tuple[float, ProvenSet]]:
        """The candidates that the population does not explain either, with their strength."""
        ground, sets = self.ground, candidates.sets
        people = np.maximum(self.people_of(sets.members), sets.counts)
        against = log_p_enriched(sets.counts, ground.customers.total, people, ground.people)
        log_p = np.maximum(candidates.log_p, against)
        q_values = benjamini_hochberg(as_p_values(log_p), sets.tried)
        added = least_added(sets, table, lambda members: self._others(members, table), ground.usual_share())
        keep = (q_values <= self.query.q) & (added >= self.query.min_added)
        keep &= ground.enrichment(sets, people) >= enrichment
        return [
            (
                float(candidates.strength[i]),
                ProvenSet(
                    sets.members[i], int(sets.counts[i]), int(people[i]), float(log_p[i]), float(q_values[i])
                ),
            )
            for i in np.flatnonzero(keep)
        ]
