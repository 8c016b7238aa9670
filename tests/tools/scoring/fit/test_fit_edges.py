import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.scoring.fit.bins.edges import number_edges, readable


@pytest.mark.parametrize(
    ("low", "high", "near", "expected"),
    [
        (48.2, 50.3, 49.37, 50.0),
        (3.0, 4.0, 4.0, 4.0),
        (0.0, 0.001, 0.001, 0.001),
        (-3.0, 5.0, 1.0, 0.0),
        (-7.3, -6.1, -7.0, -7.0),
        (0.312, 0.334, 0.32, 0.32),
        (950.0, 1_300.0, 1_100.0, 1_000.0),
    ],
)
def test_the_roundest_number_of_a_range_is_taken(
    low: float, high: float, near: float, expected: float
) -> None:
    assert readable(low, high, near) == expected


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.floats(0.001, 1.0))
def test_a_readable_number_lies_in_its_range(low: float, width: float, at: float) -> None:
    high = low + width
    assert low < readable(low, high, low + at * width) <= high


def test_few_distinct_values_are_all_told_apart() -> None:
    assert number_edges(np.array([1.0, 3.0, 3.0, 10.0, 12.0]), 64).tolist() == [2.0, 10.0, 12.0]


def test_edges_of_none_and_of_one_value_are_none() -> None:
    assert number_edges(np.empty(0), 64).tolist() == []
    assert number_edges(np.full(1_000, 7.0), 64).tolist() == []


def test_a_value_that_many_rows_share_has_a_cell_of_its_own() -> None:
    rng = np.random.default_rng(0)
    values = np.where(rng.random(20_000) < 0.3, 0.0, rng.lognormal(4, 1, 20_000))
    edges = number_edges(values, 32)
    cell = np.searchsorted(edges, values, side="right")
    assert set(values[cell == cell[values == 0][0]]) == {0.0}


@given(st.integers(0, 50))
def test_cells_hold_about_equally_many_rows(seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(3, 1.5, 5_000)
    edges = number_edges(values, 32)
    counts = np.bincount(np.searchsorted(edges, values, side="right"))
    assert (np.diff(edges) > 0).all()
    assert len(edges) >= 16
    assert counts.max() <= 3 * len(values) / 32
