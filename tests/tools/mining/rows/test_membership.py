"""Packed customers answer as sets of customers do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.mining.planted import membership
from tools.mining.rows.membership import Membership, pack, popcount, unpack

PROFILES = st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=140)


def flat(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.cumsum([0, *(len(row) for row in rows)])
    return np.array([code for row in rows for code in row], dtype=np.int32), offsets


def test_six_customers_are_counted():
    """Customers {3,7}, {7}, {}, {3,7,9}, {9}, {3}: 3 has three, 7 three, 9 two; 3 and 7 share two."""
    codes, offsets = flat([[3, 7], [7], [], [3, 7, 9], [9], [3]])
    customers = Membership.from_profiles(codes, offsets, [9, 3, 7])
    assert customers.codes.tolist() == [3, 7, 9]
    assert customers.total == 6
    assert customers.counts().tolist() == [3, 3, 2]
    assert customers.count_of([0, 1]) == 2
    assert customers.count_of([0, 1, 2]) == 1
    assert customers.count_of([]) == 6


def test_a_code_given_twice_counts_once_and_a_code_not_kept_counts_nothing():
    codes, offsets = flat([[3, 3, 8], [8, 8]])
    customers = Membership.from_profiles(codes, offsets, [3, 5])
    assert customers.codes.tolist() == [3, 5]
    assert customers.counts().tolist() == [1, 0]


@pytest.mark.parametrize("largest", [200, 2_000_000_000])
def test_codes_may_be_small_or_large_and_strange_ones_are_passed_over(largest: int):
    codes, offsets = flat([[largest, -1], [0, largest - 1, largest + 7], [5, largest]])
    customers = Membership.from_profiles(codes, offsets, [5, largest])
    assert customers.counts().tolist() == [1, 2]


def test_no_customers_and_no_codes_are_allowed():
    codes, offsets = flat([])
    assert Membership.from_profiles(codes, offsets, [1, 2]).counts().tolist() == [0, 0]
    codes, offsets = flat([[1], [2]])
    assert Membership.from_profiles(codes, offsets, []).counts().tolist() == []


@given(PROFILES)
@settings(max_examples=60, deadline=None)
def test_counts_equal_those_of_plain_sets(rows: list[list[int]]):
    kept = [0, 2, 3, 5, 8]
    customers = Membership.from_profiles(*flat(rows), kept)
    assert customers.counts().tolist() == [sum(code in row for row in rows) for code in kept]
    for pair in ([0, 1], [2, 4], [0, 2, 3]):
        codes = {kept[i] for i in pair}
        assert customers.count_of(pair) == sum(codes <= set(row) for row in rows)


@given(PROFILES)
@settings(max_examples=40, deadline=None)
def test_rows_give_back_what_went_in(rows: list[list[int]]):
    customers = Membership.from_profiles(*flat(rows), range(10))
    table = [[code in row for code in range(10)] for row in rows]
    assert customers.rows().astype(bool).tolist() == table
    assert customers.rows([4, 1]).astype(bool).tolist() == [[row[4], row[1]] for row in table]
    assert customers.rows(start=64, stop=100).astype(bool).tolist() == table[64:100]


def test_rows_begin_at_a_word():
    with pytest.raises(ValueError, match="64"):
        membership(np.ones((80, 2), dtype=bool)).rows(start=10)


@given(st.lists(st.integers(0, 140), min_size=1, max_size=5), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_parts_are_joined_without_a_seam(sizes: list[int], seed: int):
    held = np.random.default_rng(seed).random((sum(sizes), 3)) < 0.4
    parts = [membership(part) for part in np.split(held, np.cumsum(sizes)[:-1])]
    joined = Membership.joined(parts)
    assert joined.total == len(held)
    assert np.array_equal(joined.bits, membership(held).bits)
    assert joined.counts().tolist() == held.sum(axis=0).tolist()


def test_subsets_take_rows_by_number_or_by_mask():
    rng = np.random.default_rng(2)
    held = rng.random((300, 7)) < 0.4
    customers, chosen = membership(held), np.array([299, 0, 64, 65, 128])
    assert np.array_equal(customers.subset(chosen).rows().astype(bool), held[chosen])
    mask = rng.random(300) < 0.5
    assert np.array_equal(customers.subset(mask).rows().astype(bool), held[mask])
    assert customers.counts(within=pack(mask)).tolist() == held[mask].sum(axis=0).tolist()
    assert customers.only([5, 1]).codes.tolist() == [5, 1]


@given(st.lists(st.booleans(), max_size=200))
@settings(max_examples=50, deadline=None)
def test_packing_can_be_undone(flags: list[bool]):
    bits = pack(np.array(flags, dtype=bool))
    assert unpack(bits, len(flags)).astype(bool).tolist() == flags
    assert popcount(bits) == sum(flags)
