"""At which readable numbers is a column cut?"""

from collections.abc import Sequence

import numpy as np

# How far from its quantile an edge may move to become readable, as a share of the rows on its shorter side.
LEEWAY = 0.25
SMALLEST = 1e-300  # under it there are too few digits to choose from
STEPS = (5.0, 2.5, 2.0, 1.0)  # times a power of ten, roundest first


def edges_of(values: np.ndarray, quantiles: Sequence[float]) -> list[float]:
    """Ascending edges near the quantiles of the known values, each the roundest number nearby.

    Edges depend on the values alone, never on outcomes, so that choosing them costs no significance. Of a
    column with no more distinct values than quantiles, every value but the lowest is an edge.
    """
    known = np.sort(values[~np.isnan(values)])
    if not len(known) or known[0] == known[-1]:
        return []
    distinct = np.unique(known)
    if len(distinct) <= len(quantiles) + 1:
        return [float(value) for value in distinct[1:]]
    found = {_edge(known, quantile) for quantile in quantiles}
    if np.all(distinct == np.floor(distinct)):
        found = {float(np.ceil(edge)) for edge in found}  # whole numbers from 2.5 on are those from 3 on
    return sorted(edge for edge in found if known[0] < edge <= known[-1])


def _edge(known: np.ndarray, quantile: float) -> float:
    room = LEEWAY * min(quantile, 1 - quantile)
    places = np.clip(
        (np.array([quantile - room, quantile + room]) * (len(known) - 1)).round(), 0, len(known) - 1
    )
    low, high = known[places.astype(np.int64)]
    return roundest(float(low), float(high))


def roundest(low: float, high: float) -> float:
    """The roundest number of low..high: of the greatest step (5, 2.5, 2 or 1 times a power of ten)."""
    if low <= 0 <= high:
        return 0.0
    if not np.isfinite(low) or not np.isfinite(high) or low == high or max(-low, high) < SMALLEST:
        return low
    top = int(np.floor(np.log10(max(abs(low), abs(high)))))
    for power in range(top, top - 17, -1):
        for step in STEPS:
            whole = step * 10.0**power
            # Rounding takes away the 0.30000000000000004 of a product.
            multiple = round(float(np.ceil(low / whole)) * whole, max(0, 2 - power))
            if low <= multiple <= high:
                return multiple
    return low
