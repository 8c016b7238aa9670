"""What could have been told is counted, and so is what is told of it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.tools.mining.factor_planted import factor_planted
from tests.tools.mining.planted import People, membership, plain_traits, planted
from tools.mining.evidence.statistics import benjamini_hochberg
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.sets.multiplicity import focused, log_layered, possible_sets


def test_three_variables_of_two_one_and_three_values():
    """Pairs 2 x 1 + 2 x 3 + 1 x 3 = 11, triples 2 x 1 x 3 = 6, and no four of different variables."""
    assert possible_sets(np.array([0, 0, 1, 2, 2, 2]), 4) == {2: 11, 3: 6}
    assert possible_sets(np.zeros(0, dtype=np.int64), 4) == {}


@given(st.lists(st.integers(0, 3), max_size=7), st.integers(2, 4))
def test_possible_sets_are_what_listing_gives(variables: list[int], max_length: int):
    places = range(len(variables))
    listed = {
        length: sum(len({variables[i] for i in part}) == length for part in combinations(places, length))
        for length in range(2, max_length + 1)
    }
    counted = possible_sets(np.array(variables, dtype=np.int64), max_length)
    assert counted == {length: number for length, number in listed.items() if number}


def test_each_length_has_the_same_part_of_what_may_be_false():
    """Of 11 pairs and 6 triples: p times 11 and 6, and 2 for the two lengths."""
    possible = {2: 11, 3: 6}
    log_p = np.log([1e-4])
    assert np.exp(log_layered(log_p, 2, possible)) == pytest.approx([22e-4])
    assert np.exp(log_layered(log_p, 3, possible)) == pytest.approx([12e-4])


def test_variants_of_one_finding_admit_no_false_one():
    """Ten tests, nine variants of one truth at 1e-6, one false at 0.04: Benjamini-Hochberg admits all at 5 %.

    Two are told of them, the truth once: admissible are p <= 0.05 x 2 / 10 = 0.01, so the false one is
    left out and the truth stays alone.
    """
    p = np.array([1e-6] * 9 + [0.04])
    assert np.all(benjamini_hochberg(p) <= 0.05)

    def tell(admitted: np.ndarray) -> list[int]:
        return [int(place) for place in admitted if place in (0, 9)]

    assert focused(np.log(p * 10), 0.05, 50, tell) == [0]
    assert focused(np.log(p * 10), 0.5, 50, tell) == [0, 9]
    assert focused(np.zeros(0), 0.05, 50, tell) == []


@given(st.lists(st.floats(1e-12, 1), max_size=30), st.floats(0.01, 0.5), st.integers(1, 10))
def test_without_a_selection_it_is_benjamini_hochberg(p: list[float], q: float, limit: int):
    """Told is all that is admitted, the limit aside."""
    values = np.array(p)
    told = focused(np.log(values * max(len(p), 1)), q, len(p) or 1, lambda admitted: admitted.tolist())
    least, most = (np.sum(benjamini_hochberg(values) <= q * bound) for bound in (1 - 1e-9, 1 + 1e-9))
    assert least <= len(told) <= most
    some = focused(np.log(values * max(len(p), 1)), q, limit, lambda admitted: admitted.tolist()[:limit])
    assert len(some) <= min(limit, len(told))


def any_told(held: np.ndarray, everybody: np.ndarray, q: float) -> bool:
    """Whether any set is told, without minimal effects, which would hide a fault of the tests."""
    query = LiftQuery(q=q, min_lift=1, min_enrichment=1, min_added=1, max_length=4, draws=0)
    report = lift_report(membership(held), People.of(everybody), plain_traits(held.shape[1]), query)
    return bool(report.top_intersections or report.multi_attribute_clusters)


@pytest.mark.parametrize("q", [0.05, 0.2])
@pytest.mark.parametrize("kind", ["common factors", "strong factors"])
def test_draws_of_people_who_are_alike_give_no_more_sets_than_asked_for(q: float, kind: str):
    """Pairs are correlated among all people; where nothing is true a rate of q is the chance of any set."""
    world = planted(9, people=3_000, nothing=True, correlation=2.0)
    if kind == "strong factors":
        world = factor_planted(9, people=3_000, nothing=True, common=0.9)
    rng = np.random.default_rng(9)
    draws = 40
    some = sum(
        any_told(world.everybody[rng.choice(3_000, 400, replace=False)], world.everybody, q)
        for _ in range(draws)
    )
    assert some <= stats.binom.ppf(0.999, draws, q)


def test_traits_that_are_frequent_and_independent_make_no_sets():
    """Every column of the customers is shuffled: a trait stays as enriched as it was, and meets by chance."""
    world = planted(9, customers=400, people=3_000)
    rng = np.random.default_rng(9)
    some = 0
    for _ in range(30):
        held = rng.permuted(world.held, axis=0)
        some += any_told(held, np.vstack([world.everybody[:3_000], held]), 0.1)
    assert some <= stats.binom.ppf(0.999, 30, 0.1)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_set_is_surer_than_p(seed: int):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, (150, 1))
    held = rng.random((150, 8)) < rng.uniform(0.1, 0.9, (2, 8))[kind[:, 0]]
    everybody = np.vstack([held, rng.random((600, 8)) < 0.2])
    report = lift_report(membership(held), People.of(everybody), plain_traits(8), LiftQuery(q=0.3, draws=0))
    for found in report.top_intersections + report.multi_attribute_clusters:
        assert found.p_value <= found.q_value <= 0.3
