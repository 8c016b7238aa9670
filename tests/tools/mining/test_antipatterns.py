"""Signs against are rare among customers, cover enough people, and are told once."""

import numpy as np
import pytest
from scipy import stats

from store.errors import TooFewCustomers
from tests.tools.mining.planted import People, membership, plain_traits, planted, table, trait
from tools.mining.antipatterns import AntiPatternQuery, anti_patterns
from tools.mining.findings import AntiPattern, Trait


def asked(
    held: np.ndarray,
    others: np.ndarray,
    traits: dict[int, Trait] | None = None,
    query: AntiPatternQuery | None = None,
) -> list[AntiPattern]:
    people = People.of(np.vstack([held, others]))
    return anti_patterns(membership(held), people, traits or plain_traits(held.shape[1]), query)


def codes_of(found: list[AntiPattern]) -> list[list[int]]:
    return [[int(each.cluster_hash, 16) for each in one.traits] for one in found]


def test_a_trait_that_customers_lack():
    """Trait 0: 10 of 100 customers, 300 of 1,000 people: lift 1/3. Trait 1: 40 of 100, 400 of 1,000.
    Trait 2: none of the customers, but 4 % of the people only. Two directions of three traits: six tests.
    """
    held = table({"110": 4, "100": 6, "010": 36, "000": 54})
    others = table({"110": 116, "100": 174, "010": 244, "001": 40, "000": 326})
    (found,) = asked(held, others)
    assert codes_of([found]) == [[0]]
    assert (found.customers, found.population) == (10, 300)
    assert found.lift.value == pytest.approx(1 / 3)
    p = stats.hypergeom.cdf(10, 1_000, 300, 100)
    assert found.q_value == pytest.approx(6 * p, rel=0.05)
    assert found.rate is None


def test_a_pair_that_customers_avoid_though_neither_alone():
    """Half have trait 0 and half trait 1, customer or not; both none of 200 customers, 25 % of others."""
    (found,) = asked(table({"10": 100, "01": 100}), table({"11": 500, "10": 500, "01": 500, "00": 500}))
    assert codes_of([found]) == [[0, 1]]
    assert (found.customers, found.population, found.lift.value) == (0, 500, 0.0)
    assert found.lift.high < 0.7


def test_a_pair_says_nothing_beyond_a_member_that_is_told():
    """Customers lack trait 0 altogether, so also every pair with it."""
    rng = np.random.default_rng(1)
    held, others = rng.random((300, 4)) < 0.5, rng.random((3_000, 4)) < 0.5
    held[:, 0] = False
    assert codes_of(asked(held, others)) == [[0]]


def test_a_pair_has_to_cover_enough_people():
    """As above, but only 80 of 2,200 people have both."""
    assert asked(table({"10": 100, "01": 100}), table({"11": 80, "10": 900, "01": 900, "00": 120})) == []


def test_a_pair_has_to_lie_well_below_its_members():
    """Both traits at 0.75 of their usual share, and independent: the pair at 0.56 lies 1.33 times below."""
    held = table({"11": 225, "10": 375, "01": 375, "00": 625})
    others = table({"11": 7_600, "10": 7_600, "01": 7_600, "00": 7_600})
    (found,) = asked(held, others, query=AntiPatternQuery(min_added=1.1))
    assert codes_of([found]) == [[0, 1]]
    assert asked(held, others, query=AntiPatternQuery(min_added=1.5)) == []


def test_one_value_of_a_variable_and_none_that_follows():
    """Both low plans are rare among customers; trait 3 means the first of them."""
    held = table({"1000": 5, "0100": 10, "0010": 185})
    others = table({"1001": 500, "1000": 100, "0100": 600, "0010": 800})
    traits = {code: trait(code, "plan", "abc"[code]) for code in range(3)} | {3: trait(3, "legacy")}
    found = asked(held, others, traits)
    names = [each.traits[0].name for each in found]
    assert len(names) == len(set(names)) == 1 + ("legacy" in names)
    assert "plan" in names


def test_with_outcomes_the_lowest_rate_comes_first():
    """Trait 0 covers 50 % at rate 4 %, trait 1 covers 10 % at 1 %: information says 0, the rate says 1."""
    rng = np.random.default_rng(2)
    people = np.column_stack([rng.random(20_000) < 0.5, rng.random(20_000) < 0.1])
    rate = np.where(people[:, 1], 0.01, np.where(people[:, 0], 0.04, 0.15))
    won = rng.random(20_000) < rate
    by_information = asked(people[won], people[~won])
    by_rate = asked(people[won], people[~won], query=AntiPatternQuery(outcome_rates=True))
    assert codes_of(by_information) == [[0], [1]]
    assert codes_of(by_rate) == [[1], [0]]
    for found in by_rate:
        assert found.rate is not None
        assert found.rate.value == pytest.approx(found.customers / found.population)


def test_planted_lacks_are_found_and_draws_give_none():
    world = planted(3)
    held, lacking = world.held.copy(), world.everybody[: -len(world.held)]
    common = np.flatnonzero(lacking.mean(axis=0) > 0.12)
    avoided = [int(code) for code in common if not any(code in one for one in world.sets)][:3]
    held[:, avoided] &= np.random.default_rng(3).random((len(held), 3)) < 0.3
    found = asked(held, lacking, world.traits)
    assert {code for codes in codes_of(found) for code in codes} >= set(avoided)
    nothing = planted(4, nothing=True)
    assert anti_patterns(nothing.customers, nothing.people, nothing.traits) == []


def test_too_few_customers_are_refused():
    with pytest.raises(TooFewCustomers):
        asked(table({"1": 20}), table({"1": 90}))
