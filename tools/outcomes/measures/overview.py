"""What outcomes are there, and are they enough to learn from?"""

import numpy as np

from store.features import Feature
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import (
    days,
    mean_estimate,
    median_estimate,
    money,
    percent,
    share_estimate,
    units_of,
)
from tools.outcomes.measures.findings import Gate, OutcomeOverview
from tools.outcomes.measures.queries import OverviewQuery
from tools.outcomes.measures.span import as_date, days_between, first_day, last_day

__all__ = ["OverviewQuery", "overview"]


def overview(outcomes: OutcomeTable, query: OverviewQuery | None = None) -> OutcomeOverview:
    """Counts, period, win rate, cycle, amounts and reasons, and what the records are too few for.

    Never refuses: of nothing it says that there is nothing.
    """
    query = query or OverviewQuery()
    won, lost = outcomes.are("won"), outcomes.are("lost")
    first, last = first_day(outcomes), last_day(outcomes, query.now)
    span = days_between(np.array([first]), last)[0]
    rate = share_estimate(int(won.sum()), int((won | lost).sum()), units_of(outcomes, won | lost))
    value = mean_estimate(outcomes.amounts[won], query.draws, query.seed)
    cycle = median_estimate(outcomes.cycle_days[won])
    covered = 0 if np.isnan(span) else max(int(span), 0)
    return OutcomeOverview(
        records=outcomes.rows,
        units=len(np.unique(outcomes.unit_ids)),
        unit=outcomes.unit,
        counts={kind: int(outcomes.are(kind).sum()) for kind in OUTCOMES},
        first_day=as_date(first),
        last_day=as_date(last),
        days_covered=covered,
        win_rate=rate,
        cycle_won_days=cycle,
        cycle_lost_days=median_estimate(outcomes.cycle_days[lost]),
        contract_value_mean=value,
        contract_value_median=median_estimate(outcomes.amounts[won]),
        won_amount=known_sum(outcomes.amounts[won]),
        lost_amount=known_sum(outcomes.amounts[lost]),
        open_amount=known_sum(outcomes.amounts[outcomes.are("open")]),
        currency=outcomes.currency,
        amounts_known_share=float((~np.isnan(outcomes.amounts)).mean()) if outcomes.rows else 0.0,
        reasons=_reasons(outcomes, query.max_reasons),
        gates=_gates(outcomes, covered, query),
        sentence=_sentence(outcomes, rate, value, cycle),
    )


def known_sum(amounts: np.ndarray) -> float | None:
    """Sum of the known amounts; None where none is known."""
    known = amounts[~np.isnan(amounts)]
    return float(known.sum()) if len(known) else None


def named_shares(column: Feature, most: int) -> dict[str, Estimate]:
    """Share of the rows with any value of a set that have each, the commonest first; `most` of them."""
    known = int(column.known().sum())
    counts = np.bincount(column.values, minlength=len(column.levels))
    commonest = [code for code in np.argsort(-counts, kind="stable")[:most] if counts[code]]
    shares = {column.levels[code]: share_estimate(int(counts[code]), known) for code in commonest}
    return {level: share for level, share in shares.items() if share}


def _reasons(outcomes: OutcomeTable, most: int) -> dict[str, dict[str, Estimate]]:
    found = {kind: named_shares(outcomes.reasons.take(outcomes.are(kind)), most) for kind in OUTCOMES}
    return {kind: reasons for kind, reasons in found.items() if reasons}


def _gates(outcomes: OutcomeTable, covered: int, query: OverviewQuery) -> list[Gate]:
    won, lost = int(outcomes.are("won").sum()), int(outcomes.are("lost").sum())
    undated = int((np.isnat(outcomes.decided_at) & ~outcomes.are("open")).sum())
    gates = [_too_few("won", won, query.enough_won), _too_few("lost", lost, query.enough_lost)]
    if covered < query.enough_days:
        gates.append(
            Gate(
                what="short",
                found=covered,
                needed=query.enough_days,
                sentence=f"The records cover {covered:,} days: seasons and changes are not told apart under "
                f"{query.enough_days:,}.",
            )
        )
    if undated:
        gates.append(
            Gate(
                what="undated",
                found=undated,
                needed=0,
                sentence=f"{undated:,} decided records have no day: they take no part in anything over time.",
            )
        )
    return [gate for gate in gates if gate]


def _too_few(kind: str, found: int, needed: int) -> Gate | None:
    if found >= needed:
        return None
    if not found:
        other = "lost" if kind == "won" else "won"
        sentence = f"No {kind} records: what sets the {other} apart may be true of all."
        return Gate(what="no won" if kind == "won" else "no lost", found=0, needed=needed, sentence=sentence)
    return Gate(
        what="few won" if kind == "won" else "few lost",
        found=found,
        needed=needed,
        sentence=f"{found:,} {kind} records, fewer than {needed:,}: intervals are wide, only strong effects "
        "can be seen, and what is not found may still be there.",
    )


def _sentence(
    outcomes: OutcomeTable, rate: Estimate | None, value: Estimate | None, cycle: Estimate | None
) -> str:
    if rate is None:
        return f"{outcomes.rows:,} records, none of them won or lost yet."
    decided = int(outcomes.are("won", "lost").sum())
    parts = [
        f"{percent(rate.value)} of {decided:,} decided records were won "
        f"({percent(rate.low)} to {percent(rate.high)})"
    ]
    if value:
        parts.append(f"a contract is worth {money(value.value, outcomes.currency)} on average")
    if cycle:
        parts.append(f"half of the won took {days(cycle)} or less")
    return "; ".join(parts) + "."
