"""Precision, hybrid and reach over a planted population."""

import random

import numpy as np
import pytest

from tools.audience.selection import Selection
from tools.audience.strategies import Strategy, strategies
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.rows.counting import BitmapCounts, membership, traits_of

PEOPLE = 3_000
TRAITS = ("golf", "opera", "sailing", "chess")


@pytest.fixture
def planted(load):
    """3,000 people, each trait held by a quarter; 300 customers, who hold golf, opera and sailing at 60 %."""
    chance = random.Random(4)
    lines = []
    for number in range(1, PEOPLE + 1):
        shares = (0.6, 0.6, 0.6, 0.25) if number % 10 == 0 else (0.22, 0.22, 0.22, 0.25)
        lines.append(
            ",".join([str(number), *("Yes" if chance.random() < share else "No" for share in shares)])
        )
    columns = {"id": {"kind": "person_id"}} | {name: {"kind": "flag"} for name in TRAITS}
    return load(f"id,{','.join(TRAITS)}\n" + "\n".join(lines) + "\n", columns, shard_persons=800)


@pytest.fixture
def halves(planted):
    """Customers, and the memberships of one half and the other."""
    customers = np.arange(10, PEOPLE + 1, 10)
    found = membership(planted.population, customers, planted.population.catalogue.minable())
    return customers, found.subset(np.arange(0, 300, 2)), found.subset(np.arange(1, 300, 2))


@pytest.fixture
def ways(planted, halves) -> dict[str, Strategy]:
    population = planted.population
    customers, made_from, measured_on = halves
    traits = traits_of(population.catalogue, population.catalogue.minable())
    report = lift_report(made_from, BitmapCounts(population), traits, LiftQuery())
    found = strategies(population, report, made_from, measured_on, customers, Selection(), held_out=True)
    return {way.strategy: way for way in found}


def test_each_is_wider_than_the_one_before(ways):
    assert list(ways) == ["precision", "hybrid", "reach"]
    assert 0 < ways["precision"].total <= ways["hybrid"].total <= ways["reach"].total
    assert ways["precision"].lift.value > ways["reach"].lift.value > 1
    assert ways["precision"].recall.value <= ways["hybrid"].recall.value <= ways["reach"].recall.value


def test_precision_is_the_planted_set(ways):
    assert [{trait.name for trait in traits} for traits in ways["precision"].alternatives] == [
        {"golf", "opera", "sailing"}
    ]
    assert all(trait.value == "Yes" for traits in ways["precision"].alternatives for trait in traits)


def test_totals_are_those_of_find_persons(ways, planted, ask):
    for way in ways.values():
        assert ask(planted, "find_persons", expression=way.expression)["total"] == way.total
        assert way.share_of_population == way.total / PEOPLE


def test_recall_lift_and_new_people_can_be_counted_again(ways, planted, halves):
    """Recall from the rows of the half that had no part in it; lift = recall / share; Wilson's interval."""
    customers, _, measured_on = halves
    population = planted.population
    for way in ways.values():
        held = np.zeros(measured_on.total, dtype=bool)
        rows = measured_on.rows()
        for traits in way.alternatives:
            places = [
                measured_on.codes.tolist().index(population.catalogue.find(t.cluster_hash).code)
                for t in traits
            ]
            held |= rows[:, places].all(axis=1)
        assert way.customers_measured == measured_on.total == 150
        assert way.recall.value == held.sum() / 150
        low, high = wilson_interval(int(held.sum()), 150)
        assert (way.recall.low, way.recall.high) == (float(low), float(high))
        assert way.lift.value == pytest.approx(way.recall.value / way.share_of_population)
        everyone = membership(population, customers, population.catalogue.minable())
        mine = np.zeros(everyone.total, dtype=bool)
        for traits in way.alternatives:
            codes = [population.catalogue.find(t.cluster_hash).code for t in traits]
            mine |= everyone.rows()[:, [everyone.codes.tolist().index(code) for code in codes]].all(axis=1)
        assert way.new_people == way.total - mine.sum()
        assert way.held_out


def test_customers_like_everybody_have_no_strategies(planted):
    population = planted.population
    customers = np.arange(11, PEOPLE + 1, 10)
    found = membership(population, customers, population.catalogue.minable())
    traits = traits_of(population.catalogue, population.catalogue.minable())
    report = lift_report(found, BitmapCounts(population), traits, LiftQuery(min_lift=3))
    assert strategies(population, report, found, found, customers, Selection(), held_out=False) == []
