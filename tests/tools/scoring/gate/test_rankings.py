"""A fit profile that ranks new outcomes worse is kept aside, and the team is told why."""

import numpy as np
import pytest

from store.errors import BadInput
from tools.scoring.gate.queries import GateQuery
from tools.scoring.gate.rankings import compare_rankings


def scored(seed: int, strength: float, rows: int = 1_000) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    happened = chance.random(rows) < 0.3
    return chance.normal(size=rows) + strength * happened, happened


def test_the_first_profile_is_published_with_its_figure():
    """Scores 2, 1 for those that happened and 0, 3 for the others: 2 of 4 pairs are in order, AUC 0.5."""
    new = np.tile([2.0, 1.0, 0.0, 3.0], 50)
    happened = np.tile([True, True, False, False], 50)
    found = compare_rankings(new, None, happened)
    assert found.published
    assert "AUC is 0.50" in found.why


def test_a_profile_that_ranks_worse_is_kept_aside():
    good, happened = scored(1, 2.0)
    bad = np.random.default_rng(2).normal(size=len(good))
    found = compare_rankings(bad, good, happened)
    assert not found.published
    assert found.auc_difference is not None
    assert found.auc_difference.high < 0
    assert "ranks them worse" in found.why
    assert compare_rankings(good, bad, happened).published


def test_an_equal_profile_takes_the_place_of_the_old_one():
    scores, happened = scored(3, 1.0)
    assert compare_rankings(scores, scores, happened).published


def test_equally_good_profiles_are_refused_about_as_often_as_the_level_says():
    """60 pairs of equal strength at a level of 5 %: more than 9 refusals have a chance under 0.1 %."""
    refused = 0
    for seed in range(60):
        one, happened = scored(seed, 1.0, 400)
        noise = np.random.default_rng(1_000 + seed).normal(size=(2, len(one)))
        refused += not compare_rankings(one + noise[0], one + noise[1], happened).published
    assert refused <= 9


def test_with_too_few_new_outcomes_the_published_one_stays():
    scores, happened = scored(4, 1.0, 60)
    assert not compare_rankings(scores, scores, happened).published
    first = compare_rankings(scores, None, happened)
    assert first.published
    assert not first.tested
    assert compare_rankings(scores, scores, happened, GateQuery(least_each=10)).published


def test_outcomes_that_do_not_fit_are_refused():
    with pytest.raises(BadInput):
        compare_rankings(np.zeros(3), None, np.zeros(2, dtype=bool))
