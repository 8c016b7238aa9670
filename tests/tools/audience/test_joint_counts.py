"""Counts of every combination of a few traits, by hand and against counting person by person."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.audience.expression import Term
from tools.audience.joint_counts import MOST_TRAITS, JointCounts, having_all
from tools.audience.selection import Selection
from tools.mining.rows.counting import BitmapCounts, membership

ROWS = "id,a,b,c\n1,y,y,n\n2,y,n,n\n3,y,y,y\n4,n,n,n\n5,n,y,n\n6,y,n,y\n"
COLUMNS = {"id": {"kind": "person_id"}} | {name: {"kind": "category"} for name in "abc"}


@pytest.fixture
def six(load):
    """Six people in shards of two; a: 1, 2, 3, 6; b: 1, 3, 5; c: 3, 6."""
    return load(ROWS, COLUMNS, shard_persons=2).population


def codes(population, names="abc") -> list[int]:
    return [population.catalogue.valued(name, "y").code for name in names]


def test_every_combination_is_counted_by_hand(six):
    """Bits a = 1, b = 2, c = 4: nobody but person 4 has none; 2 has a; 5 b; 1 both; 6 a and c; 3 all."""
    joint = JointCounts.of(six, codes(six), Selection(), np.array([1, 3]))
    assert joint.people.tolist() == [1, 1, 1, 1, 0, 1, 0, 1]
    assert joint.fresh.tolist() == [1, 1, 1, 0, 0, 1, 0, 0]
    assert joint.total == 6
    assert having_all(joint.people).tolist() == [6, 4, 3, 2, 2, 2, 1, 1]
    a_and_b, c = joint.bits(codes(six, "ab")), joint.bits(codes(six, "c"))
    assert int(joint.people[joint.holding([a_and_b, c])].sum()) == 3
    assert joint.codes_of(a_and_b) == codes(six, "ab")


def test_only_people_of_the_universe_count(six):
    """Of those with b (1, 3 and 5) two have a."""
    joint = JointCounts.of(six, codes(six, "ac"), Selection(Term(str(codes(six, "b")[0]))), np.array([], int))
    assert joint.people.tolist() == [1, 1, 0, 1]


def test_customers_are_counted_by_combination(six):
    """Customers 1, 3 and 4: a and b; all three; none. Of the last two only, the first is left out."""
    joint = JointCounts.of(six, codes(six), Selection(), np.array([], int))
    rows = membership(six, np.array([1, 3, 4]), np.array(sorted(codes(six)), dtype=np.int32))
    assert joint.customers(rows).tolist() == [1, 0, 0, 1, 0, 0, 0, 1]
    assert joint.customers(rows, np.zeros(3, dtype=bool)).sum() == 0


def test_conjunctions_have_the_sizes_that_mining_counts(six):
    joint = JointCounts.of(six, codes(six), Selection(), np.array([], int))
    sets = [tuple(joint.codes_of(mask)) for mask in range(1, 8)]
    assert having_all(joint.people)[1:].tolist() == BitmapCounts(six).set_sizes(sets).tolist()


def test_more_traits_than_fit_are_refused(six):
    with pytest.raises(ValueError, match=f"{MOST_TRAITS} traits at most"):
        JointCounts.of(six, codes(six)[:1] * (MOST_TRAITS + 1), Selection(), np.array([], int))


@given(st.integers(0, 5).flatmap(lambda n: st.lists(st.integers(0, 10**12), min_size=2**n, max_size=2**n)))
def test_sums_over_supersets_are_those_added_up_one_by_one(counts):
    sums = having_all(np.array(counts, dtype=np.int64))
    for mask in range(len(counts)):
        assert sums[mask] == sum(count for at, count in enumerate(counts) if at & mask == mask)
