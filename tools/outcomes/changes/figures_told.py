"""What were a figure's values before and now, and how far apart are they?"""

from typing import Any

import numpy as np

from tools.mining.evidence.statistics import difference_interval
from tools.mining.findings import Estimate
from tools.outcomes.changes.evidence.ranks import shift_estimate, t_mean, welch_difference
from tools.outcomes.changes.figure_tests import SHARES, Figure, values_of
from tools.outcomes.changes.findings import Compared
from tools.outcomes.changes.levels import Level
from tools.outcomes.changes.scene import Scene, Sides
from tools.outcomes.measures.estimates import median_estimate, share_estimate


def compared(figure: Figure, sides: Sides, scene: Scene, p: float | None = None) -> Compared:
    """A figure before and now with intervals, at the number of independent records; p: of its test."""
    p = None if p is None or np.isnan(p) else p
    if figure.measure in SHARES:
        among, having = rows_of(figure, scene)
        return _share(sides.only(among), having, scene, p)
    rows = sides.only(~np.isnan(values_of(figure.measure, scene)))
    return _values(figure, rows.only(figure.level.inside) if figure.level else rows, scene, p)


def rows_of(figure: Figure, scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """Of a share: the records that it is over, and those that count, bool arrays of all records."""
    level: Level | None = figure.level
    every = np.ones(len(scene.won), dtype=np.bool_)
    if figure.measure == "win_rate":
        return (level.inside if level else every), scene.won
    assert level is not None  # a share of the won, or of all, is that of a level
    return (level.known & scene.won if figure.measure == "won_share" else level.known), level.inside


def _share(sides: Sides, having: np.ndarray, scene: Scene, p: float | None) -> Compared:
    counts = [(int((side & having).sum()), int(side.sum())) for side in sides.both]
    sizes = [scene.effective(side) for side in sides.both]
    now, before = (
        share_estimate(*each, max(1, round(size))) for each, size in zip(counts, sizes, strict=True)
    )
    difference = None
    if now and before:
        low, high = difference_interval(now.value * sizes[0], sizes[0], before.value * sizes[1], sizes[1])
        difference = Estimate(value=now.value - before.value, low=float(low), high=float(high))
    return Compared(
        before=before, now=now, difference=difference, n=counts[0][1], n_before=counts[1][1], p_value=p
    )


def _values(figure: Figure, sides: Sides, scene: Scene, p: float | None) -> Compared:
    values = values_of(figure.measure, scene)
    now, before = values[sides.now], values[sides.before]
    told: dict[str, Any]
    if figure.measure == "cycle_days":
        told = {
            "now": median_estimate(now),
            "before": median_estimate(before),
            "difference": shift_estimate(now, before),
        }
    else:
        sizes = scene.effective(sides.now), scene.effective(sides.before)
        told = {
            "now": t_mean(now, sizes[0]),
            "before": t_mean(before, sizes[1]),
            "difference": welch_difference(now, before, sizes),
        }
    return Compared(n=len(now), n_before=len(before), p_value=p, **told)
