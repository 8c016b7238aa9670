"""Are columns recorded as before, and of which records may they be used?"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from store.features import FeatureTable, number
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.changes.columns_told import column_change, one_of_each
from tools.outcomes.changes.evidence.repeats import units_coded
from tools.outcomes.changes.findings import ColumnChange
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.windows import Span
from tools.outcomes.measures.span import DAY
from tools.scoring.gate.data_changes import data_changes
from tools.scoring.gate.drift_findings import DataChange
from tools.scoring.gate.queries import DriftQuery

AMOUNT = "amount"  # the column of contract values, as it is called where it is set aside
OF_SHARES = ("unknown_share", "appeared")  # kinds of which a trifle may be beyond chance
STEP_DAYS = 28  # of the past, looked at in turn


@dataclass
class Recording:
    """Changes of the data that were tested, the records of which each column may be used, and why not all."""

    tested: list[DataChange]
    usable: dict[str, np.ndarray]
    aside: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], ColumnChange] = field(default_factory=dict)  # by column and kind
    sure: set[tuple[str, str]] = field(default_factory=set)  # what sets columns aside

    def alike(self, columns: Collection[str], rows: int) -> np.ndarray:
        """The records of which all these columns are recorded alike, bool; of none where one is set aside."""
        found = np.ones(rows, dtype=np.bool_)
        for name in columns:
            if name in self.usable:
                found &= self.usable[name]
            elif name in self.aside:
                found[:] = False
        return found

    def told(self, proven: Collection[DataChange], scored: Collection[str]) -> list[ColumnChange]:
        """One change of each column that is set aside or proven. scored: columns that scores rest on."""
        sure = self.sure | {(each.column, each.kind) for each in proven}
        wanted = [each for key, each in self.columns.items() if key in sure]
        return [
            each.model_copy(
                update={
                    "set_aside": each.column in self.aside,
                    "scored": each.column in self.aside and each.column in scored,
                }
            )
            for each in one_of_each(wanted)
        ]


def recording(decided: OutcomeTable, windows: list[Span], query: OutcomeChangesQuery) -> Recording:
    """What the data's own change would make of these records.

    A column that is recorded otherwise in a window of up to four weeks than before takes no part. One whose
    recording changed earlier is used of the records since: else its old spelling would vanish, week by week,
    for half a year. Amounts are looked at as the column `amount`.
    """
    table = _with_amounts(decided)
    found = Recording([], {each.name: np.ones(table.rows, dtype=np.bool_) for each in table.features})
    units = units_coded(decided.unit_ids)
    present = [each for each in windows if each.told.days <= STEP_DAYS] or windows[:1]
    records = _Past(table, decided.decided_at.astype("datetime64[D]"), units)
    for span in present:
        changes = _changes(table, units, span.before, span.now)
        _remember(
            found, changes, records, np.datetime64(span.told.before_last), np.datetime64(span.told.last)
        )
        found.tested += [_with_span(each, span.told.days) for each in changes]
        for change in changes:
            if _is_sure(change, query):
                found.sure.add((change.column, change.kind))
                found.aside[change.column] = change.words
                found.usable.pop(change.column, None)
    past = present[-1].told.before_last, min(each.told.before_first for each in windows)
    _in_the_past(records, past, found, query)
    return found


def _remember(
    found: Recording,
    changes: list[DataChange],
    records: "_Past",
    start: np.datetime64,
    end: np.datetime64,
) -> None:
    for change in changes:
        column = records.table.find(change.column)
        if column is not None:
            told = column_change(change, column, records.days, start, end)
            found.columns.setdefault((change.column, change.kind), told)


def _with_amounts(decided: OutcomeTable) -> FeatureTable:
    """Amounts of the won as a column; a column of that name is not theirs."""
    if decided.features.find(AMOUNT):
        return decided.features
    amounts = np.where(decided.are("won"), decided.amounts, np.nan)
    return decided.features.beside(number(AMOUNT, amounts, label="Contract value", unit=decided.currency))


class _Past(NamedTuple):
    """Records, the day that each was decided on, and the place of its unit among all."""

    table: FeatureTable
    days: np.ndarray
    units: np.ndarray


def _in_the_past(
    records: "_Past",
    past: tuple[dt.date, dt.date],
    found: Recording,
    query: OutcomeChangesQuery,
) -> None:
    """Step by step back from the last of these days to the first: when did a column's recording change?

    It is used of the records after the last such step. Steps overlap by half: of a change in the last days of
    one there are too few records to see it, and in the next they are no longer new.
    """
    days, half = records.days, STEP_DAYS // 2 * DAY
    ends = [np.datetime64(past[0], "D") + half]
    while ends[-1] - half > np.datetime64(past[1], "D"):
        ends.append(ends[-1] - half)
    judged: set[str] = set()
    for end in ends:
        start = end - STEP_DAYS * DAY
        before, now = days <= start, (days > start) & (days <= end)
        if before.sum() < query.least_before or now.sum() < query.least_now:
            continue
        names = [name for name in found.usable if name not in judged]
        changes = _changes(records.table.only(names), records.units, before, now)
        sure = [each for each in changes if _is_sure(each, query) and each.column not in judged]
        for change in sure:
            found.columns.pop((change.column, change.kind), None)
        _remember(found, sure, records, start, end)
        for change in sure:
            found.sure.add((change.column, change.kind))
            if change.column not in judged:
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
    return [each for each in found if each.kind not in OF_SHARES or _is_large(each, drift)]


def _first_of_units(units: np.ndarray, rows: np.ndarray) -> np.ndarray:
    places = np.flatnonzero(rows)
    if units.max(initial=-1) + 1 == len(units):
        return places
    return places[np.sort(np.unique(units[places], return_index=True)[1])]


def _is_large(change: DataChange, drift: DriftQuery) -> bool:
    return abs((change.after or 0.0) - (change.before or 0.0)) >= drift.least_share


def _with_span(change: DataChange, days: int) -> DataChange:
    return change.model_copy(update={"words": f"{change.words.removesuffix('.')} (last {days:,} days)."})
