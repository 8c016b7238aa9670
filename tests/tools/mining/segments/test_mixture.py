"""EM finds kinds that are there, prefers no more than the rows support, and depends on its seed alone."""

import numpy as np
import pytest
from scipy.special import logit
from sklearn.metrics import adjusted_rand_score

from tools.mining.segments.mixture import Mixture, fitted, mixtures
from tools.mining.segments.scores import Ground, Scores

BACKGROUND = np.full(8, 0.1)
OPTIONS = {"restarts": 4, "max_iterations": 60, "seed": 0}


def ground(held: np.ndarray, baseline: np.ndarray, common: np.ndarray | None = None) -> Ground:
    """Rows to divide; beside common attributes where some are given."""
    common = np.zeros((len(held), 0), np.float32) if common is None else common.astype(np.float32)
    scores = Scores.of(common, held, common.mean(axis=0))
    return scores.ground(common, held.astype(np.uint8), baseline)


def mixture(shares: list[list[float]], weights: list[float]) -> Mixture:
    """A mixture that nothing shared by all bears on."""
    odds = logit(np.array(shares))
    return Mixture(odds, np.zeros_like(odds), np.array(weights))


def blocks(seed: int, rows: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """A third has the first four attributes, a third the last four, a third is as people are."""
    rng = np.random.default_rng(seed)
    kind = np.arange(rows) % 3
    shares = np.array([[0.95] * 4 + [0.1] * 4, [0.1] * 4 + [0.95] * 4, [0.1] * 8])
    return (rng.random((rows, 8)) < shares[kind]).astype(np.uint8), np.where(kind == 2, -1, kind)


def shared(seed: int, rows: int = 3_000) -> tuple[np.ndarray, np.ndarray]:
    """Twenty and eight attributes that follow one factor of everybody, and no kinds."""
    rng = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(1.5 - 2 * rng.standard_normal((rows, 1))))
    held = (rng.random((rows, 28)) < chance).astype(np.uint8)
    return held[:, :20], held[:, 20:]


def test_two_kinds_and_a_background_are_recovered():
    held, truth = blocks(1)
    rows = ground(held, BACKGROUND)
    *_, two = mixtures(rows, BACKGROUND.size // 4, **OPTIONS)
    assert adjusted_rand_score(truth, two.assigned(rows)) > 0.9
    assert set(two.assigned(rows)) == {-1, 0, 1}
    assert two.shares[0] == pytest.approx(BACKGROUND)
    assert sorted(two.weights) == pytest.approx([1 / 3] * 3, abs=0.05)
    assert sorted(two.shares[1:, 0]) == pytest.approx([0.1, 0.95], abs=0.06)


def test_the_bic_is_lowest_at_the_true_number_and_the_search_ends_two_beyond():
    held, _ = blocks(2)
    tried = list(mixtures(ground(held, BACKGROUND), 9, **OPTIONS))
    assert [each.kinds for each in tried] == [0, 1, 2, 3, 4]
    assert int(np.argmin([each.bic for each in tried])) == 2


def test_what_everybody_shares_is_no_kind():
    """Without the twenty others the one factor looks like a kind or more; beside them it is foretold."""
    common, held = shared(6)
    baseline = held.mean(axis=0)
    plain = list(mixtures(ground(held, baseline), 3, **OPTIONS))
    beside = list(mixtures(ground(held, baseline, common), 3, **OPTIONS))
    gain = [tried[0].bic - min(each.bic for each in tried) for tried in (plain, beside)]
    assert gain[0] > 1_000
    assert gain[1] < gain[0] / 10


def test_the_background_has_the_shares_of_the_population_at_its_own_scores():
    """Mean of the fitted shares over how the population spreads over the levels = its share, 0.2."""
    common, held = shared(7)
    rows = ground(held, np.full(8, 0.2), common)
    having = 1 / (1 + np.exp(-(rows.pinned(rows.usual)[:, None] + rows.usual[:, None] * rows.centres)))
    assert (rows.people * having).sum(axis=1) == pytest.approx(np.full(8, 0.2), abs=1e-3)
    assert np.all(rows.usual > 0.5)


def test_the_bic_counts_shares_and_weights():
    """One kind of two attributes: 2 shares and 1 free weight; 2 x 100 + 3 log 50 = 211.7; with slopes 5."""
    told = Mixture(np.zeros((2, 2)), np.zeros((2, 2)), np.full(2, 0.5), -100.0, 50)
    assert told.bic == pytest.approx(200 + 3 * np.log(50))
    sloped = Mixture(np.zeros((2, 2)), np.zeros((2, 2)), np.full(2, 0.5), -100.0, 50, levels=8)
    assert sloped.bic == pytest.approx(200 + 5 * np.log(50))


def test_a_row_belongs_to_the_likeliest_kind():
    """Row 11 under (.1, .1), (.9, .9): .01 against .81, so .81 / .82; row 00 the reverse; equal weights."""
    told = mixture([[0.1, 0.1], [0.9, 0.9]], [0.5, 0.5])
    rows = ground(np.array([[1, 1], [0, 0]], dtype=np.uint8), BACKGROUND[:2])
    assert told.assigned(rows).tolist() == [0, -1]
    assert told.posterior(rows)[:, 1] == pytest.approx([0.81 / 0.82, 0.01 / 0.82], rel=1e-4)


def test_more_steps_never_explain_the_rows_worse():
    held, _ = blocks(3)
    start = mixture([BACKGROUND.tolist(), *(held[:2] * 0.4 + 0.3).tolist()], [1 / 3] * 3)
    rows = ground(held, BACKGROUND)
    likelihoods = [fitted(rows, start, steps).log_likelihood for steps in range(1, 12)]
    assert np.all(np.diff(likelihoods) > -0.5)


def test_the_seed_decides():
    held, _ = blocks(4)
    first, again = (list(mixtures(ground(held, BACKGROUND), 3, **OPTIONS))[-1] for _ in range(2))
    assert np.array_equal(first.shares, again.shares)


def test_attributes_that_all_or_none_have_do_no_harm():
    held, _ = blocks(5)
    held[:, 0], held[:, 7] = 1, 0
    for each in mixtures(ground(held, np.array([1.0, *[0.1] * 6, 0.0])), 3, **OPTIONS):
        assert np.isfinite(each.bic)
        assert np.isfinite(each.shares).all()
