"""Criteria weigh what tells customers from people, once for each attribute."""

import numpy as np
import pytest

from tests.tools.mining.planted import People, membership, plain_traits, planted, table, trait
from tools.mining.criteria import CriteriaQuery, criteria
from tools.mining.evidence.statistics import information
from tools.mining.findings import Criterion, Trait
from tools.mining.lift import lift_report

# Trait 0: half the customers and a tenth of the others; trait 1: 30 % and 15 %, independent of it.
CUSTOMERS = table({"11": 60, "10": 140, "01": 60, "00": 140})
OTHERS = table({"11": 54, "10": 306, "01": 486, "00": 2_754})


def asked(
    held: np.ndarray, others: np.ndarray, traits: dict[int, Trait], query: CriteriaQuery | None = None
) -> list[Criterion]:
    customers, people = membership(held), People.of(np.vstack([held, others]))
    return criteria(lift_report(customers, people, traits), customers, people, traits, query)


def test_weights_are_shares_of_the_information():
    """Trait 0: 50 % against 560 / 4,000 = 14 %; trait 1: 30 % against 660 / 4,000 = 16.5 %."""
    first, second = asked(CUSTOMERS, OTHERS, plain_traits(2))
    bits = np.array([information(0.5, 0.14), information(0.3, 0.165)])
    assert [first.weight, second.weight] == pytest.approx(bits / bits.sum())
    assert (first.attribute, first.values) == ("trait_0", ["yes"])
    assert first.lift.value == pytest.approx(0.5 / 0.14)
    assert first.frequency.value == 0.5
    assert (first.tier, second.tier) == (1, 2)


def test_tiers_follow_weight_and_coverage():
    """With must-haves from 60 % on trait 0 is a strong signal; with lifts from 2 on trait 1 is a bonus."""
    first, second = asked(
        CUSTOMERS, OTHERS, plain_traits(2), CriteriaQuery(must_share=0.6, strong_lift=2, heavy=0.9)
    )
    assert (first.tier, second.tier) == (2, 3)


def test_values_that_exclude_one_another_are_added():
    """Values of one variable: 60 + 40 of 200 customers have the first two, 200 + 200 of 2,000 others."""
    held = table({"100": 60, "010": 40, "001": 100})
    others = table({"100": 200, "010": 200, "001": 1_600})
    traits = {code: trait(code, "plan", "abc"[code]) for code in range(3)}
    (only,) = asked(held, others, traits)
    assert (only.values, only.weight) == (["a", "b"], 1.0)
    assert only.frequency.value == 0.5
    assert only.lift.value == pytest.approx(0.5 / (500 / 2_200))


def test_values_held_together_are_united_by_counting():
    """Of 200 customers 60 have both, 40 + 20 one: 120 any. Of the others 20 + 100 + 80, so 320 of 2,200."""
    held = table({"11": 60, "10": 40, "01": 20, "00": 80})
    others = table({"11": 20, "10": 100, "01": 80, "00": 1_800})
    traits = {code: trait(code, "tool", "ab"[code]) for code in range(2)}
    (only,) = asked(held, others, traits)
    assert only.frequency.value == 0.6
    assert only.lift.value == pytest.approx(0.6 / (320 / 2_200))


def test_an_attribute_that_follows_from_another_shares_its_place():
    """Trait 2 is had by all who have trait 0 and a few more."""
    rng = np.random.default_rng(1)

    def people(rows: int, share: float) -> np.ndarray:
        first = rng.random(rows) < share
        return np.column_stack([first, rng.random(rows) < share, first | (rng.random(rows) < 0.05)])

    first, second = asked(people(1_000, 0.4), people(10_000, 0.1), plain_traits(3))
    assert {first.attribute, second.attribute} == {"trait_0", "trait_1"}
    (place,) = (each for each in (first, second) if each.attribute == "trait_0")
    assert place.same_as == ["trait 2"]
    assert first.weight + second.weight == pytest.approx(1)


def test_weights_sum_to_one_and_fall():
    world = planted(2)
    customers, people = world.customers, world.people
    found = criteria(lift_report(customers, people, world.traits), customers, people, world.traits)
    weights = [each.weight for each in found]
    assert sum(weights) == pytest.approx(1)
    assert weights == sorted(weights, reverse=True)
    assert len(found) == 20
    planted_codes = frozenset().union(*world.sets)
    told = {int(mark, 16) for each in found for mark in each.cluster_hashes}
    assert len(told & planted_codes) >= 0.8 * len(told)


def test_without_enriched_traits_there_are_no_criteria():
    assert asked(table({"1": 60}), table({"1": 600}), plain_traits(1)) == []
