"""Which sets of traits do the customers hold together, more than chance and the population explain?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tools.mining.evidence.statistics import Floats, Ints, as_p_values, benjamini_hochberg, log_p_enriched
from tools.mining.evidence.variables import dependent, implications
from tools.mining.queries import LiftQuery
from tools.mining.rows.population_counts import PopulationCounts, SetSizes
from tools.mining.sets.ground import Ground
from tools.mining.sets.itemsets import CountTable, Sets, frequent_sets, surplus
from tools.mining.sets.multiplicity import focused, log_layered, possible_sets
from tools.mining.sets.redundancy import closed, least_added, log_p_productive, one_shorter
from tools.mining.sets.telling import Line, Told

__all__ = ["Found", "Ground", "ProvenSet", "find_sets"]

Chosen = NDArray[np.bool_]

# Odds ratio that a pair needs which goes together no more than elsewhere; a lift of frequent traits is small.
USUAL_ODDS = 2.0


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
    """Pairs and longer sets, strongest first; how many were tested; whether a limit ended the search.

    possible: by length, how many sets could have been told, which the q-values count.
    bound: (M, M), the pairs of traits that may not meet, each trait with itself among them.
    deepened: the largest p-value, of chance alone, of a pair that may be part of a longer set.
    people_of: the people of all sets that were asked about.
    """

    pairs: list[ProvenSet]
    longer: list[ProvenSet]
    tested: dict[str, int]
    possible: dict[int, int]
    bound: Chosen
    deepened: float
    people_of: SetSizes
    bounded: bool


@dataclass(frozen=True)
class _Candidates:
    """Sets of one length that chance does not explain, strongest first, with the p-values of that."""

    sets: Sets
    log_p: Floats
    q_values: Floats
    strength: Floats
    cut: bool


@dataclass(frozen=True)
class _Proven:
    """Sets of one length that neither chance nor the population explains.

    log_counted: log p times what could have been told; least_q: no set is surer than its pairs.
    """

    sets: Sets
    people: Ints
    log_p: Floats
    log_counted: Floats
    least_q: Floats
    strength: Floats
    usual_share: Floats
    usual_lift: Floats
    beyond_others: Chosen

    def line(self, place: int) -> Line:
        """What is told of the set there."""
        return Line(
            self.sets.members[place],
            float(self.usual_share[place]),
            float(self.usual_lift[place]),
            bool(self.beyond_others[place]),
        )


def find_sets(ground: Ground, population: PopulationCounts, query: LiftQuery) -> Found:
    """Sets of 2 to query.max_length traits worth telling, by three questions to the population.

    First pairs that may be implications, then the pairs beyond chance, then the longer sets with
    their parts. Deepened are pairs whose lift is larger than among other people: what all people
    have in common opens no branch. Told first are those of these pairs whose excess is significant
    (Benjamini-Hochberg), then those that are together as they are everywhere, and far more frequent.
    Longer sets are chosen before pairs, so that a pair which is nothing but a part of one is not told
    again. Of all that is told in each list at most a share query.q is expected to be false (multiplicity.py).
    """
    return _Search(ground, population, query).found()


class _Search:
    def __init__(self, ground: Ground, population: PopulationCounts, query: LiftQuery) -> None:
        self.ground, self.population, self.query = ground, population, query
        self.people_of = SetSizes(population, ground.customers.codes, ground.sizes)
        self.possible = possible_sets(ground.variables, query.max_length)
        implied = implications(ground.customers, population, ground.sizes, ground.together)
        self.bound = dependent(ground.variables, implied, ground.counts)
        self.pair_q = np.zeros(ground.together.shape)

    def found(self) -> Found:
        query, ground = self.query, self.ground
        level = self._pairs()
        table = CountTable(ground.customers, ground.together, [])
        likely = self._beyond_chance(level, table)
        self.people_of.fetch([likely.sets.members])
        excess, error = ground.excess(likely.sets.members, self.people_of(likely.sets.members))
        self._remember(likely)
        beyond = self._graph(likely.sets.members[excess > error])
        pairs = self._proven_pairs(likely, table, excess / error)
        levels, bounded = self._deepened(beyond)
        table = CountTable(ground.customers, ground.together, levels)
        candidates = [self._beyond_chance(each, table) for each in levels]
        members = [each.sets.members for each in candidates]
        self.people_of.fetch(part for whole in members for part in (whole, *one_shorter(whole)))
        longer = [self._proven_longer(each, table) for each in candidates]
        whole = closed([each.sets for each in (pairs, *longer)])
        told = Told(ground, query)
        told_longer = self._told(longer, whole[1:], told, query.max_overlap)
        return Found(
            pairs=self._told([pairs], whole[:1], told, query.max_pair_overlap),
            longer=told_longer,
            tested={"pairs": level.tried, "sets": sum(each.tried for each in levels)},
            possible=self.possible,
            bound=self.bound,
            deepened=float(np.exp(likely.log_p.max(initial=-np.inf))),
            people_of=self.people_of,
            bounded=bounded or any(each.cut for each in (likely, *candidates)),
        )

    def _pairs(self) -> Sets:
        """The frequent pairs of traits that do not depend on one another by construction."""
        ground = self.ground
        (level,), _ = frequent_sets(
            ground.customers, ground.floor, 2, allowed=~self.bound, together=ground.together
        )
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
        return _Candidates(
            level.take(chosen), log_p[chosen], q_values[chosen], strength[chosen], len(chosen) < len(order)
        )

    def _remember(self, pairs: _Candidates) -> None:
        first, second = pairs.sets.members.T
        self.pair_q[first, second] = pairs.q_values

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

    def _proven_pairs(self, likely: _Candidates, table: CountTable, excess: Floats) -> _Proven:
        """The pairs that go together more than elsewhere; of the others those that pass as longer sets do."""
        query = self.query
        beyond = benjamini_hochberg(ndtr(-excess), self.possible.get(2, 0)) <= query.q
        clear = beyond | (self.ground.odds_ratio(likely.sets) >= USUAL_ODDS)
        return self._proven(
            likely,
            table,
            np.where(beyond, query.min_lift, max(query.min_lift, query.min_enrichment)),
            np.where(clear, np.where(beyond, query.min_lift, max(query.min_lift, query.min_added)), np.inf),
            beyond,
        )

    def _proven_longer(self, candidates: _Candidates, table: CountTable) -> _Proven:
        count = len(candidates.sets)
        enrichment, added = np.full(count, self.query.min_enrichment), np.full(count, self.query.min_added)
        return self._proven(candidates, table, enrichment, added, np.ones(count, dtype=np.bool_))

    def _proven(
        self, candidates: _Candidates, table: CountTable, enriched: Floats, added: Floats, beyond: Chosen
    ) -> _Proven:
        """enriched, added: what each set needs; beyond: which go together more than elsewhere."""
        ground, sets = self.ground, candidates.sets
        people = np.maximum(self.people_of(sets.members), sets.counts)
        against = log_p_enriched(sets.counts, ground.customers.total, people, ground.people)
        adds = least_added(sets, table, lambda members: self._others(members, table), ground.usual_share())
        places = np.flatnonzero((adds >= added) & (ground.enrichment(sets, people) >= enriched))
        log_p = np.maximum(candidates.log_p, against)[places]
        usual = ground.usual_lift(sets, people)
        # Ranked by the lift that other people do not have: a trait that goes with another everywhere gives
        # a larger lift than the trait that makes these customers.
        strength = sets.counts / ground.customers.total * np.log(ground.lift(sets) / np.maximum(usual, 1.0))
        return _Proven(
            sets=sets.take(places),
            people=people[places],
            log_p=log_p,
            log_counted=log_layered(log_p, sets.length, self.possible),
            least_q=self._weakest_pair(sets.members[places]),
            strength=strength[places],
            usual_share=np.maximum(people - sets.counts, 0.5)[places] / max(ground.others, 1),
            usual_lift=usual[places],
            beyond_others=beyond[places],
        )

    def _weakest_pair(self, members: Ints) -> Floats:
        pairs = combinations(range(members.shape[1]), 2)
        return np.max([self.pair_q[members[:, a], members[:, b]] for a, b in pairs], axis=0)

    def _others(self, members: Ints, table: CountTable) -> Ints:
        return np.maximum(self.people_of(members) - table(members), 0)

    def _told(
        self, lengths: Sequence[_Proven], whole: Sequence[Chosen], told: Told, max_overlap: float
    ) -> list[ProvenSet]:
        """The proven sets of these lengths, in the order of telling, without those that repeat others.

        whole: which no proven set with more traits repeats.
        """
        query = self.query
        proven = [
            (each, place)
            for each, as_is in zip(lengths, whole, strict=True)
            for place in np.flatnonzero(as_is).tolist()
        ]
        proven.sort(key=lambda pair: (not pair[0].beyond_others[pair[1]], -pair[0].strength[pair[1]]))
        counted = np.array([each.log_counted[place] for each, place in proven])
        lines = [each.line(place) for each, place in proven]

        def tell(admitted: Ints) -> list[int]:
            chosen = told.distinct([lines[i] for i in admitted], max_overlap, query.max_shown)
            return [int(admitted[i]) for i in chosen]

        chosen = focused(counted, query.q, query.max_shown, tell)
        told.add([lines[i] for i in chosen])
        return [_proven_set(*proven[i], len(chosen)) for i in chosen]


def _proven_set(proven: _Proven, place: int, told: int) -> ProvenSet:
    q_value = float(as_p_values(proven.log_counted[place] - np.log(told)))
    p_value = float(as_p_values(proven.log_p[place]))
    return ProvenSet(
        members=proven.sets.members[place],
        customers=int(proven.sets.counts[place]),
        people=int(proven.people[place]),
        log_p=float(proven.log_p[place]),
        q_value=max(q_value, p_value, float(proven.least_q[place])),
        beyond_others=bool(proven.beyond_others[place]),
    )
