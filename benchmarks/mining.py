"""Frequent sets of traits, against mlxtend; and a whole lift report of 10,000 customers."""

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from mlxtend.frequent_patterns import fpgrowth

from benchmarks.measuring import Row, seconds, side_by_side
from benchmarks.populations import Progress, loaded
from store.workspace import Workspace
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.rows.counting import BitmapCounts, membership, traits_of
from tools.mining.rows.membership import Membership
from tools.mining.sets.itemsets import frequent_sets

ROWS, COLUMNS, SHARE = 10_000, 300, 0.05


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Sets of up to three on planted data, then the report on generated people."""
    yield _frequent_sets()
    yield _report(loaded(people, progress), people)


def planted(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    """Rows of 0 and 1 with five latent groups whose members share some columns."""
    rng = np.random.default_rng(seed)
    shares = np.clip(rng.beta(1.2, 9, size=columns), 0.005, 0.6)
    groups = np.tile(shares, (6, 1))
    for group in range(1, 6):
        groups[group, rng.choice(columns, 12, replace=False)] = 0.6
    return (rng.random((rows, columns)) < groups[rng.integers(0, 6, rows)]).astype(np.uint8)


def _frequent_sets() -> Row:
    held = planted(ROWS, COLUMNS)
    table = pd.DataFrame(held.astype(bool))
    rows, columns = np.nonzero(held)
    offsets = np.searchsorted(rows, np.arange(ROWS + 1))
    floor = int(np.ceil(SHARE * ROWS))

    def ours() -> int:
        customers = Membership.from_profiles(columns, offsets, np.arange(COLUMNS))
        return sum(map(len, frequent_sets(customers, floor, 3)[0]))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer_s = seconds(lambda: fpgrowth(table, min_support=SHARE, max_len=3))
        row = side_by_side("frequent sets of 2 and 3", f"{ROWS:,} x {COLUMNS} at {SHARE:.0%}", ours)
    row.peer_name, row.peer_s, row.ratio = "mlxtend fpgrowth", peer_s, peer_s / row.ours_s
    return row


def _report(workspace: Workspace, people: int) -> Row:
    population = workspace.population
    codes = population.catalogue.minable()
    customers = np.random.default_rng(1).choice(people, size=min(10_000, people // 10), replace=False) + 1
    rows = membership(population, customers, codes)
    traits, counts = traits_of(population.catalogue, codes), BitmapCounts(population)
    return side_by_side(
        "lift report with sets up to 4",
        f"{len(customers):,} customers, {len(codes):,} traits, {people:,} people",
        lambda: lift_report(rows, counts, traits, LiftQuery()),
        runs=3,
    )
