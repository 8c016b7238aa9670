"""From which win rate would it pay to pursue deals like these?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import percent
from tools.outcomes.measures.span import DAY, days_between, last_day
from tools.outcomes.patterns.findings import PursuitVerdict
from tools.outcomes.patterns.queries import OutcomeAntiPatternQuery

Verdict = Literal["leave", "watch", "pursue", "unknown"]
YEAR = 365.0
SHORTEST_SPAN = 30.0  # days of records from which a figure a year is told


@dataclass(frozen=True)
class Pursued:
    """Deals that meet a condition and the others: bool over the records, and their win rates."""

    met: np.ndarray
    unmet: np.ndarray
    rate: Estimate
    other_rate: Estimate


def pursuit(outcomes: OutcomeTable, deals: Pursued, query: OutcomeAntiPatternQuery) -> PursuitVerdict:
    """At which win rate these deals bring as much a day of selling as others, and what leaving them frees.

    A day of an open deal is taken to cost the same whatever the deal. Where amounts or cycles are not known
    they are taken to be equal; where neither is, there is no verdict.
    """
    worth, length = _worth(outcomes, deals), _length(outcomes, deals)
    break_even = None
    if worth is not None or length is not None:
        break_even = deals.other_rate.value * (length or 1.0) / (worth or 1.0)
    verdict = _verdict(deals.rate, break_even)
    yearly = _yearly(outcomes, deals.met, query)
    mean_days = _mean(outcomes.cycle_days[deals.met])
    deal_days = None if yearly is None or mean_days is None else yearly * mean_days
    hours = (
        None if deal_days is None or query.hours_per_week is None else deal_days / 7 * query.hours_per_week
    )
    wins = None
    if verdict == "leave" and break_even is not None:
        won = int((deals.met & outcomes.are("won")).sum())
        wins = _wins_to_reach(won, int(deals.met.sum()), break_even, query.next_deals)
    return PursuitVerdict(
        verdict=verdict,
        break_even_rate=break_even,
        deals_a_year=yearly,
        deal_days_a_year=deal_days,
        hours_a_year=hours,
        wins_to_reconsider=wins,
        next_deals=query.next_deals,
        sentence=_sentence(verdict, deals.rate, break_even, wins, query.next_deals),
    )


def _worth(outcomes: OutcomeTable, deals: Pursued) -> float | None:
    """Contract value of theirs / of others; of the quoted amounts where they have won nothing so far."""
    won = outcomes.are("won")
    mine = _mean(outcomes.amounts[deals.met & won]) or _mean(outcomes.amounts[deals.met])
    other = _mean(outcomes.amounts[deals.unmet & won])
    return mine / other if mine and other else None


def _length(outcomes: OutcomeTable, deals: Pursued) -> float | None:
    mine, other = _mean(outcomes.cycle_days[deals.met]), _mean(outcomes.cycle_days[deals.unmet])
    return mine / other if mine and other else None


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _verdict(rate: Estimate, break_even: float | None) -> Verdict:
    if break_even is None:
        return "unknown"
    return "leave" if rate.high < break_even else "pursue" if rate.low >= break_even else "watch"


def _yearly(outcomes: OutcomeTable, met: np.ndarray, query: OutcomeAntiPatternQuery) -> float | None:
    """Deals decided in the last year, by the span of the records where that is shorter."""
    now = last_day(outcomes, query.now)
    ages = days_between(outcomes.decided_at, now)
    span = np.max(ages[~np.isnan(ages)], initial=0.0)
    if span < SHORTEST_SPAN:
        return None
    within = met & (outcomes.decided_at > now - int(YEAR) * DAY) & (outcomes.decided_at <= now)
    return float(within.sum() * YEAR / min(span, YEAR))


def _wins_to_reach(won: int, deals: int, break_even: float, more: int) -> int | None:
    high = wilson_interval(won + np.arange(more + 1), deals + more)[1]
    enough = np.flatnonzero(high >= break_even)
    return int(enough[0]) if len(enough) else None


def _sentence(verdict: str, rate: Estimate, break_even: float | None, wins: int | None, more: int) -> str:
    if break_even is None:
        return "Neither amounts nor cycles are known, so that no break-even can be told."
    if break_even > 1:
        return "With this contract value and cycle no win rate would bring as much a day as other deals do."
    begin = f"Pursuing them pays from a win rate of {percent(break_even)}; it is {percent(rate.value)}"
    begin += f" ({percent(rate.low)} to {percent(rate.high)})"
    if verdict == "pursue":
        return f"{begin}: they are won seldom, and still pay."
    if verdict == "watch":
        return f"{begin}: the interval holds it, so that more deals have to decide."
    if wins is None:
        return f"{begin}: not even {more:,} wins of the next {more:,} deals would change this."
    return f"{begin}: {wins:,} wins among the next {more:,} deals would be reason to look again."
