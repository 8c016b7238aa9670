"""Under which conditions are deals clearly won more seldom, and is it worth pursuing them?"""

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import days, percent, share_estimate, units_of
from tools.outcomes.measures.overview import known_sum
from tools.outcomes.patterns.compared import (
    clearly,
    compared_median,
    compared_share,
    latest_of_each_unit,
    require_both,
)
from tools.outcomes.patterns.conditions.candidates import Candidates, Group
from tools.outcomes.patterns.conditions.condition import all_met, met_and_unmet, told
from tools.outcomes.patterns.conditions.search import Comparison, Found, Side, rate_fall, search
from tools.outcomes.patterns.findings import AntiPatternReport, Compared, OutcomeAntiPattern
from tools.outcomes.patterns.pursuit import Pursued, pursuit
from tools.outcomes.patterns.queries import OutcomeAntiPatternQuery

__all__ = ["OutcomeAntiPatternQuery", "anti_patterns"]


def anti_patterns(outcomes: OutcomeTable, query: OutcomeAntiPatternQuery | None = None) -> AntiPatternReport:
    """Conditions, pairs and triples with a clearly lower win rate than other deals, strongest first.

    Won and lost records take part. Tests count each person or account once, by its last decision; the
    figures are of all its deals. Search, tests and selection: conditions/search.py. Raises
    TooFewCustomers: when there are no lost records, or too few of one kind.
    """
    query = query or OutcomeAntiPatternQuery()
    require_both(outcomes, query.min_won, query.min_lost)
    decided = outcomes.take(outcomes.are("won", "lost"))
    won, once = decided.are("won"), latest_of_each_unit(decided)
    candidates = Candidates.of(decided.features, query)
    lost_group, won_group = Group(candidates, once & ~won), Group(candidates, once & won)
    side = Side([Comparison(lost_group, won_group)], rate_fall)
    found = search(candidates, [side], 1 / query.max_rate_ratio, query)
    rate = share_estimate(int(won.sum()), decided.rows, units_of(decided, np.ones(decided.rows, np.bool_)))
    assert rate is not None  # there are enough of both
    waiting = outcomes.take(outcomes.are("open"))
    return AntiPatternReport(
        won=int(won.sum()),
        lost=int((~won).sum()),
        win_rate=rate,
        currency=outcomes.currency,
        tested=found.tested,
        patterns=[_told(each, candidates, decided, waiting, query) for each in found.found],
        notes=_notes(candidates, once),
    )


def _told(
    found: Found,
    candidates: Candidates,
    decided: OutcomeTable,
    waiting: OutcomeTable,
    query: OutcomeAntiPatternQuery,
) -> OutcomeAntiPattern:
    conditions = candidates.told(found.members)
    met, unmet = met_and_unmet(conditions, decided.features)
    won, lost = decided.are("won"), decided.are("lost")
    rate, other = _rate(decided, met), _rate(decided, unmet)
    cycle = compared_median(decided.cycle_days[met], decided.cycle_days[unmet])
    dark = compared_share(decided.went_dark[met & lost], decided.went_dark[unmet & lost])
    open_met = all_met(conditions, waiting.features)
    return OutcomeAntiPattern(
        conditions=conditions,
        words=told(conditions),
        p_value=found.p_value,
        q_value=found.q_value,
        sentence=_sentence(told(conditions), rate, other, cycle, dark),
        deals=int(met.sum()),
        won=int((met & won).sum()),
        win_rate=rate,
        other_win_rate=other,
        cycle_days=cycle,
        go_dark_share=dark,
        lost_amount=known_sum(decided.amounts[met & lost]),
        open_deals=int(open_met.sum()),
        open_amount=known_sum(waiting.amounts[open_met]),
        pursuit=pursuit(decided, Pursued(met, unmet, rate, other), query),
    )


def _rate(decided: OutcomeTable, rows: np.ndarray) -> Estimate:
    """Win rate of these rows, of which the search has made sure that there are some."""
    rate = share_estimate(int((rows & decided.are("won")).sum()), int(rows.sum()), units_of(decided, rows))
    return rate or Estimate(value=0.0, low=0.0, high=1.0)


def _sentence(
    words: str, rate: Estimate, other: Estimate, cycle: Compared | None, dark: Compared | None
) -> str:
    """`Employees 5,000 and over: 4 % are won (2 % to 7 %) against 22 % of other deals; …`"""
    parts = [
        f"{words}: {percent(rate.value)} are won ({percent(rate.low)} to {percent(rate.high)}) "
        f"against {percent(other.value)} of other deals"
    ]
    if cycle and cycle.others and clearly(cycle):
        parts.append(f"a deal takes {days(cycle.value)} instead of {days(cycle.others)}")
    if dark and dark.others and clearly(dark):
        parts.append(
            f"{percent(dark.value.value)} of the lost go dark instead of {percent(dark.others.value)}"
        )
    return "; ".join(parts) + "."


def _notes(candidates: Candidates, once: np.ndarray) -> list[str]:
    notes = []
    repeated = int((~once).sum())
    if repeated:
        notes.append(
            f"{repeated:,} of {len(once):,} decided records are earlier deals of the same person or account: "
            "tests count each once."
        )
    return [*notes, *candidates.notes()]
