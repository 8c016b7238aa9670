"""Which groups of customers resemble each other, and by what?"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from kneed import KneeLocator
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.statistics import (
    Ints,
    as_p_values,
    information,
    relative_interval,
    wilson_interval,
)
from tools.mining.evidence.variables import one_per_variable, variables_of
from tools.mining.findings import SegmentFinding, SegmentReport, Trait, TraitLift
from tools.mining.lift import known_traits, require_enough
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership, pack
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.segments.features import FEWEST_FEATURES, telling_traits
from tools.mining.segments.mixture import Mixture, mixtures

__all__ = ["SegmentQuery", "segment_report"]

# Distances grow with the square of the rows; the mean over these is within a hundredth.
SILHOUETTE_ROWS = 2_000
BACKGROUND = -1


def segment_report(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: SegmentQuery | None = None,
) -> tuple[SegmentReport, NDArray[np.int64]]:
    """Segments of the customers, largest first, and the segment number of each customer (-1: background).

    A Bernoulli mixture over the traits that the customers have, and have together, more than other
    people, with a background component; as many segments as the knee of the BIC says. Where the
    customers fall into no parts there is one segment of all, and chosen_by says why. A silhouette of
    0.0 stands for a division into one part. Raises TooFewCustomers.
    """
    query = query or SegmentQuery()
    require_enough(customers.total, query.min_customers)
    customers = known_traits(customers, population, traits)
    division = _divided(customers, population, traits, query)
    return _Findings(customers, population, traits, query).report(division), division.labels


@dataclass(frozen=True)
class _Division:
    """labels (n,): segment of each customer; why there are so many; what was tried."""

    labels: Ints
    chosen_by: str
    candidates: list[dict[str, float]]


def _divided(
    customers: Membership, population: PopulationCounts, traits: Mapping[int, Trait], query: SegmentQuery
) -> _Division:
    features = telling_traits(customers, population, traits, query)
    if len(features.places) < FEWEST_FEATURES:
        why = f"no structure: fewer than {FEWEST_FEATURES} traits are more frequent than in the population"
        return _whole(customers.total, why, [])
    held = customers.rows(features.places)
    floor = max(query.min_size, int(np.ceil(query.min_share * customers.total)))
    tried = _tried(held, features.baseline, max(1, min(query.max_segments, customers.total // floor)), query)
    candidates = [
        {"k": float(each.kinds), "bic": each.bic, "silhouette": _silhouette(each, held, query.seed)}
        for each in tried
    ]
    chosen = knee([each.bic for each in tried])
    labels = _numbered(tried[chosen - 1].assigned(held), floor)
    if labels.max() == BACKGROUND:
        return _whole(customers.total, f"no structure: no part reaches {floor} customers", candidates)
    if labels.max() == 0 and (labels == BACKGROUND).sum() < floor:
        return _whole(customers.total, "no structure: one kind describes the customers best", candidates)
    why = f"knee of BIC at {chosen} of 1 to {len(tried)}, over {len(features.places)} enriched traits"
    beside = "" if features.own else "; other people fall into such parts as well"
    return _Division(labels, why + beside, candidates)


def _whole(total: int, why: str, candidates: list[dict[str, float]]) -> _Division:
    return _Division(np.zeros(total, dtype=np.int64), why, candidates)


def _tried(held: NDArray, baseline: NDArray, most: int, query: SegmentQuery) -> list[Mixture]:
    rng = np.random.default_rng(query.seed)
    rows = rng.permutation(len(held))[: query.fit_rows]
    sample = held[np.sort(rows)].astype(np.float32)
    return list(
        mixtures(
            sample,
            baseline,
            most,
            restarts=query.restarts,
            max_iterations=query.max_iterations,
            seed=query.seed,
        )
    )


def knee(bics: Sequence[float]) -> int:
    """The number of segments, from 1, after which the BIC gains little; its minimum if it has no knee.

    Satopaa et al. (2011). The minimum alone goes on splitting along what all people have in common.
    """
    best = int(np.argmin(bics)) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        located = KneeLocator(range(1, len(bics) + 1), bics, curve="convex", direction="decreasing").knee
    return best if located is None else min(int(located), best)


def _silhouette(mixture: Mixture, held: NDArray, seed: int) -> float:
    rng = np.random.default_rng(seed)
    rows = held[rng.permutation(len(held))[:SILHOUETTE_ROWS]]
    labels = mixture.assigned(rows)
    if not 2 <= len(np.unique(labels)) < len(rows):
        return 0.0
    return float(silhouette_score(rows.astype(np.float32), labels))


def _numbered(labels: Ints, floor: int) -> Ints:
    """Segments by size from 0; those under the floor join the background."""
    sizes = np.bincount(labels + 1)[1:]
    order = np.argsort(-sizes, kind="stable")
    number = np.full(len(sizes) + 1, BACKGROUND, dtype=np.int64)
    large = [int(kind) for kind in order if sizes[kind] >= floor]
    number[np.array(large, dtype=np.intp) + 1] = np.arange(len(large))
    return number[labels + 1]


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

    def report(self, division: _Division) -> SegmentReport:
        numbers = np.unique(division.labels)
        masks = [pack(division.labels == number) for number in numbers]
        counts = np.stack([self.customers.counts(within=mask) for mask in masks])
        totals = np.array([int((division.labels == number).sum()) for number in numbers])
        people = Frequencies.of(self.customers.codes, counts, totals, self.population)
        others = Frequencies.compared(
            self.customers.codes, counts, totals, counts.sum(axis=0), self.customers.total
        )
        findings = [self._finding(int(number), group, people, others) for group, number in enumerate(numbers)]
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
