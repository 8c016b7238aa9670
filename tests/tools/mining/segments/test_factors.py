"""Kinds are told from what everybody shares when the factors are weighed instead of guessed."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.metrics import adjusted_rand_score

from tools.mining.segments.factors import GRID, PRIOR, Weighed, settled, weighed
from tools.mining.segments.mixture import Mixture
from tools.mining.segments.scores import Ground

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def on_one_factor(shares: list[list[float]], slope: float, first: int) -> Weighed:
    """Kinds of equal weight; all attributes follow one factor."""
    odds = logit(np.array(shares))
    d = odds.shape[1]
    mixture = Mixture(odds, np.full(odds.shape, slope), np.full(len(odds), 1 / len(odds)), 0.0, 10)
    ground = Ground(
        np.zeros((0, d), np.uint8), GRID, odds[0], np.tile(PRIOR, (d, 1)), np.full(d, 0.5), odds[0]
    )
    return Weighed(np.zeros(d, dtype=np.int64), ground, mixture, first)


def two_factors(seed: int, rows: int = 3_000) -> Rows:
    """A third is marked by the first eight of 40 attributes; all but the first four follow two factors."""
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((rows, 2))
    kind = (np.arange(rows) % 3 == 0).astype(np.int64)
    slopes = np.where(np.arange(40) < 4, 0.0, 2.0)
    chance = expit(-1.5 + slopes * factors[:, np.arange(40) % 2])
    baseline = chance.mean(axis=0)
    chance[kind == 1, :8] = np.maximum(chance[kind == 1, :8], 0.6)
    return (rng.random((rows, 40)) < chance).astype(np.uint8), kind, baseline


def start(held: np.ndarray, baseline: np.ndarray) -> tuple[Mixture, np.ndarray]:
    """Two kinds by four of the marks, rows with two of them and more half in the second."""
    odds = logit(np.vstack([baseline[:4], np.full(4, 0.5)]))
    second = np.where(held[:, :4].sum(axis=1) >= 2, 0.8, 0.1).astype(np.float32)
    return Mixture(odds, np.zeros_like(odds), np.array([0.6, 0.4])), np.column_stack([1 - second, second])


def test_without_slopes_the_kinds_are_those_of_bayes():
    """Row 11 under (.1, .1), (.9, .9): .81 / .82, row 10 a half, whatever the third attribute says."""
    kinds = on_one_factor([[0.1, 0.1, 0.3], [0.9, 0.9, 0.3]], 0.0, 2)
    posterior = kinds.posterior(np.array([[1, 1, 0], [1, 0, 1], [0, 0, 1]], dtype=np.uint8))
    assert posterior[:, 1] == pytest.approx([0.81 / 0.82, 0.5, 0.01 / 0.82], rel=1e-4)


def test_the_factor_is_summed_over():
    """One attribute, slope 2: each kind's chance is the mean of its share over the places of the grid."""
    kinds = on_one_factor([[0.1], [0.6]], 2.0, 1)
    chances = [(PRIOR * expit(logit(share) + 2 * GRID)).sum() for share in (0.1, 0.6)]
    posterior = kinds.posterior(np.array([[1]], dtype=np.uint8))
    assert posterior[0] == pytest.approx(np.array(chances) / sum(chances), rel=1e-4)


def test_marks_are_found_among_attributes_that_follow_the_factors():
    """Of four marks to begin with, all eight are taken up, and no other."""
    held, kind, baseline = two_factors(1)
    found = settled(held, baseline, *start(held, baseline), steps=20, most=120)
    assert found is not None
    order, told = found
    assert sorted(order[: told.first]) == list(range(8))
    labels = told.posterior(np.ascontiguousarray(held[:, order])).argmax(axis=1)
    assert adjusted_rand_score(kind, labels) > 0.55
    kept, fewer = told.deciding()
    again = fewer.posterior(np.ascontiguousarray(held[:, order[kept]])).argmax(axis=1)
    assert (again == labels).mean() > 0.98


def test_each_attribute_follows_its_own_factor():
    held, _, baseline = two_factors(2)
    told = weighed(held, baseline, *start(held, baseline), 5)
    assert told is not None
    even, odd = told.group[8::2], told.group[9::2]
    assert len(set(even)) == len(set(odd)) == 1
    assert even[0] != odd[0]


def test_more_steps_never_explain_the_rows_worse():
    held, _, baseline = two_factors(3, 1_000)
    told = weighed(held, baseline, *start(held, baseline), 1)
    assert told is not None
    likelihoods = []
    for _ in range(8):
        told = told.step(held)
        likelihoods.append(told.mixture.log_likelihood)
    assert np.all(np.diff(likelihoods) > -2)


def test_where_nothing_is_shared_there_is_nothing_to_weigh():
    held = (np.random.default_rng(4).random((2_000, 20)) < 0.3).astype(np.uint8)
    baseline = np.full(20, 0.3)
    assert weighed(held, baseline, *start(held, baseline), 5) is None


def test_rows_without_any_attribute_and_with_all_are_of_a_kind():
    kinds = on_one_factor([[0.001] * 200, [0.999] * 200], 2.0, 200)
    posterior = kinds.posterior(np.vstack([np.zeros(200), np.ones(200)]).astype(np.uint8))
    assert np.isfinite(posterior).all()
    assert posterior.argmax(axis=1).tolist() == [0, 1]
