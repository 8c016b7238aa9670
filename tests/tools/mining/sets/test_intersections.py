"""The sets told are planted ones, whatever kind of customers they are; each says something of its own."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.tools.mining.factor_planted import factor_planted, rule_planted
from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted, table, trait
from tools.mining.evidence.variables import variables_of
from tools.mining.findings import Trait
from tools.mining.queries import LiftQuery
from tools.mining.sets.ground import Ground
from tools.mining.sets.intersections import Found, ProvenSet, find_sets

HARD = {"customers": 8_000, "strength": (0.35, 0.55), "correlation": 1.5, "marks_each": 6, "shift": 0.5}


def searched(
    held: np.ndarray, everybody: np.ndarray, traits: dict[int, Trait], query: LiftQuery
) -> tuple[Ground, Found]:
    customers = membership(held)
    floor = max(query.min_persons, int(np.ceil(query.min_support * len(held))))
    frequent = np.flatnonzero(customers.counts() >= floor)
    kept = customers.only(frequent)
    variables = variables_of(kept.codes, traits)
    ground = Ground.of(kept, everybody.sum(axis=0)[frequent], len(everybody), variables, floor)
    return ground, find_sets(ground, People.of(everybody), query)


def told(world: Planted, query: LiftQuery | None = None) -> list[frozenset[int]]:
    """Codes of the first twenty pairs and the first twenty longer sets."""
    ground, found = searched(world.held, world.everybody, world.traits, query or LiftQuery())
    shown: list[ProvenSet] = [*found.pairs[:20], *found.longer[:20]]
    return [frozenset(ground.customers.codes[each.members].tolist()) for each in shown]


KINDS: dict[str, tuple[Callable[[int], Planted], float]] = {
    "mixtures": (planted, 8),
    "weak mixtures under strong common correlations": (lambda seed: planted(seed, **HARD), 6.5),
    "overlapping segments in degrees": (factor_planted, 7),
    "ordinary people picked by rules": (rule_planted, 7),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_top_twenty_are_planted_ones(kind: str):
    """Two draws of each kind: all told are parts of planted sets; most of the eight are found."""
    draw, least = KINDS[kind]
    found, false = [], 0
    for seed in (41, 42):
        world = draw(seed)
        shown = told(world)
        false += sum(not any(codes <= planted_set for planted_set in world.sets) for codes in shown)
        found.append(sum(any(codes <= planted_set for codes in shown) for planted_set in world.sets))
    assert false == 0
    assert np.mean(found) >= least


@pytest.mark.parametrize("seed", range(51, 56))
@pytest.mark.parametrize("kind", ["common factors", "strong factors"])
def test_customers_who_are_like_everybody_have_no_sets(seed: int, kind: str):
    world = planted(seed, nothing=True, correlation=2.0)
    if kind == "strong factors":
        world = factor_planted(seed, nothing=True, common=0.9)
    assert told(world) == []


def test_a_pair_of_the_same_customers_as_a_told_set_is_not_told():
    """Of 200 customers 90 have all three traits and 5 each one: every pair is the same 90 customers."""
    held = table({"111": 90, "100": 5, "010": 5, "001": 5, "000": 95})
    everybody = np.vstack([held, table({"000": 1_800})])
    _, found = searched(held, everybody, plain_traits(3), LiftQuery())
    assert [each.members.tolist() for each in found.longer] == [[0, 1, 2]]
    assert found.pairs == []
    _, short = searched(held, everybody, plain_traits(3), LiftQuery(max_length=2))
    assert len(short.pairs) == 1


@pytest.mark.parametrize("overlap", [0.3, 1.0])
def test_no_told_set_is_redundant_or_unproductive(overlap: float):
    """Every split of a told set is beyond chance, and no told set has more traits and the same customers."""
    world = planted(43)
    query = LiftQuery(max_overlap=overlap, max_pair_overlap=overlap)
    ground, found = searched(world.held, world.everybody, world.traits, query)
    proven = [*found.pairs, *found.longer]
    total = ground.customers.total
    for each in proven:
        for place in range(len(each.members)):
            rest = np.delete(each.members, place)
            expected = ground.customers.count_of(rest) * int(ground.counts[each.members[place]]) / total
            assert each.customers > expected
        larger = [other for other in proven if set(each.members) < set(other.members)]
        assert all(other.customers < each.customers for other in larger)


def test_a_trait_that_comes_along_with_a_set_everywhere_makes_no_larger_one():
    """0, 1 and 2 meet among the customers; three quarters of all people with 0 have 3, of others a fifth."""
    rng = np.random.default_rng(44)
    everybody = rng.random((20_000, 8)) < 0.15
    held = rng.random((2_000, 8)) < 0.15
    held[:300, :3] = True
    for rows in (everybody, held):
        rows[:, 3] = rng.random(len(rows)) < np.where(rows[:, 0], 0.75, 0.2)
    _, found = searched(held, np.vstack([everybody, held]), plain_traits(8), LiftQuery())
    assert [each.members.tolist() for each in found.longer] == [[0, 1, 2]]
    assert all(3 not in each.members for each in found.pairs)


def chained(seed: int) -> tuple[np.ndarray, np.ndarray, dict[int, Trait], list[set[int]]]:
    """Customers with a segment of marks in chains: ZIP areas and states, ages and generations, near copies.

    Codes 0-9 areas, 10-12 states of them; 13-22 ages, 23-26 generations; 27, 28 a trait and its copy that
    99 % share; 29-35 plain. Groups: codes of which no set may hold two.
    """
    rng = np.random.default_rng(seed)

    def people(number: int, marked: np.ndarray) -> np.ndarray:
        area = np.where(marked & (rng.random(number) < 0.7), 2, rng.integers(0, 10, number))
        age = np.where(
            marked & (rng.random(number) < 0.7), rng.integers(60, 70, number), rng.integers(0, 100, number)
        )
        usual = np.where(marked, 0.7, 0.12)[:, None]
        one = rng.random((number, 1)) < usual
        copy = np.where(rng.random((number, 1)) < 0.01, ~one, one)
        state, generation = np.digitize(area, [3, 6]), np.digitize(age, [28, 44, 60])
        exclusive = [(area, 10), (state, 3), (age // 10, 10), (generation, 4)]
        blocks = [each[:, None] == np.arange(kinds) for each, kinds in exclusive]
        return np.hstack([*blocks, one, copy, rng.random((number, 7)) < usual])

    held = people(3_000, rng.random(3_000) < 0.3)
    everybody = np.vstack([people(30_000, np.zeros(30_000, dtype=bool)), held])
    names = [("area", 10), ("state", 3), ("age", 10), ("generation", 4)]
    labels = [(name, str(value)) for name, values in names for value in range(values)]
    traits = {code: trait(code, *label) for code, label in enumerate(labels)}
    traits |= {code: trait(code) for code in range(27, 36)}
    return held, everybody, traits, [set(range(13)), set(range(13, 27)), {27, 28}]


@pytest.mark.parametrize("seed", [45, 46])
def test_derived_traits_and_near_copies_never_meet(seed: int):
    held, everybody, traits, groups = chained(seed)
    ground, found = searched(held, everybody, traits, LiftQuery())
    shown = [set(ground.customers.codes[each.members].tolist()) for each in (*found.pairs, *found.longer)]
    assert any(2 in codes for codes in shown)
    assert any(19 in codes for codes in shown)
    assert all(len(codes & group) <= 1 for codes in shown for group in groups)
