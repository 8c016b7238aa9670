"""Which runs of neighbouring values, such as an age of 60 and over, set the customers apart?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.population.mapping.runs import run_label
from tools.mining.evidence.frequencies import estimate, population_sizes
from tools.mining.evidence.statistics import (
    Floats,
    Ints,
    as_p_values,
    benjamini_hochberg,
    information,
    log_p_enriched,
    ratio_interval,
    wilson_interval,
)
from tools.mining.findings import RangeLift, Trait
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership, popcount
from tools.mining.rows.population_counts import PopulationCounts

__all__ = ["LiftQuery", "range_lifts"]

# Ranked values of an attribute: of more, one value is left out of every run but the whole.
LEAST_VALUES = 3
# Beyond it an attribute has more than 20,000 runs, and is a number that nobody cut into ranges.
MOST_VALUES = 200
# Sets of values that one person may have together, where values do not exclude each other.
MOST_SHARED = 5_000


@dataclass(frozen=True)
class _Scale:
    """One attribute: the places of its values in the membership, rising; customers and people of each run.

    counts, sizes: (V, V), of those who have any of the values first..last; 0 below the diagonal.
    """

    places: NDArray[np.intp]
    counts: Ints
    sizes: Ints


@dataclass(frozen=True)
class _Run:
    """The best run of an attribute, and how many there were to choose from."""

    scale: _Scale
    first: int
    last: int
    possible: int
    strength: float

    @property
    def customers(self) -> int:
        return int(self.scale.counts[self.first, self.last])

    @property
    def people(self) -> int:
        return int(self.scale.sizes[self.first, self.last])


def range_lifts(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    ranks: Mapping[int, int],
    query: LiftQuery | None = None,
) -> list[RangeLift]:
    """The run of neighbouring values of each attribute that tells the customers best, strongest first.

    ranks: the position of each code on its attribute's scale; codes with none are passed over. Of an
    attribute with 3 ranked values or more that people have, runs of 2 values or more that are not all of
    them are looked at: the best has most information (nats), more than the best of its values alone.
    p-values are hypergeometric, one-sided, times the number of runs (Bonferroni); q-values are
    Benjamini-Hochberg over all such attributes, also those of which no run is told.
    """
    query = query or LiftQuery()
    counts = customers.counts()
    sizes, people = population_sizes(population, customers.codes, counts, customers.total)
    scales = _scales(customers, population, _ranked(customers.codes, sizes, traits, ranks), sizes, people)
    if not scales or not customers.total:
        return []
    floor = max(query.min_persons, int(np.ceil(query.min_support * customers.total)))
    runs = _best_runs(scales, customers.total, people, floor, query.min_lift)
    log_p = log_p_enriched(
        [run.customers for run in runs], customers.total, [run.people for run in runs], people
    )
    p_values = as_p_values(np.minimum(log_p + np.log([run.possible for run in runs]), 0.0))
    q_values = benjamini_hochberg(p_values, tests=len(scales))
    order = sorted(range(len(runs)), key=lambda at: -runs[at].strength)
    kept = [at for at in order if q_values[at] <= query.q][: query.max_shown]
    return [_told(runs[at], customers, people, traits, p_values[at], q_values[at]) for at in kept]


def _ranked(
    codes: NDArray[np.int32], sizes: Ints, traits: Mapping[int, Trait], ranks: Mapping[int, int]
) -> list[NDArray[np.intp]]:
    """The places of the ranked values that somebody has, rising, of each attribute with enough of them."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, code in enumerate(codes.tolist()):
        if sizes[place] > 0 and code in traits and ranks.get(code, -1) >= 0:
            found.setdefault(traits[code].name, []).append((ranks[code], place))
    return [
        np.array([place for _, place in sorted(values)], dtype=np.intp)
        for values in found.values()
        if LEAST_VALUES <= len(values) <= MOST_VALUES
    ]


def _scales(
    customers: Membership,
    population: PopulationCounts,
    attributes: Sequence[NDArray[np.intp]],
    sizes: Ints,
    people: int,
) -> list[_Scale]:
    """People with each run of each attribute. Values of a number exclude each other: they add up."""
    counts = customers.counts()
    scales: list[_Scale] = []
    for places in attributes:
        held = int(popcount(np.bitwise_or.reduce(customers.bits[places], axis=0)))
        if held == counts[places].sum() and sizes[places].sum() <= people:
            scales.append(_Scale(places, _added(counts[places]), _added(sizes[places])))
        else:
            union = _population_unions(population, customers.codes[places], sizes[places])
            if union is not None:
                held_runs = _customer_unions(customers.bits[places])
                scales.append(_Scale(places, held_runs, np.maximum(union, held_runs)))
    return scales


def _added(each: Ints) -> Ints:
    total = np.concatenate(([0], np.cumsum(each)))
    return np.maximum(np.triu(total[None, 1:] - total[:-1, None]), 0)


def _customer_unions(bits: NDArray[np.uint64]) -> Ints:
    union = np.zeros((len(bits), len(bits)), dtype=np.int64)
    for first in range(len(bits)):
        union[first, first:] = popcount(np.bitwise_or.accumulate(bits[first:], axis=0))
    return union


def _population_unions(population: PopulationCounts, codes: NDArray[np.int32], sizes: Ints) -> Ints | None:
    """People with any value of each run, by inclusion and exclusion; None where too many values meet.

    A set of values counts in the runs that hold its first and its last.
    """
    signed = np.diag(sizes).astype(np.int64)
    level, sign = [(place,) for place in range(len(codes))], -1
    while level:
        known = set(level)
        larger = [
            (*one, more)
            for one in level
            for more in range(one[-1] + 1, len(codes))
            if all((*one[:at], *one[at + 1 :], more) in known for at in range(len(one)))
        ]
        if len(larger) > MOST_SHARED:
            return None
        met = population.set_sizes([tuple(int(codes[place]) for place in one) for one in larger])
        for one, size in zip(larger, met.tolist(), strict=True):
            signed[one[0], one[-1]] += sign * size
        level, sign = [one for one, size in zip(larger, met.tolist(), strict=True) if size], -sign
    from_first = np.cumsum(signed[::-1], axis=0)[::-1]
    return np.triu(np.cumsum(from_first, axis=1))


def _best_runs(scales: Sequence[_Scale], total: int, people: int, floor: int, min_lift: float) -> list[_Run]:
    """The best run of each attribute that has one worth telling; those with equally many values at once."""
    found: list[tuple[int, _Run]] = []
    by_length: dict[int, list[int]] = {}
    for at, scale in enumerate(scales):
        by_length.setdefault(len(scale.places), []).append(at)
    for length, members in by_length.items():
        counts = np.stack([scales[at].counts for at in members])
        sizes = np.stack([scales[at].sizes for at in members])
        firsts, lasts = _runs_of(length)
        share, baseline = counts[:, firsts, lasts] / total, sizes[:, firsts, lasts] / people
        lift = share / np.maximum(baseline, 0.5 / people)
        fit = (lift >= min_lift) & (counts[:, firsts, lasts] >= floor)
        gain = np.where(fit, information(share, baseline), -1.0)
        singles = _best_single_within(counts, sizes, total, people)
        gain[gain <= singles[:, firsts, lasts]] = -1.0
        for at, best, gains in zip(members, np.argmax(gain, axis=1).tolist(), gain, strict=True):
            first, last = int(firsts[best]), int(lasts[best])
            found.append((at, _Run(scales[at], first, last, len(firsts), float(gains[best]))))
    return [run for _, run in sorted(found, key=lambda each: each[0]) if run.strength > 0]


def _runs_of(length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last of all runs of two values or more, but for the whole; short ones first among equals."""
    firsts, lasts = np.triu_indices(length, 1)
    order = np.argsort(lasts - firsts, kind="stable")[:-1]
    return firsts[order], lasts[order]


def _best_single_within(counts: Ints, sizes: Ints, total: int, people: int) -> Floats:
    """[attribute, first, last]: most information of a value in the run that customers have more often."""
    share = np.diagonal(counts, axis1=1, axis2=2) / total
    baseline = np.diagonal(sizes, axis1=1, axis2=2) / people
    gain = np.where(share >= baseline, information(share, baseline), 0.0)
    within = np.zeros(counts.shape)
    for first in range(counts.shape[1]):
        within[:, first, first:] = np.maximum.accumulate(gain[:, first:], axis=1)
    return within


def _told(
    run: _Run,
    customers: Membership,
    people: int,
    traits: Mapping[int, Trait],
    p_value: float,
    q_value: float,
) -> RangeLift:
    values = [traits[int(customers.codes[place])] for place in run.scale.places]
    total, having = customers.total, run.customers
    share, baseline = having / total, run.people / people
    return RangeLift(
        attribute=values[0].name,
        label=values[0].label,
        in_words=run_label([each.value for each in values], run.first, run.last),
        traits=values[run.first : run.last + 1],
        customers=having,
        frequency=estimate(share, wilson_interval([having], total), 0),
        population=run.people,
        baseline_share=baseline,
        lift=estimate(share / baseline, ratio_interval([having], total, baseline), 0),
        p_value=float(p_value),
        q_value=float(q_value),
    )
