"""Which outcomes are new to both models, so that they can be compared on them?"""

from datetime import date
from typing import NamedTuple

import numpy as np


class Parts(NamedTuple):
    """Two masks over the outcomes: what a trial of the new model learns from, and what it is tried on."""

    earlier: np.ndarray
    newest: np.ndarray


def newest_parts(
    days: np.ndarray, happened: np.ndarray, known_until: date | None, *, share: float = 0.25, least: int = 50
) -> Parts:
    """The newest outcomes apart from the earlier ones; a day is never in both.

    days: datetime64[D]. known_until: the last day that the published model learned from; only later outcomes
    are new to it, of which the later half is held out where either half has `least` of both outcomes.
    Without a published model the newest `share` of the outcomes, 0..1, is held out.
    """
    if known_until is None:
        return _after(days, _day_at(days, 1 - share))
    since = np.datetime64(known_until, "D")
    new = days > since
    if not new.any():
        return Parts(~new, new)
    halves = _after(days, _day_at(days[new], 0.5))
    if all(_fewest(happened[part]) >= least for part in (halves.newest, halves.earlier & new)):
        return halves
    return _after(days, since)


def _after(days: np.ndarray, day: np.datetime64) -> Parts:
    return Parts(days <= day, days > day)


def _day_at(days: np.ndarray, share: float) -> np.datetime64:
    """The day by which this share of the outcomes was decided."""
    ordered = np.sort(days)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _fewest(happened: np.ndarray) -> int:
    return int(min(happened.sum(), (~happened).sum()))
