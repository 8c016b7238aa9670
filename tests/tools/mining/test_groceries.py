"""Supports and lifts of real baskets, against the rules that arules finds in them."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.mining.rows.membership import Membership
from tools.mining.sets.itemsets import CountTable, co_occurrence, frequent_sets

FOLDER = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent"))
BASKETS, RULES = FOLDER / "groceries_long.csv.gz", FOLDER / "groceries_rules_reference.csv.gz"

pytestmark = pytest.mark.skipif(
    not (BASKETS.exists() and RULES.exists()), reason="FIELDMARK_DATA names no folder with the groceries"
)


def items_of(side: str) -> list[str]:
    """`{a,b}` as its items; no item has a comma in its name."""
    return side.strip("{}").split(",")


def test_supports_and_lifts_are_those_of_arules():
    """9,835 baskets, 5,668 rules at support 0.001: at least 10 baskets."""
    bought = pd.read_csv(BASKETS)
    items = {name: code for code, name in enumerate(sorted(bought["item"].unique()))}
    bought = bought.sort_values("transaction", kind="stable")
    offsets = np.searchsorted(bought["transaction"], np.arange(1, bought["transaction"].max() + 2))
    codes = bought["item"].map(items).to_numpy(dtype=np.int32)
    customers = Membership.from_profiles(codes, offsets, range(len(items)))
    assert customers.total == 9_835

    together = co_occurrence(customers)
    levels, bounded = frequent_sets(customers, 10, 6, together=together)
    assert not bounded
    found = {frozenset(row) for level in levels for row in level.members.tolist()}
    table = CountTable(customers, together, levels)
    for rule in pd.read_csv(RULES).itertuples():
        left = sorted(items[name] for name in items_of(str(rule.lhs)))
        right = sorted(items[name] for name in items_of(str(rule.rhs)))
        whole = sorted(left + right)
        assert frozenset(whole) in found
        count, of_left, of_right = (int(table(np.array([part]))[0]) for part in (whole, left, right))
        assert count == rule.count
        assert count / customers.total == pytest.approx(rule.support)
        assert count * customers.total / (of_left * of_right) == pytest.approx(rule.lift)
