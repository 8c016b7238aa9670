"""How recent, frequent and valuable is a user among the others? RFM by rank, 0 to 100."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RfmScores:
    """Scores of 0 to 100, higher is better, NaN where the figure is unknown; `rfm` is their mean."""

    recency: np.ndarray
    frequency: np.ndarray
    monetary: np.ndarray
    rfm: np.ndarray


def rank_scores(values: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """The share of `among` below each value, and half of those equal to it, as 0 to 100.

    Mid-ranks, not min-max: one customer of a hundred thousand would press all others to 0. Multiplying a
    figure or taking its log changes nothing. `among` defaults to the values themselves, whose scores then
    have the mean 50; a lead is scored among the users that it is compared with. NaN stays NaN.
    """
    reference = np.sort(among[~np.isnan(among)] if among is not None else values[~np.isnan(values)])
    scores = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    if len(reference):
        below = np.searchsorted(reference, values[known], side="left")
        up_to = np.searchsorted(reference, values[known], side="right")
        scores[known] = 50 * (below + up_to) / len(reference)
    return scores


def rfm_scores(recency_days: np.ndarray, sessions: np.ndarray, revenue: np.ndarray) -> RfmScores:
    """The scores of users among themselves; a shorter recency is the better one.

    Unknown where one of the three is. A user who never bought has spent 0, which is known.
    """
    recency = 100 - rank_scores(recency_days)
    frequency, monetary = rank_scores(sessions), rank_scores(revenue)
    return RfmScores(recency, frequency, monetary, (recency + frequency + monetary) / 3)
