"""Which records were decided in each window, and which before it?"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.changes.findings import Window
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.measures.span import DAY, as_date


@dataclass(frozen=True)
class Span:
    """One window: its place among the records of all windows, bool arrays of these."""

    told: Window
    now: np.ndarray
    before: np.ndarray


def last_decided(table: OutcomeTable, query: OutcomeChangesQuery) -> np.datetime64:
    """`until`, or the last day on which anything was decided; NaT of nothing."""
    if query.until is not None:
        return np.datetime64(query.until, "D")
    days = table.decided_at[table.are("won", "lost")].astype("datetime64[D]")
    days = days[~np.isnat(days)]
    return days.max() if len(days) else np.datetime64("NaT", "D")


def lengths(until: np.datetime64, query: OutcomeChangesQuery) -> list[int]:
    """Days of each window, rising; the first begins after the last briefing, where one is told."""
    days = list(query.windows_days)
    if query.since is not None:
        days[0] = int((until - np.datetime64(query.since, "D")) / DAY)
    return sorted({min(max(each, 1), query.before_days) for each in days})


def in_reach(table: OutcomeTable, until: np.datetime64, query: OutcomeChangesQuery) -> np.ndarray:
    """Whether each record is won or lost, and decided in a window or in the days before it, bool."""
    days = table.decided_at.astype("datetime64[D]")
    first = until - (max(lengths(until, query)) + query.before_days) * DAY
    return table.are("won", "lost") & (days > first) & (days <= until)


def spans(decided: OutcomeTable, until: np.datetime64, query: OutcomeChangesQuery) -> list[Span]:
    """Every window over these decided records, the shortest first."""
    return [_span(decided, until, each, query) for each in lengths(until, query)]


def _span(decided: OutcomeTable, until: np.datetime64, length: int, query: OutcomeChangesQuery) -> Span:
    days, won = decided.decided_at.astype("datetime64[D]"), decided.are("won")
    start = until - length * DAY
    begin = start - query.before_days * DAY
    now, before = (days > start) & (days <= until), (days > begin) & (days <= start)
    why = _too_few(int(now.sum()), int(before.sum()), won[now | before], length, query)
    told = Window(
        days=length,
        first=_date(start + DAY),
        last=_date(until),
        before_first=_date(begin + DAY),
        before_last=_date(start),
        decided=int(now.sum()),
        won=int((won & now).sum()),
        before_decided=int(before.sum()),
        before_won=int((won & before).sum()),
        tested=not why,
        why=why,
    )
    return Span(told, now, before)


def _date(day: np.datetime64) -> dt.date:
    found = as_date(day)
    assert found is not None  # `until` is a day
    return found


def _too_few(now: int, before: int, won: np.ndarray, length: int, query: OutcomeChangesQuery) -> str:
    lacking = []
    if now < query.least_now:
        lacking.append(f"{now:,} decided in the last {length:,} days, of {query.least_now:,} needed")
    if before < query.least_before:
        lacking.append(
            f"{before:,} decided in the {query.before_days:,} days before, of {query.least_before:,} needed"
        )
    if not lacking and won.all():
        lacking.append("nothing was lost, so that no win rate can change")
    if not lacking and not won.any():
        lacking.append("nothing was won, so that no win rate can change")
    return "; ".join(lacking)
