"""How many people have each combination of a few traits?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.population.population import Population
from store.population.shard import Shard
from tools.audience.selection import Selection, selected
from tools.mining.evidence.statistics import Ints
from tools.mining.rows.membership import Membership

MOST_TRAITS = 16  # 65,536 combinations: half a megabyte of counts, and a millisecond to add them up

Chosen = NDArray[np.bool_]
# Traits that must be held together, as bits of a combination; an expression is any of several.
Conjunction = int


@dataclass(frozen=True)
class JointCounts:
    """Exact counts of every combination: bit i of a combination says that codes[i] is held.

    codes: cluster codes, MOST_TRAITS at most. people, fresh: (2^traits,) int64; fresh: people without
    those who were left out. Any expression over the traits is sized from these without the population.
    """

    codes: tuple[int, ...]
    people: Ints
    fresh: Ints

    @classmethod
    def of(
        cls, population: Population, codes: Sequence[int], universe: Selection, customers: Ints
    ) -> "JointCounts":
        """Counted in one pass over the population. customers: person ids, sorted, left out of `fresh`."""
        if len(codes) > MOST_TRAITS:
            raise ValueError(f"{MOST_TRAITS} traits at most, not {len(codes)}")
        chosen = tuple(int(code) for code in codes)
        people, fresh = np.sum(population.ask(_combinations, chosen, universe, customers), axis=0)
        return cls(chosen, people, fresh)

    @cached_property
    def total(self) -> int:
        """People counted."""
        return int(self.people.sum())

    @cached_property
    def combinations(self) -> Ints:
        """0 .. 2^traits - 1."""
        return np.arange(len(self.people), dtype=np.int64)

    def bits(self, codes: Sequence[int]) -> Conjunction:
        """The conjunction of these codes."""
        return sum(1 << self.codes.index(int(code)) for code in codes)

    def codes_of(self, conjunction: Conjunction) -> list[int]:
        """The codes that a conjunction asks for, in their order."""
        return [code for at, code in enumerate(self.codes) if conjunction >> at & 1]

    def holding(self, alternatives: Sequence[Conjunction]) -> Chosen:
        """(2^traits,): the combinations for which any of the alternatives holds."""
        held = np.zeros(len(self.people), dtype=np.bool_)
        for each in alternatives:
            held |= (self.combinations & each) == each
        return held

    def customers(self, rows: Membership, within: Chosen | None = None) -> Ints:
        """(2^traits,): customers of each combination; of those rows only that `within` marks."""
        held = np.zeros(rows.total, dtype=np.int64)
        for at, place in enumerate(np.searchsorted(rows.codes, self.codes)):
            held += rows.rows([int(place)])[:, 0].astype(np.int64) << at
        return np.bincount(held if within is None else held[within], minlength=len(self.people))


def having_all(counts: Ints) -> Ints:
    """For each conjunction, how many have all of its traits, from the counts of each combination.

    Sums over supersets, one trait at a time (Yates 1937): traits * 2^traits additions for all of them.
    """
    sums = counts.copy()
    for at in range(len(counts).bit_length() - 1):
        pairs = sums.reshape(-1, 2, 1 << at)
        pairs[:, 0] += pairs[:, 1]
    return sums


def _combinations(shard: Shard, codes: tuple[int, ...], universe: Selection, customers: Ints) -> Ints:
    """(2, 2^traits): everyone of the universe, and without the customers."""
    held = np.zeros(shard.persons, dtype=np.int64)
    for at, code in enumerate(codes):
        held[np.asarray(shard.bitmaps[code].to_array(), dtype=np.int64)] += 1 << at
    everyone = selected(shard, universe)
    inside = np.zeros(shard.persons, dtype=np.bool_)
    inside[np.asarray(everyone.to_array(), dtype=np.int64)] = True
    people = np.bincount(held[inside], minlength=1 << len(codes))
    inside[shard.numbers_of(customers)[1]] = False
    return np.stack([people, np.bincount(held[inside], minlength=1 << len(codes))])
