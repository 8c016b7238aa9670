"""What should a customer be looked for by, and how much does each criterion count?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from tools.mining.evidence.frequencies import estimate
from tools.mining.evidence.statistics import Ints, information, ratio_interval, wilson_interval
from tools.mining.evidence.variables import Pairs, implications
from tools.mining.findings import Criterion, LiftReport, Trait
from tools.mining.queries import CriteriaQuery
from tools.mining.rows.membership import Membership, popcount
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.itemsets import co_occurrence

__all__ = ["CriteriaQuery", "criteria"]

# Values that may be held together are united by inclusion and exclusion: 2^6 counts at most.
MOST_UNITED = 6


def criteria(
    report: LiftReport,
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: CriteriaQuery | None = None,
) -> list[Criterion]:
    """The enriched traits of a report as weighted criteria, the weightiest first.

    Enriched values of one attribute are one criterion. Its weight is its share of the information
    (Kullback-Leibler, nats a person) by which its values tell customers from people. Heavy is a weight of
    at least half the even share. Tier 1: heavy, and covers half of the customers. Tier 2: heavy, or
    covers 15 % at a lift of 1.5. Tier 3: the rest. An attribute that follows from another, or the other
    from it, is named in `same_as` of the weightier and has no weight.
    """
    query = query or CriteriaQuery()
    shown = [each.trait.cluster_hash for each in report.top_attributes]
    place = {traits[int(code)].cluster_hash: i for i, code in enumerate(customers.codes) if code in traits}
    enriched = customers.only([place[mark] for mark in shown])
    if not shown:
        return []
    sizes = np.array([each.population for each in report.top_attributes], dtype=np.int64)
    groups = _groups(enriched, sizes, report.population, population, traits)
    implied = implications(enriched, population, sizes, co_occurrence(enriched))
    kept = _placed(groups, implied | implied.T)[: query.max_shown]
    whole = sum(group.information for group, _ in kept)
    return [_criterion(group, same, group.information / whole, len(kept), query) for group, same in kept]


@dataclass(frozen=True)
class _Group:
    """Enriched values of one attribute: their places, and the customers and people with any of them."""

    places: list[int]
    traits: list[Trait]
    customers: int
    customers_total: int
    people: int
    people_total: int

    @property
    def share(self) -> float:
        return self.customers / self.customers_total

    @property
    def baseline(self) -> float:
        return self.people / self.people_total

    @property
    def information(self) -> float:
        return float(information(self.share, self.baseline))


def _groups(
    enriched: Membership,
    sizes: Ints,
    people_total: int,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
) -> list[_Group]:
    names: dict[str, list[int]] = {}
    for i, code in enumerate(enriched.codes):
        names.setdefault(traits[int(code)].name, []).append(i)
    united = [places[:MOST_UNITED] for places in names.values()]
    having = [int(popcount(np.bitwise_or.reduce(enriched.bits[places], axis=0))) for places in united]
    people = _union_sizes(enriched, sizes, united, having, population)
    return [
        _Group(
            places=places,
            traits=[traits[int(enriched.codes[i])] for i in places],
            customers=count,
            customers_total=enriched.total,
            people=min(max(union, count), people_total),
            people_total=people_total,
        )
        for places, count, union in zip(united, having, people, strict=True)
    ]


def _union_sizes(
    enriched: Membership,
    sizes: Ints,
    groups: Sequence[list[int]],
    having: Sequence[int],
    population: PopulationCounts,
) -> list[int]:
    """People with any value of each group: a sum where the values exclude one another, as they mostly do."""
    counts = enriched.counts()
    wanted = [
        _subsets(places) if counts[places].sum() > united else []
        for places, united in zip(groups, having, strict=True)
    ]
    asked = [tuple(int(enriched.codes[i]) for i in subset) for subset in chain.from_iterable(wanted)]
    answers = iter(population.set_sizes(asked).tolist() if asked else [])
    return [
        int(sizes[places].sum()) + sum((-1) ** (len(subset) - 1) * next(answers) for subset in subsets)
        for places, subsets in zip(groups, wanted, strict=True)
    ]


def _subsets(places: list[int]) -> list[tuple[int, ...]]:
    return [subset for size in range(2, len(places) + 1) for subset in combinations(places, size)]


def _placed(groups: Sequence[_Group], same: Pairs) -> list[tuple[_Group, list[str]]]:
    """The groups by information, each with the labels of weaker ones that say the same."""
    kept: list[tuple[_Group, list[str]]] = []
    for group in sorted(groups, key=lambda each: -each.information):
        place = next((held for held in kept if same[np.ix_(held[0].places, group.places)].any()), None)
        if place is None:
            kept.append((group, []))
        else:
            place[1].append(group.traits[0].label)
    return kept


def _criterion(
    group: _Group, same_as: list[str], weight: float, criteria: int, query: CriteriaQuery
) -> Criterion:
    frequency = wilson_interval([group.customers], group.customers_total)
    lift = ratio_interval([group.customers], group.customers_total, group.baseline)
    heavy = weight >= query.heavy / criteria
    strong = group.share >= query.strong_share and group.share >= query.strong_lift * group.baseline
    tier = 1 if heavy and group.share >= query.must_share else 2 if heavy or strong else 3
    return Criterion(
        tier=tier,
        weight=weight,
        attribute=group.traits[0].name,
        values=[trait.value for trait in group.traits],
        label=group.traits[0].label,
        lift=estimate(group.share / group.baseline, lift, 0),
        frequency=estimate(group.share, frequency, 0),
        cluster_hashes=[trait.cluster_hash for trait in group.traits],
        same_as=same_as,
    )
