"""Which sets say something of their own: beyond their parts, beyond the population, beyond each other?"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints, log_p_enriched
from tools.mining.sets.itemsets import Sets

# Persons of no particular kind added to every conditional share, so that few people prove little.
PSEUDO_PERSONS = 30
STANDARD_ERRORS = 2

Count = Callable[[Ints], Ints]


def log_p_productive(sets: Sets, customers_of: Count, total: int) -> Floats:
    """log p of the least convincing split: (S,).

    A set is productive (Webb 2010) when its customers are more than chance gives for every way to
    split it in two; each split is a hypergeometric test of the two halves.
    """
    worst = np.full(len(sets), -np.inf)
    for one, other in _splits(sets.length):
        first, second = customers_of(sets.members[:, one]), customers_of(sets.members[:, other])
        worst = np.maximum(worst, log_p_enriched(sets.counts, first, second, total))
    return worst


def least_added(sets: Sets, customers_of: Count, others_of: Count, usual_share: Floats) -> Floats:
    """The factor that the least useful member adds to the set's lift over other people, cautiously: (S,).

    A member i adds P(i | rest) among the customers / P(i | rest) among other people: what remains
    after the rest has been told, and after what i and the rest have in common everywhere. Both are
    shrunk by 30 pseudo-persons (the others' towards the share of i, the customers' towards the
    others'), and two standard errors of the log are taken off. usual_share: (M,) of the others.
    The others are the population without the customers: where these are a good part of it, they
    would else be compared with themselves.
    """
    least = np.full(len(sets), np.inf)
    others = others_of(sets.members)
    for place, rest in enumerate(one_shorter(sets.members)):
        # Half a person where nobody else has the member: it then adds much, and not without bound.
        usual = _shrunk(np.maximum(others, 0.5), others_of(rest), usual_share[sets.members[:, place]])
        here = _shrunk(sets.counts, customers_of(rest), usual)
        variance = (1 - here) / sets.counts + (1 - usual) / np.maximum(others, 1)
        added = np.log(here / usual) - STANDARD_ERRORS * np.sqrt(np.maximum(variance, 0.0))
        least = np.minimum(least, np.exp(added))
    return least


def log_excess(
    together: Ints, first: Ints, second: Ints, total: int, *, others: tuple[Ints, Ints, Ints, int]
) -> tuple[Floats, Floats]:
    """log of a pair's lift here / its lift among other people, and its standard error: (P,) each.

    Customers of both traits, of the first, of the second, and in all; then the same of the others,
    whose lift is shrunk towards 1 by 30 pseudo-persons. What holds for everybody (rich people are old,
    an own house has a garden) gives an excess of nothing, however large the lift.
    """
    both, one, other, people = others
    expected = one * other / max(people, 1)
    here = np.log((together + 0.5) * max(total, 1) / ((first + 0.5) * (second + 0.5)))
    there = np.log((both + PSEUDO_PERSONS) / (expected + PSEUDO_PERSONS))
    return here - there, np.sqrt(1 / (together + 0.5) + 1 / (both + PSEUDO_PERSONS))


def closed(sets: Sequence[Sets]) -> list[NDArray[np.bool_]]:
    """For each table of sets: which have no superset in the others of the same customers."""
    rows = [_as_bytes(each.counts, each.members) for each in sets]
    repeated = [np.zeros(len(each), dtype=np.bool_) for each in sets]
    for (i, shorter), (_, longer) in permutations(enumerate(sets), 2):
        if shorter.length < longer.length and len(shorter) and len(longer):
            for places in combinations(range(longer.length), shorter.length):
                parts = _as_bytes(longer.counts, longer.members[:, places])
                repeated[i] |= np.isin(rows[i], parts)
    return [~each for each in repeated]


def one_shorter(members: Ints) -> Iterator[Ints]:
    """For each place, the sets without their member there."""
    for place in range(members.shape[1]):
        yield np.delete(members, place, axis=1)


def _splits(length: int) -> Iterator[tuple[list[int], list[int]]]:
    for mask in range(1, 1 << (length - 1)):
        one = [i for i in range(length) if mask >> i & 1]
        yield one, [i for i in range(length) if i not in one]


def _shrunk(having: NDArray, rest: NDArray, prior: Floats) -> Floats:
    return (having + PSEUDO_PERSONS * prior) / (rest + PSEUDO_PERSONS)


def _as_bytes(counts: Ints, members: Ints) -> NDArray[np.void]:
    """Each row, its count first, as one value that can be looked up."""
    rows = np.ascontiguousarray(np.column_stack([counts, members]))
    return rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
