"""How to reach people like the customers: narrow and sure, wide and loose, or between."""

from itertools import combinations
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field

from store.population.catalogue import FIRST_ID
from store.population.population import Population
from tools.audience.expression import Expression, Term, all_of, any_of, canonical
from tools.audience.selection import Selection, as_hashes, in_words, sizes
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate, LiftReport, Trait
from tools.mining.rows.counting import BitmapCounts
from tools.mining.rows.membership import Membership, Words, popcount

StrategyName = Literal["precision", "hybrid", "reach"]
PRECISION_SHARE = 0.05  # of the customers, that a precise set should cover where one does
HYBRID_SETS, HYBRID_SHARE, HYBRID_ADDS = 4, 0.5, 0.03
COMBINED = 12  # of the strongest traits, whose pairs and threes are tried
REACH_TRAITS, REACH_SHARE, REACH_LIFT = 6, 0.85, 1.15


class Strategy(BaseModel):
    """One way to reach them, sized exactly and measured on customers it was not made from."""

    strategy: StrategyName
    expression: str = Field(description="In cluster hashes.")
    in_words: str
    alternatives: list[list[Trait]] = Field(description="Any of these sets; in each, all of its traits.")
    total: int = Field(description="People it matches; exact.")
    new_people: int = Field(description="Those of them who are not among the customers.")
    share_of_population: float
    customers_measured: int = Field(description="Customers on whom recall and lift were measured.")
    recall: Estimate = Field(description="Share of those customers whom it matches; Wilson interval.")
    lift: Estimate = Field(description="recall / share_of_population.")
    held_out: bool = Field(description="Whether those customers had no part in making it.")


def strategies(
    population: Population,
    report: LiftReport,
    made_from: Membership,
    measured_on: Membership,
    customers: np.ndarray,
    universe: Selection,
    *,
    held_out: bool,
) -> list[Strategy]:
    """The precision, hybrid and reach expressions of a report; none where nothing sets the customers apart.

    report was mined from made_from; recall and lift are measured on measured_on. customers: person ids,
    sorted. universe: the people who count as the population.
    """
    chosen = _Chooser(population, report, made_from, universe).alternatives()
    if not chosen:
        return []
    expressions = {name: _expression(sets) for name, sets in chosen.items()}
    everyone, *totals = sizes(population, [universe, *(universe.also(e) for e in expressions.values())])
    without = Selection(universe.expression, universe.location, customers)
    fresh = sizes(population, [without.also(e) for e in expressions.values()])
    reached = [_covered(measured_on, sets) for sets in chosen.values()]
    return [
        _measured(
            population, name, sets, expressions[name], total, new, hits, measured_on.total, everyone, held_out
        )
        for (name, sets), total, new, hits in zip(chosen.items(), totals, fresh, reached, strict=True)
    ]


def _measured(
    population: Population,
    name: StrategyName,
    sets: list[list[Trait]],
    expression: Expression,
    total: int,
    new: int,
    hits: int,
    measured: int,
    everyone: int,
    held_out: bool,
) -> Strategy:
    low, high = (float(edge) for edge in wilson_interval(hits, measured))
    recall, share = hits / measured, total / max(1, everyone)
    lift = (recall / share, low / share, high / share) if share else (0.0, 0.0, 0.0)
    return Strategy(
        strategy=name,
        expression=as_hashes(expression, population.catalogue),
        in_words=in_words(expression, population.catalogue),
        alternatives=sets,
        total=total,
        new_people=new,
        share_of_population=share,
        customers_measured=measured,
        recall=Estimate(value=recall, low=low, high=high),
        lift=Estimate(value=lift[0], low=lift[1], high=lift[2]),
        held_out=held_out,
    )


class _Chooser:
    """Chooses sets greedily, by what they cover of the customers they were mined from."""

    def __init__(
        self, population: Population, report: LiftReport, customers: Membership, universe: Selection
    ) -> None:
        self._population, self._report, self._customers, self._universe = (
            population,
            report,
            customers,
            universe,
        )

    def alternatives(self) -> dict[StrategyName, list[list[Trait]]]:
        """For each strategy its alternatives; all three where there are enriched traits."""
        singles = sorted(self._report.top_attributes, key=lambda one: -one.lift.low)
        if not singles:
            return {}
        sets = self._surest_sets()
        precise = next((s for s in sets if len(s) >= 3), sets[0] if sets else [singles[0].trait])
        hybrid = self._joined(precise, sets)
        return {
            "precision": [precise],
            "hybrid": hybrid,
            "reach": self._widened(hybrid, [one.trait for one in singles]),
        }

    def _surest_sets(self) -> list[list[Trait]]:
        """Sets that were mined, and combinations of the strongest traits, by the lower end of their lift.

        Traits that are independent of each other make no finding of mining, and yet their lifts multiply.
        """
        strongest = [one.trait for one in self._report.top_attributes[:COMBINED]]
        sets = [
            found.traits for found in self._report.multi_attribute_clusters + self._report.top_intersections
        ]
        sets += [
            list(some)
            for length in (3, 2)
            for some in combinations(strongest, length)
            if len({trait.name for trait in some}) == length
        ]
        sets = list({frozenset(map(_code, traits)): traits for traits in reversed(sets)}.values())
        having = np.array([_covered(self._customers, [traits]) for traits in sets], dtype=np.int64)
        common = having >= PRECISION_SHARE * self._customers.total
        sets, having = [traits for traits, kept in zip(sets, common, strict=True) if kept], having[common]
        counts = BitmapCounts(self._population, None if self._universe.is_everyone else self._universe)
        people = counts.set_sizes([tuple(sorted(map(_code, traits))) for traits in sets])
        surest = wilson_interval(having, self._customers.total)[0] / np.maximum(people, 1) * counts.total
        return [sets[at] for at in np.argsort(-surest, kind="stable") if surest[at] >= REACH_LIFT]

    def _joined(self, precise: list[Trait], sets: list[list[Trait]]) -> list[list[Trait]]:
        """The precise set, and others while each adds customers; one that a wider one holds is left out."""
        chosen, covered = [precise], self._cover(precise)
        for traits in sets:
            more = covered | self._cover(traits)
            if len(chosen) == HYBRID_SETS or popcount(covered) >= HYBRID_SHARE * self._customers.total:
                break
            if popcount(more) - popcount(covered) >= HYBRID_ADDS * self._customers.total:
                absorbed = [known for known in chosen if {*map(_code, traits)} <= {*map(_code, known)}]
                chosen, covered = [*(known for known in chosen if known not in absorbed), traits], more
        return chosen

    def _widened(self, hybrid: list[list[Trait]], singles: list[Trait]) -> list[list[Trait]]:
        """Any of the surest traits, while together they are still more frequent than in the population.

        The surest of each hybrid set comes first: whom the hybrid reaches, this reaches too.
        """
        rank = {_code(trait): at for at, trait in enumerate(singles)}
        first = [min(traits, key=lambda trait: rank.get(_code(trait), len(rank))) for traits in hybrid]
        chosen = [[trait] for trait in {_code(trait): trait for trait in first}.values()]
        everyone = sizes(self._population, [self._universe])[0]
        for trait in (each for each in singles if [each] not in chosen):
            if (
                len(chosen) >= REACH_TRAITS
                or _covered(self._customers, chosen) >= REACH_SHARE * self._customers.total
            ):
                break
            wider = [*chosen, [trait]]
            people = sizes(self._population, [self._universe.also(_expression(wider))])[0]
            if _covered(self._customers, wider) / self._customers.total >= REACH_LIFT * people / max(
                1, everyone
            ):
                chosen = wider
        return chosen

    def _cover(self, traits: list[Trait]) -> Words:
        return self._customers.cover(_rows(self._customers, traits))


def _covered(customers: Membership, sets: list[list[Trait]]) -> int:
    covers = [customers.cover(_rows(customers, traits)) for traits in sets]
    return int(popcount(np.bitwise_or.reduce(covers, axis=0)))


def _rows(customers: Membership, traits: list[Trait]) -> np.ndarray:
    return np.searchsorted(customers.codes, [_code(trait) for trait in traits])


def _expression(sets: list[list[Trait]]) -> Expression:
    return canonical(any_of(all_of(Term(str(_code(trait))) for trait in traits) for traits in sets))


def _code(trait: Trait) -> int:
    return int(trait.cluster_id) - FIRST_ID
