"""The fit model: what it learns, how it scores, how it is kept."""

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from store.errors import NotFound
from tools.audience.expression import Term
from tools.audience.selection import Selection
from tools.scoring.lookalike import FitModel, fit_score, learn, save_model, saved_model


def codes_of(town: Any, *keys: tuple[str, str]) -> list[int]:
    catalogue = town.workspace.population.catalogue
    return [catalogue.valued(*key).code for key in keys]


def test_scores_are_odds_on_a_scale_of_a_hundred():
    """Even odds are 50, four to one is 80, one to four is 20."""
    scores = fit_score(np.array([0.0, math.log(4), -math.log(4), 1e9, -1e9], dtype=np.float32))
    assert scores == pytest.approx([50, 80, 20, 100, 0], abs=1e-4)


def test_a_margin_is_the_intercept_and_the_weights_of_a_persons_clusters(town):
    """Against adding them up; the town has people with no value at all of a color or a topic."""
    population = town.workspace.population
    chance = np.random.default_rng(3)
    model = FitModel(chance.normal(size=len(population.catalogue)).astype(np.float32), -0.25)
    rows = {person["person_id"]: person["has"] for person in town.people}
    for shard in population.shards:
        margins = model.margins(shard, np.arange(shard.persons))
        assert np.concatenate(list(model.all_margins(shard))) == pytest.approx(margins)
        for person_id, margin in zip(shard.person_ids.tolist(), margins.tolist(), strict=True):
            keys = [(name, value) for name, values in rows[person_id].items() for value in values]
            assert margin == pytest.approx(-0.25 + model.weights[codes_of(town, *keys)].sum(), abs=1e-5)


def test_a_person_without_clusters_scores_the_intercept(load: Callable[..., Any]):
    small = load(
        "id,color\n1,\n2,red\n3,\n4,\n", {"id": {"kind": "person_id"}, "color": {"kind": "category"}}
    )
    (shard,) = small.population.shards
    model = FitModel(np.array([math.log(4)], dtype=np.float32), 0.0)
    assert dict(zip(shard.person_ids.tolist(), model.scores(shard, np.arange(4)).tolist(), strict=True)) == {
        1: 50.0,
        2: 80.0,
        3: 50.0,
        4: 50.0,
    }
    assert len(model.margins(shard, np.empty(0, dtype=np.int64))) == 0


def test_what_sets_customers_apart_weighs_most(town):
    """The customers are those who like red: that trait leads, and each scores above everybody else."""
    population = town.workspace.population
    red = town.having("color", "red")
    codes = population.catalogue.minable()
    model = learn(population, np.array(sorted(red)), codes, Selection())
    assert int(np.argmax(model.weights)) == codes_of(town, ("color", "red"))[0]
    scores = {
        person_id: score
        for shard in population.shards
        for person_id, score in zip(
            shard.person_ids.tolist(), model.scores(shard, np.arange(shard.persons)).tolist(), strict=True
        )
    }
    worst = min(scores[person_id] for person_id in red)
    assert worst > max(50, *(score for person_id, score in scores.items() if person_id not in red))


def test_a_trait_that_is_not_given_has_no_weight(town):
    population = town.workspace.population
    codes = np.array(codes_of(town, ("topic", "opera"), ("topic", "chess")), dtype=np.int32)
    model = learn(population, np.array(sorted(town.having("color", "red"))), codes, Selection())
    assert set(np.flatnonzero(model.weights).tolist()) <= set(codes.tolist())


def test_customers_who_are_like_everybody_score_about_fifty(town):
    population = town.workspace.population
    customers = np.arange(1, 241, 2)
    codes = np.array(codes_of(town, ("topic", "opera"), ("plays_golf", "Yes")), dtype=np.int32)
    model = learn(population, customers, codes, Selection())
    scores = np.concatenate([model.scores(shard, np.arange(shard.persons)) for shard in population.shards])
    assert float(np.mean(scores)) == pytest.approx(50, abs=3)


def test_without_customers_or_others_everybody_is_at_even_odds(town):
    population = town.workspace.population
    codes = population.catalogue.minable()
    red = np.array(sorted(town.having("color", "red")))
    only_customers = Selection(Term(str(codes_of(town, ("color", "red"))[0])))
    for model in (
        learn(population, np.empty(0, dtype=np.int64), codes, Selection()),
        learn(population, red, codes, only_customers),
        learn(population, red, codes[:0], Selection()),
    ):
        assert not model.weights.any()
        assert model.intercept == 0.0


def test_a_model_outlives_a_rebuild_of_the_data(load: Callable[..., Any]):
    """Amber comes before red in the new catalogue, so the codes move; blue is gone and its weight with it."""
    columns = {"id": {"kind": "person_id"}, "color": {"kind": "category"}}
    before = load("id,color\n1,red\n2,blue\n", columns)
    catalogue = before.population.catalogue
    weights = np.zeros(2, dtype=np.float32)
    weights[catalogue.valued("color", "red").code], weights[catalogue.valued("color", "blue").code] = (
        1.5,
        -2.0,
    )
    save_model(before, "profile-1", FitModel(weights, 0.5), catalogue)
    after = load("id,color\n1,red\n2,amber\n", columns)
    model = saved_model(after, "profile-1")
    catalogue = after.population.catalogue
    assert model.weights[catalogue.valued("color", "red").code] == 1.5
    assert model.weights[catalogue.valued("color", "amber").code] == 0.0
    assert model.intercept == 0.5


@pytest.mark.parametrize("key", ["none-such", "../secret"])
def test_an_unknown_model_is_not_found(town, key: str):
    with pytest.raises(NotFound):
        saved_model(town.workspace, key)


def test_learning_from_a_planted_taste_finds_held_out_customers(us):
    """Customers are drawn at odds of 8 to 1 by each of two interests.

    Learnt from half of them, the other half ranks nearly as high as by the odds they were drawn at.
    """
    population = us.population
    catalogue = population.catalogue
    (shard,) = population.shards
    chance = np.random.default_rng(11)
    margin = np.full(shard.persons, -6.0)
    for name in ("interested_golf", "interested_travel"):
        margin[np.asarray(shard.bitmaps[catalogue.valued(name, "Yes").code].to_array())] += math.log(8)
    chosen = np.flatnonzero(chance.random(shard.persons) < 1 / (1 + np.exp(-margin)))
    chance.shuffle(chosen)
    learnt, held = chosen[::2], chosen[1::2]
    model = learn(population, shard.person_ids[learnt], catalogue.minable(), Selection())
    margins = next(model.all_margins(shard))
    others = np.delete(np.arange(shard.persons), chosen)
    ranks = np.searchsorted(np.sort(margins[others]), margins[held]) / len(others)
    true_ranks = np.searchsorted(np.sort(margin[others]), margin[held]) / len(others)
    assert ranks.mean() > true_ranks.mean() - 0.05
    top = catalogue[int(np.argmax(model.weights))]
    assert top.name in ("interested_golf", "interested_travel")


def test_commands_that_learn_nothing_do_not_wait_for_scikit_learn():
    imports = "import sys, tools; print('sklearn' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", imports], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
