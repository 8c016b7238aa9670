"""How many people of the population have a trait, or all the traits of a set?"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Ints


class PopulationCounts(Protocol):
    """Exact counts over a population that the customers are people of.

    Mining asks in few large batches, so that an engine may answer each by one pass over its shards.
    """

    @property
    def total(self) -> int:
        """People in the population."""
        ...

    def sizes(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        """People who have each code; 0 for a code that nobody has."""
        ...

    def set_sizes(self, sets: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
        """People who have all the codes of each set."""
        ...


class SetSizes:
    """People of the sets asked about so far; members are places in `codes`, ascending in each row."""

    def __init__(self, population: PopulationCounts, codes: NDArray[np.int32], sizes: Ints) -> None:
        self.population = population
        self.codes: list[int] = codes.tolist()
        self.known: dict[tuple[int, ...], int] = {(i,): int(size) for i, size in enumerate(sizes)}

    def fetch(self, members: Iterable[Ints]) -> None:
        """Ask for all sets that are not known yet, in one batch."""
        rows = {tuple(row): None for table in members for row in table.tolist()}
        unknown = [row for row in rows if row not in self.known]
        if unknown:
            sizes = self.population.set_sizes([tuple(self.codes[i] for i in row) for row in unknown])
            self.known.update(zip(unknown, sizes.tolist(), strict=True))

    def __call__(self, members: Ints) -> Ints:
        """People who have all the members of each row of an (S, L) table that was fetched."""
        return np.array([self.known[tuple(row)] for row in members.tolist()], dtype=np.int64)
