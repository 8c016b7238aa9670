"""Intervals and p-values against scipy, and against their own promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tools.mining.evidence.statistics import (
    as_p_values,
    benjamini_hochberg,
    gap_interval,
    independence_interval,
    information,
    largest_discovery,
    log_p_depleted,
    log_p_enriched,
    ratio_interval,
    relative_interval,
    wilson_interval,
)


@given(st.integers(1, 10_000), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
@settings(max_examples=80, deadline=None)
def test_wilson_is_scipys(total: int, data: st.DataObject, confidence: float):
    having = data.draw(st.integers(0, total))
    low, high = wilson_interval(having, total, confidence)
    theirs = stats.binomtest(having, total).proportion_ci(confidence, method="wilson")
    assert (low, high) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))
    assert 0 <= low <= having / total <= high <= 1


def test_wilson_of_nobody_says_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_the_lift_over_a_known_share_is_the_share_scaled():
    """6 of 8 have it (Wilson 0.4093..0.9285), 20 % of the population: lift 2.05..4.64."""
    low, high = ratio_interval(6, 8, 0.2)
    assert (low, high) == (pytest.approx(2.046, abs=1e-3), pytest.approx(4.642, abs=1e-3))


def test_a_pair_held_by_chance_has_the_lift_one_within_its_interval():
    """100 customers, 50 and 40 have the traits, 20 both: lift 1, n var = 1/.2 - 1/.5 - 1/.4 + 2 - 1 = 1.5.

    So the standard error of log lift is sqrt(1.5 / 100) = 0.1225, and the bounds are exp(-+0.24).
    """
    low, high = independence_interval([20], 100, [[50, 40]], [1.0])
    assert low[0] == pytest.approx(np.exp(-1.96 * 0.122474), abs=1e-3)
    assert high[0] == pytest.approx(np.exp(1.96 * 0.122474), abs=1e-3)


@pytest.mark.parametrize("length", [2, 3])
def test_the_interval_of_independence_covers_the_truth_as_often_as_it_says(length: int):
    """Rows with a common cause: 2,000 samples of 400; the true lift lies inside in about 95 % of them."""
    rng = np.random.default_rng(3)
    cause = rng.random((2_000, 400, 1)) < 0.3
    held = rng.random((2_000, 400, length)) < np.where(cause, 0.7, 0.25)
    counts = held.sum(axis=1)
    pair_lifts = sum(
        400 * (held[:, :, a] & held[:, :, b]).sum(axis=1) / (counts[:, a] * counts[:, b])
        for a in range(length)
        for b in range(a)
    )
    low, high = independence_interval(held.all(axis=2).sum(axis=1), 400, counts, pair_lifts)
    single = 0.3 * 0.7 + 0.7 * 0.25
    truth = (0.3 * 0.7**length + 0.7 * 0.25**length) / single**length
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(0.95, abs=0.015)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
@settings(max_examples=50, deadline=None)
def test_the_ratio_of_two_samples_is_scipys(n: int, m: int, data: st.DataObject):
    k, j = data.draw(st.integers(1, n)), data.draw(st.integers(1, m))
    ratio, low, high = relative_interval(k, n, j, m)
    theirs = stats.contingency.relative_risk(k, n, j, m)
    interval = theirs.confidence_interval(0.95)
    assert ratio == pytest.approx(theirs.relative_risk)
    assert (low, high) == (pytest.approx(interval.low), pytest.approx(interval.high))


def test_a_ratio_to_nobody_is_finite():
    """5 of 10 against 0 of 20, half a person added: (5.5 / 10.5) / (0.5 / 20.5) = 21.5."""
    ratio, low, high = relative_interval(5, 10, 0, 20)
    assert ratio == pytest.approx(21.476, abs=1e-3)
    assert 1 < low < ratio < high < np.inf


@given(st.integers(2, 400), st.data())
@settings(max_examples=150, deadline=None)
def test_tails_of_small_tables_are_exact(total: int, data: st.DataObject):
    drawn, marked = data.draw(st.integers(1, total)), data.draw(st.integers(1, total))
    having = data.draw(st.integers(max(0, drawn + marked - total), min(drawn, marked)))
    enriched = float(np.exp(log_p_enriched(having, drawn, marked, total)))
    depleted = float(np.exp(log_p_depleted(having, drawn, marked, total)))
    few = min(drawn, marked, total - drawn, total - marked) < 25
    close = {"rel": 1e-9} if few else {"rel": 0.08}
    assert enriched == pytest.approx(stats.hypergeom.sf(having - 1, total, marked, drawn), **close)
    assert depleted == pytest.approx(stats.hypergeom.cdf(having, total, marked, drawn), **close)


def test_fishers_tea_tasting():
    """Four cups of eight, all four told: 1 / C(8, 4) = 1 / 70."""
    theirs = stats.fisher_exact([[4, 0], [0, 4]], alternative="greater").pvalue
    assert np.exp(log_p_enriched(4, 4, 4, 8)) == pytest.approx(1 / 70)
    assert theirs == pytest.approx(1 / 70)


def test_tails_of_large_tables_are_close():
    rng = np.random.default_rng(4)
    total = rng.integers(5_000, 300_000, 2_000)
    drawn, marked = (
        (total * rng.uniform(0.05, 0.6, 2_000)).astype(int),
        (total * rng.uniform(0.05, 0.6, 2_000)).astype(int),
    )
    deviation = np.sqrt(drawn * (marked / total) * (1 - marked / total) * (1 - drawn / total))
    having = np.round(drawn * marked / total + rng.uniform(-6, 6, 2_000) * deviation).astype(int)
    exact = stats.hypergeom.sf(having - 1, total, marked, drawn)
    assert np.abs(np.exp(log_p_enriched(having, drawn, marked, total)) / exact - 1).max() < 0.06


def test_far_tails_do_not_underflow():
    assert log_p_enriched(30_000, 100_000, 1_000_000, 10_000_000) == pytest.approx(-15_400, rel=0.02)
    assert as_p_values(np.array([-15_000.0])) == pytest.approx(1e-300)
    assert log_p_enriched(30, 100, 1_000, 300_000_000) == pytest.approx(-320.1436, abs=1e-3)


def test_tails_at_the_ends_of_the_range():
    assert log_p_enriched(0, 10, 5, 100) == 0
    assert log_p_enriched(6, 10, 5, 100) == -np.inf
    assert log_p_depleted(5, 10, 5, 100) == 0
    assert log_p_enriched([], [], [], []).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
def test_q_values_are_scipys(p_values: list[float]):
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_tests_that_were_made_and_not_given_count_as_ones(p_values: list[float], more: int):
    padded = benjamini_hochberg([*p_values, *([1.0] * more)])[: len(p_values)]
    assert benjamini_hochberg(p_values, len(p_values) + more) == pytest.approx(padded)


@given(st.floats(0, 1), st.floats(0.01, 0.99))
@settings(max_examples=50, deadline=None)
def test_information_is_the_divergence(share: float, baseline: float):
    theirs = stats.entropy([share, 1 - share], [baseline, 1 - baseline])
    assert information(share, baseline) == pytest.approx(max(theirs, 0.0), abs=1e-12)


def test_information_against_nobody_is_without_bound():
    assert information(0.5, 0.0) == np.inf
    assert information(0.0, 0.0) == 0
    assert information(1.0, 1.0) == 0


@given(st.integers(1, 5_000), st.data(), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_the_difference_from_a_known_share_is_scipys_share_moved(
    total: int, data: st.DataObject, share: float
):
    having = data.draw(st.integers(0, total))
    low, high = gap_interval(having, total, share)
    theirs = stats.binomtest(having, total).proportion_ci(0.95, method="wilson")
    assert (low, high) == (pytest.approx(theirs.low - share), pytest.approx(theirs.high - share))
    assert -1 <= low <= high <= 1


def test_a_difference_from_a_known_share():
    """6 of 8 have it (Wilson 0.4093..0.9285), 20 % of the population: 0.21..0.73 more."""
    low, high = gap_interval([6, 0], 8, [0.2, 0.2])
    assert low == pytest.approx([0.2093, -0.2], abs=1e-3)
    assert high[0] == pytest.approx(0.7285, abs=1e-3)


def test_the_largest_discovery_of_a_list_worked_out():
    """0.001, 0.01, 0.02, 0.5 at q = 0.05: three of four are discoveries, up to 3 / 4 x 0.05 = 0.0375."""
    p_values = np.array([0.001, 0.01, 0.02, 0.5])
    q_values = benjamini_hochberg(p_values)
    assert largest_discovery(p_values, q_values, 0.05) == pytest.approx(0.0375)
    assert largest_discovery(p_values[:1], q_values[:1], 0.05) == pytest.approx(0.05 / 4)
    assert largest_discovery(p_values[3:], q_values[3:], 0.05) == 0
    assert largest_discovery([], [], 0.05) == 0


@given(
    st.lists(st.floats(1e-6, 1), min_size=1, max_size=30), st.integers(0, 29), st.sampled_from([0.05, 0.3])
)
@settings(max_examples=80, deadline=None)
def test_a_discovery_stays_one_up_to_the_largest(p_values: list[float], place: int, q: float):
    """Its p-value raised to the largest, the others as they are, scipy still calls it a discovery."""
    q_values = benjamini_hochberg(p_values)
    place %= len(p_values)
    largest = largest_discovery(p_values, q_values, q)
    if q_values[place] <= q:
        for raised, stays in ((largest * (1 - 1e-9), True), (min(largest * 1.001, 1.0), False)):
            others = [*p_values[:place], raised, *p_values[place + 1 :]]
            discovered = stats.false_discovery_control(others)[place] <= q
            assert discovered or not stays
    assert np.all(np.array(p_values)[q_values <= q] <= largest * (1 + 1e-9))
