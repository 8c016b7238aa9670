"""Sets that add nothing, or repeat others, are told apart from those that say something."""

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import membership, table
from tools.mining.sets.itemsets import CountTable, Sets, co_occurrence
from tools.mining.sets.redundancy import closed, least_added, log_excess, log_p_productive, one_shorter


def counted(held: np.ndarray, members: list[list[int]]) -> tuple[Sets, CountTable]:
    customers = membership(held)
    rows = np.array(members)
    counts = np.array([customers.count_of(row) for row in rows])
    return Sets(rows, counts, len(rows)), CountTable(customers, co_occurrence(customers), [])


def test_a_set_is_as_productive_as_its_least_convincing_split():
    """Traits 0 and 1 go together; 2 is held by half, whatever the others: 10 of 20 have 0 and 1, 5 all three.

    The split {0, 1} | {2} decides: P(X >= 5) of a draw of 10 from 20 with 10 marked.
    """
    held = table({"111": 5, "110": 5, "001": 5, "000": 5})
    sets, customers_of = counted(held, [[0, 1, 2]])
    expected = stats.hypergeom.sf(4, 20, 10, 10)
    assert np.exp(log_p_productive(sets, customers_of, 20)) == pytest.approx([expected])


def test_a_member_that_comes_along_everywhere_adds_nothing():
    """Of 100 customers and of 1,000 others, 9 in 10 who have 0 have 1 too: 1 adds nothing to 0.

    Trait 2 is held by nearly all customers with 0, and by a tenth of the others with 0: it adds.
    """
    held = table({"111": 45, "101": 5, "000": 50})
    others = table({"111": 9, "110": 81, "101": 1, "100": 9, "010": 400, "000": 500})
    sets, customers_of = counted(held, [[0, 1], [0, 2]])
    _, others_of = counted(others, [[0, 1]])
    added = least_added(sets, customers_of, others_of, others.mean(axis=0))
    assert added[0] < 1.15
    assert added[1] > 1.25


def test_what_a_member_adds_is_counted_cautiously():
    """Of 100 customers 50 have either trait and 40 both; of 1,000 others 200 either and 40 both.

    Usual: (40 + 30 x 0.2) / (200 + 30) = 0.2. Here: (40 + 30 x 0.2) / (50 + 30) = 0.575. The log of their
    ratio loses twice the root of (1 - 0.575) / 40 + (1 - 0.2) / 40: 2.875 exp(-0.35) = 2.026.
    """
    held = table({"11": 40, "10": 10, "01": 10, "00": 40})
    others = table({"11": 40, "10": 160, "01": 160, "00": 640})
    sets, customers_of = counted(held, [[0, 1]])
    _, others_of = counted(others, [[0, 1]])
    (added,) = least_added(sets, customers_of, others_of, others.mean(axis=0))
    assert added == pytest.approx(2.875 * np.exp(-2 * np.sqrt(0.425 / 40 + 0.8 / 40)))


def test_the_excess_of_a_pair_is_its_lift_over_the_lift_elsewhere():
    """Here 20 of 100 have both, 40 and 50 one: lift 1. Of 10,000 others 300, 1,000 and 1,500 where 150 were
    expected: with 30 pseudo-persons lift 330 / 180.
    """
    numbers = (np.array([20]), np.array([40]), np.array([50]), 100)
    others = (np.array([300]), np.array([1_000]), np.array([1_500]), 10_000)
    ratio, error = log_excess(*numbers, others=others)
    assert ratio[0] == pytest.approx(-np.log(330 / 180), abs=0.03)
    assert error[0] == pytest.approx(np.sqrt(1 / 20.5 + 1 / 330))


def test_few_other_people_count_as_unrelated():
    """No other person has any of both traits: lift 2 here is an excess of log 2."""
    nobody = np.array([0])
    ratio, _ = log_excess(
        np.array([40]), np.array([40]), np.array([50]), 100, others=(nobody, nobody, nobody, 0)
    )
    assert ratio[0] == pytest.approx(np.log(2), abs=0.03)


def test_a_set_is_closed_when_no_larger_one_has_the_same_customers():
    """01 and 012 are both 30 customers, 13 is 30 too and in none; 23 is 20 in 1234 with 20, of two more."""
    pairs = Sets(np.array([[0, 1], [1, 3], [2, 3]]), np.array([30, 30, 20]), 3)
    triples = Sets(np.array([[0, 1, 2], [1, 2, 3]]), np.array([30, 25]), 2)
    fours = Sets(np.array([[1, 2, 3, 4]]), np.array([20]), 1)
    assert [each.tolist() for each in closed([pairs, triples, fours])] == [
        [False, True, False],
        [True, True],
        [True],
    ]
    none = pairs.take(np.array([], dtype=np.int64))
    assert [each.tolist() for each in closed([none, triples])] == [[], [True, True]]


def test_subsets_one_shorter_leave_out_each_place():
    assert [part.tolist() for part in one_shorter(np.array([[1, 2, 3]]))] == [[[2, 3]], [[1, 3]], [[1, 2]]]
