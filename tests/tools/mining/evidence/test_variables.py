"""What follows by construction is found in the numbers, and what only looks so is not."""

import numpy as np

from tests.tools.mining.planted import People, membership, trait
from tools.mining.evidence.variables import (
    dependent,
    implications,
    one_per_variable,
    same_variable,
    variables_of,
    without_implied,
)
from tools.mining.sets.itemsets import co_occurrence


def exclusive(values: np.ndarray, kinds: int) -> np.ndarray:
    return values[:, None] == np.arange(kinds)


def test_values_of_one_name_are_one_variable():
    traits = {3: trait(3, "age", "18-24"), 5: trait(5, "owner"), 9: trait(9, "age", "25-34")}
    variables = variables_of(np.array([3, 5, 9], dtype=np.int32), traits)
    assert variables[0] == variables[2] != variables[1]
    assert same_variable(variables).tolist() == [
        [True, False, True],
        [False, True, False],
        [True, False, True],
    ]
    assert one_per_variable([2, 1, 0], variables) == [2, 1]


def test_a_state_follows_from_its_zip_areas_and_not_the_reverse():
    """Codes 0 and 1 are ZIP areas of state 2; in the population and so among the customers."""
    rng = np.random.default_rng(1)
    area = rng.integers(0, 5, 4_000)
    people = np.column_stack([area == 0, area == 1, area <= 1, rng.random(4_000) < 0.5])
    customers = membership(people[:500])
    implied = implications(customers, People.of(people), people.sum(axis=0))
    assert np.argwhere(implied).tolist() == [[0, 2], [1, 2]]


def test_a_motif_of_the_customers_is_no_implication():
    """All 60 customers with trait 0 have trait 1; of the 1,060 people with trait 0 half have it."""
    rng = np.random.default_rng(2)
    others = rng.random((10_000, 2)) < [0.1, 0.5]
    customers = np.zeros((300, 2), dtype=bool)
    customers[:60] = True
    people = np.vstack([others, customers])
    implied = implications(membership(customers), People.of(people), people.sum(axis=0))
    assert not implied.any()


def test_an_age_range_goes_with_no_generation_not_even_at_the_border():
    """Ages 0..99 in ten ranges and four generations that begin at 28, 44, 60: the border ranges straddle."""
    rng = np.random.default_rng(3)
    age = rng.integers(0, 100, 20_000)
    people = np.hstack([exclusive(age // 10, 10), exclusive(np.digitize(age, [28, 44, 60]), 4)])
    people = np.column_stack([people, rng.random(20_000) < 0.3])
    customers = membership(people[:3_000])
    variables = np.array([0] * 10 + [1] * 4 + [2])
    implied = implications(customers, People.of(people), people.sum(axis=0))
    assert not implied[2, 10:14].any()
    bound = dependent(variables, implied, np.diag(co_occurrence(customers)))
    assert bound[:14, :14].all()
    assert not bound[14, :14].any()


def test_of_traits_that_imply_one_another_the_first_stays():
    implied = np.zeros((4, 4), dtype=bool)
    implied[0, 2] = implied[3, 2] = True
    assert without_implied([2, 0, 1, 3], implied) == [2, 1]
    assert without_implied([0, 1, 2, 3], implied) == [0, 1, 3]
