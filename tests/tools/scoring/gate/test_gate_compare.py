"""A worse model is not published, and an equally good one is."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import expit, logit

from store.errors import BadInput
from store.features import FeatureTable, number
from tools.scoring.gate.compare import GateQuery, compare_models


@dataclass(frozen=True)
class Line:
    """Probabilities by a slope and an intercept on the true log odds, with noise of its own."""

    slope: float = 1.0
    intercept: float = 0.0
    noise: float = 0.0
    seed: int = 0

    def probabilities(self, table: FeatureTable) -> np.ndarray:
        noise = np.random.default_rng(9_000 + self.seed).normal(size=table.rows) * self.noise
        return expit(self.slope * table.features[0].values + self.intercept + noise)


def outcomes(rows: int, seed: int) -> tuple[FeatureTable, np.ndarray]:
    rng = np.random.default_rng(seed)
    margins = rng.normal(-1, 1.2, rows)
    return FeatureTable(rows, (number("m", margins),)), rng.random(rows) < expit(margins)


QUERY = GateQuery(resamples=100)


def test_a_better_model_is_published_and_the_figures_say_so():
    found = compare_models(Line(), Line(noise=1.0), *outcomes(2_000, 0), QUERY)
    assert found.decision == "publish"
    assert found.published
    assert found.log_loss_difference is not None
    assert found.log_loss_difference.high < 0
    assert found.auc_difference is not None
    assert found.auc_difference.low > 0
    assert "the new model is better than the published one" in found.why


def test_a_model_that_ranks_worse_is_kept_aside():
    found = compare_models(Line(noise=1.0), Line(), *outcomes(2_000, 0), QUERY)
    assert found.decision == "keep_aside"
    assert "its log loss is higher" in found.why
    assert "its AUC is lower" in found.why


def test_a_model_that_ranks_as_well_but_says_too_much_is_kept_aside():
    """Odds four times too high: the ranking is the same, the probabilities are not."""
    found = compare_models(Line(intercept=logit(0.8)), Line(), *outcomes(1_000, 1), QUERY)
    assert found.decision == "keep_aside"
    assert found.auc_difference is not None
    assert found.auc_difference.value == 0
    assert "its calibration error is higher" in found.why


def test_a_model_that_is_off_may_replace_one_that_is_further_off():
    """A rate that moved puts both off; what is nearer is published all the same."""
    found = compare_models(Line(intercept=1.0), Line(intercept=2.0), *outcomes(1_500, 2), QUERY)
    assert found.published


def test_a_model_equal_to_the_published_one_is_published():
    found = compare_models(Line(), Line(), *outcomes(400, 3), QUERY)
    assert found.published
    assert (found.p_worse_log_loss, found.p_worse_auc) == (1, 1)


def test_equally_good_models_are_seldom_kept_aside():
    """Both have noise of the same size. At 0.05 for the ranking and 0.025 for the calibration, 60 trials:
    more than 11 would be a chance of less than 1 in 100."""
    query = GateQuery(resamples=100)
    kept = [
        not compare_models(
            Line(noise=0.4, seed=2 * seed), Line(noise=0.4, seed=2 * seed + 1), *outcomes(400, seed), query
        ).published
        for seed in range(60)
    ]
    assert sum(kept) <= 11


def test_too_few_new_outcomes_keep_the_published_model():
    table, happened = outcomes(100, 4)
    found = compare_models(Line(), Line(noise=3.0), table, happened, GateQuery())
    assert not found.published
    assert not found.tested
    assert found.why.startswith(f"Only {happened.sum()} of the new outcomes happened")


def test_too_few_new_outcomes_publish_the_first_model_untested():
    found = compare_models(Line(), None, *outcomes(100, 4), GateQuery())
    assert found.published
    assert not found.tested


@pytest.mark.parametrize("rows", [0, 1])
def test_none_or_one_new_outcome_is_too_few(rows):
    assert not compare_models(Line(), Line(), *outcomes(rows, 0), QUERY).tested


@pytest.mark.parametrize(("intercept", "published"), [(0.0, True), (1.5, False)])
def test_the_first_model_is_published_if_its_probabilities_hold(intercept, published):
    found = compare_models(Line(intercept=intercept), None, *outcomes(1_000, 5), QUERY)
    assert found.published is published


def test_outcomes_that_do_not_fit_are_refused():
    table, happened = outcomes(200, 6)
    with pytest.raises(BadInput, match="one for each of 200 rows"):
        compare_models(Line(), None, table, happened[:100], QUERY)


def test_probabilities_that_are_none_are_refused():
    @dataclass
    class Wrong:
        def probabilities(self, table: FeatureTable) -> np.ndarray:
            return np.full(table.rows, 2.0)

    with pytest.raises(BadInput, match=r"within 0\.\.1"):
        compare_models(Wrong(), None, *outcomes(500, 7), QUERY)
