"""Conditions are readable, lie where the values lie, and are met by the rows that they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadInput
from store.features import FeatureTable, category, number, sets
from tests.tools.outcomes.patterns.planted_outcomes import random_features
from tools.mining.rows.membership import unpack
from tools.outcomes.patterns.conditions.candidates import Candidates, Group, Remainder
from tools.outcomes.patterns.conditions.condition import met_and_unmet, range_words, told
from tools.outcomes.patterns.conditions.edges import edges_of, roundest
from tools.outcomes.patterns.conditions.query import ConditionQuery


def candidates_of(seed: int, rows: int = 300) -> tuple[FeatureTable, Candidates]:
    table = FeatureTable(rows, tuple(random_features(np.random.default_rng(seed), rows)))
    return table, Candidates.of(table, ConditionQuery(quantiles=(0.3, 0.7)))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(4_300, 5_600, 5_000), (41, 47, 45), (0.012, 0.019, 0.015), (-3, 2, 0), (7, 7, 7), (180, 230, 200)],
)
def test_an_edge_is_the_roundest_number_nearby(low: float, high: float, expected: float):
    assert roundest(low, high) == pytest.approx(expected)


@given(st.floats(-1e9, 1e9), st.floats(0, 1e6))
def test_the_roundest_number_lies_between_its_bounds(low: float, width: float):
    assert low <= roundest(low, low + width) <= low + width


def test_a_column_of_few_values_is_cut_at_each():
    assert edges_of(np.array([1.0, 2, 2, 3, np.nan]), (0.2, 0.5, 0.8)) == [2, 3]
    assert edges_of(np.array([4.0, 4, np.nan]), (0.5,)) == []
    assert edges_of(np.array([np.nan, np.nan]), (0.5,)) == []


def test_edges_of_whole_numbers_are_whole():
    """Near the lower quantile of 1 to 30 the roundest is 2.5; whole numbers from there on begin at 3."""
    values = np.arange(1.0, 31)
    assert edges_of(values, (0.05, 0.5, 0.9)) == [3, 15, 28]
    assert edges_of(values / 4, (0.05, 0.5, 0.9)) == [0.5, 4, 7]


def test_ranges_are_told_as_a_reader_says_them():
    """Whole numbers end before the next range begins."""
    assert range_words(None, 50.0) == "under 50"
    assert range_words(50.0, 500.0, whole=True) == "50-499"
    assert range_words(5_000.0, None, "people") == "5,000 people and over"
    assert range_words(0.2, 0.5, "EUR") == "0.2 to under 0.5 EUR"
    assert range_words(3.0, 4.0, whole=True) == "3"


def test_every_kind_of_condition_is_told_in_words():
    table = FeatureTable(
        8,
        (
            number("employees", [1, 1, 1, 1, 9, 9, 9, 9]),
            category("industry", ["Retail"] * 4 + ["Banking"] * 4),
            category("public", ["Yes"] * 4 + ["No"] * 4, label="Listed"),
            sets("technologies", [["CRM"]] * 4 + [["ERP"]] * 4),
        ),
    )
    made = Candidates.of(table, ConditionQuery(min_records=2))
    assert [each.words for each in made.conditions] == [
        "Employees under 9",
        "Employees 9 and over",
        "Industry is Banking",
        "Industry is Retail",
        "Listed: no",
        "Listed: yes",
        "Technologies include CRM",
        "Technologies include ERP",
    ]
    assert told(made.conditions[:2]) == "Employees under 9 and Employees 9 and over"


@pytest.mark.parametrize("seed", range(5))
def test_the_rows_of_a_candidate_are_those_that_meet_it(seed: int):
    table, made = candidates_of(seed)
    for place, condition in enumerate(made.conditions):
        met, unmet = met_and_unmet([condition], table)
        assert np.array_equal(unpack(made.rows.bits[place], table.rows).astype(bool), met)
        known = unpack(made.rows.bits[made.known[place]], table.rows).astype(bool)
        assert np.array_equal(known, met | unmet)
        assert 20 <= met.sum() <= known.sum() - 20


def test_groups_count_sets_as_a_loop_does_and_a_remainder_what_is_left():
    table, made = candidates_of(7)
    rng = np.random.default_rng(8)
    whole = rng.random(table.rows) < 0.7
    part = whole & (rng.random(table.rows) < 0.3)
    group, rest = Group(made, whole), Remainder(Group(made, whole), Group(made, part))
    members = rng.integers(0, len(made), (40, 3))
    met = np.array([condition.met(table) for condition in made.conditions])
    for length in (1, 2, 3):
        together = met[members[:, :length]].all(axis=1)
        assert np.array_equal(group.counts(members[:, :length]), (together & whole).sum(axis=1))
        assert np.array_equal(rest.counts(members[:, :length]), (together & whole & ~part).sum(axis=1))


def test_of_too_many_conditions_the_evenest_are_kept():
    table, _ = candidates_of(1)
    made = Candidates.of(table, ConditionQuery(max_conditions=6))
    shares = [condition.met(table).mean() for condition in made.conditions]
    assert made.bounded
    assert len(made) == 6
    assert all(0.2 < share < 0.8 for share in shares)


def test_a_condition_on_a_column_that_is_not_there_is_refused():
    table, made = candidates_of(1)
    with pytest.raises(BadInput, match="No column"):
        made.conditions[0].met(table.without([made.conditions[0].attribute]))
    assert not met_and_unmet([made.conditions[0]], table)[0][np.isnan(table.features[0].values)].any()


def test_nothing_can_be_asked_of_constant_unknown_or_no_columns():
    rows = 100
    table = FeatureTable(
        rows,
        (
            number("same", np.ones(rows)),
            number("unknown", np.full(rows, np.nan)),
            category("one", ["x"] * rows),
            sets("none", [[]] * rows),
        ),
    )
    assert len(Candidates.of(table, ConditionQuery())) == 0
    assert len(Candidates.of(FeatureTable(0, ()), ConditionQuery())) == 0
