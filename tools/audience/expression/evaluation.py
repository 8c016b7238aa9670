"""Who holds an expression, and how many they are, over roaring bitmaps."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from tools.audience.expression.tree import Expression, Not, Or, Term

BitMapOf = Callable[[str], BitMap]


def evaluate(expression: Expression, bitmap_of: BitMapOf, everyone: BitMap) -> BitMap:
    """The people of `everyone` for whom the expression holds, as a new bitmap.

    `bitmap_of` gives the people of a term by its key; neither they nor `everyone` are changed.
    Recurses by the levels of the expression, which Limits.depth bounds when it was parsed.
    """
    if isinstance(expression, Term):
        return everyone & bitmap_of(expression.key)
    if isinstance(expression, Not):
        return everyone - _union((expression.child,), bitmap_of, everyone)
    if isinstance(expression, Or):
        return everyone & _union(expression.children, bitmap_of, everyone)
    return _narrowed(_parted(expression.children, bitmap_of), bitmap_of, everyone)


def count(expression: Expression, bitmap_of: BitMapOf, everyone: BitMap) -> int:
    """How many people `evaluate` would give; the last step counts them without making the bitmap."""
    if isinstance(expression, Term):
        return everyone.intersection_cardinality(bitmap_of(expression.key))
    if isinstance(expression, Not):
        return len(everyone) - count(expression.child, bitmap_of, everyone)
    if isinstance(expression, Or):
        return everyone.intersection_cardinality(_union(expression.children, bitmap_of, everyone))
    parts = _parted(expression.children, bitmap_of)
    if parts.others:
        last = parts.others.pop()
        return count(last, bitmap_of, _narrowed(parts, bitmap_of, everyone))
    if parts.excluded:
        held = _intersected(parts.bitmaps, everyone)
        return held.difference_cardinality(_union(parts.excluded, bitmap_of, held)) if held else 0
    *smaller, largest = parts.bitmaps
    return _intersected(smaller, everyone).intersection_cardinality(largest)


class _Parts(NamedTuple):
    """The children of an AND by what they cost: bitmaps at hand, what to take away, the rest."""

    bitmaps: list[BitMap]  # of the terms, smallest first
    excluded: list[Expression]  # under a NOT
    others: list[Expression]


def _parted(children: Sequence[Expression], bitmap_of: BitMapOf) -> _Parts:
    bitmaps = [bitmap_of(child.key) for child in children if isinstance(child, Term)]
    excluded = [child.child for child in children if isinstance(child, Not)]
    others: list[Expression] = [child for child in children if not isinstance(child, Term | Not)]
    return _Parts(sorted(bitmaps, key=len), excluded, others)


def _narrowed(parts: _Parts, bitmap_of: BitMapOf, everyone: BitMap) -> BitMap:
    """People of `everyone` who are in all parts; asks no further once nobody is left."""
    held = _intersected(parts.bitmaps, everyone)
    if held and parts.excluded:
        held = held - _union(parts.excluded, bitmap_of, held)
    for other in parts.others:
        if not held:
            break
        held = evaluate(other, bitmap_of, held)
    return held if held is not everyone else everyone.copy()


def _intersected(smallest_first: Sequence[BitMap], everyone: BitMap) -> BitMap:
    # `everyone` comes first: against its full containers the smallest is copied, not compared,
    # 5 times faster than to intersect two dense terms and clip the result.
    held = everyone
    for bitmap in smallest_first:
        held = held & bitmap
        if not held:
            break
    return held


def _union(children: Sequence[Expression], bitmap_of: BitMapOf, everyone: BitMap) -> BitMap:
    """People in any child, to be read only and clipped to `everyone` by the caller."""
    # One union and one clip: 2 to 8 times faster than to clip each of 30 to 200 terms.
    bitmaps = []
    for child in children:
        is_term = isinstance(child, Term)
        bitmaps.append(bitmap_of(child.key) if is_term else evaluate(child, bitmap_of, everyone))
    return BitMap.union(*bitmaps)
