"""How far two spreads differ is measured by an index and proven by a test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ks_2samp

from store.features import category, number, sets
from tools.scoring.gate.distributions import compare_spread, stability_index


def test_the_index_is_the_sum_over_cells_less_what_chance_gives():
    """100 rows each, 50 : 50 then 80 : 20. With half a row to each cell: 50.5 / 101 = .5 and .7970, .2030;
    (.297) ln 1.594 + (-.297) ln .4059 = .4063; less 1 * (1/100 + 1/100)."""
    found = stability_index(np.array([50, 50]), np.array([80, 20]))
    assert found == pytest.approx(0.4063 - 0.02, abs=2e-4)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=8), st.integers(1, 5))
def test_the_index_of_the_same_shares_is_nothing(counts, times):
    rows = np.array(counts) + 1
    assert stability_index(rows * 40, rows * 40 * times) == pytest.approx(0, abs=1e-4)


def test_numbers_are_compared_as_scipy_does():
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=200), rng.normal(0.3, 1, 150)
    found = compare_spread(number("n", one), number("n", other), 10)
    assert found.p == pytest.approx(ks_2samp(one, other, method="asymp").pvalue)


def test_levels_are_compared_as_scipy_does():
    """60 : 40 against 45 : 55, no continuity correction."""
    before, after = category("c", ["a"] * 60 + ["b"] * 40), category("c", ["a"] * 45 + ["b"] * 55)
    found = compare_spread(before, after, 10)
    assert found.p == pytest.approx(chi2_contingency([[60, 40], [45, 55]], correction=False).pvalue)
    assert found.words == "“a” went from 60.0% to 45.0%"


def test_rare_levels_are_compared_as_one():
    """Ten levels of one row each on either side, all different: together they are as frequent as before."""
    before = category("c", ["a"] * 90 + [f"old {at}" for at in range(10)])
    after = category("c", ["a"] * 90 + [f"new {at}" for at in range(10)])
    assert compare_spread(before, after, 10).p == pytest.approx(1)


def test_sets_are_compared_level_by_level():
    """x from 50 of 100 to 80 of 100; y always: the smaller p-value, times two levels."""
    before = sets("s", [["x", "y"]] * 50 + [["y"]] * 50)
    after = sets("s", [["x", "y"]] * 80 + [["y"]] * 20)
    found = compare_spread(before, after, 10)
    assert found.p < 1e-4
    assert found.words == "“x” went from 50.0% to 80.0%"


def test_one_value_on_both_sides_is_no_change():
    same = category("c", ["a"] * 30)
    assert compare_spread(same, same, 10).p == 1
    assert compare_spread(number("n", [2.0] * 30), number("n", [2.0] * 40), 10).p == 1
