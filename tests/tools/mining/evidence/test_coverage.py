"""Who answered is told apart from what they answered."""

import numpy as np
import pytest

from tests.tools.mining.planted import membership
from tools.mining.evidence.coverage import Coverage


def answers(yes: int, no: int, blank: int) -> np.ndarray:
    """Rows of (yes, no)."""
    return np.repeat(np.array([[1, 0], [0, 1], [0, 0]], dtype=bool), [yes, no, blank], axis=0)


def covered(customers: np.ndarray, sizes: list[int], people: int) -> Coverage:
    variables = np.zeros(customers.shape[1], dtype=np.int64)
    return Coverage.of(membership(customers), variables, np.array(sizes), people)


def test_who_answered_alone_makes_neither_answer_a_trait():
    """All 200 customers answered, half of them yes; of 1,000 people 430 did, half of them yes.

    Of all people yes is 0.5 / 0.215 = 2.3 times as frequent; of those who answered 0.5 / 0.5 = 1.
    """
    customers = answers(100, 100, 0)
    found = covered(customers, [215, 215], 1_000)
    counts, sizes = np.array([100, 100]), np.array([215, 215])
    assert (found.customers.tolist(), found.people.tolist()) == ([200, 200], [430, 430])
    assert found.uneven.all()
    assert found.lift(counts, sizes).tolist() == pytest.approx([1.0, 1.0])
    assert not found.enriched(counts, sizes, 1.15, 0.05).any()
    assert not found.depleted(counts, sizes, 1 / 1.15, 0.05).any()


def test_an_answer_that_is_more_frequent_among_those_who_gave_one_stays():
    """Yes 160 of 200 who answered against 215 of 430: lift 1.6. No is rarer among them: lift 0.4."""
    counts, sizes = np.array([160, 40]), np.array([215, 215])
    found = covered(answers(160, 40, 0), sizes.tolist(), 1_000)
    assert found.lift(counts, sizes).tolist() == pytest.approx([1.6, 0.4])
    assert found.enriched(counts, sizes, 1.15, 0.05).tolist() == [True, False]
    assert found.depleted(counts, sizes, 1 / 1.15, 0.05).tolist() == [False, True]


def test_even_coverage_changes_nothing():
    found = covered(answers(60, 30, 110), [300, 160], 1_000)
    assert not found.uneven.any()
    assert found.enriched(np.array([60, 30]), np.array([300, 160]), 9.9, 0.05).all()


@pytest.mark.parametrize(
    ("customers", "sizes"),
    [
        (np.array([[True]] * 50), [100]),  # only one value is ever recorded
        (np.array([[True, True]] * 50), [100, 100]),  # a person may have both
        (answers(25, 25, 0), [800, 800]),  # people may have both
    ],
)
def test_attributes_that_do_not_tell_who_answered_count_as_answered_by_all(customers, sizes):
    found = covered(customers, sizes, 1_000)
    assert found.customers.tolist() == [50] * len(sizes)
    assert found.people.tolist() == [1_000] * len(sizes)
    assert not found.uneven.any()


def test_each_attribute_has_a_coverage_of_its_own():
    customers = np.hstack([answers(20, 20, 0), answers(10, 10, 20)])
    found = Coverage.of(membership(customers), np.array([0, 0, 1, 1]), np.array([100, 100, 250, 250]), 1_000)
    assert found.customers.tolist() == [40, 40, 20, 20]
    assert found.people.tolist() == [200, 200, 500, 500]
    assert found.uneven.tolist() == [True, True, False, False]
