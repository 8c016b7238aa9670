import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from store.errors import BadInput
from tools.scoring.fit.held_out.discrimination import auc
from tools.scoring.fit.held_out.folds import TIMELESS, as_times, folds_of, row_keys
from tools.scoring.fit.held_out.logistic import fitted, log_likelihood
from tools.scoring.fit.held_out.weights import Sample, same_columns, weighed


def _sample(rows: int = 3_000, seed: int = 0, copies: int = 0) -> Sample:
    """Log odds 1.2 of the first column, 0.6 of the second; the third is noise; then copies of the first."""
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(rows, 3))
    label = rng.random(rows) < 1 / (1 + np.exp(-1.2 * columns[:, 0] - 0.6 * columns[:, 1]))
    columns = np.column_stack([columns, *[columns[:, 0]] * copies])
    return Sample(columns, label.astype(np.float64), np.ones(rows), np.arange(rows) % 5)


def test_coefficients_are_those_of_scikit_learn() -> None:
    """Its penalty is on raw coefficients, so columns of unit spread are compared."""
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(500, 3))
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    label = (rng.random(500) < 1 / (1 + np.exp(-columns[:, 0]))).astype(np.float64)
    peer = LogisticRegression(C=1 / 2.0, tol=1e-10, max_iter=1_000).fit(columns, label)
    ours = fitted(columns, label, np.ones(500), 2.0).coefficients
    assert ours == pytest.approx(np.concatenate((peer.intercept_, peer.coef_[0])), abs=1e-5)


def test_a_constant_column_and_full_separation_stay_finite() -> None:
    columns = np.column_stack([np.zeros(20), np.repeat([0.0, 1.0], 10)])
    found = fitted(columns, np.repeat([0.0, 1.0], 10), np.ones(20), 1.0)
    assert found.coefficients[1] == pytest.approx(0.0, abs=1e-6)
    assert 1 < found.coefficients[2] < 50


def test_likelihood_is_the_log_of_the_probability_of_the_label() -> None:
    assert log_likelihood(np.array([1.0, 0.0]), np.array([0.0, np.log(3)])) == pytest.approx(
        [np.log(0.5), np.log(0.25)]
    )


def test_columns_are_weighed_in_their_order_and_noise_is_left_out() -> None:
    found = weighed(_sample(), [0, 1, 2], 1.0, 30)
    assert found.kept == [0, 1]
    assert (found.gains > found.errors).all()
    assert found.coefficients == pytest.approx([1.2, 0.6], abs=0.15)


def test_a_loss_without_a_column_is_close_to_that_of_a_model_fitted_anew() -> None:
    sample = _sample()
    lost = 0.0
    for fold in range(5):
        out = sample.fold == fold
        margins = [
            fitted(part[~out], sample.label[~out], sample.weights[~out], 1.0).margins(part[out])
            for part in (sample.columns[:, :2], sample.columns[:, 1:2])
        ]
        lost += sum(
            sign * log_likelihood(sample.label[out], each).sum()
            for sign, each in zip((1, -1), margins, strict=True)
        )
    assert weighed(sample, [0, 1], 1.0, 30).gains[0] == pytest.approx(lost / 3_000, rel=0.1)


def test_of_more_columns_than_are_wanted_the_weightiest_stay() -> None:
    assert weighed(_sample(), [0, 1], 1.0, 1).kept == [0]


def test_copies_count_once() -> None:
    sample = _sample(copies=2)
    assert same_columns(sample.columns, [1, 0, 3, 2, 4]) == {1: [], 0: [3, 4], 2: []}


def test_auc_counts_pairs_and_ties_as_a_half() -> None:
    """3 > 1, 3 > 2, 2 > 1 and 2 = 2: 3.5 of 4."""
    found = auc(np.array([3.0, 2.0]), np.array([1.0, 2.0]))
    assert found.value == 0.875
    assert 0 <= found.low < found.value < found.high <= 1


@given(st.integers(0, 100))
def test_auc_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ideal, others = rng.integers(0, 8, 40) + 1.0, rng.integers(0, 8, 70) + 0.0
    label = np.repeat([1, 0], [40, 70])
    assert auc(ideal, others).value == pytest.approx(roc_auc_score(label, np.concatenate((ideal, others))))


def test_the_interval_of_the_auc_holds_the_truth_about_as_often_as_it_says() -> None:
    """Of 300 draws of normal scores a unit apart, AUC 0.7602, the interval of 95 % misses about 15."""
    rng = np.random.default_rng(0)
    intervals = [auc(rng.normal(1, 1, 60), rng.normal(0, 1, 90)) for _ in range(300)]
    missed = sum(not each.low <= 0.76025 <= each.high for each in intervals)
    assert 3 <= missed <= 28


@given(st.integers(0, 1_000))
@settings(max_examples=25)
def test_a_row_has_its_fold_whatever_the_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 250, (6, 200)).astype(np.uint8)
    order = rng.permutation(200)
    keys = row_keys(codes, np.ones(200), 7)
    assert len(set(keys.tolist())) == 200
    assert (row_keys(codes[:, order], np.ones(200), 7) == keys[order]).all()
    label, times = np.arange(200) < 50, np.full(200, TIMELESS)
    fold = folds_of(keys, label, times, 5)
    assert (folds_of(keys[order], label[order], times, 5) == fold[order]).all()
    assert np.bincount(fold[label]).tolist() == [10] * 5
    assert np.bincount(fold[~label]).tolist() == [30] * 5


def test_folds_are_blocks_of_time_and_rows_without_one_are_spread() -> None:
    days = np.array(["2026-01-05", "2026-01-01", "NaT", "2026-01-03", "2026-01-02", "NaT"], dtype="M8[D]")
    times = as_times(days, 6, "ideal")
    assert times is not None
    keys, label = np.arange(12, dtype=np.uint64), np.arange(12) < 6
    fold = folds_of(keys, label, np.concatenate((times, times)), 2)
    assert fold.tolist() == [1, 0, 0, 1, 0, 1] * 2


def test_blocks_end_where_the_ideal_are_halved_and_not_where_a_side_would_be_left_out() -> None:
    """Ideal on days 1-4: blocks end on day 2, so the others of days 1, 2, 5 and 6 are in 0, 0, 1 and 1.

    Others of day 9 alone would be all in one block: then all rows are spread by chance.
    """
    keys, label = np.arange(8, dtype=np.uint64), np.arange(8) < 4
    fold = folds_of(keys, label, np.array([1, 2, 3, 4, 1, 2, 5, 6]), 2)
    assert fold.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    by_chance = folds_of(keys, label, np.array([1, 2, 3, 4, 9, 9, 9, 9]), 2)
    assert by_chance.tolist() == [0, 1, 0, 1, 0, 1, 0, 1]


def test_times_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="2 ideal and 1 times"):
        as_times([1], 2, "ideal")
    with pytest.raises(BadInput, match="neither dates nor numbers"):
        as_times(["a", "b"], 2, "ideal")
