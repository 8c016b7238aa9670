"""Figures on held-out rows are what the books say, and their intervals hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss, roc_auc_score

from tools.scoring.conversion.evidence.accuracy import (
    auc_difference,
    auc_within,
    calibration_error,
    calibration_interval,
    error_by_chance,
    log_losses,
    paired,
    ranking,
    reliability,
)


def drawn(rows, seed):
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 3, rows)
    return p, rng.random(rows) < p


@given(st.integers(0, 10_000), st.integers(4, 60))
def test_auc_and_log_loss_are_those_of_scikit_learn(seed, rows):
    p, happened = drawn(rows, seed)
    p = np.round(p, 1)
    happened[:2] = [True, False]
    assert ranking(p, happened).auc == pytest.approx(roc_auc_score(happened, p))
    kept = np.clip(p, 0.01, 0.99)
    assert log_losses(kept, happened).mean() == pytest.approx(log_loss(happened, kept))


def test_auc_counts_pairs_of_the_same_window_only():
    """Window 0: of 2 pairs 1 right; window 1: of 1 pair 1. So 2 of 3, though across windows all are wrong."""
    scores = np.array([0.1, 0.05, 0.2, 0.9, 0.8])
    happened = np.array([True, False, False, True, False])
    assert auc_within(scores, happened, np.array([0, 0, 0, 1, 1])).value == pytest.approx(2 / 3)


def test_auc_of_no_pairs_is_unknown():
    found = auc_within(np.ones(3), np.ones(3, dtype=bool), np.zeros(3))
    assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)


def test_delong_covers_the_true_auc():
    """Of 300 samples the 95 % interval misses at most 7 %; the truth is from 200,000 rows."""
    true = ranking(*drawn(200_000, 1)).auc
    found = [auc_within(*drawn(300, seed), np.zeros(300)) for seed in range(300)]
    missed = np.mean([not each.low <= true <= each.high for each in found])
    assert missed <= 0.07


def test_the_difference_of_a_model_and_itself_is_nothing():
    p, happened = drawn(100, 0)
    found = auc_difference(p, p, happened)
    assert (found.mean, found.error, found.p_above) == (0, 0, 1)


def test_a_paired_difference_is_its_mean_over_its_standard_error():
    """1, 2, 3: mean 2, deviation 1, so 2 ± 1 / sqrt(3)."""
    found = paired(np.array([1.0, 2.0, 3.0]))
    assert found == pytest.approx((2, 1 / np.sqrt(3)))


def test_calibration_error_is_the_mean_gap_of_bins():
    """Two bins of two: 0.1 and 0.3 against 0 of 2, gap 0.2; 0.6 and 0.8 against 1 of 2, gap 0.2."""
    p = np.array([0.1, 0.3, 0.6, 0.8])
    assert calibration_error(p, np.array([False, False, True, False]), 2) == pytest.approx(0.2)


def test_equal_probabilities_are_one_bin():
    """A constant at the rate is calibrated, whatever the order of the rows."""
    assert calibration_error(np.full(10, 0.5), np.arange(10) < 5, 5) == 0
    assert len(reliability(np.full(10, 0.5), np.arange(10) < 5, 5)) == 1


def test_a_calibrated_model_stays_below_what_chance_gives():
    p, happened = drawn(2_000, 3)
    assert calibration_error(p, happened, 10) < error_by_chance(p, 10, 200, 0)
    assert calibration_error(np.sqrt(p), happened, 10) > error_by_chance(np.sqrt(p), 10, 200, 0)


def test_the_interval_of_the_calibration_error_holds_it():
    p, happened = drawn(500, 4)
    found = calibration_interval(p, happened, 10, 100, 0)
    assert 0 <= found.low <= found.value <= found.high


def test_reliability_counts_every_row_once():
    p, happened = drawn(333, 5)
    points = reliability(p, happened, 10)
    assert sum(point.rows for point in points) == 333
    assert all(x.observed_rate.low <= x.observed_rate.value <= x.observed_rate.high for x in points)
