"""How well does one column by itself tell two outcomes apart?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from tools.outcomes.separation import auc_interval, separation, separation_by_level


def test_auc_is_the_share_of_pairs_in_order_ties_half() -> None:
    """Won 3, 2; lost 1, 2: of four pairs 3 > 1, 3 > 2, 2 > 1 and one tie: 3.5 / 4."""
    told = separation(np.array([3.0, 2, 1, 2]), np.array([True, True, False, False]))
    assert told.value == 0.875


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_auc_is_that_of_scikit_learn_in_the_better_direction(seed: int) -> None:
    rng = np.random.default_rng(seed)
    won = np.concatenate(([True, False], rng.random(60) < 0.5))
    values = rng.integers(0, 8, 62).astype(float)
    area = roc_auc_score(won, values)
    assert separation(values, won).value == pytest.approx(max(area, 1 - area))


def test_the_interval_meets_its_equation_at_both_ends() -> None:
    """(auc - t)^2 = z^2 V(t), with z = 1.959964 and the mean of 40 and 60, less one, in V."""
    low, high = auc_interval(0.8, 40, 60)
    for t in (low, high):
        variance = t * (1 - t) * (1 + 49 * ((1 - t) / (2 - t) + t / (1 + t))) / 2_400
        assert (0.8 - t) ** 2 == pytest.approx(1.959963984540054**2 * variance, rel=1e-6)
    assert low < 0.8 < high


def test_the_interval_of_a_perfect_column_is_no_point_and_narrows_with_size() -> None:
    lows = [auc_interval(1.0, size, size)[0] for size in (5, 30, 200)]
    assert lows == sorted(lows)
    assert lows[0] < 0.8
    assert lows[2] > 0.98
    assert auc_interval(1.0, 30, 30)[1] == 1.0
    assert auc_interval(0.0, 30, 30)[0] == 0.0


@pytest.mark.parametrize("shift", [0.5, 1.5])
def test_the_interval_holds_the_true_area_as_often_as_it_says(shift: float) -> None:
    """Normal values shifted by d have an area of Phi(d / sqrt 2). Of 400 samples 95 % less three errors."""
    from scipy.stats import norm

    rng = np.random.default_rng(5)
    true = float(norm.cdf(shift / np.sqrt(2)))
    won = np.arange(80) < 40
    found = [separation(rng.normal(won * shift), won) for _ in range(400)]
    assert np.mean([each.low <= true <= each.high for each in found]) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 400)


def test_levels_are_tried_on_rows_that_they_were_not_learned_on() -> None:
    won = np.arange(400) // 2 % 2 == 0
    unique = separation_by_level(np.arange(400), won, 400)
    assert 0.4 < unique.value < 0.6
    assert separation_by_level(np.where(won, 0, 1), won, 2).value == 1.0
    assert separation_by_level(np.where(won, 0, -1), won, 1).value == 1.0  # the unknown is a level too
