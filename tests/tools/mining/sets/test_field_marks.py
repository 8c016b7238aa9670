"""A few marks describe most customers, each adds something, and the people of them all are counted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.mining.factor_planted import factor_planted
from tests.tools.mining.planted import People, membership, plain_traits, planted, table
from tests.tools.mining.sets.test_intersections import chained
from tools.mining.evidence.frequencies import Frequencies
from tools.mining.evidence.variables import variables_of
from tools.mining.findings import FieldMark, Trait
from tools.mining.queries import LiftQuery
from tools.mining.sets.field_marks import Portrait, field_marks
from tools.mining.sets.ground import Ground
from tools.mining.sets.intersections import find_sets

SMALL = LiftQuery(min_customers=2, min_persons=5)


def portrait(
    held: np.ndarray, everybody: np.ndarray, traits: dict[int, Trait], query: LiftQuery | None = None
) -> Portrait:
    query = query or LiftQuery()
    customers, people = membership(held), People.of(everybody)
    singles = Frequencies.of(customers.codes, customers.counts()[None], np.array([len(held)]), people)
    floor = max(query.min_persons, int(np.ceil(query.min_support * len(held))))
    frequent = np.flatnonzero(singles.counts[0] >= floor)
    kept = customers.only(frequent)
    variables = variables_of(kept.codes, traits)
    ground = Ground.of(kept, singles.sizes[frequent], singles.people, variables, floor)
    return field_marks(ground, find_sets(ground, people, query), singles, people, traits, query)


def codes_of(mark: FieldMark) -> frozenset[int]:
    return frozenset(int(each.cluster_hash, 16) for each in mark.traits)


def test_two_marks_of_two_hundred_customers():
    """0: 100 customers, 1: 80 others and 20 of those; of 1,000 other people 100, 100 and 10 of both.

    0 describes 0.5 of the customers and 200 of 1,200 people: lift 3. 1 adds 80, so that 180 of 200 are
    described, and 180 + 190 = 370 of 1,200 people are: lift 0.9 / 0.30833 = 2.919. Of 2 half of all have.
    """
    held = table({"100": 40, "101": 40, "110": 10, "111": 10, "010": 40, "011": 40, "000": 10, "001": 10})
    others = table({"101": 45, "100": 45, "110": 5, "111": 5, "011": 45, "010": 45, "001": 405, "000": 405})
    found = portrait(held, np.vstack([held, others]), plain_traits(3))
    first, second = found.marks
    assert [codes_of(mark) for mark in found.marks] == [{0}, {1}]
    assert (first.customers, first.population, first.adds) == (100, 200, 100)
    assert first.lift.value == pytest.approx(3)
    assert (second.customers, second.adds) == (100, 80)
    assert (first.covered.value, second.covered.value) == (0.5, 0.9)
    assert second.covered.low < 0.9 < second.covered.high
    assert found.together is not None
    assert (found.together.customers, found.together.population) == (180, 370)
    assert found.together.frequency.value == 0.9
    assert found.together.lift.value == pytest.approx(0.9 / (370 / 1_200))


@pytest.mark.parametrize("seed", [61, 62, 63])
def test_every_planted_segment_has_its_mark_and_the_background_none(seed: int):
    world = planted(seed)
    found = portrait(world.held, world.everybody, world.traits)
    marks = [codes_of(mark) for mark in found.marks]
    owners = [{i for i, codes in enumerate(world.sets) if mark <= codes} for mark in marks]
    assert all(owners)
    assert set().union(*owners) >= {0, 1, 2, 3, 4}
    assert found.together is not None
    assert found.together.frequency.value > 0.55
    assert found.together.lift.low > 1.8


def test_marks_of_overlapping_segments_in_degrees_are_planted_traits():
    world = factor_planted(64)
    found = portrait(world.held, world.everybody, world.traits)
    assert len(found.marks) >= 3
    for mark in found.marks:
        assert any(codes_of(mark) <= codes for codes in world.sets)


@pytest.mark.parametrize("seed", [65, 66, 67])
def test_customers_who_are_like_everybody_have_no_marks(seed: int):
    world = planted(seed, nothing=True, correlation=2.0)
    found = portrait(world.held, world.everybody, world.traits)
    assert (found.marks, found.together) == ([], None)


@pytest.mark.parametrize("seed", [47, 48])
def test_no_two_marks_imply_one_another(seed: int):
    held, everybody, traits, groups = chained(seed)
    found = portrait(held, everybody, traits)
    marks = [codes_of(mark) for mark in found.marks]
    assert len(marks) >= 2
    assert all(len(mark & group) <= 1 for mark in marks for group in groups)
    for codes in (groups[2], {2, 10}, {19, 26}):
        assert sum(bool(mark & codes) for mark in marks) <= 1


def test_what_nearly_everybody_has_is_no_mark():
    """Trait 0: all customers and seven in ten people; trait 1: three in ten customers, one in ten people."""
    rng = np.random.default_rng(68)
    held = rng.random((2_000, 2)) < [1.0, 0.3]
    everybody = np.vstack([held, rng.random((20_000, 2)) < [0.7, 0.1]])
    assert [codes_of(mark) for mark in portrait(held, everybody, plain_traits(2)).marks] == [{1}]
    allowing = LiftQuery(max_mark_share=0.9)
    assert {0} in [codes_of(mark) for mark in portrait(held, everybody, plain_traits(2), allowing).marks]


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_every_figure_of_the_marks_is_what_counting_gives(seed: int, most: int):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, (200, 1))
    held = rng.random((200, 9)) < rng.uniform(0.05, 0.8, (3, 9))[kind[:, 0]]
    everybody = np.vstack([held, rng.random((900, 9)) < rng.uniform(0.05, 0.3, 9)])
    query = SMALL.model_copy(update={"max_marks": most})
    found = portrait(held, everybody, plain_traits(9), query)
    described, people = np.zeros(200, dtype=bool), np.zeros(1_100, dtype=bool)
    seen: set[int] = set()
    assert len(found.marks) <= most
    for mark in found.marks:
        members = sorted(codes_of(mark))
        has, has_too = held[:, members].all(axis=1), everybody[:, members].all(axis=1)
        assert (mark.customers, mark.population) == (has.sum(), has_too.sum())
        assert mark.adds == (has & ~described).sum() >= 0.03 * 200
        assert mark.lift.low >= query.min_lift
        assert mark.baseline_share <= query.max_mark_share
        assert not seen & set(members)
        described, people, seen = described | has, people | has_too, seen | set(members)
        assert mark.covered.value == pytest.approx(described.mean())
    assert (found.together is None) == (found.marks == [])
    if found.together is not None:
        assert (found.together.customers, found.together.population) == (described.sum(), people.sum())
        assert found.together.lift.value >= query.min_lift
