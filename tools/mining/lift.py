"""Which traits and sets of traits set the customers apart?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from store.errors import TooFewCustomers
from tools.mining.evidence.coverage import Coverage
from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.shown import with_differences
from tools.mining.evidence.stability import Cutoffs, with_stability
from tools.mining.evidence.statistics import (
    Ints,
    as_p_values,
    independence_interval,
    ratio_interval,
    wilson_interval,
)
from tools.mining.evidence.variables import one_per_variable, variables_of
from tools.mining.findings import LiftReport, SetLift, Trait, TraitLift, UnevenAttribute
from tools.mining.queries import LiftQuery
from tools.mining.ranges import range_lifts
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.companions import companions
from tools.mining.sets.field_marks import field_marks
from tools.mining.sets.intersections import Ground, ProvenSet, find_sets

__all__ = ["LiftQuery", "known_traits", "lift_report", "require_enough"]


def lift_report(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: LiftQuery | None = None,
    ranks: Mapping[int, int] | None = None,
) -> LiftReport:
    """Traits and sets of traits that set these customers apart from the population, strongest first.

    The customers are people of the population. Codes without a trait are passed over. ranks: the place of a
    code on its attribute's scale, for runs of neighbouring values. Strength is information (nats) for a
    trait, share * log(lift beyond other people's) for a set. Raises TooFewCustomers.
    """
    query = query or LiftQuery()
    require_enough(customers.total, query.min_customers)
    customers = known_traits(customers, population, traits)
    singles = Frequencies.of(
        customers.codes, customers.counts()[None], np.array([customers.total]), population
    )
    variables = variables_of(customers.codes, traits)
    coverage = Coverage.of(customers, variables, singles.sizes, singles.people)
    floor = max(query.min_persons, int(np.ceil(query.min_support * customers.total)))
    searched, cut = _searched(singles, coverage, floor, query)
    ground = Ground.of(
        customers.only(searched), singles.sizes[searched], singles.people, variables[searched], floor
    )
    found = find_sets(ground, population, query)
    portrait = field_marks(ground, found, singles, population, traits, query)
    told = [*found.pairs, *found.longer]
    tell = _Teller(ground, traits, query.outcome_rates)
    sets = [tell(*each) for each in zip(told, companions(ground, told, population), strict=True)]
    lists = _lists(singles, coverage, floor, traits, query)
    report = LiftReport(
        customers=customers.total,
        population=singles.people,
        top_attributes=lists.top,
        rare_attributes=lists.rare,
        unremarkable=lists.plain,
        top_intersections=sets[: len(found.pairs)],
        multi_attribute_clusters=sets[len(found.pairs) :],
        field_marks=portrait.marks,
        marks_together=portrait.together,
        ranges=range_lifts(customers, population, traits, ranks or {}, query),
        uneven=_uneven(customers, coverage, variables, singles.people, traits),
        tested={"traits": len(customers.codes), **found.tested},
        bounded=found.bounded or cut,
    )
    report = with_differences(report)
    if not query.draws:
        return report
    cutoffs = Cutoffs.of(report, query.q, found.possible, found.deepened)
    return with_stability(
        report,
        ground.customers,
        traits,
        found.people_of,
        query,
        cutoffs,
        draws=query.draws,
        seed=query.seed,
    )


def _searched(
    singles: Frequencies, coverage: Coverage, floor: int, query: LiftQuery
) -> tuple[np.ndarray, bool]:
    """Places of the traits whose sets are searched, ascending, and whether there were more."""
    counts, sizes = singles.counts[0], singles.sizes
    real = ~(singles.lift[0] > 1) | coverage.enriched(counts, sizes, query.min_lift, query.q)
    frequent = np.flatnonzero((counts >= floor) & real)
    strongest = frequent[np.argsort(-singles.strength[0, frequent], kind="stable")][: query.max_traits]
    return np.sort(strongest), len(strongest) < len(frequent)


def _uneven(
    customers: Membership,
    coverage: Coverage,
    variables: Ints,
    people: int,
    traits: Mapping[int, Trait],
) -> list[UnevenAttribute]:
    """The attributes of uneven coverage, the most uneven first."""
    places = np.flatnonzero(coverage.uneven)
    told = [
        UnevenAttribute(
            attribute=traits[int(customers.codes[i])].name,
            label=traits[int(customers.codes[i])].label,
            customers_share=float(coverage.customers[i] / customers.total),
            people_share=float(coverage.people[i] / people),
        )
        for i in one_per_variable(places, variables)
    ]
    return sorted(
        told, key=lambda each: -abs(np.log(each.customers_share or 1e-9) - np.log(each.people_share))
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


class _Lists(NamedTuple):
    """Single traits: more frequent, less frequent, frequent and as frequent as in the population."""

    top: list[TraitLift]
    rare: list[TraitLift]
    plain: list[TraitLift]


def _lists(
    singles: Frequencies, coverage: Coverage, floor: int, traits: Mapping[int, Trait], query: LiftQuery
) -> _Lists:
    frequent = singles.counts[0] >= floor
    expected = singles.baseline * singles.totals[0] >= floor
    counts, sizes = singles.counts[0], singles.sizes
    enriched = singles.enriched(query.q, query.min_lift)[0] & frequent
    enriched &= coverage.enriched(counts, sizes, query.min_lift, query.q)
    depleted = singles.depleted(query.q, 1 / query.min_lift)[0] & expected
    depleted &= coverage.depleted(counts, sizes, 1 / query.min_lift, query.q)
    low, high = ratio_interval(singles.counts[0], singles.totals[0], singles.baseline)
    common = singles.share[0] >= query.common_share
    plain = common & frequent & (low >= 1 / query.min_lift) & (high <= query.min_lift)

    def shown(chosen: np.ndarray, strength: np.ndarray) -> list[TraitLift]:
        places = np.flatnonzero(chosen)
        order = places[np.argsort(-strength[places], kind="stable")][: query.max_shown]
        return singles.trait_lifts(0, order, traits, rates=query.outcome_rates)

    return _Lists(
        top=shown(enriched, singles.strength[0]),
        rare=shown(depleted, singles.strength[0]),
        plain=shown(plain, singles.share[0]),
    )


class _Teller:
    """Turns proven sets into findings."""

    def __init__(self, ground: Ground, traits: Mapping[int, Trait], rates: bool) -> None:
        self.ground, self.traits, self.rates = ground, traits, rates
        self.baseline = ground.sizes / ground.people
        self.lift = ground.counts / ground.customers.total / self.baseline

    def __call__(self, proven: ProvenSet, companions: Ints) -> SetLift:
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
            companions=self._traits(companions),
        )

    def _independence(self, proven: ProvenSet) -> tuple[float, tuple]:
        total, members = self.ground.customers.total, proven.members
        counts = self.ground.counts[members]
        pairs = self.ground.together[np.ix_(members, members)] / np.outer(counts, counts) * total
        pair_lifts = np.triu(pairs, 1).sum()
        lift = proven.customers / total / (counts / total).prod()
        return lift, independence_interval([proven.customers], total, [counts], [pair_lifts])

    def _traits(self, places: Sequence[int] | Ints) -> list[Trait]:
        return [self.traits[int(self.ground.customers.codes[place])] for place in places]
