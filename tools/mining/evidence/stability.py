"""Would a finding be found again among other customers like these?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from tools.mining.evidence.resampling import DRAWS, SetBar, again_sets
from tools.mining.evidence.shown import DISCOVERIES, SETS, TRAITS, Holders, changed, key_of
from tools.mining.evidence.statistics import (
    Floats,
    Ints,
    largest_discovery,
    log_p_depleted,
    log_p_enriched,
)
from tools.mining.findings import LiftReport, SetLift, Trait, TraitLift
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import SetSizes
from tools.mining.sets.multiplicity import log_layered

Passes = Callable[[Ints], NDArray[np.bool_]]


@dataclass(frozen=True)
class Cutoffs:
    """The largest p-value that is a discovery: of a trait, and of a set by its length.

    deepened: of a pair against chance alone, so that longer sets with it are searched.
    """

    traits: float
    sets: Mapping[int, float]
    deepened: float

    @classmethod
    def of(cls, report: LiftReport, q: float, possible: Mapping[int, int], deepened: float) -> "Cutoffs":
        """Those of the search that gave the report.

        possible: sets by length that could have been told (see log_layered). Traits: as far as those shown
        tell, which is a lower bound where the least significant discovery is none of them.
        """
        traits = [each for name in TRAITS for each in getattr(report, name)]
        p_values, q_values = [each.p_value for each in traits], [each.q_value for each in traits]
        told = {2: len(report.top_intersections)}
        many = len(report.multi_attribute_clusters)
        sets = {length: _cutoff(q * told.get(length, many), length, possible) for length in possible}
        return cls(largest_discovery(p_values, q_values, q), sets, deepened)


def with_stability(
    report: LiftReport,
    customers: Membership,
    traits: Mapping[int, Trait],
    people_of: SetSizes,
    query: LiftQuery,
    cutoffs: Cutoffs,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> LiftReport:
    """The report with the share of bootstrap samples that would give each trait and set again.

    customers: those mined, with the traits of all sets at least; people_of: the same codes. The bootstrap
    (Efron 1979) draws as many customers as there are, with replacement; the population, and the p-value that
    makes a discovery, stay. Field marks have the figure of the trait or set that they are. What is
    not judged: whether it would again come before others that overlap with it, or make room for it; and
    whether a pair would again be told as one that goes together more than elsewhere. Raises ValueError
    when the customers are not those of the report, or people_of has other codes.
    """
    if customers.total != report.customers:
        raise ValueError(f"the report is of {report.customers} customers, here are {customers.total}")
    if people_of.codes != customers.codes.tolist():
        raise ValueError("customers and population have to be known by the same codes")
    again = _traits_again(report, query, cutoffs) | _sets_again(
        report, Holders(customers, traits), people_of, query, cutoffs, (draws, seed)
    )
    told = (*DISCOVERIES, "field_marks")
    return changed(report, told, lambda _, finding: {"again": again.get(key_of(finding))})


def again_traits(
    having: Ints,
    total: int,
    sizes: Ints,
    people: int,
    *,
    floor: int,
    min_lift: float,
    cutoff: float,
    depleted: bool = False,
) -> Floats:
    """Chance that a bootstrap sample of the customers gives each trait again: (T,), exact.

    having (T,) of `total` customers, sizes (T,) of `people`. A sample holds Binomial(total, having / total)
    of a trait, and all that it must pass is passed from some count on (depleted: up to it), so that
    nothing has to be drawn.
    """
    log_cutoff = np.log(cutoff) if cutoff > 0 else -np.inf
    share = having / total
    usual = np.maximum(sizes, 0.5) / people

    def is_more(k: Ints) -> NDArray[np.bool_]:
        passed = (k >= floor) & (k / total / usual >= min_lift)
        return passed & (log_p_enriched(k, total, sizes, people) <= log_cutoff)

    def is_less(lacking: Ints) -> NDArray[np.bool_]:
        k = total - lacking
        return (k / total / usual <= 1 / min_lift) & (log_p_depleted(k, total, sizes, people) <= log_cutoff)

    if depleted:
        return _chance_of_least(_least(is_less, total, len(having)), total, 1 - share)
    return _chance_of_least(_least(is_more, total, len(having)), total, share)


def _traits_again(report: LiftReport, query: LiftQuery, cutoffs: Cutoffs) -> dict[frozenset[str], float]:
    again: dict[frozenset[str], float] = {}
    for name in TRAITS:
        shown: list[TraitLift] = getattr(report, name)
        chances = again_traits(
            np.array([each.customers for each in shown], dtype=np.int64),
            report.customers,
            np.array([each.population for each in shown], dtype=np.int64),
            report.population,
            floor=_floor(query, report.customers),
            min_lift=query.min_lift,
            cutoff=cutoffs.traits,
            depleted=name == "rare_attributes",
        )
        again |= {key_of(each): float(chance) for each, chance in zip(shown, chances, strict=True)}
    return again


def _sets_again(
    report: LiftReport,
    holders: Holders,
    people_of: SetSizes,
    query: LiftQuery,
    cutoffs: Cutoffs,
    chance: tuple[int, int],
) -> dict[frozenset[str], float]:
    shown = [each for name in SETS for each in getattr(report, name)]
    floor = _floor(query, report.customers)
    shares = again_sets(
        holders.customers,
        [holders.places(each) for each in shown],
        people_of,
        report.population,
        [_bar(each, query, cutoffs, floor) for each in shown],
        draws=chance[0],
        seed=chance[1],
    )
    return {key_of(each): float(share) for each, share in zip(shown, shares, strict=True)}


def _bar(found: SetLift, query: LiftQuery, cutoffs: Cutoffs, floor: int) -> SetBar:
    """A pair that goes together more than elsewhere needs less than a longer set, another as much."""
    length = len(found.traits)
    lenient = length == 2 and found.beyond_others
    return SetBar(
        floor=floor,
        min_lift=query.min_lift,
        min_enrichment=query.min_lift if lenient else max(query.min_lift, query.min_enrichment),
        min_added=query.min_lift if lenient else max(query.min_lift, query.min_added),
        cutoff=cutoffs.sets.get(length, 0.0),
        deepened=cutoffs.deepened,
    )


def _floor(query: LiftQuery, customers: int) -> int:
    return max(query.min_persons, int(np.ceil(query.min_support * customers)))


def _cutoff(false: float, length: int, possible: Mapping[int, int]) -> float:
    """The p-value at which a set of this length counts as `false` expected false ones."""
    return float(false / np.exp(log_layered(np.zeros(1), length, dict(possible))[0]))


def _least(passes: Passes, total: int, traits: int) -> Ints:
    """The least count of each trait that passes, total + 1 where none does; `passes` rises with the count."""
    low, high = np.zeros(traits, dtype=np.int64), np.full(traits, total + 1, dtype=np.int64)
    while np.any(low < high):
        middle = (low + high) // 2
        passed = passes(np.minimum(middle, total)) & (middle <= total)
        low, high = np.where(passed, low, np.minimum(middle + 1, high)), np.where(passed, middle, high)
    return low


def _chance_of_least(least: Ints, total: int, share: Floats) -> Floats:
    """P(X >= least) of Binomial(total, share)."""
    inside = np.clip(least, 1, total)
    tail = betainc(inside, total - inside + 1, share)
    return np.where(least <= 0, 1.0, np.where(least > total, 0.0, tail))
