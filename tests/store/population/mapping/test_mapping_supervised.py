"""Ranges chosen by an outcome are the best there are, and none where it says nothing."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import xlogy

from store.population.mapping.bins import bin_of, candidate_edges
from store.population.mapping.supervised import supervised_bins


def score(values: np.ndarray, having: np.ndarray, edges: list[float]) -> float:
    cells = bin_of(values, edges)
    found = 0.0
    for cell in range(len(edges) + 1):
        won = having[cells == cell]
        share = won.mean() if len(won) else 0.0
        found += float(xlogy(won, share).sum() + xlogy(1 - won, 1 - share).sum())
    return found - np.log(len(values)) * len(edges)


def best_by_trying_all(values, having, candidates, most: int, least: float) -> float:
    scores = []
    for cuts in range(min(most - 1, len(candidates)) + 1):
        for edges in combinations(candidates, cuts):
            counts = np.bincount(bin_of(values, list(edges)), minlength=cuts + 1)
            if not cuts or counts.min() >= least * len(values):
                scores.append(score(values, having, list(edges)))
    return max(scores)


def test_a_planted_cut_is_found_to_the_number():
    """1,000 numbers 0 to 99; 1 in 10 below 60 has the outcome, 6 in 10 from 60 on.

    One cut is worth hundreds of nats and costs log(1,000) = 6.9; no second one is worth that.
    """
    values = np.tile(np.arange(100.0), 10)
    turn = np.repeat(np.arange(10), 100)
    having = np.where(values < 60, turn < 1, turn < 6)
    assert supervised_bins(values, having) == [60.0]


def test_a_cut_is_made_from_the_worth_of_its_price_on():
    """40 rows at 1, 40 at 2. Without a cut of 80 rows k have it: a cut has to be worth log(80) = 4.38 nats.

    12 and 28 of 40: 2 (12 log .3 + 28 log .7) - 80 log .5 = 6.6, so it is made. 15 and 25: 2.5, so not.
    """
    values = np.repeat([1.0, 2.0], 40)
    first = np.arange(80) % 40
    assert supervised_bins(values, np.where(values == 1, first < 12, first < 28)) == [2.0]
    assert supervised_bins(values, np.where(values == 1, first < 15, first < 25)) == []


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(20, 200),
    candidates=st.lists(st.integers(0, 30).map(float), max_size=9, unique=True).map(sorted),
    most=st.integers(1, 6),
    least=st.sampled_from([0.0, 0.05, 0.2]),
)
def test_no_partition_is_better(seed: int, rows: int, candidates: list[float], most: int, least: float):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 30, rows).astype(float)
    having = (rng.random(rows) < 0.5 + 0.45 * np.sin(values / 4)).astype(float)
    edges = supervised_bins(values, having, most=most, least_share=least, candidates=candidates)
    assert len(edges) < most
    found = score(values, having, edges)
    assert found == pytest.approx(best_by_trying_all(values, having, candidates, most, least), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1_000), shape=st.sampled_from(["whole", "normal", "lognormal", "zeros"]))
def test_ranges_are_few_sane_and_large_enough(seed: int, shape: str):
    rng = np.random.default_rng(seed)
    values = {
        "whole": rng.integers(17, 91, 800).astype(float),
        "normal": rng.normal(0, 1e-4, 800),
        "lognormal": rng.lognormal(10, 1.5, 800),
        "zeros": np.where(rng.random(800) < 0.6, 0.0, rng.gamma(2, 40, 800)),
    }[shape]
    having = rng.random(800) < np.where(values > np.median(values), 0.7, 0.2)
    edges = supervised_bins(values, having)
    assert edges == sorted(set(edges))
    assert len(edges) <= 5
    assert set(edges) <= set(candidate_edges(values, (8, 16, 40)))
    counts = np.bincount(bin_of(values, edges), minlength=len(edges) + 1)
    assert not edges or counts.min() >= 0.05 * 800


def test_chance_is_seldom_cut():
    """200 columns that have nothing to do with the outcome: a price of 2 parameters lets few through."""
    rng = np.random.default_rng(5)
    having = rng.random(1_000) < 0.3
    cut = sum(bool(supervised_bins(rng.normal(size=1_000), having)) for _ in range(200))
    assert cut <= 6


def test_missing_numbers_and_unknown_outcomes_have_no_say():
    values = np.tile(np.arange(100.0), 10)
    having = (values >= 60).astype(float)
    more = np.concatenate((values, np.full(500, np.nan), np.full(500, np.inf), np.arange(500.0)))
    outcome = np.concatenate((having, np.ones(500), np.zeros(500), np.full(500, np.nan)))
    assert supervised_bins(more, outcome) == supervised_bins(values, having) == [60.0]


@pytest.mark.parametrize("values", [[], [7.0], [7.0] * 50, [np.nan] * 9])
def test_where_there_is_nothing_to_cut_there_are_no_edges(values: list[float]):
    assert supervised_bins(np.array(values), np.ones(len(values))) == []


def test_an_outcome_that_all_or_none_have_gives_no_edges():
    assert supervised_bins(np.arange(100.0), np.ones(100)) == []
    assert supervised_bins(np.arange(100.0), np.zeros(100, dtype=np.bool_)) == []
