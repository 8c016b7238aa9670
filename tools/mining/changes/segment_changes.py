"""Which segment of now is which of then, and did it grow?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.mining.changes.change_findings import SegmentChange
from tools.mining.changes.share_change import can_differ, change_of, correlation, phi
from tools.mining.evidence.statistics import difference_p

# Above a half a match is the only one; a cluster below it counts as dissolved (Hennig 2007).
SAME_MEMBERS = 0.5
SAME_TRAITS = 1 / 3  # lists of traits end where significance does, so they differ more than members
FEWEST_STAYED = 50  # people in both, from whom it can be told which segment went where

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Overlap:
    """Person ids of those who are customers in both, and how far a trait of theirs then tells the one of now.

    agreement: phi by cluster hash; `otherwise` for the rest, 1 where both are read from one snapshot.
    """

    ids: Ids
    agreement: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = 0.0

    @property
    def customers(self) -> int:
        """How many are in both."""
        return len(self.ids)


@dataclass(frozen=True)
class ComparedSegment:
    """A segment: its traits by cluster hash, and its people where they are still known."""

    segment_id: int
    name: str
    size: int
    traits: frozenset[str]
    members: Ids | None = None


def followed(segments: Sequence[ComparedSegment], overlap: Overlap) -> bool:
    """Whether segments can be matched by their people: they are known, and enough of them are in both."""
    return overlap.customers >= FEWEST_STAYED and all(one.members is not None for one in segments)


def segment_changes(
    before: Sequence[ComparedSegment],
    after: Sequence[ComparedSegment],
    customers_before: int,
    customers_after: int,
    overlap: Overlap | None,
) -> list[SegmentChange]:
    """Every segment of both, matched by the people in both, else by traits; q-values are not known yet.

    A share that moved is `grown` or `shrunk` until `judged` says that chance explains it.
    """
    shared = overlap if overlap and followed([*before, *after], overlap) else None
    pairs = _pairs(before, after, shared)
    totals = (customers_after, customers_before)
    found = [_matched(before[then], after[now], totals, shared, fit) for now, (then, fit) in pairs.items()]
    found += [_born(one, customers_after, shared) for at, one in enumerate(after) if at not in pairs]
    known = {then for then, _ in pairs.values()}
    found += [_gone(one, customers_before, shared) for at, one in enumerate(before) if at not in known]
    return found


def judged(change: SegmentChange, q: float) -> SegmentChange:
    """The change, `kept` where its share moved no more than chance allows."""
    if change.change not in ("grown", "shrunk"):
        return change
    if change.q_value is None:
        return change.model_copy(update={"change": "kept"})
    share = change.share and change.share.model_copy(update={"q_value": change.q_value})
    return change.model_copy(update={"share": share} | ({"change": "kept"} if change.q_value > q else {}))


def _pairs(
    before: Sequence[ComparedSegment], after: Sequence[ComparedSegment], overlap: Overlap | None
) -> dict[int, tuple[int, float]]:
    """For each segment of now that has one, the segment of then and how alike they are; the likest first."""
    least = SAME_MEMBERS if overlap else SAME_TRAITS
    fits = [
        (_jaccard(then, now, overlap), at_now, at_then)
        for at_now, now in enumerate(after)
        for at_then, then in enumerate(before)
    ]
    pairs: dict[int, tuple[int, float]] = {}
    for fit, now, then in sorted(fits, key=lambda each: (-each[0], each[1], each[2])):
        if fit > least and now not in pairs and then not in {taken for taken, _ in pairs.values()}:
            pairs[now] = then, fit
    return dict(sorted(pairs.items()))


def _jaccard(then: ComparedSegment, now: ComparedSegment, overlap: Overlap | None) -> float:
    if overlap is None:
        return len(then.traits & now.traits) / max(1, len(then.traits | now.traits))
    old, new = _stayed(then, overlap), _stayed(now, overlap)
    shared = len(np.intersect1d(old, new))
    return shared / max(1, len(old) + len(new) - shared)


def _stayed(segment: ComparedSegment, overlap: Overlap) -> Ids:
    assert segment.members is not None
    return np.intersect1d(segment.members, overlap.ids)


def _matched(
    then: ComparedSegment, now: ComparedSegment, totals: tuple[int, int], overlap: Overlap | None, fit: float
) -> SegmentChange:
    rho = _rho(then, now, totals, overlap)
    share = change_of(now.size, totals[0], then.size, totals[1], rho)
    tested = bool(can_differ(now.size, totals[0], then.size, totals[1], rho))
    return SegmentChange(
        change="grown" if share.difference.value >= 0 else "shrunk",
        name_before=then.name,
        name_after=now.name,
        id_before=then.segment_id,
        id_after=now.segment_id,
        size_before=then.size,
        size_after=now.size,
        overlap=fit,
        share=share,
        p_value=share.p_value if tested else None,
    )


def _rho(
    then: ComparedSegment, now: ComparedSegment, totals: tuple[int, int], overlap: Overlap | None
) -> float:
    if overlap is None:
        return 0.0
    old, new = _stayed(then, overlap), _stayed(now, overlap)
    agreed = phi(len(np.intersect1d(old, new)), len(new), len(old), overlap.customers)
    return float(correlation(overlap.customers, *totals, agreed))


def _born(segment: ComparedSegment, customers: int, overlap: Overlap | None) -> SegmentChange:
    newcomers, p_value = _newcomers(segment, customers, overlap)
    return SegmentChange(
        change="born",
        name_after=segment.name,
        id_after=segment.segment_id,
        size_after=segment.size,
        newcomers=newcomers,
        p_value=p_value,
    )


def _gone(segment: ComparedSegment, customers: int, overlap: Overlap | None) -> SegmentChange:
    left, p_value = _newcomers(segment, customers, overlap)
    return SegmentChange(
        change="gone",
        name_before=segment.name,
        id_before=segment.segment_id,
        size_before=segment.size,
        newcomers=left,
        p_value=p_value,
    )


def _newcomers(
    segment: ComparedSegment, customers: int, overlap: Overlap | None
) -> tuple[int | None, float | None]:
    """Its customers who are not in both, and the p-value of there being as many among the others."""
    if overlap is None:
        return None, None
    inside = segment.size - len(_stayed(segment, overlap))
    others = customers - segment.size
    outside = customers - overlap.customers - inside
    if others <= 0 or not bool(can_differ(inside, segment.size, outside, others)):
        return inside, None
    if inside / segment.size <= outside / others:
        return inside, 1.0  # drawn anew among those who were there: no news
    return inside, float(difference_p(inside, segment.size, outside, others))
