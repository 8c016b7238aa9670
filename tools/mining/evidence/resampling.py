"""In how many bootstrap samples of the customers would a set be proven again?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Floats, Ints, log_p_enriched
from tools.mining.rows.membership import Membership, popcount
from tools.mining.rows.population_counts import SetSizes
from tools.mining.sets.itemsets import Sets
from tools.mining.sets.redundancy import least_added, log_excess, log_p_productive

# Standard error of a share of .5: 3.5 points.
DRAWS = 200
# Sets drawn at once: 64 x 200 draws of up to 64 cells are 6.5 MB.
BLOCK = 64


@dataclass(frozen=True)
class SetBar:
    """What a set of one length passed: customers, ratio to chance and to people, what each trait adds.

    cutoff: the largest p-value that is a discovery; deepened: the same of a pair against chance alone,
    which every pair of a longer set has to pass.
    """

    floor: int
    min_lift: float
    min_enrichment: float
    min_added: float
    cutoff: float
    deepened: float


def again_sets(
    customers: Membership,
    members: Sequence[Ints],
    people_of: SetSizes,
    people: int,
    bars: Sequence[SetBar],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Floats:
    """Share of bootstrap samples of the customers in which each set would be proven again: (S,).

    members: rows of Membership.bits; people_of: the same codes, asked once for what it does not hold;
    bars: of each set. By the traits of a set of L the customers fall into 2^L cells, and a sample is a
    multinomial draw over the cells, so no row is drawn. It depends on the seed and on the set's codes alone.
    """
    rows = [np.sort(np.asarray(row)) for row in members]
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    by_length = {int(length): np.flatnonzero(lengths == length) for length in np.unique(lengths)}
    tables = {length: np.array([rows[i] for i in places]) for length, places in by_length.items()}
    people_of.fetch(table[:, part] for length, table in tables.items() for part in _subsets(length))
    again = np.zeros(len(rows))
    for length, places in by_length.items():
        for start in range(0, len(places), BLOCK):
            block = tables[length][start : start + BLOCK]
            drawn = _Drawn.of(customers, block, people_of, people, draws, seed)
            which = places[start : start + BLOCK]
            again[which] = drawn.passing([bars[i] for i in which])
    return again


@dataclass(frozen=True)
class _Drawn:
    """Bootstrap samples by set. A subset of the members is a mask, member i being bit i.

    counts (S, draws, 2^L): customers drawn with all members of a mask; others, people (S, 2^L).
    """

    counts: Ints
    others: Ints
    people: Ints
    total: int

    @classmethod
    def of(
        cls, customers: Membership, table: Ints, people_of: SetSizes, people: int, draws: int, seed: int
    ) -> "_Drawn":
        sizes, length = len(table), table.shape[1]
        counted = np.array([_subset_counts(customers, row) for row in table])
        among = np.full((sizes, 1 << length), people, dtype=np.int64)
        for part in _subsets(length):
            among[:, _mask(part)] = people_of(table[:, part])
        among = np.maximum(among, counted)
        drawn = np.empty((sizes, draws, 1 << length), dtype=np.int64)
        for i, row in enumerate(table):
            rng = np.random.default_rng([seed, *customers.codes[row].tolist()])
            shares = _cells(counted[i]) / max(customers.total, 1)
            drawn[i] = _summed(rng.multinomial(customers.total, shares, draws))
        return cls(drawn, among - counted, among, customers.total)

    @property
    def length(self) -> int:
        return self.others.shape[1].bit_length() - 1

    def passing(self, bars: Sequence[SetBar]) -> Floats:
        """Share of each set's samples that pass: (S,)."""
        enough = self.counts[:, :, -1] >= np.array([[max(bar.floor, 1)] for bar in bars])
        which, _ = np.nonzero(enough)
        passed = np.zeros(enough.shape, dtype=np.bool_)
        passed[enough] = _Samples(self, self.counts[enough], which, bars).passed()
        return passed.mean(axis=1)


@dataclass(frozen=True)
class _Samples:
    """The samples that hold enough of their set, one a row: counts (R, 2^L), which (R,) set each is of.

    bars: by set.
    """

    drawn: _Drawn
    counts: Ints
    which: Ints
    bars: Sequence[SetBar]

    def passed(self) -> NDArray[np.bool_]:
        """Whether each sample proves its set: (R,)."""
        total, length = self.drawn.total, self.drawn.length
        together, people = self.counts[:, -1], self.drawn.people[self.which, -1]
        # Members are numbered through all sets, so that each column of a row stands for its own trait.
        sets = Sets(self.which[:, None] * length + np.arange(length), together, 0)
        singles = self.counts[:, [1 << i for i in range(length)]]
        everybody = self.drawn.people[self.which, 0]
        worst = np.maximum(
            log_p_productive(sets, self._customers_of, total),
            log_p_enriched(together, total, people, everybody),
        )
        added = least_added(sets, self._customers_of, self._others_of, self._usual())
        passed = together / total / (singles / total).prod(axis=1) >= self._needed("min_lift")
        passed &= together / total / (people / everybody) >= self._needed("min_enrichment")
        passed &= (worst <= _log(self._needed("cutoff"))) & (added >= self._needed("min_added"))
        return passed & self._deepened() if length > 2 else passed

    def _deepened(self) -> NDArray[np.bool_]:
        """Whether every pair is beyond chance, and more so than among other people."""
        passed = np.ones(len(self.which), dtype=np.bool_)
        rest, total = self.drawn.others[self.which], self.drawn.total
        usual = int(self.drawn.others[0, 0])
        for a, b in combinations(range(self.drawn.length), 2):
            joint, first, second = _mask([a, b]), 1 << a, 1 << b
            both, one, other = self.counts[:, joint], self.counts[:, first], self.counts[:, second]
            others = (rest[:, joint], rest[:, first], rest[:, second], usual)
            excess, error = log_excess(both, one, other, total, others=others)
            lift = both / total / (one / total * (other / total))
            passed &= (excess > error) & (lift >= self._needed("min_lift"))
            passed &= log_p_enriched(both, one, other, total) <= _log(self._needed("deepened"))
        return passed

    def _needed(self, name: str) -> Floats:
        """This figure of each sample's bar."""
        return np.array([getattr(bar, name) for bar in self.bars], dtype=np.float64)[self.which]

    def _usual(self) -> Floats:
        """Share of the other people who have each member: (sets * L,)."""
        alone = self.drawn.others[:, [1 << i for i in range(self.drawn.length)]]
        return (alone / np.maximum(self.drawn.others[:, :1], 1)).ravel()

    def _customers_of(self, members: Ints) -> Ints:
        return self.counts[:, self._mask_of(members)]

    def _others_of(self, members: Ints) -> Ints:
        return self.drawn.others[self.which, self._mask_of(members)]

    def _mask_of(self, members: Ints) -> int:
        return _mask((members[0] % self.drawn.length).tolist()) if len(members) else 0


def _subset_counts(customers: Membership, row: Ints) -> Ints:
    """Customers with at least the members of each mask: (2^L,)."""
    covers = [customers.cover([])]
    for member in row:
        covers += [cover & customers.bits[member] for cover in covers]
    return popcount(np.array(covers))


def _cells(counts: Ints) -> Ints:
    """Customers with exactly the members of each mask, from those with at least these (Moebius)."""
    cells = counts.copy()
    for bit in _bits(len(counts)):
        pairs = cells.reshape(-1, 2, bit)
        pairs[:, 0] -= pairs[:, 1]
    return cells


def _summed(cells: Ints) -> Ints:
    """The reverse of _cells along the last axis."""
    counts = np.ascontiguousarray(cells, dtype=np.int64)
    for bit in _bits(counts.shape[-1]):
        pairs = counts.reshape(*counts.shape[:-1], -1, 2, bit)
        pairs[..., 0, :] += pairs[..., 1, :]
    return counts


def _bits(masks: int) -> list[int]:
    return [1 << i for i in range(masks.bit_length() - 1)]


def _subsets(length: int) -> Iterator[list[int]]:
    """All subsets of the members but the empty one."""
    for mask in range(1, 1 << length):
        yield [i for i in range(length) if mask >> i & 1]


def _mask(part: Sequence[int]) -> int:
    return sum(1 << i for i in part)


def _log(p_values: Floats) -> Floats:
    """-inf for 0, which nothing passes."""
    return np.log(p_values, out=np.full(p_values.shape, -np.inf), where=p_values > 0)
