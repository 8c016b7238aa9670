"""Are columns recorded as before, and of which records may they be used?"""

from dataclasses import dataclass, field

import numpy as np

from store.features import FeatureTable, number
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.windows import Span
from tools.outcomes.measures.estimates import fisher_p
from tools.outcomes.measures.span import DAY
from tools.scoring.gate.data_changes import data_changes
from tools.scoring.gate.drift_findings import DataChange
from tools.scoring.gate.queries import DriftQuery

AMOUNT = "amount"  # the column of contract values, as it is called where it is set aside
STEP_DAYS = 28  # of the past, looked at in turn


@dataclass
class Recording:
    """Changes of the data that were tested, the records of which each column may be used, and why not all."""

    tested: list[DataChange]
    usable: dict[str, np.ndarray]
    aside: dict[str, str] = field(default_factory=dict)


def recording(decided: OutcomeTable, windows: list[Span], query: OutcomeChangesQuery) -> Recording:
    """What the data's own change would make of these records.

    A column that is recorded otherwise in a window than before takes no part. One whose recording changed in
    the days before is used of the records since: else its old spelling would vanish, week by week, for half
    a year. Amounts are looked at as the column `amount`.
    """
    table = _with_amounts(decided)
    found = Recording([], {each.name: np.ones(table.rows, dtype=np.bool_) for each in table.features})
    for span in windows:
        changes = _changes(table, decided.unit_ids, span.before, span.now)
        found.tested += [_with_span(each, span.told.days) for each in changes]
        for change in changes:
            if _is_sure(change, query):
                found.aside[change.column] = change.words
                found.usable.pop(change.column, None)
    _in_the_past(table, decided, windows, found, query)
    return found


def _with_amounts(decided: OutcomeTable) -> FeatureTable:
    """Amounts of the won as a column; a column of that name is not theirs."""
    if decided.features.find(AMOUNT):
        return decided.features
    amounts = np.where(decided.are("won"), decided.amounts, np.nan)
    return decided.features.beside(number(AMOUNT, amounts, label="Contract value", unit=decided.currency))


def _in_the_past(
    table: FeatureTable,
    decided: OutcomeTable,
    windows: list[Span],
    found: Recording,
    query: OutcomeChangesQuery,
) -> None:
    """Steps back from the longest window: a column recorded otherwise in one is used of what came after."""
    days, longest = decided.decided_at.astype("datetime64[D]"), windows[-1].told
    ends = [np.datetime64(longest.before_last, "D")]
    while ends[-1] - STEP_DAYS * DAY > np.datetime64(longest.before_first, "D"):
        ends.append(ends[-1] - STEP_DAYS * DAY)
    judged: set[str] = set()
    for end in ends:
        start = end - STEP_DAYS * DAY
        before, now = days <= start, (days > start) & (days <= end)
        if before.sum() < query.least_before or now.sum() < query.least_now:
            continue
        names = [name for name in found.usable if name not in judged]
        for change in _changes(table.only(names), decided.unit_ids, before, now):
            if _is_sure(change, query) and change.column not in judged:
                judged.add(change.column)
                found.usable[change.column] = days > end
                found.aside[change.column] = f"Compared only since {end}. Before: {change.words}"


def _is_sure(change: DataChange, query: OutcomeChangesQuery) -> bool:
    return change.p_value is None or change.p_value <= query.set_aside_p


def _changes(table: FeatureTable, units: np.ndarray, before: np.ndarray, now: np.ndarray) -> list[DataChange]:
    """Of one record of each person or account: an account with twenty deals brings one new level, once."""
    sides = [_first_of_units(units, rows) for rows in (before, now)]
    amounts = [np.flatnonzero(rows) for rows in (before, now)]
    drift = DriftQuery()
    features = table.without([AMOUNT])
    found = data_changes(features.take(sides[0]), features.take(sides[1]), drift)
    if table.find(AMOUNT):
        column = table.only([AMOUNT])
        found += [
            each
            for each in data_changes(column.take(amounts[0]), column.take(amounts[1]), drift)
            if each.kind == "unit"
        ]
    exact = [_exactly(each, len(sides[0]), len(sides[1])) for each in found]
    return [each for each in exact if each.kind != "unknown_share" or _is_large(each, drift)]


def _first_of_units(units: np.ndarray, rows: np.ndarray) -> np.ndarray:
    places = np.flatnonzero(rows)
    return places[np.sort(np.unique(units[places], return_index=True)[1])]


def _is_large(change: DataChange, drift: DriftQuery) -> bool:
    return abs((change.after or 0.0) - (change.before or 0.0)) >= drift.least_share


def _exactly(change: DataChange, before: int, now: int) -> DataChange:
    """A share of unknown by Fisher's test: the normal one is no test of one unknown value among sixty."""
    if change.kind not in ("unknown_share", "vanished") or change.before is None or change.after is None:
        return change
    unknown = round(change.after * now), round(change.before * before)
    update: dict[str, object] = {"p_value": float(fisher_p(unknown[0], now, unknown[1], before))}
    if change.before == 1.0:
        update |= {
            "kind": "appeared",
            "words": f"{_column_of(change)} was not known of any row before.",
        }
    return change.model_copy(update=update)


def _column_of(change: DataChange) -> str:
    return change.words.split(" is unknown of ")[0]


def _with_span(change: DataChange, days: int) -> DataChange:
    return change.model_copy(update={"words": f"{change.words.removesuffix('.')} (last {days:,} days)."})
