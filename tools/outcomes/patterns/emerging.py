"""Who newly buys, and is it because more of them are asked or because more of them buy?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from store.errors import TooFewCustomers
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import relative_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import fisher_p, percent, share_estimate
from tools.outcomes.measures.overview import known_sum
from tools.outcomes.measures.span import DAY, as_date, last_day
from tools.outcomes.patterns.compared import latest_of_each_unit
from tools.outcomes.patterns.conditions.candidates import Candidates, Group
from tools.outcomes.patterns.conditions.condition import met_and_unmet, told
from tools.outcomes.patterns.conditions.search import Comparison, Found, Side, search, share_ratio
from tools.outcomes.patterns.findings import EmergingReport, EmergingSegment
from tools.outcomes.patterns.queries import EmergingQuery

__all__ = ["EmergingQuery", "emerging_segments"]

Cause = Literal["more are asked", "more of them buy", "both", "not told apart"]
CLEAR_P = 0.05
NO_SHARE = Estimate(value=0.0, low=0.0, high=1.0)


def emerging_segments(outcomes: OutcomeTable, query: EmergingQuery | None = None) -> EmergingReport:
    """Conditions, pairs and triples whose share of the won grew beyond chance, strongest first.

    The recent period is the last query.recent_days up to and with now, the other the query.before_days
    before it. Each person or account counts once a period. Beside the won, all deals decided in the two
    periods tell whether more of them were asked, or more of those asked buy. Raises TooFewCustomers.
    """
    query = query or EmergingQuery()
    periods = _Periods.of(outcomes, query)
    if periods.recent.sum() < query.min_recent or periods.before.sum() < query.min_won:
        raise TooFewCustomers(
            f"{int(periods.recent.sum()):,} won in the last {query.recent_days:,} days and "
            f"{int(periods.before.sum()):,} in the {query.before_days:,} before are too few to compare",
            where="outcomes",
            instead=f"At least {query.min_recent:,} and {query.min_won:,} are needed; try longer periods.",
        )
    of_both = outcomes.take(periods.recent | periods.before)
    candidates = Candidates.of(of_both.features, query)
    now = periods.recent[periods.recent | periods.before]
    side = Side([Comparison(Group(candidates, now), Group(candidates, ~now))], share_ratio)
    found = search(candidates, [side], query.min_growth, query, min_marked=query.min_recent)
    begin, start, end = (as_date(day) for day in (periods.begin, periods.start, periods.end))
    assert begin is not None  # there are dated records in both periods
    assert start is not None
    assert end is not None
    return EmergingReport(
        recent_from=start,
        before_from=begin,
        until=end,
        won=int(periods.recent.sum()),
        won_before=int(periods.before.sum()),
        segments=[_segment(each, candidates, outcomes, periods, query) for each in found.found],
        tested=found.tested,
        notes=candidates.notes(),
    )


@dataclass(frozen=True)
class _Periods:
    """The days on which the periods begin and end, and the records of each, bool.

    recent, before: won, each unit once a period. asked, asked_before: won or lost.
    """

    begin: np.datetime64
    start: np.datetime64
    end: np.datetime64
    recent: np.ndarray
    before: np.ndarray
    asked: np.ndarray
    asked_before: np.ndarray

    @classmethod
    def of(cls, outcomes: OutcomeTable, query: EmergingQuery) -> "_Periods":
        end = last_day(outcomes, query.now)
        start = end - (query.recent_days - 1) * DAY
        begin = start - query.before_days * DAY
        day, won = outcomes.decided_at, outcomes.are("won")
        late = (day >= start) & (day <= end)
        early = (day >= begin) & (day < start)
        decided = outcomes.are("won", "lost")
        recent, before = (_once(outcomes, each & won) for each in (late, early))
        return cls(begin, start, end, recent, before, late & decided, early & decided)


def _once(outcomes: OutcomeTable, rows: np.ndarray) -> np.ndarray:
    """Of these rows one of each unit, its last, bool."""
    places = np.flatnonzero(rows)
    kept = np.zeros(outcomes.rows, dtype=np.bool_)
    if len(places):
        kept[places[latest_of_each_unit(outcomes.take(places))]] = True
    return kept


@dataclass(frozen=True)
class _Change:
    """A segment among the deals decided in a period, and in the one before: asked and won, of so many."""

    asked: tuple[int, int]
    asked_before: tuple[int, int]
    won: int
    won_before: int

    @classmethod
    def of(cls, outcomes: OutcomeTable, periods: _Periods, met: np.ndarray, unmet: np.ndarray) -> "_Change":
        known, won = met | unmet, met & outcomes.are("won")
        counts = [
            (int((met & rows).sum()), int((known & rows).sum()))
            for rows in (periods.asked, periods.asked_before)
        ]
        return cls(
            *counts, won=int((won & periods.asked).sum()), won_before=int((won & periods.asked_before).sum())
        )

    @property
    def win_rate(self) -> Estimate | None:
        return share_estimate(self.won, self.asked[0])

    @property
    def win_rate_before(self) -> Estimate | None:
        return share_estimate(self.won_before, self.asked_before[0])

    @property
    def win_rate_p(self) -> float | None:
        if not (self.asked[0] and self.asked_before[0]):
            return None
        return float(fisher_p([self.won], self.asked[0], self.won_before, self.asked_before[0])[0])

    @property
    def cause(self) -> Cause:
        p = float(fisher_p([self.asked[0]], self.asked[1], *self.asked_before)[0])
        grew = self.asked[0] * self.asked_before[1] > self.asked_before[0] * self.asked[1] and p <= CLEAR_P
        rose = self.won * self.asked_before[0] > self.won_before * self.asked[0]
        rose = rose and self.win_rate_p is not None and self.win_rate_p <= CLEAR_P
        if grew and rose:
            return "both"
        return "more are asked" if grew else "more of them buy" if rose else "not told apart"


def _segment(
    found: Found, candidates: Candidates, outcomes: OutcomeTable, periods: _Periods, query: EmergingQuery
) -> EmergingSegment:
    conditions = candidates.told(found.members)
    met, unmet = met_and_unmet(conditions, outcomes.features)
    change = _Change.of(outcomes, periods, met, unmet)
    now = share_estimate(found.marked, found.marked_known) or NO_SHARE
    then = share_estimate(found.others, found.others_known) or NO_SHARE
    growth = relative_interval(found.marked, found.marked_known, found.others, found.others_known)
    value, low, high = (float(each) for each in growth)
    revenue = _share_of_revenue(outcomes, met & periods.recent, periods.recent)
    words = told(conditions)
    evidence = _evidence(found, now, then, revenue, query)
    return EmergingSegment(
        conditions=conditions,
        words=words,
        p_value=found.p_value,
        q_value=found.q_value,
        sentence=f"{words}: {evidence}",
        won=found.marked,
        won_before=found.others,
        share_of_volume=now,
        share_before=then,
        growth=Estimate(value=value, low=low, high=high),
        share_of_revenue=revenue,
        share_of_decided=share_estimate(*change.asked) or NO_SHARE,
        share_of_decided_before=share_estimate(*change.asked_before) or NO_SHARE,
        win_rate=change.win_rate,
        win_rate_before=change.win_rate_before,
        win_rate_p=change.win_rate_p,
        cause=change.cause,
        evidence=evidence,
        recommendation=_recommendation(change.cause, words),
    )


def _share_of_revenue(outcomes: OutcomeTable, rows: np.ndarray, among: np.ndarray) -> float | None:
    whole = known_sum(outcomes.amounts[among])
    return (known_sum(outcomes.amounts[rows]) or 0.0) / whole if whole else None


def _evidence(
    found: Found, now: Estimate, then: Estimate, revenue: float | None, query: EmergingQuery
) -> str:
    money = "" if revenue is None else f", {percent(revenue)} of revenue"
    return (
        f"{found.marked:,} closed-won in the last {query.recent_days:,} days match "
        f"({percent(now.value)} of volume{money}); in the {query.before_days:,} days before "
        f"{found.others:,} did ({percent(then.value)})."
    )


def _recommendation(cause: Cause, words: str) -> str:
    if cause == "more are asked":
        return f"More of them are asked, not more of those asked buy: decide whether to go on. {words}."
    if cause == "not told apart":
        return f"Give them a target of their own, and look again next quarter: {words}."
    return f"They buy more often than before: make a message and a target of their own for them: {words}."
