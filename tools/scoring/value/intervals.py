"""Between which bounds will a customer's spend lie?"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, Field

BINS = 12
FEWEST = 60  # held-out customers in a bin
OFFSET = 0.1  # of the unit: keeps the ratio of spend to forecast bounded where little is foretold


class Bands(BaseModel):
    """Bounds as multiples of the forecast plus a tenth of the unit, by bins of the forecast / unit."""

    edges: list[float] = Field(description="Upper ends of all bins but the last, of forecast / unit.")
    low: list[float]
    high: list[float]

    def around(self, forecast: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
        """Low and high of each forecast, which always lies between them."""
        at = np.searchsorted(np.array(self.edges), forecast / unit, side="left")
        base = forecast + OFFSET * unit
        low, high = np.array(self.low)[at] * base, np.array(self.high)[at] * base
        return np.minimum(low, forecast), np.maximum(high, forecast)


def bands(held_out: Sequence[tuple[np.ndarray, np.ndarray, float]], coverage: float) -> Bands:
    """Split-conformal bounds from held-out forecasts, spends and units, a bin at a time.

    Mondrian by forecast (Vovk, Lindsay, Nouretdinov, Gammerman 2003): within a bin of n customers the bound
    is the order statistic ceil((n + 1) share). Where more than half of what may be missed spend nothing, the
    interval begins at 0 and only its upper end may miss.
    """
    scaled = np.concatenate([forecast / unit for forecast, _, unit in held_out])
    ratios = np.concatenate([spent / (forecast + OFFSET * unit) for forecast, spent, unit in held_out])
    zero = np.concatenate([spent <= 0 for _, spent, _ in held_out])
    bins = max(1, min(BINS, len(scaled) // FEWEST))
    edges = np.unique(np.quantile(scaled, np.arange(1, bins) / bins)) if bins > 1 else np.empty(0)
    at = np.searchsorted(edges, scaled, side="left")
    low, high = [], []
    for place in range(len(edges) + 1):
        mine = np.sort(ratios[at == place])
        from_zero = len(mine) == 0 or zero[at == place].mean() > (1 - coverage) / 2
        low.append(0.0 if from_zero else _statistic(mine, (1 - coverage) / 2, upper=False))
        share = coverage if from_zero else (1 + coverage) / 2
        high.append(_statistic(mine, share, upper=True))
    return Bands(edges=[float(edge) for edge in edges], low=low, high=high)


def _statistic(rising: np.ndarray, share: float, *, upper: bool) -> float:
    """The conformal order statistic; the largest value stands for one beyond the sample."""
    n = len(rising)
    if not n:
        return 0.0
    place = int(np.ceil((n + 1) * share)) - 1 if upper else int(np.floor((n + 1) * share)) - 1
    if place < 0:
        return 0.0
    return float(rising[min(place, n - 1)])


def coverage_of(bound: Bands, forecast: np.ndarray, spent: np.ndarray, unit: float) -> tuple[int, int]:
    """How many spends lie in their intervals, of how many."""
    low, high = bound.around(forecast, unit)
    return int(((spent >= low) & (spent <= high)).sum()), len(spent)
