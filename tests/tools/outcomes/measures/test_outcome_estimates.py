"""Intervals cover what they should, and tests agree with their references."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tools.mining.evidence.statistics import wilson_interval
from tools.outcomes.measures.estimates import (
    fisher_p,
    mean_estimate,
    median_estimate,
    money,
    percent,
    share_estimate,
    shift_p,
    trend_p,
)


def test_a_share_of_records_that_repeat_units_is_as_sure_as_the_units():
    """50 of 200 deals of 20 accounts: the interval is that of 5 of 20."""
    plain, repeated = share_estimate(50, 200), share_estimate(50, 200, units=20)
    assert plain is not None
    assert repeated is not None
    assert (plain.value, plain.low, plain.high) == (0.25, *wilson_interval(50, 200))
    assert (repeated.value, repeated.low, repeated.high) == (0.25, *wilson_interval(5, 20))
    assert share_estimate(0, 0) is None


def test_the_interval_of_a_median_lies_between_order_statistics():
    """Of 10 values P(B <= 1) = 11/1024 and P(B <= 2) = 56/1024 > 2.5 %: the second and the ninth."""
    found = median_estimate(np.array([10.0, 9, 8, 7, 6, 5, 4, 3, 2, 1, np.nan]))
    assert found is not None
    assert (found.value, found.low, found.high) == (5.5, 2, 9)
    few = median_estimate(np.array([3.0, 1.0, 2.0]))
    assert few is not None
    assert (few.value, few.low, few.high) == (2, 1, 3)
    assert median_estimate(np.array([1.0, np.nan])) is None


@pytest.mark.parametrize("size", [8, 25, 80])
def test_the_interval_of_a_median_covers_it_as_often_as_it_says(size: int):
    """The true median of the exponential distribution is log 2."""
    rng = np.random.default_rng(size)
    covered = 0
    for _ in range(1_000):
        found = median_estimate(rng.exponential(size=size))
        assert found is not None
        covered += found.low <= np.log(2) <= found.high
    assert covered >= 935


def test_the_interval_of_a_mean_is_that_of_scipys_bootstrap():
    values = np.random.default_rng(1).lognormal(size=60)
    found = mean_estimate(values, draws=5_000, seed=3)
    assert found is not None
    reference = stats.bootstrap(
        (values,), np.mean, n_resamples=5_000, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high), rel=0.03)
    assert found == mean_estimate(values, draws=5_000, seed=3)


def test_of_many_values_the_interval_is_normal_and_of_one_there_is_none():
    values = np.random.default_rng(1).exponential(size=6_000)
    found = mean_estimate(values)
    assert found is not None
    low, high = stats.norm.interval(0.95, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert mean_estimate(np.array([1.0])) is None
    assert mean_estimate(np.array([np.nan, np.nan])) is None


def test_a_shift_is_tested_as_scipy_does_and_ties_alone_prove_nothing():
    one, other = np.array([1.0, 2, 3, 4, np.nan]), np.array([3.0, 5, 6, 7])
    assert shift_p(one, other) == pytest.approx(stats.mannwhitneyu(one[:4], other).pvalue)
    assert shift_p(np.ones(5), np.ones(7)) == 1.0
    assert shift_p(np.array([np.nan]), other) is None


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_two_shares_are_tested_by_twice_the_smaller_exact_tail(k: int, n: int, o: int, m: int):
    k, o = min(k, n), min(o, m)
    table = [[k, n - k], [o, m - o]]
    tails = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    assert fisher_p([k], n, o, m)[0] == pytest.approx(min(2 * min(tails), 1.0), rel=1e-6)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=5))
def test_a_trend_is_the_correlation_of_having_with_rank(groups: list[tuple[int, int]]):
    """Cochran and Armitage's z squared is n r squared of the records one by one."""
    having, missing = np.array(groups).T
    z, p = trend_p(having, having + missing)
    ranks = np.repeat(np.arange(len(groups)), having + missing)
    hits = np.concatenate([[1] * k + [0] * m for k, m in groups])
    if len(set(ranks.tolist())) < 2 or len(set(hits.tolist())) < 2:
        assert (z, p) == (0.0, 1.0)
        return
    r = np.corrcoef(ranks, hits)[0, 1]
    assert z == pytest.approx(r * np.sqrt(len(hits)), abs=1e-9)
    assert p == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_figures_in_words():
    assert [percent(share) for share in (0.0, 0.004, 0.04, 0.345, 1.0)] == [
        "0 %",
        "0.4 %",
        "4 %",
        "34 %",
        "100 %",
    ]
    assert [money(45_123.0, "EUR"), money(900.0, "")] == ["45,100 EUR", "900"]
