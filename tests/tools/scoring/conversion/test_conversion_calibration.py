"""Scores become the rates that rows with such scores had."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from tools.scoring.conversion.fitting.calibration import Calibrator, learn_calibrator

KINDS = ("none", "platt", "beta", "isotonic")


def overconfident(rows, seed=0):
    """Margins twice as far out as they should be, and one too high."""
    rng = np.random.default_rng(seed)
    true = rng.normal(-1, 1, rows)
    return 2 * true + 1, rng.random(rows) < expit(true), expit(true)


def test_platt_is_logistic_regression_on_the_margins():
    margins, happened, _ = overconfident(3_000)
    found = learn_calibrator("platt", margins, happened)
    peer = LogisticRegression(C=1e6).fit(margins[:, None], happened)
    assert found.slopes[0] == pytest.approx(peer.coef_[0, 0], abs=5e-3)
    assert found.intercept == pytest.approx(peer.intercept_[0], abs=5e-3)


@pytest.mark.parametrize("kind", ["platt", "beta", "isotonic"])
def test_calibration_finds_the_true_probabilities(kind):
    margins, happened, true = overconfident(20_000)
    found = learn_calibrator(kind, margins, happened).probabilities(margins)
    assert np.abs(found - true).mean() < 0.02
    assert np.abs(expit(margins) - true).mean() > 0.08


def test_isotonic_is_that_of_scikit_learn_but_for_one_row_a_block():
    margins, happened, _ = overconfident(5_000)
    peer = IsotonicRegression(out_of_bounds="clip").fit(margins, happened)
    found = learn_calibrator("isotonic", margins, happened)
    assert found.probabilities(margins) == pytest.approx(peer.predict(margins), abs=0.35)
    assert np.abs(found.probabilities(margins) - peer.predict(margins)).mean() < 0.01


def test_a_perfect_score_of_few_rows_is_not_made_certain():
    """Ten rows told apart without an error: a free slope would go to infinity."""
    margins, happened = np.repeat([-2.0, 2.0], 5), np.repeat([False, True], 5)
    for kind in ("platt", "beta", "isotonic"):
        p = learn_calibrator(kind, margins, happened).probabilities(margins)
        assert 0 < p.min() < 0.2
        assert 0.8 < p.max() < 1


def test_centring_moves_the_mean_to_the_rate():
    """Three of ten, and half a row of either: 3.5 / 11."""
    margins = np.linspace(-3, 1, 10)
    found = Calibrator().centred(margins, np.arange(10) > 6)
    assert found.probabilities(margins).mean() == pytest.approx(3.5 / 11)


def test_centring_on_a_constant_score_gives_its_rate():
    found = Calibrator().centred(np.zeros(9), np.ones(9, dtype=bool))
    assert logit(found.probabilities(np.zeros(1)))[0] == pytest.approx(logit(0.95))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(KINDS), st.integers(0, 10_000), st.integers(12, 80))
def test_a_higher_score_never_gets_a_lower_probability(kind, seed, rows):
    margins, happened, _ = overconfident(rows, seed)
    p = learn_calibrator(kind, margins, happened).probabilities(np.linspace(-9, 9, 50))
    assert ((p >= 0) & (p <= 1)).all()
    assert (np.diff(p) >= -1e-12).all()
