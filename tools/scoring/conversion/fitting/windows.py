"""Which rows are held out, and which may be learned from to predict them?"""

from typing import NamedTuple

import numpy as np

LEAST_EACH = 5  # of either outcome among the rows learned from


class Split(NamedTuple):
    """Row numbers, rising: learned from, and held out."""

    training: np.ndarray
    held_out: np.ndarray


def time_windows(
    days: np.ndarray,
    happened: np.ndarray,
    count: int,
    first_share: float,
    least_each: int = LEAST_EACH,
) -> list[Split]:
    """Windows of about as many rows each, every one predicted from all days before it (rolling origin).

    A day is never split, so there may be fewer. A window is left out where too few of either outcome
    come before it.
    """
    ordered = np.sort(days)
    at = np.ceil(np.linspace(first_share, 1.0, count + 1)[:-1] * len(days)).astype(int)
    begins = np.unique(ordered[np.minimum(at, len(days) - 1)])
    ends = [*begins[1:], ordered[-1] + np.timedelta64(1, "D")]
    splits = [
        Split(np.flatnonzero(days < begin), np.flatnonzero((days >= begin) & (days < end)))
        for begin, end in zip(begins, ends, strict=True)
    ]
    return [each for each in splits if _fewest(happened[each.training]) >= least_each]


def folds(happened: np.ndarray, count: int, seed: int) -> list[Split]:
    """As many parts of the same rate, each predicted from the others; seeded."""
    rng = np.random.default_rng(seed)
    part = np.empty(len(happened), dtype=np.int64)
    for outcome in (False, True):
        rows = np.flatnonzero(happened == outcome)
        dealt = (np.arange(len(rows)) + (0 if outcome else len(happened))) % count
        part[rng.permutation(rows)] = dealt
    return [Split(np.flatnonzero(part != at), np.flatnonzero(part == at)) for at in range(count)]


def inner_splits(days: np.ndarray | None, happened: np.ndarray, seed: int) -> list[Split]:
    """Splits within rows to learn from: the last two fifths by time in two windows, else three folds."""
    if days is not None:
        windows = time_windows(days, happened, 2, 0.6)
        outcomes = happened[np.concatenate([each.held_out for each in windows])] if windows else happened[:0]
        if _fewest(outcomes) >= LEAST_EACH:
            return windows
    return folds(happened, 3, seed)


def _fewest(happened: np.ndarray) -> int:
    return int(min(happened.sum(), (~happened).sum()))
