"""How frequent is each trait among customers, and how frequent in the population?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import (
    Floats,
    Interval,
    Ints,
    as_p_values,
    benjamini_hochberg,
    information,
    log_p_depleted,
    log_p_enriched,
    ratio_interval,
    wilson_interval,
)
from tools.mining.findings import Estimate, Trait, TraitLift
from tools.mining.rows.population_counts import PopulationCounts


@dataclass(frozen=True)
class Frequencies:
    """Groups of customers (G) by trait (M) against the population.

    counts (G, M) of totals (G,) customers; sizes (M,) of `people`. The test of each trait in each group
    is one-sided in the direction of its lift; since the direction is read off the same counts,
    Benjamini-Hochberg runs over both directions of all.
    """

    codes: NDArray[np.int32]
    counts: Ints
    totals: Ints
    sizes: Ints
    people: int
    log_p: Floats
    q_values: Floats

    @classmethod
    def of(
        cls, codes: NDArray[np.int32], counts: Ints, totals: Ints, population: PopulationCounts
    ) -> "Frequencies":
        sizes, people = population_sizes(population, codes, counts.max(axis=0), int(totals.max()))
        return cls.compared(codes, counts, totals, sizes, people)

    @classmethod
    def compared(
        cls, codes: NDArray[np.int32], counts: Ints, totals: Ints, sizes: Ints, people: int
    ) -> "Frequencies":
        drawn = totals[:, None]
        more = log_p_enriched(counts, drawn, sizes, people)
        less = log_p_depleted(counts, drawn, sizes, people)
        both = np.stack([more, less])
        q_values = benjamini_hochberg(as_p_values(both).ravel()).reshape(both.shape)
        rising = counts * people >= drawn * sizes
        return cls(
            codes,
            counts,
            totals,
            sizes,
            people,
            np.where(rising, more, less),
            np.where(rising, q_values[0], q_values[1]),
        )

    @property
    def share(self) -> Floats:
        return self.counts / self.totals[:, None]

    @property
    def baseline(self) -> Floats:
        return self.sizes / self.people

    @property
    def least_baseline(self) -> Floats:
        """The baseline, half a person at least: against nobody a lift is large, and not infinite."""
        return np.maximum(self.sizes, 0.5) / self.people

    @property
    def lift(self) -> Floats:
        return self.share / self.least_baseline

    @property
    def strength(self) -> Floats:
        """Nats of information by which the trait tells these customers from people."""
        return information(self.share, self.baseline)

    def enriched(self, q: float, min_lift: float) -> NDArray[np.bool_]:
        return (self.lift >= min_lift) & (self.q_values <= q)

    def depleted(self, q: float, max_lift: float) -> NDArray[np.bool_]:
        return (self.lift <= max_lift) & (self.q_values <= q)

    def trait_lifts(
        self, group: int, places: Iterable[int], traits: Mapping[int, Trait], *, rates: bool = False
    ) -> list[TraitLift]:
        """The findings of one group at these places of `codes`, in this order."""
        counts, total = self.counts[group], int(self.totals[group])
        share = wilson_interval(counts, total)
        lift = ratio_interval(counts, total, self.least_baseline)
        rate = wilson_interval(counts, self.sizes)
        return [
            TraitLift(
                trait=traits[int(self.codes[i])],
                customers=int(counts[i]),
                frequency=estimate(counts[i] / total, share, i),
                population=int(self.sizes[i]),
                baseline_share=float(self.baseline[i]),
                lift=estimate(self.lift[group, i], lift, i),
                p_value=float(as_p_values(self.log_p[group, i])),
                q_value=float(self.q_values[group, i]),
                rate=estimate(counts[i] / self.sizes[i], rate, i) if rates else None,
            )
            for i in places
        ]


def population_sizes(
    population: PopulationCounts, codes: NDArray[np.int32], counts: Ints, customers: int
) -> tuple[Ints, int]:
    """People of each code and in all, never fewer than the customers there.

    A person may be erased between reading the customers and counting the population; such a trifle
    must not give a share above 1.
    """
    sizes = np.maximum(population.sizes(codes), counts)
    others = int((sizes - counts).max(initial=0))
    return sizes, max(population.total, customers + others)


def estimate(value: float, interval: Interval, place: int) -> Estimate:
    """The value with the interval's bounds at this place."""
    return Estimate(value=float(value), low=float(interval[0][place]), high=float(interval[1][place]))
