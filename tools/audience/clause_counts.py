"""What does each part of an expression bring: whom it has alone, and whom the whole would have without it?"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from store.population.population import Population
from store.population.shard import Shard
from tools.audience.expression import Expression, count, evaluate
from tools.audience.preview import AudienceIdentifier
from tools.audience.selection import Selection, selected


class Part(NamedTuple):
    """A part of an expression, and the whole without it; None is anyone. Terms are cluster codes."""

    part: Expression
    rest: Expression | None


class PartCount(NamedTuple):
    """People of the population for whom the part holds, and people of the whole without it."""

    alone: int
    without: int


class Counted(NamedTuple):
    """Exact counts. everyone: who lives there and is not left out; total: those whom the whole holds for."""

    everyone: int
    total: int
    reachable: int
    parts: list[PartCount]
    people: list[BitMap]

    def effect(self, at: int) -> int:
        """How many people the part adds to the whole; below 0, how many it takes away."""
        return self.total - self.parts[at].without


def clause_counts(
    population: Population,
    whole: Expression | None,
    parts: Sequence[Part],
    around: Selection,
    channel: AudienceIdentifier,
) -> Counted:
    """The whole counted, and each part of it, in one pass over the population.

    around: the circle and the people left out, in which `total` and `without` are counted; its own
    expression narrows them too. reachable: of the total, those with an identifier of the channel.
    """
    found = population.ask(_counted, whole, list(parts), around, channel)
    sums = np.sum([counts for counts, _ in found], axis=0).tolist()
    pairs = [PartCount(*sums[at : at + 2]) for at in range(3, len(sums), 2)]
    return Counted(sums[0], sums[1], sums[2], pairs, [people for _, people in found])


def _counted(
    shard: Shard, whole: Expression | None, parts: list[Part], around: Selection, channel: AudienceIdentifier
) -> tuple[list[int], BitMap]:
    # The circle is looked at once for all counts: it costs more than most expressions.
    there = selected(shard, around)

    def of(code: str) -> BitMap:
        return shard.bitmaps[int(code)]

    held = evaluate(whole, of, there) if whole else there
    counts = [len(there), len(held), held.intersection_cardinality(shard.having(channel))]
    for part, rest in parts:
        counts += [count(part, of, shard.everyone), count(rest, of, there) if rest else len(there)]
    return counts, held


class Shared(NamedTuple):
    """How two sets of people lie to each other."""

    both: int
    only_this: int
    only_other: int


def shared(people: Sequence[BitMap], others: Sequence[BitMap]) -> Shared:
    """How many are in both sets and in each alone; the sets shard by shard, by local number."""
    pairs = list(zip(people, others, strict=True))
    both = sum(mine.intersection_cardinality(other) for mine, other in pairs)
    return Shared(both, sum(map(len, people)) - both, sum(map(len, others)) - both)
