"""EM finds kinds that are there, prefers no more than the rows support, and depends on its seed alone."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from tools.mining.segments.mixture import Mixture, fitted, mixtures

BACKGROUND = np.full(8, 0.1)
OPTIONS = {"restarts": 4, "max_iterations": 60, "seed": 0}


def blocks(seed: int, rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """A third has the first four attributes, a third the last four, a third is as people are."""
    rng = np.random.default_rng(seed)
    kind = np.arange(rows) % 3
    shares = np.array([[0.95] * 4 + [0.1] * 4, [0.1] * 4 + [0.95] * 4, [0.1] * 8])
    return (rng.random((rows, 8)) < shares[kind]).astype(np.float32), np.where(kind == 2, -1, kind)


def test_two_kinds_and_a_background_are_recovered():
    held, truth = blocks(1)
    _, two = mixtures(held, BACKGROUND, 2, **OPTIONS)
    assert adjusted_rand_score(truth, two.assigned(held)) > 0.9
    assert set(two.assigned(held)) == {-1, 0, 1}
    assert two.shares[0] == pytest.approx(BACKGROUND)
    assert sorted(two.weights) == pytest.approx([1 / 3] * 3, abs=0.05)
    assert sorted(two.shares[1:, 0]) == pytest.approx([0.1, 0.95], abs=0.06)


def test_the_bic_is_lowest_at_the_true_number():
    held, _ = blocks(2)
    tried = list(mixtures(held, BACKGROUND, 5, **OPTIONS))
    assert [each.kinds for each in tried] == [1, 2, 3, 4, 5]
    assert int(np.argmin([each.bic for each in tried])) == 1


def test_the_bic_counts_shares_and_weights():
    """One kind of two attributes: 2 shares and 1 free weight; 2 x 100 + 3 log 50 = 211.7."""
    mixture = Mixture(np.full((2, 2), 0.5, np.float32), np.full(2, 0.5, np.float32), -100.0, 50)
    assert mixture.bic == pytest.approx(200 + 3 * np.log(50))


def test_a_row_belongs_to_the_likeliest_kind():
    """Row 11 under (.1, .1), (.9, .9): .01 against .81; row 00 the reverse; equal weights."""
    shares = np.array([[0.1, 0.1], [0.9, 0.9]], dtype=np.float32)
    mixture = Mixture(shares, np.array([0.5, 0.5], dtype=np.float32))
    assert mixture.assigned(np.array([[1, 1], [0, 0]], dtype=np.uint8)).tolist() == [0, -1]


def test_more_steps_never_explain_the_rows_worse():
    held, _ = blocks(3)
    start = Mixture(
        np.vstack([BACKGROUND, held[0] * 0.4 + 0.3, held[1] * 0.4 + 0.3]).astype(np.float32),
        np.full(3, 1 / 3, dtype=np.float32),
    )
    likelihoods = [fitted(held, held.mean(axis=0), start, steps).log_likelihood for steps in range(1, 12)]
    assert np.all(np.diff(likelihoods) > -0.5)


def test_the_seed_decides():
    held, _ = blocks(4)
    first, again = (list(mixtures(held, BACKGROUND, 3, **OPTIONS))[-1] for _ in range(2))
    assert np.array_equal(first.shares, again.shares)


def test_attributes_that_all_or_none_have_do_no_harm():
    held, _ = blocks(5)
    held[:, 0], held[:, 7] = 1, 0
    for mixture in mixtures(held, np.array([1.0, *[0.1] * 6, 0.0]), 3, **OPTIONS):
        assert np.isfinite(mixture.bic)
        assert np.isfinite(mixture.shares).all()
