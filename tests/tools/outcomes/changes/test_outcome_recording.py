"""Columns recorded otherwise are data, in the week they change and in the months after."""

from dataclasses import replace

import numpy as np
import pytest

from store.features import category, number
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.changes.weeks_of_deals import UNTIL, is_late, weeks_of_deals, with_columns
from tools.outcomes.changes.outcome_changes import OutcomeChangesQuery, outcome_changes

STEADY = {"Software": (80, 400), "Logistics": (60, 300), "Health": (60, 300)}
LATELY = {"Software": (20, 100), "Logistics": (15, 75), "Health": (15, 75)}
QUERY = OutcomeChangesQuery(until=UNTIL.item())


def respelled(days: int) -> OutcomeTable:
    """Logistics is written `logistics` since so many days."""
    table = weeks_of_deals(STEADY, LATELY)
    industry = table.features.features[0]
    names = np.array(industry.levels)[industry.values]
    names = np.where(is_late(table, days) & (names == "Logistics"), "logistics", names)
    return with_columns(table, category("industry", names, label="Industry"))


@pytest.mark.parametrize("days", [7, 28])
def test_another_spelling_is_told_as_data(days):
    found = outcome_changes(respelled(days), QUERY)
    assert found.changes == []
    (change,) = found.data
    assert (change.column, change.kind) == ("industry", "new_levels")
    assert "“logistics”" in change.words
    assert change.q_value is not None
    assert change.q_value <= found.level
    assert list(found.set_aside) == ["industry"]


@pytest.mark.parametrize("days", [35, 56, 91, 126, 168])
def test_months_later_the_old_spelling_is_no_change_of_customers(days):
    found = outcome_changes(respelled(days), QUERY)
    assert (found.changes, found.data) == ([], [])
    assert found.set_aside["industry"].startswith("Compared only since")


def test_a_change_after_another_spelling_is_found_among_the_deals_since():
    """Respelled in the first of the days compared; lately logistics wins 60 of 75, and 60 of 300 before."""
    table = weeks_of_deals(STEADY, LATELY | {"Logistics": (60, 75)})
    industry = table.features.features[0]
    names = np.array(industry.levels)[industry.values]
    names = np.where(is_late(table, 160) & (names == "Logistics"), "logistics", names)
    found = outcome_changes(with_columns(table, category("industry", names)), QUERY)
    assert [each.key for each in found.changes] == ["win_rate:industry=logistics:up"]
    assert found.changes[0].n_before < 300


def test_a_column_that_is_no_longer_filled_has_vanished():
    table = weeks_of_deals(STEADY, LATELY)
    size = np.where(is_late(table, 7), np.nan, 100.0 + np.arange(table.rows) % 50)
    found = outcome_changes(with_columns(table, number("size", size)), QUERY)
    assert [(each.column, each.kind) for each in found.data] == [
        ("size", "vanished"),
        ("size", "unknown_share"),
    ]
    assert found.changes == []


def test_a_column_that_is_new_has_appeared():
    table = weeks_of_deals(STEADY, LATELY)
    size = np.where(is_late(table, 28), 100.0 + np.arange(table.rows) % 50, np.nan)
    found = outcome_changes(with_columns(table, number("size", size, label="Size")), QUERY)
    assert ("size", "appeared") in [(each.column, each.kind) for each in found.data]
    assert "Size was not known of any row before" in found.data[0].words
    assert found.changes == []


def test_sudden_unknowns_are_data_and_a_single_one_is_nothing():
    table = weeks_of_deals(STEADY, LATELY)
    size = 100.0 + np.arange(table.rows) % 50
    once, often = size.copy(), size.copy()
    late = np.flatnonzero(is_late(table, 7))
    once[late[0]], often[late[::2]] = np.nan, np.nan
    assert outcome_changes(with_columns(table, number("size", once)), QUERY).set_aside == {}
    assert list(outcome_changes(with_columns(table, number("size", often)), QUERY).set_aside) == ["size"]


def test_amounts_in_thousands_are_no_smaller_contracts():
    table = weeks_of_deals(STEADY, {name: (won * 2, total * 2) for name, (won, total) in LATELY.items()})
    rng = np.random.default_rng(0)
    values = rng.lognormal(9, 0.5, table.rows) / np.where(is_late(table, 28), 1_000, 1)
    found = outcome_changes(replace(table, amounts=values), QUERY)
    assert found.changes == []
    assert [(each.column, each.kind) for each in found.data] == [("amount", "unit")]
    assert found.figures[0].contract_value.n == 0


def test_twenty_deals_of_one_account_bring_one_new_level():
    """Twenty deals of a new industry in a week: of twenty accounts the data changed, of one it did not."""
    table = weeks_of_deals(STEADY, LATELY)
    industry = table.features.features[0]
    names = np.array(industry.levels)[industry.values]
    chosen = np.flatnonzero(is_late(table, 7))[:20]
    names[chosen] = "Energy"
    table = with_columns(table, category("industry", names))
    units = table.unit_ids.astype("<U20")
    units[chosen] = "account of all"
    assert list(outcome_changes(table, QUERY).set_aside) == ["industry"]
    assert outcome_changes(replace(table, unit_ids=units), QUERY).set_aside == {}
