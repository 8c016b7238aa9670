"""Ranks against scipy's, ties and all; means and shifts with intervals that hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tools.outcomes.changes.evidence.ranks import (
    rank_shift,
    shift_estimate,
    t_mean,
    welch_difference,
)


@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(2, 60), st.booleans())
def test_the_p_value_is_that_of_mann_and_whitney(seed, first, second, rounded):
    rng = np.random.default_rng(seed)
    now, before = rng.normal(0.3, 1, first), rng.normal(0, 1, second)
    if rounded:
        now, before = np.round(now * 4), np.round(before * 4)
    counts = np.unique(np.concatenate((now, before)), return_counts=True)[1]
    if counts.max() > 0.5 * counts.sum():
        return
    expected = stats.mannwhitneyu(now, before, method="asymptotic")
    found = rank_shift(now, before)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.sign == np.sign(expected.statistic - first * second / 2)


def test_equal_values_say_nothing():
    assert rank_shift(np.ones(20), np.ones(30)) == (0, 1.0)


def test_mostly_equal_values_are_told_apart_exactly():
    """3 of 10 above the common value, and 1 of 200: Fisher's tail of 3 or more among 4, doubled twice."""
    now, before = np.array([5.0] * 7 + [9.0] * 3), np.array([5.0] * 199 + [9.0])
    found = rank_shift(now, before)
    assert found.sign == 1
    assert found.p == pytest.approx(4 * stats.hypergeom.sf(2, 210, 4, 10))


@pytest.mark.parametrize("tied", [0.0, 0.45, 0.8])
def test_few_values_against_many_err_at_most_as_often_as_asked(tied):
    """Ten skewed values against 300 of the same law: at 0.001, of 20,000 draws."""
    rng = np.random.default_rng(2)
    draws = np.where(rng.random((3_000, 310)) < tied, 0.0, rng.lognormal(0, 1.5, (3_000, 310)))
    errors = sum(rank_shift(row[:10], row[10:]).p <= 1e-3 for row in draws)
    assert errors <= 3 + 3 * np.sqrt(3)


def test_means_are_told_with_the_intervals_of_student_and_welch():
    rng = np.random.default_rng(3)
    now, before = rng.lognormal(3, 1, 30), rng.lognormal(3, 0.5, 200)
    expected = stats.ttest_ind(now, before, equal_var=False).confidence_interval()
    found = welch_difference(now, before, (30, 200))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    alone = stats.ttest_1samp(now, 0).confidence_interval()
    mean = t_mean(now, 30)
    assert mean is not None
    assert (mean.low, mean.high) == pytest.approx((alone.low, alone.high))
    assert t_mean(now[:1], 1) is None
    assert welch_difference(np.ones(3), np.ones(4), (3, 4)) is not None


def test_the_shift_is_the_median_of_all_differences():
    """Of 1, 2, 4 - 0, 1: differences 0, 1, 1, 2, 3, 4, whose median is 1.5."""
    found = shift_estimate(np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0]))
    assert found is not None
    assert (found.value, found.low, found.high) == (1.5, 0.0, 4.0)
    assert shift_estimate(np.ones(1), np.ones(5)) is None


def test_the_shift_interval_holds_the_shift_nineteen_times_in_twenty():
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        found = shift_estimate(rng.exponential(1, 25) + 0.5, rng.exponential(1, 80))
        assert found is not None
        held += found.low <= 0.5 <= found.high
    assert 0.92 <= held / 400 <= 0.985
