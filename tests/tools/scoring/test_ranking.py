"""The best of a selection, and the curve of size against quality, against plain sorting."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.audience.expression import Term
from tools.audience.selection import Selection
from tools.scoring.lookalike import FitModel
from tools.scoring.ranking import best_of, frontier


def random_model(town, seed: int, decimals: int) -> FitModel:
    """Weights rounded to few decimals make many ties."""
    chance = np.random.default_rng(seed)
    weights = np.round(chance.normal(size=len(town.workspace.population.catalogue)), decimals).astype(
        np.float32
    )
    return FitModel(weights, -0.5)


def everybody(town, model: FitModel) -> list[tuple[float, int, int]]:
    """(margin, shard, number) of everyone."""
    return [
        (float(margin), at, number)
        for at, shard in enumerate(town.workspace.population.shards)
        for number, margin in enumerate(model.margins(shard, np.arange(shard.persons)))
    ]


@given(st.integers(0, 50), st.integers(0, 1), st.integers(1, 300), st.booleans())
def test_the_best_are_the_first_of_a_plain_sort(town, seed: int, decimals: int, most: int, is_narrow: bool):
    population = town.workspace.population
    model = random_model(town, seed, decimals)
    code = population.catalogue.valued("color", "red").code
    selection = Selection(Term(str(code))) if is_narrow else Selection()
    among = [
        person
        for person in everybody(town, model)
        if not is_narrow or person[2] in population.shards[person[1]].bitmaps[code]
    ]
    first = sorted(among, key=lambda person: (-person[0], person[1], person[2]))[:most]
    best = best_of(population, selection, model, most)
    found = {(at, number) for at, people in enumerate(best.people) for number in people}
    assert found == {(shard, number) for _, shard, number in first}
    assert best.threshold == pytest.approx(first[-1][0])


def test_the_best_of_nobody_are_nobody(town):
    selection = Selection(without=np.arange(1, 241))
    best = best_of(town.workspace.population, selection, random_model(town, 1, 1), 10)
    assert sum(map(len, best.people)) == 0
    assert np.isnan(best.threshold)


@given(st.integers(0, 50))
def test_the_frontier_is_what_counting_the_scores_gives(town, seed: int):
    """Held out: every fifth person. A point's recall is their share who score is within the best so many."""
    population = town.workspace.population
    model = random_model(town, seed, 3)
    held_out = np.arange(5, 241, 5)
    points = frontier(population, Selection(without=held_out), model, held_out)
    held = set(held_out.tolist())
    mine, others = [], []
    for margin, shard, number in everybody(town, model):
        is_held = int(population.shards[shard].person_ids[number]) in held
        (mine if is_held else others).append(margin)
    ranked = [*sorted(others, reverse=True), -math.inf]
    for point in points:
        lowest_taken, highest_left = ranked[point.size - 1], ranked[point.size]
        reached = [sum(margin >= edge for margin in mine) for edge in (lowest_taken, highest_left)]
        assert reached[0] <= point.held_out_customers <= reached[1]
        assert point.recall.value == point.held_out_customers / len(mine)
        assert point.share_of_population == point.size / len(others)
        assert point.lift.value == pytest.approx(point.recall.value / point.share_of_population)
        assert point.recall.low <= point.recall.value <= point.recall.high
    assert points[-1].size == len(others)
    assert points[-1].recall.value == 1.0


def test_a_larger_audience_never_catches_fewer(town):
    points = frontier(
        town.workspace.population,
        Selection(),
        random_model(town, 2, 3),
        np.array(sorted(town.having("color", "red"))),
    )
    sizes, reached = [p.size for p in points], [p.held_out_customers for p in points]
    assert sizes == sorted(set(sizes))
    assert reached == sorted(reached)
    assert len(points) > 5


def test_without_held_out_customers_there_is_no_curve(town):
    model = random_model(town, 2, 3)
    assert frontier(town.workspace.population, Selection(), model, np.empty(0, dtype=np.int64)) == []
