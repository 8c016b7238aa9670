"""Which groups of customers resemble each other, and by what?"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.statistics import as_p_values, information, relative_interval, wilson_interval
from tools.mining.evidence.variables import one_per_variable, variables_of
from tools.mining.findings import SegmentFinding, SegmentReport, Trait, TraitLift
from tools.mining.lift import known_traits, require_enough
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership, pack
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.segments.division import BACKGROUND, Division, divided

__all__ = ["SegmentQuery", "segment_report"]


def segment_report(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: SegmentQuery | None = None,
    sets: Sequence[Sequence[int]] = (),
) -> tuple[SegmentReport, NDArray[np.int64]]:
    """Segments of the customers, largest first, and the segment number of each customer (-1: background).

    A mixture over the traits that the customers have together more than other people, with a
    background as the population is, and log-odds that follow what customers share with everybody;
    as many segments as lower the BIC. sets: codes of the sets that a lift report tells, each with its
    companions; segments of few marks are found by them. The order of the customers does not matter.
    Where they fall into no parts there is one segment of all, and chosen_by says why; it also names
    segments that dissolve when the customers are drawn anew. Raises TooFewCustomers.
    """
    query = query or SegmentQuery()
    require_enough(customers.total, query.min_customers)
    customers = known_traits(customers, population, traits)
    division = divided(customers, population, traits, query, sets)
    return _Findings(customers, population, traits, query).report(division), division.labels


class _Findings:
    """Tells the groups of a division by their traits."""

    def __init__(
        self,
        customers: Membership,
        population: PopulationCounts,
        traits: Mapping[int, Trait],
        query: SegmentQuery,
    ) -> None:
        self.customers, self.population, self.traits, self.query = customers, population, traits, query
        self.variables = variables_of(customers.codes, traits)

    def report(self, division: Division) -> SegmentReport:
        numbers = np.unique(division.labels)
        masks = [pack(division.labels == number) for number in numbers]
        counts = np.stack([self.customers.counts(within=mask) for mask in masks])
        totals = np.array([int((division.labels == number).sum()) for number in numbers])
        people = Frequencies.of(self.customers.codes, counts, totals, self.population)
        others = Frequencies.compared(
            self.customers.codes, counts, totals, counts.sum(axis=0), self.customers.total
        )
        findings = [
            self._finding(int(number), group, people, others).model_copy(
                update=_sureness(division, number, self.query)
            )
            for group, number in enumerate(numbers)
        ]
        return SegmentReport(
            segments=[each for each in findings if each.segment_id != BACKGROUND],
            chosen_by=division.chosen_by,
            candidates=division.candidates,
            background=next((each for each in findings if each.segment_id == BACKGROUND), None),
        )

    def _finding(self, number: int, group: int, people: Frequencies, others: Frequencies) -> SegmentFinding:
        size = int(people.totals[group])
        query = self.query
        marked = people.enriched(query.q, query.min_lift)[group] & self._frequent(people, group)
        places = self._shown(np.flatnonzero(marked), people.strength[group])
        return SegmentFinding(
            segment_id=number,
            size=size,
            percentage=100 * size / self.customers.total,
            traits=people.trait_lifts(group, places, self.traits, rates=query.outcome_rates),
            traits_against_others=self._against_others(others, group),
        )

    def _against_others(self, among: Frequencies, group: int) -> list[TraitLift]:
        """Traits more frequent in the group than among the customers outside it."""
        size = int(among.totals[group])
        outside = self.customers.total - size
        if outside == 0:
            return []
        counts, rest = among.counts[group], among.sizes - among.counts[group]
        ratio, low, high = relative_interval(counts, size, rest, outside)
        marked = (ratio >= self.query.min_lift) & (among.q_values[group] <= self.query.q)
        marked &= (among.lift[group] > 1) & self._frequent(among, group)
        share = wilson_interval(counts, size)
        return [
            TraitLift(
                trait=self.traits[int(among.codes[i])],
                customers=int(counts[i]),
                frequency=estimate(counts[i] / size, share, i),
                population=int(rest[i]),
                baseline_share=float(rest[i] / outside),
                lift=estimate(ratio[i], (low, high), i),
                p_value=float(as_p_values(among.log_p[group])[i]),
                q_value=float(among.q_values[group, i]),
            )
            for i in self._shown(np.flatnonzero(marked), information(counts / size, rest / outside))
        ]

    def _frequent(self, among: Frequencies, group: int) -> NDArray[np.bool_]:
        return among.share[group] >= self.query.min_trait_share

    def _shown(self, places: NDArray, strength: NDArray) -> list[int]:
        order = places[np.argsort(-strength[places], kind="stable")]
        return one_per_variable(order, self.variables)[: self.query.max_shown]


def _sureness(division: Division, number: int, query: SegmentQuery) -> dict[str, float | int]:
    """Stability of a segment, and how many of its members belong to it beyond doubt or hardly."""
    if number == BACKGROUND or division.certainty is None:
        return {}
    members = division.certainty[division.labels == number]
    told: dict[str, float | int] = {
        "typical": int((members >= query.typical).sum()),
        "exceptional": int((members < query.exceptional).sum()),
    }
    return told | ({"stability": float(division.stability[number])} if len(division.stability) else {})
