"""Which expression over a few traits best tells some customers from the population?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tools.audience.joint_counts import Conjunction, JointCounts, having_all
from tools.mining.evidence.statistics import Floats, Ints, wilson_interval

LONGEST = 3  # traits of a conjunction
THRESHOLDS = ((2, 3), (2, 4), (3, 4))  # at least so many of so many traits
RECALL_FLOORS = (0.5, 0.35, 0.2, 0.1)  # the first that an expression of some lift holds
LEAST_LIFT = 1.15  # that some expression needs, by the lower end, for the floor to be held
JOINED, EXTENDED = 150, 40  # conjunctions that are joined in pairs; pairs that get a third
NEARLY = 0.95  # power of the best lift, by its lower end, from which an expression is good enough
CHANCE = 0.05  # that any of one kind of expression is overrated


@dataclass(frozen=True)
class Telling:
    """Any of these conjunctions; at_least: how many of their traits that is, where it is such a form."""

    alternatives: tuple[Conjunction, ...]
    at_least: int | None = None


@dataclass(frozen=True)
class _Tried:
    """Expressions of one kind. masks: (n, alternatives); members, people: (n,) who satisfy each."""

    masks: Ints
    members: Ints
    people: Ints
    at_least: int | None = None

    def lengths(self) -> Ints:
        """What a reader has to keep in mind: the traits, each as often as it is named."""
        if self.at_least:
            return np.bitwise_count(np.bitwise_or.reduce(self.masks, axis=1)).astype(np.int64) + 1
        return np.bitwise_count(self.masks).sum(axis=1, dtype=np.int64)

    def telling(self, at: int) -> Telling:
        return Telling(tuple(self.masks[at].tolist()), self.at_least)

    def surest(self, total: int, everyone: int) -> Floats:
        """The lower end of lift, at a level that allows for how many were tried (Bonferroni).

        Without it the many unions win by luck over the few conjunctions wherever members are few.
        """
        low = wilson_interval(self.members, total, 1 - CHANCE / max(1, len(self.masks)))[0]
        return low * everyone / np.maximum(self.people, 1)


def best_telling(joint: JointCounts, members: Ints) -> Telling | None:
    """The expression with the highest lower end of lift among those of enough recall; None without one.

    members: customers of each combination who are to be told. Tried are all conjunctions of up to three
    traits, their unions in pairs and threes, and `at least two of these four` and its like. Of those nearly
    as good as the best, the surest of each length are compared by the members told for each trait named.
    All counts are exact, and what was chosen by them has to be measured on other members.
    """
    total = int(members.sum())
    if not total or not joint.codes:
        return None
    singles = _conjunctions(joint, members)
    kinds = [singles, *_unions(joint, members, singles, total), *_thresholds(joint, members)]
    recall = np.concatenate([kind.members for kind in kinds]) / total
    surest = np.concatenate([kind.surest(total, joint.total) for kind in kinds])
    lengths = np.concatenate([kind.lengths() for kind in kinds])
    for floor in RECALL_FLOORS:
        able = (recall >= floor) & (surest >= LEAST_LIFT)
        if able.any():
            good = np.flatnonzero(able & (surest >= surest[able].max() ** NEARLY))
            good = good[np.argsort(-surest[good], kind="stable")]
            of_length = good[np.unique(lengths[good], return_index=True)[1]]
            return _at(kinds, int(of_length[np.argmax(recall[of_length] / lengths[of_length])]))
    return None


def _at(kinds: Sequence[_Tried], place: int) -> Telling:
    for kind in kinds:
        if place < len(kind.masks):
            return kind.telling(place)
        place -= len(kind.masks)
    raise IndexError(place)


def _bits(joint: JointCounts) -> list[Conjunction]:
    return [1 << at for at in range(len(joint.codes))]


def _conjunctions(joint: JointCounts, members: Ints) -> _Tried:
    bits = _bits(joint)
    masks = np.array([sum(some) for many in range(1, LONGEST + 1) for some in combinations(bits, many)])
    return _Tried(masks[:, None], having_all(members)[masks], having_all(joint.people)[masks])


def _thresholds(joint: JointCounts, members: Ints) -> Iterator[_Tried]:
    for at_least, many in THRESHOLDS:
        some = list(combinations(_bits(joint), many))
        if some:
            held = [np.bitwise_count(joint.combinations & sum(each)) >= at_least for each in some]
            yield _Tried(
                np.array([[sum(part) for part in combinations(each, at_least)] for each in some]),
                np.array([members[each].sum() for each in held]),
                np.array([joint.people[each].sum() for each in held]),
                at_least,
            )


def _unions(joint: JointCounts, members: Ints, singles: _Tried, total: int) -> Iterator[_Tried]:
    """Pairs of the conjunctions that tell most, and threes that begin with the best pairs."""
    masks = singles.masks[_telling_most(singles, total, JOINED)]
    pairs = _joined(joint, members, masks, masks[:, 0])
    yield pairs
    best = _telling_most(pairs, total, EXTENDED)
    if len(best):
        yield _joined(joint, members, pairs.masks[best], masks[:, 0])


def _joined(joint: JointCounts, members: Ints, starts: Ints, others: Ints) -> _Tried:
    """Each start or each other, counted by inclusion and exclusion; where neither holds the other.

    starts: (n, alternatives); others: (m,). A union that is reached in two ways is kept once.
    """
    begun = np.stack([joint.holding(each) for each in starts.tolist()]).astype(np.float64)
    added = np.stack([joint.holding([each]) for each in others.tolist()]).astype(np.float64)
    which, other = (each.ravel() for each in np.indices((len(starts), len(others))))
    masks = np.sort(np.column_stack([starts[which], others[other]]), axis=1)
    both = starts[which] & others[other][:, None]
    apart = ~((both == starts[which]) | (both == others[other][:, None])).any(axis=1)
    kept = np.flatnonzero(apart)
    kept = kept[np.unique(masks[kept], axis=0, return_index=True)[1]]
    counts = []
    # As floats, which are exact up to 2^53 people and multiplied much faster than integers.
    for weights in (members, joint.people):
        union = (begun @ weights)[:, None] + (added @ weights)[None, :] - (begun * weights) @ added.T
        counts.append(union.ravel()[kept].astype(np.int64))
    return _Tried(masks[kept], counts[0], counts[1])


def _telling_most(tried: _Tried, total: int, most: int) -> Ints:
    """Places of those that tell most members at the least cost: recall times lift, by its lower end."""
    low = wilson_interval(tried.members, total)[0]
    return np.argsort(-(low**2) / np.maximum(tried.people, 1), kind="stable")[:most]
