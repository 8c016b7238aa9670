"""Who are the customers not?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.statistics import (
    Ints,
    as_p_values,
    benjamini_hochberg,
    information,
    log_p_depleted,
    ratio_interval,
    wilson_interval,
)
from tools.mining.evidence.variables import (
    Pairs,
    dependent,
    implications,
    same_variable,
    variables_of,
    without_implied,
)
from tools.mining.findings import AntiPattern, Trait
from tools.mining.lift import known_traits, require_enough
from tools.mining.queries import AntiPatternQuery
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.itemsets import co_occurrence

__all__ = ["AntiPatternQuery", "anti_patterns"]

# A pair may be this much more frequent among people than its members' shares say, and is still asked about.
COMMON_LIFT = 2.0


def anti_patterns(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: AntiPatternQuery | None = None,
) -> list[AntiPattern]:
    """Traits and pairs that the customers have clearly less often than people, strongest first.

    With outcome rates: those with the lowest rate of customers first. One for each variable, none that
    follows from another; a pair only of variables that are not told alone, and where it lies well
    below both its members. Raises TooFewCustomers.
    """
    query = query or AntiPatternQuery()
    require_enough(customers.total, query.min_customers)
    customers = known_traits(customers, population, traits)
    singles = Frequencies.of(
        customers.codes, customers.counts()[None], np.array([customers.total]), population
    )
    covering = np.flatnonzero(singles.baseline >= query.min_coverage)
    widest = np.argsort(-singles.sizes[covering], kind="stable")[: query.max_traits]
    covering = np.sort(covering[widest])
    field = _Field.of(customers, singles, covering, population, traits)
    alone = _lone(field, singles, covering, query)
    found = _each_variable_once([*alone, *_paired(field, population, query)], field.variables)
    # The rate is the lift times the share of customers, so both orders are one; without rates the
    # information counts, which weighs how many people the sign excludes.
    found.sort(key=lambda each: each.lift if query.outcome_rates else -each.strength)
    return [_told(each, field, traits, query.outcome_rates) for each in found[: query.max_shown]]


@dataclass(frozen=True)
class _Field:
    """The traits that enough people have: customers by them, and their people.

    same: values of one variable, or one value implies the other. bound: their variables determine one
    another, so that their meeting is no news.
    """

    customers: Membership
    sizes: Ints
    people: int
    together: Ints
    variables: Ints
    same: Pairs
    bound: Pairs

    @classmethod
    def of(
        cls,
        customers: Membership,
        singles: Frequencies,
        covering: NDArray[np.intp],
        population: PopulationCounts,
        traits: Mapping[int, Trait],
    ) -> "_Field":
        chosen, sizes = customers.only(covering), singles.sizes[covering]
        together = co_occurrence(chosen)
        variables = variables_of(chosen.codes, traits)
        implied = implications(chosen, population, sizes, together)
        same = implied | implied.T | same_variable(variables)
        bound = dependent(variables, implied, np.diag(together))
        return cls(chosen, sizes, singles.people, together, variables, same, bound)


@dataclass(frozen=True)
class _Sign:
    """places: in the codes of the field."""

    places: tuple[int, ...]
    customers: int
    people: int
    lift: float
    strength: float
    q_value: float


def _lone(
    field: _Field, singles: Frequencies, covering: NDArray[np.intp], query: AntiPatternQuery
) -> list[_Sign]:
    depleted = singles.depleted(query.q, query.max_lift)[0, covering]
    places = np.flatnonzero(depleted)
    strength = singles.strength[0, covering]
    order = places[np.argsort(-strength[places], kind="stable")]
    return [
        _Sign(
            places=(i,),
            customers=int(field.together[i, i]),
            people=int(field.sizes[i]),
            lift=float(singles.lift[0, covering[i]]),
            strength=float(strength[i]),
            q_value=float(singles.q_values[0, covering[i]]),
        )
        for i in without_implied(order, field.same)
    ]


def _paired(field: _Field, population: PopulationCounts, query: AntiPatternQuery) -> list[_Sign]:
    """Pairs well below both members, strongest first."""
    first, second, tests = _candidate_pairs(field, query)
    if len(first) == 0:
        return []
    total, here = field.customers.total, field.together[first, second]
    codes = np.column_stack([field.customers.codes[first], field.customers.codes[second]])
    people = np.maximum(population.set_sizes([tuple(pair) for pair in codes.tolist()]), here)
    q_values = benjamini_hochberg(as_p_values(log_p_depleted(here, total, people, field.people)), tests)
    share, baseline = here / total, np.maximum(people, 1) / field.people
    lifts = np.diag(field.together) / total / (field.sizes / field.people)
    _, high = ratio_interval(here, total, baseline)
    proven = (share <= query.max_lift * baseline) & (q_values <= query.q)
    proven &= (baseline >= query.min_coverage) & (people > 0)
    proven &= high * query.min_added <= np.minimum(lifts[first], lifts[second])
    strength = information(share, baseline)
    signs = [
        _Sign(
            places=(int(first[i]), int(second[i])),
            customers=int(here[i]),
            people=int(people[i]),
            lift=float(share[i] / baseline[i]),
            strength=float(strength[i]),
            q_value=float(q_values[i]),
        )
        for i in np.flatnonzero(proven)
    ]
    return sorted(signs, key=lambda each: -each.strength)


def _candidate_pairs(
    field: _Field, query: AntiPatternQuery
) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
    """Pairs far below what their members give, to be counted in the population; and of how many."""
    first, second = np.nonzero(np.triu(~field.bound, 1))
    share = field.together[first, second] / field.customers.total
    usual = (field.sizes[first] / field.people) * (field.sizes[second] / field.people)
    worth = share <= query.max_lift * COMMON_LIFT * usual
    worth &= usual * COMMON_LIFT >= query.min_coverage
    places = np.flatnonzero(worth)
    gain = information(share[places], usual[places])
    places = places[np.argsort(-gain, kind="stable")][: query.max_counted]
    return first[places], second[places], len(first)


def _each_variable_once(signs: list[_Sign], variables: Ints) -> list[_Sign]:
    used: set[int] = set()
    kept: list[_Sign] = []
    for sign in signs:
        own = {int(variables[place]) for place in sign.places}
        if not own & used:
            kept.append(sign)
            used |= own
    return kept


def _told(sign: _Sign, field: _Field, traits: Mapping[int, Trait], rates: bool) -> AntiPattern:
    total, baseline = field.customers.total, sign.people / field.people
    rate = wilson_interval([sign.customers], sign.people)
    return AntiPattern(
        traits=[traits[int(field.customers.codes[place])] for place in sign.places],
        customers=sign.customers,
        population=sign.people,
        frequency=estimate(sign.customers / total, wilson_interval([sign.customers], total), 0),
        baseline_share=baseline,
        lift=estimate(sign.lift, ratio_interval([sign.customers], total, baseline), 0),
        q_value=sign.q_value,
        rate=estimate(sign.customers / sign.people, rate, 0) if rates else None,
    )
