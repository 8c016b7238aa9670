"""Which conditions can be asked of these rows, and who meets them?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from store.features import Feature, FeatureTable
from tools.mining.evidence.statistics import Ints
from tools.mining.evidence.variables import IMPLIED, TELLING_LIFT, Pairs, dependent
from tools.mining.rows.membership import Membership, Words, pack, popcount, unpack
from tools.mining.sets.itemsets import co_occurrence, set_counts
from tools.outcomes.patterns.conditions.condition import (
    Condition,
    holding,
    level_condition,
    range_condition,
)
from tools.outcomes.patterns.conditions.edges import edges_of
from tools.outcomes.patterns.conditions.query import ConditionQuery


@dataclass(frozen=True)
class Candidates:
    """Conditions, and in packed bits the rows that meet them.

    rows.bits: first one row for each condition, then one for each column, of those where it is known.
    variables (M,): the same number for conditions of one number or category; each value of a set has its own,
    since a set holds several. known (M,): the place in rows.bits of the column of each condition.
    """

    conditions: list[Condition]
    rows: Membership
    variables: Ints
    known: Ints
    bounded: bool = False

    @classmethod
    def of(cls, table: FeatureTable, query: ConditionQuery) -> "Candidates":
        """The candidates of these rows: neither so rare nor so common that they could say nothing.

        Nothing here looks at outcomes. Of more than query.max_conditions the evenest are kept.
        """
        floor = query.floor(table.rows)
        chosen = [column for each in table.features if (column := _Column.of(each, query, floor))]
        bounded = sum(len(column.conditions) for column in chosen) > query.max_conditions
        if bounded:
            chosen = _evenest(chosen, query.max_conditions)
        conditions = [condition for column in chosen for condition in column.conditions]
        words = len(pack(np.zeros(table.rows, dtype=np.bool_)))
        bits = np.concatenate(
            [np.empty((0, words), np.uint64), *(c.bits for c in chosen), *(c.known[None] for c in chosen)]
        )
        known = np.repeat(np.arange(len(chosen)), [len(column.conditions) for column in chosen])
        return cls(
            conditions,
            Membership(np.arange(len(bits), dtype=np.int32), bits, table.rows),
            _variables(conditions),
            (known + len(conditions)).astype(np.int64),
            bounded,
        )

    def __len__(self) -> int:
        return len(self.conditions)

    def notes(self) -> list[str]:
        """What a reader has to know of the choice."""
        return [f"Only the {len(self):,} evenest conditions were looked at."] if self.bounded else []

    def told(self, members: Ints) -> list[Condition]:
        """The conditions of a set, in the order of the columns."""
        return [self.conditions[place] for place in members]

    def cover(self, members: Ints) -> Words:
        """The rows that meet all of these, packed."""
        return self.rows.cover(members)


@dataclass(frozen=True)
class _Column:
    """The conditions of one column with the rows that meet them, and where it is known."""

    conditions: list[Condition]
    bits: Words
    known: Words

    @classmethod
    def of(cls, feature: Feature, query: ConditionQuery, floor: int) -> "_Column | None":
        known = feature.known()
        total = int(known.sum())
        if total < 2 * floor:
            return None
        made = _ranges(feature, query) if feature.kind == "number" else _levels(feature, floor)
        kept = [(condition, pack(met)) for condition, met in made if floor <= met.sum() <= total - floor]
        if not kept:
            return None
        return cls([one for one, _ in kept], np.stack([met for _, met in kept]), pack(known))

    def only(self, places: list[int]) -> "_Column":
        return _Column([self.conditions[place] for place in places], self.bits[places], self.known)


def _ranges(feature: Feature, query: ConditionQuery) -> Iterator[tuple[Condition, np.ndarray]]:
    step = max(1, feature.rows // query.edge_rows)
    edges = [-np.inf, *edges_of(feature.values[::step], query.quantiles), np.inf]
    codes = np.searchsorted(edges[1:-1], feature.values, side="right").astype(np.int16)
    codes[np.isnan(feature.values)] = -1
    known = feature.values[codes >= 0]
    whole = bool(np.all(known == np.floor(known)))
    for first, last in combinations(range(len(edges)), 2):
        if last - first < len(edges) - 1:
            low = None if first == 0 else edges[first]
            high = None if last == len(edges) - 1 else edges[last]
            yield range_condition(feature, low, high, whole), (codes >= first) & (codes < last)


def _levels(feature: Feature, floor: int) -> Iterator[tuple[Condition, np.ndarray]]:
    counts = np.bincount(feature.values[feature.values >= 0], minlength=len(feature.levels))
    for code in np.flatnonzero(counts >= floor).tolist():
        yield level_condition(feature, feature.levels[code]), holding(feature, code)


def _evenest(columns: list[_Column], most: int) -> list[_Column]:
    """The columns with only their evenest conditions, `most` in all."""
    having = np.concatenate([popcount(column.bits) for column in columns])
    known = np.concatenate([np.full(len(c.conditions), popcount(c.known)) for c in columns])
    chosen = set(np.argsort(-np.minimum(having, known - having), kind="stable")[:most].tolist())
    first, kept = 0, []
    for column in columns:
        places = [at for at in range(len(column.conditions)) if first + at in chosen]
        first += len(column.conditions)
        if places:
            kept.append(column.only(places))
    return kept


def _variables(conditions: list[Condition]) -> Ints:
    names = [
        f"{each.attribute}\n{each.value}" if each.kind == "set" else each.attribute for each in conditions
    ]
    return np.unique(names, return_inverse=True)[1].astype(np.int64) if names else np.empty(0, dtype=np.int64)


class Group:
    """Some of the rows, counted: by condition, by pair, by set."""

    def __init__(self, candidates: Candidates, rows: np.ndarray) -> None:
        """rows: bool, one for each row of the candidates."""
        self.candidates, self.mask, self.total = candidates, pack(rows), int(rows.sum())

    @cached_property
    def members(self) -> Membership:
        rows = self.candidates.rows
        return rows.subset(np.flatnonzero(unpack(self.mask, rows.total)))

    @cached_property
    def together(self) -> Ints:
        """(M + V, M + V): rows that meet both; a column after the conditions stands for being known."""
        if not len(self.members.bits):
            return np.zeros((0, 0), dtype=np.int64)
        return co_occurrence(self.members)

    def counts(self, sets: Ints) -> Ints:
        """(S,): rows that meet all of each line of (S, L)."""
        if sets.shape[1] == 1:
            return np.diag(self.together)[sets[:, 0]]
        if sets.shape[1] == 2:
            return self.together[sets[:, 0], sets[:, 1]]
        return set_counts(self.members, sets)


class Remainder(Group):
    """The rows of a group that are not in a part of it, counted by taking away."""

    def __init__(self, whole: Group, part: Group) -> None:
        self.candidates, self.mask = whole.candidates, whole.mask & ~part.mask
        self.total, self.whole, self.part = whole.total - part.total, whole, part

    @cached_property
    def together(self) -> Ints:
        return self.whole.together - self.part.together

    def counts(self, sets: Ints) -> Ints:
        return self.whole.counts(sets) - self.part.counts(sets)


def bound_pairs(candidates: Candidates, together: Ints) -> Pairs:
    """(M, M): pairs that may not meet in a set: of one variable, or where one follows from the other."""
    size = len(candidates)
    counts, both = np.diag(together)[:size], together[:size, :size]
    total = np.diag(together)[candidates.known]
    implied = (both >= IMPLIED * counts[:, None]) & (counts[:, None] > 0)
    implied &= both * total[None, :] >= TELLING_LIFT * counts[:, None] * counts[None, :]
    np.fill_diagonal(implied, False)
    return dependent(candidates.variables, implied, counts)
