"""A set is told once, and not where a told one explains it."""

from collections.abc import Sequence

import numpy as np

from tests.tools.mining.planted import membership, table
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import unpack
from tools.mining.sets.ground import Ground
from tools.mining.sets.telling import Line, Told

# 0, 1, 2 are the same fifty customers, 3 and 4 fifty others; ten have 0 and 3 of both. Many have none.
ALIKE = table({"11100": 40, "11110": 10, "00011": 40, "00000": 30})


def told_of(held: np.ndarray) -> Told:
    customers = membership(held)
    sizes, variables = customers.counts() + 10, np.arange(held.shape[1])
    return Told(Ground.of(customers, sizes, 10_000, variables, 1), LiftQuery())


def lines(members: Sequence[Sequence[int]], share: float = 0.001, *, beyond: bool = False) -> list[Line]:
    return [Line(np.array(each), share, 1.0, beyond) for each in members]


def test_sets_of_the_same_customers_are_told_once():
    told = told_of(ALIKE)
    some = lines([[0, 1], [0, 1, 2], [1, 2], [3, 4], [3]])
    assert told.distinct(some, 0.3, 10) == [0, 3]
    assert told.distinct(some, 0.3, 1) == [0]
    assert told.distinct([], 0.3, 10) == []


def test_a_set_without_customers_of_its_own_is_not_told_even_when_overlap_is_allowed():
    assert told_of(ALIKE).distinct(lines([[0, 1], [0, 1, 2], [1, 2], [3, 4]]), 1.0, 10) == [0, 3]


def test_what_only_comes_along_with_a_told_set_is_explained():
    """0 and 1 make a hundred customers; half of them have 2 and 3, and 5 % of others, as of all people.

    So 2 and 3 are 9.5 % of a thousand customers against 5 % of people, and without the hundred 5 %.
    """
    held = table({"1111": 50, "1100": 50, "0011": 45, "0010": 45, "0001": 45, "0000": 765})
    told = told_of(held)
    proxy = lines([[2, 3]], share=0.05)
    assert told.distinct(proxy, 1.0, 10) == [0]
    told.add(lines([[0, 1]]))
    assert told.distinct(proxy, 1.0, 10) == []
    assert told.distinct(lines([[2, 3]], share=0.01), 1.0, 10) == [0]


def test_a_set_beyond_others_has_to_be_so_without_the_told():
    """Away from 0 and 1, traits 2 and 3 are each as frequent as before and meet by chance: 100 of 1,000."""
    held = table({"1111": 200, "0011": 100, "0010": 216, "0001": 216, "0000": 468})
    told = told_of(held)
    beyond, usual = lines([[2, 3]], share=0.02, beyond=True), lines([[2, 3]], share=0.02)
    assert told.distinct(beyond, 1.0, 10) == [0]
    told.add(lines([[0, 1]]))
    assert told.distinct(beyond, 1.0, 10) == []
    assert told.distinct(usual, 1.0, 10) == [0]


def test_the_customers_left_are_those_of_no_told_set():
    told = told_of(ALIKE)
    told.add(lines([[0, 1], [3, 4]]))
    assert unpack(told.left, 120).sum() == 30
