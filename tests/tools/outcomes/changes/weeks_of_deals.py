"""Deals with exact counts before and in the last weeks, for tests of what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from store.features import Feature, FeatureTable, category
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import outcome_table

UNTIL = np.datetime64("2026-06-29", "D")
Counts = Mapping[str, tuple[int, int]]  # of each industry: won, decided


def weeks_of_deals(before: Counts, now: Counts, now_days: int = 28) -> OutcomeTable:
    """Deals of these industries, spread evenly over the 182 days before the last ones, and over these."""
    kinds: list[str] = []
    industries: list[str] = []
    days: list[np.ndarray] = []
    for counts, first, length in ((before, now_days + 181, 182), (now, now_days - 1, now_days)):
        for industry, (won, decided) in counts.items():
            kinds += ["won"] * won + ["lost"] * (decided - won)
            industries += [industry] * decided
            days.append(UNTIL - first + np.r_[even(won, length), even(decided - won, length)])
    return outcome_table(
        kinds, [category("industry", industries, label="Industry")], decided=np.concatenate(days)
    )


def even(count: int, length: int) -> np.ndarray:
    return np.arange(count) * length // max(count, 1)


def with_columns(table: OutcomeTable, *columns: Feature) -> OutcomeTable:
    return replace(table, features=table.features.beside(*columns))


def only_columns(table: OutcomeTable, columns: Sequence[Feature]) -> OutcomeTable:
    return replace(table, features=FeatureTable(table.rows, tuple(columns)))


def is_late(table: OutcomeTable, days: int) -> np.ndarray:
    """Whether each was decided in the last days, bool."""
    return table.decided_at > UNTIL - days
