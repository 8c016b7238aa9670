"""Which time do these records cover, and what day do they take for today?"""

import datetime as dt

import numpy as np

from store.outcomes.outcome_table import OutcomeTable

DAY = np.timedelta64(1, "D")


def last_day(outcomes: OutcomeTable, now: dt.date | None = None) -> np.datetime64:
    """`now`, or when it is not given the last day on which anything was opened or decided; NaT of nothing."""
    if now is not None:
        return np.datetime64(now, "D")
    told = np.concatenate([outcomes.decided_at, outcomes.opened_at]).astype("datetime64[D]")
    told = told[~np.isnat(told)]
    return told.max() if len(told) else np.datetime64("NaT", "D")


def first_day(outcomes: OutcomeTable) -> np.datetime64:
    """The first day on which anything was opened or decided; NaT of nothing."""
    told = np.concatenate([outcomes.decided_at, outcomes.opened_at]).astype("datetime64[D]")
    told = told[~np.isnat(told)]
    return told.min() if len(told) else np.datetime64("NaT", "D")


def as_date(day: np.datetime64) -> dt.date | None:
    """The day as a date; None of NaT."""
    return None if np.isnat(day) else day.astype("datetime64[D]").item()


def days_between(earlier: np.ndarray, later: np.ndarray | np.datetime64) -> np.ndarray:
    """later - earlier in days, float64; NaN where one is not known."""
    gap = later - earlier
    return np.where(np.isnat(gap), np.nan, gap.astype("timedelta64[D]").astype(np.float64))
