"""Which traits and sets of traits set the customers apart?"""

from collections.abc import Mapping, Sequence

import numpy as np

from store.errors import TooFewCustomers
from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.statistics import (
    Ints,
    as_p_values,
    independence_interval,
    ratio_interval,
    wilson_interval,
)
from tools.mining.evidence.variables import variables_of
from tools.mining.findings import LiftReport, SetLift, Trait, TraitLift
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.intersections import Ground, ProvenSet, find_sets

__all__ = ["LiftQuery", "known_traits", "lift_report", "require_enough"]

# Companions of a set: shared by half of its customers, and twice as frequent there as among people.
COMPANION_SHARE = 0.5
COMPANION_LIFT = 2.0


def lift_report(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: LiftQuery | None = None,
) -> LiftReport:
    """Traits and sets of traits that set these customers apart from the population, strongest first.

    The customers are people of the population. Codes without a trait are passed over. Strength is
    information (nats) for a trait, share * log(lift) for a set. Raises TooFewCustomers.
    """
    query = query or LiftQuery()
    require_enough(customers.total, query.min_customers)
    customers = known_traits(customers, population, traits)
    total = customers.total
    singles = Frequencies.of(customers.codes, customers.counts()[None], np.array([total]), population)
    floor = max(query.min_persons, int(np.ceil(query.min_support * total)))
    frequent = np.flatnonzero(singles.counts[0] >= floor)
    ground = Ground.of(
        customers.only(frequent),
        singles.sizes[frequent],
        singles.people,
        variables_of(customers.codes[frequent], traits),
        floor,
    )
    found = find_sets(ground, population, query)
    tell = _Teller(ground, traits, query.outcome_rates)
    return LiftReport(
        customers=total,
        population=singles.people,
        **_lists(singles, floor, traits, query),
        top_intersections=[tell(each) for each in found.pairs],
        multi_attribute_clusters=[tell(each) for each in found.longer],
        tested={"traits": len(customers.codes), **found.tested},
        bounded=found.bounded,
    )


def require_enough(customers: int, floor: int) -> None:
    """Raises TooFewCustomers when there are fewer than `floor`."""
    if customers < floor:
        raise TooFewCustomers(
            f"{customers} customers are too few: below {floor} chance looks like a pattern",
            instead=f"Give at least {floor} customers that are found in the population.",
        )


def known_traits(
    customers: Membership, population: PopulationCounts, traits: Mapping[int, Trait]
) -> Membership:
    """The customers with the clusters alone that have a trait and that somebody has."""
    sizes = np.maximum(population.sizes(customers.codes), customers.counts())
    named = np.array([int(code) in traits for code in customers.codes], dtype=np.bool_)
    return customers.only(np.flatnonzero(named & (sizes > 0)))


def _lists(
    singles: Frequencies, floor: int, traits: Mapping[int, Trait], query: LiftQuery
) -> dict[str, list[TraitLift]]:
    """The three lists of single traits."""
    frequent = singles.counts[0] >= floor
    expected = singles.baseline * singles.totals[0] >= floor
    enriched = singles.enriched(query.q, query.min_lift)[0] & frequent
    depleted = singles.depleted(query.q, 1 / query.min_lift)[0] & expected
    low, high = ratio_interval(singles.counts[0], singles.totals[0], singles.baseline)
    common = singles.share[0] >= query.common_share
    plain = common & frequent & (low >= 1 / query.min_lift) & (high <= query.min_lift)

    def shown(chosen: np.ndarray, strength: np.ndarray) -> list[TraitLift]:
        places = np.flatnonzero(chosen)
        order = places[np.argsort(-strength[places], kind="stable")][: query.max_shown]
        return singles.trait_lifts(0, order, traits, rates=query.outcome_rates)

    return {
        "top_attributes": shown(enriched, singles.strength[0]),
        "rare_attributes": shown(depleted, singles.strength[0]),
        "unremarkable": shown(plain, singles.share[0]),
    }


class _Teller:
    """Turns proven sets into findings."""

    def __init__(self, ground: Ground, traits: Mapping[int, Trait], rates: bool) -> None:
        self.ground, self.traits, self.rates = ground, traits, rates
        self.baseline = ground.sizes / ground.people
        self.lift = ground.counts / ground.customers.total / self.baseline

    def __call__(self, proven: ProvenSet) -> SetLift:
        total = self.ground.customers.total
        having, people = proven.customers, proven.people
        share = people / self.ground.people
        rate = estimate(having / people, wilson_interval([having], people), 0) if self.rates else None
        return SetLift(
            traits=self._traits(proven.members[np.argsort(-self.lift[proven.members], kind="stable")]),
            customers=having,
            frequency=estimate(having / total, wilson_interval([having], total), 0),
            lift=estimate(*self._independence(proven), 0),
            population=people,
            baseline_share=share,
            lift_over_population=estimate(having / total / share, ratio_interval([having], total, share), 0),
            p_value=float(as_p_values(proven.log_p)),
            q_value=proven.q_value,
            rate=rate,
            beyond_others=proven.beyond_others,
            companions=self._traits(self._companions(proven)),
        )

    def _independence(self, proven: ProvenSet) -> tuple[float, tuple]:
        total, members = self.ground.customers.total, proven.members
        counts = self.ground.counts[members]
        pairs = self.ground.together[np.ix_(members, members)] / np.outer(counts, counts) * total
        pair_lifts = np.triu(pairs, 1).sum()
        lift = proven.customers / total / (counts / total).prod()
        return lift, independence_interval([proven.customers], total, [counts], [pair_lifts])

    def _companions(self, proven: ProvenSet) -> Ints:
        cover = self.ground.customers.cover(proven.members)
        share = self.ground.customers.counts(within=cover) / proven.customers
        shared = (share >= COMPANION_SHARE) & (share >= COMPANION_LIFT * self.baseline)
        shared[proven.members] = False
        places = np.flatnonzero(shared)
        return places[np.argsort(-(share / self.baseline)[places], kind="stable")]

    def _traits(self, places: Sequence[int] | Ints) -> list[Trait]:
        return [self.traits[int(self.ground.customers.codes[place])] for place in places]
