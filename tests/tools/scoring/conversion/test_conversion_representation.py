"""Rows that are unlike those learned from, and quarters that were not written down, are told."""

import numpy as np

from store.features import FeatureTable, category, number
from tests.tools.scoring.conversion.outcome_planted import START, planted
from tools.scoring.conversion.evidence.representation import represented, thin_quarters
from tools.scoring.conversion.queries import ConversionQuery


def test_rows_of_the_same_source_are_not_told_apart():
    found = represented(planted(1_500, 0)[0], planted(1_500, 1)[0], ConversionQuery())
    assert found.separability.low <= 0.5 <= found.separability.high + 0.01
    assert found.outside_share < 0.01


def test_rows_of_another_source_are_told_apart_by_name():
    labelled, other = planted(800, 0)[0], planted(800, 1)[0]
    column = other.find("size")
    assert column is not None
    found = represented(labelled, other.beside(number("size", column.values + 2)), ConversionQuery())
    assert found.separability.low > 0.8
    assert found.separating[0] == "Size"


def test_values_beyond_the_labelled_ones_are_counted_by_row():
    """Of four rows one number is too high, one level is new, one has both faults: three of four."""
    labelled = FeatureTable(3, (number("n", [0, 5, 9]), category("c", ["a", "b", "a"])))
    scored = FeatureTable(4, (number("n", [1, 10, None, 99]), category("c", ["a", "a", "new", "new"])))
    assert represented(labelled, scored, ConversionQuery()).outside_share == 0.75


def test_no_rows_to_score_are_no_trouble():
    labelled = planted(50, 0)[0]
    found = represented(labelled, labelled.take(np.arange(0)), ConversionQuery())
    assert (found.rows, found.outside_share) == (0, 0.0)


def test_a_quarter_without_losses_is_told():
    """Four quarters of 100; losses are every second row, but in the second quarter there are none."""
    days = START + np.repeat([10, 100, 190, 280], 100)
    happened = np.tile([True, False], 200)
    happened[100:200] = True
    (told,) = thin_quarters(days, happened)
    assert told.startswith("In the quarter from 2025-04-01 only 0 of 100 outcomes")
    assert "did not happen" in told


def test_even_quarters_are_not_told():
    days = START + np.arange(400)
    assert thin_quarters(days, np.random.default_rng(0).random(400) < 0.3) == []
    assert thin_quarters(days[:20], np.arange(20) % 2 == 0) == []
