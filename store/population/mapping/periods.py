"""Ranges of a date column: edges at which years, quarters, months or weeks begin, and their labels.

Edges are days since 1970-01-01; they part the days as the edges of bins part numbers.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

MOST = 8  # periods that hold nearly all values
TAIL = 0.05  # of the values, below and above them
_WEEK, _MONDAY, _YEAR = 7, 4, 365  # 1970-01-05, day 4, was a Monday
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 12_000)
_FIRST_DAY = date(1970, 1, 1)
_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def sensible_periods(days: np.ndarray) -> list[float]:
    """Rising first days of 3 to 8 periods that hold 90 % of the values, of the finest length that does.

    Lengths: a day, a week (from Monday), a month, a quarter, half a year, a year, 2, 5, 10 of them and so
    on. What few values lie before and after join the first and the last. A mark such as
    9999-12-31, a frequent extreme far from all others, has no say. Empty for fewer than two days.
    """
    finite = np.floor(days[np.isfinite(days)])
    told = _without_marks(finite)
    if not len(finite) or told.min() == told.max():
        return [float(told.max()) + 1] if len(told) < len(finite) else []
    low, high = (int(day) for day in np.quantile(told, [TAIL, 1 - TAIL], method="inverted_cdf"))
    edges = next(_candidates(low, high))
    if len(edges) > 3:  # else nothing but a tail would be left beside one period
        edges = edges[1:] if 0 < np.mean(finite < edges[0]) <= TAIL else edges
        edges = edges[:-1] if 0 < np.mean(finite >= edges[-1]) <= TAIL else edges
    return [float(edge) for edge in edges]


def period_labels(bins: Sequence[float]) -> list[str]:
    """A label for each range: "before 2019", "2019", "Q3 2023", "March 2024", "2024 and later"."""
    if not bins:
        return ["any"]
    edges = [_day(edge) for edge in bins]
    middle = [_period(start, end) for start, end in pairwise(edges)]
    return [f"before {_moment(edges[0])}", *middle, f"{_moment(edges[-1])} and later"]


def _without_marks(days: np.ndarray) -> np.ndarray:
    """The days without an extreme one that is frequent, and further off than the others spread."""
    for mark, others in ((np.max, np.min), (np.min, np.max)):
        rest = days[days != mark(days)] if len(days) else days
        far = len(rest) > 1 and abs(mark(days) - mark(rest)) > max(abs(mark(rest) - others(rest)), _YEAR)
        days = rest if far and len(rest) <= (1 - TAIL) * len(days) else days
    return days


def _candidates(low: int, high: int) -> Iterator[list[int]]:
    """Edges of the periods from `low` to `high`, for each length of which few suffice, the finest first."""
    for length in (1, _WEEK):
        if high - low < MOST * length:
            start = (low - _MONDAY) // length * length + _MONDAY
            yield list(range(start, high + length + 1, length))
    for length in _MONTHS:
        start, end = (_month(day) // length for day in (low, high))
        if end - start < MOST or length == _MONTHS[-1]:
            yield sorted({_month_begins(at * length) for at in range(start, end + 2)})


def _month(day: int) -> int:
    """Months since the year 0."""
    told = _day(day)
    return told.year * 12 + told.month - 1


def _month_begins(month: int) -> int:
    # Python's calendar has the years 1 to 9999.
    year = min(max(month // 12, 1), 9999)
    return (date(year, month % 12 + 1, 1) - _FIRST_DAY).days


def _day(number: float) -> date:
    return _FIRST_DAY + timedelta(days=int(number))


def _moment(day: date) -> str:
    """The beginning of a year or a month by its name, else the day's date."""
    if day.day > 1:
        return _dated(day)
    return f"{day.year}" if day.month == 1 else f"{_NAMES[day.month - 1]} {day.year}"


def _period(start: date, end: date) -> str:
    """The days from `start` up to the one before `end`."""
    last = end - timedelta(days=1)
    if start.day > 1 or end.day > 1:
        return _days(start, last)
    if start.month == end.month == 1:
        return f"{start.year}" if start.year == last.year else f"{start.year}-{last.year}"
    if start.month % 3 == 1 and end.month % 3 == 1:
        return _quarters(start, last)
    if start.year < last.year:
        return f"{_month_told(start)} to {_month_told(last)}"
    first = _NAMES[start.month - 1]
    return f"{first} {last.year}" if start.month == last.month else f"{first}-{_month_told(last)}"


def _month_told(day: date) -> str:
    return f"{_NAMES[day.month - 1]} {day.year}"


def _quarters(start: date, last: date) -> str:
    first, final = (start.month + 2) // 3, (last.month + 2) // 3
    if start.year < last.year:
        return f"Q{first} {start.year} to Q{final} {last.year}"
    if first == final:
        return f"Q{first} {last.year}"
    if (first, final) in ((1, 2), (3, 4)):
        return f"{'first' if first == 1 else 'second'} half of {last.year}"
    return f"Q{first}-Q{final} {last.year}"


def _days(start: date, last: date) -> str:
    if start == last:
        return _dated(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}-{_dated(last)}"
    return f"{_dated(start)} to {_dated(last)}"


def _dated(day: date) -> str:
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
