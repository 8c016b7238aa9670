"""Who becomes a customer? The holders of the lowest tickets among those who have the traits.

Chunks are offered one after the other and only the winners so far are kept, so memory does not grow
with the population.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from store.synthetic.customers.plan import (
    CUSTOMER_FILES,
    IDENTIFIER_CELLS,
    WHOLE_SHARE,
    CustomerFile,
    Segment,
)

# What a cell of a file is made of, in the population.
SOURCE_COLUMNS = {
    "email": "email1",
    "email_sha256": "email1",
    "email_md5": "email1",
    "phone": "phone1",
    "address": "address",
    "maid": "maid",
}


@dataclass
class Lottery:
    """One draw of up to `size` persons who have the traits of `has` and lack the one of `lacks`."""

    size: int
    has: tuple[tuple[str, str], ...] = ()
    lacks: tuple[str, str] | None = None
    entrants: int = 0
    person_ids: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    tickets: np.ndarray = field(default_factory=lambda: np.empty(0))

    def offer(self, rng: np.random.Generator, person_ids: np.ndarray) -> None:
        """Let these persons take part."""
        self.entrants += len(person_ids)
        tickets = np.concatenate([self.tickets, rng.random(len(person_ids))])
        best = np.argsort(tickets, kind="stable")[: self.size]
        self.person_ids, self.tickets = np.concatenate([self.person_ids, person_ids])[best], tickets[best]

    def winners(self) -> np.ndarray:
        """The persons drawn: at most half of those who have the traits, so that there is somebody to find."""
        return self.person_ids[: self.entrants // 2] if self.has else self.person_ids


@dataclass(frozen=True)
class FileDraw:
    """The draws for one customer file: one list for each segment, and one of everybody."""

    file: CustomerFile
    segments: list[list[Lottery]]
    background: Lottery

    def offer(self, rng: np.random.Generator, chunk: "ChunkTraits") -> None:
        """Let the persons of a chunk who can be reached take part in every draw."""
        reached = chunk.reached(self.file)
        self.background.offer(rng, chunk.person_ids[reached])
        for lottery in (lottery for segment in self.segments for lottery in segment):
            holds = reached.copy()
            for trait in lottery.has:
                holds &= chunk.holds(trait)
            if lottery.lacks:
                holds &= ~chunk.holds(lottery.lacks)
            lottery.offer(rng, chunk.person_ids[holds])

    def winners(self) -> tuple[list["SegmentWinners"], np.ndarray]:
        """Persons of each segment and of the background; nobody twice."""
        taken = np.empty(0, dtype=np.int64)
        segments = []
        for segment, lotteries in zip(self.file.segments, self.segments, strict=True):
            drawn = [np.setdiff1d(lottery.winners(), taken) for lottery in lotteries]
            segments.append(
                SegmentWinners(segment, np.sort(np.concatenate(drawn)), _trait_shares(lotteries, drawn))
            )
            taken = np.concatenate([taken, segments[-1].person_ids])
        return segments, np.setdiff1d(self.background.winners(), taken)


@dataclass(frozen=True)
class SegmentWinners:
    """The persons drawn for a segment, and the share of them that has each trait."""

    segment: Segment
    person_ids: np.ndarray
    trait_shares: dict[str, float]


def _trait_shares(lotteries: list[Lottery], drawn: list[np.ndarray]) -> dict[str, float]:
    size = sum(len(persons) for persons in drawn)
    return {
        lottery.lacks[0]: 1 - len(persons) / size if size else 0.0
        for lottery, persons in zip(lotteries, drawn, strict=True)
        if lottery.lacks
    }


def customer_draws(people: int) -> list[FileDraw]:
    """The draws for every customer file of a population of this size."""
    return [
        FileDraw(
            file,
            [_segment_draws(segment, segment.share * file.size(people)) for segment in file.segments],
            Lottery(round(file.background_share * file.size(people))),
        )
        for file in CUSTOMER_FILES
    ]


def _segment_draws(segment: Segment, size: float) -> list[Lottery]:
    part = round((1 - WHOLE_SHARE) * size / len(segment.traits))
    lacking = [
        Lottery(part, tuple(trait for trait in segment.traits if trait != lacked), lacked)
        for lacked in segment.traits
    ]
    return [Lottery(round(WHOLE_SHARE * size), segment.traits), *lacking]


class ChunkTraits:
    """Who in a chunk has which trait; each trait is looked up once."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._holds: dict[tuple[str, str], np.ndarray] = {}
        self.person_ids = table["person_id"].to_numpy()

    def holds(self, trait: tuple[str, str]) -> np.ndarray:
        """For each person, whether the attribute has this value."""
        if trait not in self._holds:
            name, value = trait
            column = self._table[name].chunk(0)
            code = column.dictionary.index(value).as_py()
            self._holds[trait] = column.indices.fill_null(-1).to_numpy() == code
        return self._holds[trait]

    def reached(self, file: CustomerFile) -> np.ndarray:
        """For each person, whether one of the file's identifiers is known."""
        sources = {SOURCE_COLUMNS[kind] for kind in file.columns.values() if kind in IDENTIFIER_CELLS}
        return np.logical_or.reduce([self._table[name].is_valid().to_numpy() for name in sorted(sources)])
