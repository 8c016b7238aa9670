"""Where can a number be cut so that a reader can remember the cut?"""

import math

import numpy as np

# Steps of a power of ten, roundest first.
STEPS = (1.0, 0.5, 0.2)


def readable(low: float, high: float, near: float) -> float:
    """The roundest number in (low, high], of equally round ones the nearest to `near`.

    Rounder is a multiple of a larger step among ..., 100, 50, 20, 10, 5, 2, 1, ...
    """
    top = max(abs(low), abs(high))
    if not low < high or not math.isfinite(top):
        return high
    if low < 0 <= high:
        return 0.0
    first = math.floor(math.log10(top)) + 1
    for power in range(first, first - 18, -1):
        for step in STEPS:
            found = _multiple(low, high, near, step, power)
            if found is not None:
                return found
    return high


def _multiple(low: float, high: float, near: float, step: float, power: int) -> float | None:
    size = step * 10.0**power
    digits = max(0, 1 - power)
    middle = round(near / size)
    around = [round(times * size, digits) for times in (middle, middle - 1, middle + 1)]
    within = [value for value in around if low < value <= high]
    return min(within, key=lambda value: abs(value - near), default=None)


def number_edges(values: np.ndarray, cells: int) -> np.ndarray:
    """Rising edges that cut these finite numbers into about `cells` cells of equally many, float64.

    Up to `cells` distinct values are all told apart; of more, quantiles are, and values that many rows share.
    An edge is moved to the roundest number that is at most half-way to the next edge, and not past a value
    that many rows share.
    """
    if not len(values):
        return np.empty(0)
    ordered = np.sort(values)
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    distinct = ordered[first]
    if len(distinct) <= cells:
        pairs = zip(distinct[:-1].tolist(), distinct[1:].tolist(), strict=True)
        return np.array([readable(low, high, high) for low, high in pairs])
    counts = np.diff(np.append(np.flatnonzero(first), len(ordered)))
    return _quantile_edges(ordered, distinct, counts, cells)


def _quantile_edges(ordered: np.ndarray, distinct: np.ndarray, counts: np.ndarray, cells: int) -> np.ndarray:
    quantiles = ordered[np.arange(1, cells) * len(ordered) // cells]
    shared = np.flatnonzero(counts > len(ordered) / cells)
    after = distinct[np.minimum(shared + 1, len(distinct) - 1)]
    atoms = distinct[shared]
    cuts = np.unique(np.concatenate((quantiles, atoms, after)))
    cuts = cuts[cuts > distinct[0]]
    middles = (cuts[:-1] + cuts[1:]) / 2
    lows = np.concatenate((cuts[:1] - (cuts[:1] - distinct[0]) / 2, middles))
    highs = np.concatenate((middles, cuts[-1:] + (distinct[-1] - cuts[-1:]) / cells))
    below = np.concatenate(([-np.inf], atoms))[np.searchsorted(atoms, cuts, side="left")]
    above = np.concatenate((atoms, [np.inf]))[np.searchsorted(atoms, cuts, side="left")]
    highs = np.where(np.isin(cuts, after), cuts, np.minimum(highs, above))
    bounds = zip(np.maximum(lows, below).tolist(), highs.tolist(), cuts.tolist(), strict=True)
    return np.unique([readable(low, high, near) for low, high, near in bounds])
