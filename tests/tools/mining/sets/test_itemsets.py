"""Supports are exact: as mlxtend counts them, and as sets of customers do."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from mlxtend.frequent_patterns import apriori, fpgrowth

from tests.tools.mining.planted import membership, table
from tools.mining.sets.best_first import found_best_first
from tools.mining.sets.itemsets import CountTable, co_occurrence, frequent_sets, surplus

# Eight customers by traits 0..3.
EIGHT = table({"1110": 3, "1100": 1, "1001": 1, "0011": 1, "0001": 2})


def correlated(seed: int, customers: int = 400, codes: int = 14) -> np.ndarray:
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, (customers, 1))
    return rng.random((customers, codes)) < rng.uniform(0.05, 0.6, (3, codes))[kind[:, 0]]


def found(levels: list) -> dict[frozenset[int], int]:
    return {
        frozenset(members): count
        for level in levels
        for members, count in zip(level.members.tolist(), level.counts.tolist(), strict=True)
    }


def test_eight_customers():
    """0: five, 1: four, 2: four, 3: four. 01 four, 02 three, 12 three, 03 one, 23 one; 012 three."""
    customers = membership(EIGHT)
    together = co_occurrence(customers)
    assert together.tolist() == [[5, 4, 3, 1], [4, 4, 3, 0], [3, 3, 4, 1], [1, 0, 1, 4]]
    levels, bounded = frequent_sets(customers, 3, 3)
    assert found(levels) == {
        frozenset({0, 1}): 4,
        frozenset({0, 2}): 3,
        frozenset({1, 2}): 3,
        frozenset({0, 1, 2}): 3,
    }
    assert [level.tried for level in levels] == [6, 1]
    assert not bounded


@pytest.mark.parametrize("miner", [apriori, fpgrowth])
@pytest.mark.parametrize("seed", [1, 2])
def test_supports_are_mlxtends(miner, seed: int):
    held = correlated(seed)
    theirs = miner(pd.DataFrame(held), min_support=0.05, max_len=5)
    theirs = {
        frozenset(row.itemsets): round(row.support * 400)
        for row in theirs.itertuples()
        if len(row.itemsets) > 1
    }
    levels, _ = frequent_sets(membership(held), 20, 5)
    assert found(levels) == theirs


def test_all_pairs_equal_the_product_of_the_table():
    held = correlated(3, customers=20_000)
    assert np.array_equal(co_occurrence(membership(held)), held.T.astype(int) @ held.astype(int))


def test_only_allowed_pairs_meet():
    held = correlated(4)
    allowed = np.ones((14, 14), dtype=bool)
    allowed[2, 7] = allowed[7, 2] = False
    levels, _ = frequent_sets(membership(held), 10, 4, allowed=allowed)
    everything, _ = frequent_sets(membership(held), 10, 4)
    assert found(levels) == {
        members: count for members, count in found(everything).items() if not {2, 7} <= members
    }


def test_a_bounded_search_says_so_and_keeps_the_strongest():
    held = correlated(5)
    everything, bounded = frequent_sets(membership(held), 5, 4)
    assert not bounded
    some, bounded = frequent_sets(membership(held), 5, 4, max_sets=30)
    assert bounded
    assert found(some).items() <= found(everything).items()
    assert 0 < len(some[1]) < len(everything[1])
    counts = held.sum(axis=0)
    assert surplus(some[1], counts, 400).mean() > surplus(everything[1], counts, 400).mean()


@pytest.mark.parametrize(("codes", "customers"), [(1, 70), (2, 64), (7, 1_000), (5, 33_000)])
def test_no_number_of_rows_or_words_is_special(codes: int, customers: int):
    """Four rows and 512 words are counted at a time; what is left over counts too."""
    held = np.random.default_rng(codes).random((customers, codes)) < 0.6
    levels, _ = frequent_sets(membership(held), 1, 6)
    assert found(levels) == {
        frozenset(members): int(held[:, members].all(axis=1).sum())
        for length in range(2, min(codes, 6) + 1)
        for members in combinations(range(codes), length)
    }


def test_a_floor_out_of_reach_ends_a_count_early_and_no_sooner():
    """Of 40,000 customers, the first 20,000 have 0, 1 and 2: a floor of 20,000 is reached, 20,001 is not."""
    held = np.zeros((40_000, 3), dtype=bool)
    held[:20_000] = True
    held[20_000:30_000, :2] = True
    assert found(frequent_sets(membership(held), 20_000, 3)[0])[frozenset({0, 1, 2})] == 20_000
    assert frozenset({0, 1, 2}) not in found(frequent_sets(membership(held), 20_001, 3)[0])


@pytest.mark.parametrize("seed", [7, 8, 9])
@pytest.mark.parametrize("most", [1, 40, 400])
def test_no_set_that_a_best_first_search_leaves_out_is_stronger_than_it_says(seed: int, most: int):
    held = correlated(seed)
    customers = membership(held)
    (pairs, *everything), _ = frequent_sets(customers, 8, 5)
    joinable = np.zeros((14, 14), dtype=bool)
    joinable[*pairs.members.T] = joinable[*pairs.members.T[::-1]] = True
    some, strongest_left = found_best_first(customers, joinable, 8, 5, most)
    known, every = found(some), found(everything)
    assert known.items() <= every.items()
    assert len(known) >= min(most, len(every))
    counts = held.sum(axis=0)
    strength = {
        frozenset(members): value
        for level in everything
        for members, value in zip(level.members.tolist(), surplus(level, counts, 400), strict=True)
    }
    left = [strength[each] for each in every if each not in known]
    assert max(left, default=0.0) <= strongest_left + 1e-12
    assert (strongest_left == 0.0) >= (len(known) == len(every) and most > len(every))


def test_memory_is_bounded_when_the_sets_explode():
    """Sixty traits that nearly everybody has: 50 million sets of 3 to 6 are frequent, 5,000 may be kept."""
    held = np.random.default_rng(10).random((300, 60)) < 0.95
    levels, bounded = frequent_sets(membership(held), 150, 6, max_sets=5_000)
    assert bounded
    assert 5_000 <= sum(map(len, levels[1:])) < 6_000
    for level in levels[1:]:
        for members, count in zip(level.members[:50], level.counts[:50], strict=True):
            assert held[:, members].all(axis=1).sum() == count


def test_the_table_of_counts_knows_every_subset_even_those_not_searched():
    held = correlated(6)
    customers = membership(held)
    levels, _ = frequent_sets(customers, 40, 3)
    table = CountTable(customers, co_occurrence(customers), levels)
    for members in ([[3]], [[1, 4]], [[0, 1, 2], [2, 5, 9], [11, 12, 13]], [[0, 3, 6, 9]]):
        naive = [held[:, row].all(axis=1).sum() for row in members]
        assert table(np.array(members)).tolist() == naive
