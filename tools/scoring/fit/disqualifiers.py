"""Who is nearly never among the ideal, though others are?"""

from collections.abc import Sequence

import numpy as np

from tools.mining.evidence.frequencies import estimate
from tools.mining.evidence.statistics import as_p_values, benjamini_hochberg, log_p_depleted, wilson_interval
from tools.scoring.fit.bins.binning import log_ways
from tools.scoring.fit.bins.words import bin_words
from tools.scoring.fit.profile import Disqualifier, Scale
from tools.scoring.fit.queries import FitQuery


def disqualifiers(
    scales: Sequence[Scale], counts: Sequence[np.ndarray], cells: Sequence[int], query: FitQuery
) -> list[Disqualifier]:
    """The bins that disqualify, the most frequent among the others first.

    counts: of each scale (bins, 2) rows of the others and the ideal, the unknown first. cells: how many cells
    its bins were cut from. A bin disqualifies when the upper Wilson bound of its share of the ideal is at
    most query.disqualifier_share, and at most query.disqualifier_ratio of its share of the others, and it
    is proven: Fisher's exact test, times the ways of cutting two bins from the cells, then
    Benjamini-Hochberg over all bins.
    """
    bins = [(at, place) for at, each in enumerate(counts) for place in range(1, len(each))]
    bins = [(at, place) for at, place in bins if counts[at][place].sum() > 0]
    if not bins:
        return []
    mine = np.array([np.round(counts[at][place]) for at, place in bins])
    total = np.array([np.maximum(np.round(counts[at][1:].sum(axis=0)), 1) for at, _ in bins])
    ways = np.array([_ways(scales[at], cells[at]) for at, _ in bins])
    log_p = log_p_depleted(mine[:, 1], total[:, 1], mine.sum(axis=1), total.sum(axis=1))
    p_values = as_p_values(np.minimum(log_p + ways, 0.0))
    q_values = benjamini_hochberg(p_values)
    ideal, others = (wilson_interval(mine[:, side], total[:, side]) for side in (1, 0))
    share = mine[:, 0] / total[:, 0]
    fires = (ideal[1] <= query.disqualifier_share) & (ideal[1] <= query.disqualifier_ratio * share)
    fires &= q_values <= query.q
    order = sorted(np.flatnonzero(fires).tolist(), key=lambda at: -share[at])
    return [
        Disqualifier(
            scale=scales[bins[at][0]],
            bin=bins[at][1],
            words=bin_words(scales[bins[at][0]])[bins[at][1]],
            ideal_share=estimate(mine[at, 1] / total[at, 1], ideal, at),
            others_share=estimate(share[at], others, at),
            p_value=float(p_values[at]),
            q_value=float(q_values[at]),
        )
        for at in order
    ]


def _ways(scale: Scale, cells: int) -> float:
    """The log of how many bins could be cut from the cells: runs of neighbours, or any of two groups."""
    if scale.kind == "category":
        return float(log_ways(cells, 2, False)[1])
    return float(np.log(cells * (cells + 1) / 2))
