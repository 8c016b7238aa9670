"""The path of weights is that of the elastic net, as scikit-learn finds it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from tools.scoring.conversion.fitting.elastic import STRENGTHS, learn_path


def rows(seed, count=400, columns=6):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, columns))
    y = rng.random(count) < 1 / (1 + np.exp(0.5 - x[:, 0] + 0.6 * x[:, 1]))
    return (x - x.mean(axis=0)) / x.std(axis=0), y


@pytest.mark.parametrize("l1_share", [1.0, 0.5])
def test_weights_are_those_of_scikit_learn(l1_share):
    """Its C is 1 / (rows * penalty); the penalty is the strength of the least that empties the model."""
    x, y = rows(0)
    least = np.abs(x.T @ (y - y.mean())).max() / len(y) / l1_share
    path = learn_path(x, y, l1_share, np.array([0.3, 0.05]))
    for at, strength in enumerate((0.3, 0.05)):
        peer = LogisticRegression(
            C=1 / (len(y) * strength * least), l1_ratio=l1_share, solver="saga", tol=1e-7, max_iter=5_000
        ).fit(x, y)
        assert path.weights[at] == pytest.approx(peer.coef_[0], abs=2e-3)
        assert path.intercepts[at] == pytest.approx(peer.intercept_[0], abs=2e-3)


def test_at_full_strength_only_the_rate_is_left():
    x, y = rows(1)
    path = learn_path(x, y, 0.7, np.array([1.0]))
    assert not path.weights.any()
    assert path.intercepts[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())))


def test_a_constant_column_has_no_weight():
    x, y = rows(2)
    path = learn_path(np.column_stack((x, np.full(len(y), 7.0))), y, 0.7, STRENGTHS)
    assert not path.weights[:, -1].any()


def test_many_rows_are_as_exact_as_few():
    """Beyond 8,000 rows the curvature is sampled; the minimum is still that of all rows."""
    x, y = rows(3, 20_000, 4)
    path = learn_path(x, y, 1.0, np.array([0.02]))
    least = np.abs(x.T @ (y - y.mean())).max() / len(y)
    peer = LogisticRegression(C=1 / (len(y) * 0.02 * least), l1_ratio=1.0, solver="saga", tol=1e-6).fit(x, y)
    assert path.weights[0] == pytest.approx(peer.coef_[0], abs=3e-3)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 1000.0))
def test_the_unit_of_a_column_changes_no_prediction(seed, unit):
    x, y = rows(seed, 120, 3)
    if y.all() or not y.any():
        return
    other = x * np.array([unit, 1.0, 1.0])
    one, two = (learn_path(each, y, 0.7, STRENGTHS[:6]) for each in (x, other))
    assert other @ two.weights[-1] + two.intercepts[-1] == pytest.approx(
        x @ one.weights[-1] + one.intercepts[-1], abs=1e-2
    )
