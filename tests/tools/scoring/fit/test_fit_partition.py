from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.scoring.fit.bins.partition import best_partitions

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8)


def _likelihood(e: float, o: float) -> float:
    return sum(part * np.log(part / (e + o)) for part in (e, o) if part > 0)


def _brute(
    ideal: np.ndarray, others: np.ndarray, share: np.ndarray, least: float, bins: int, trend: int
) -> float:
    """The best gain of all divisions into so many bins, each tried."""
    best = -np.inf
    for cuts in combinations(range(1, len(ideal)), bins - 1):
        parts = [slice(first, last) for first, last in zip((0, *cuts), (*cuts, len(ideal)), strict=True)]
        sums = [(ideal[part].sum(), others[part].sum()) for part in parts]
        if any(share[part].sum() < least - 1e-12 for part in parts) or any(e + o == 0 for e, o in sums):
            continue
        rates = np.array([e / (e + o) for e, o in sums])
        if trend and (np.diff(rates) * trend < -1e-12).any():
            continue
        best = max(best, sum(_likelihood(e, o) for e, o in sums) - _likelihood(ideal.sum(), others.sum()))
    return best


def test_two_even_halves_gain_what_is_worked_out_by_hand() -> None:
    """All: 40 log 0.5 = -27.726. Halves of 2 and 18: 2 (2 log 0.1 + 18 log 0.9) = -13.003. Gain 14.723."""
    gains, firsts = best_partitions(np.array([1, 1, 9, 9]), np.array([9, 9, 1, 1]), np.full(4, 0.25), 0.25, 3)
    assert gains[:2] == pytest.approx([0.0, 14.7226], abs=1e-3)
    assert firsts[1].tolist() == [0, 2, -1]


@given(COUNTS, st.floats(0.0, 0.6), st.integers(2, 5), st.sampled_from([-1, 0, 1]))
@settings(max_examples=150, deadline=None)
def test_the_best_division_is_that_of_trying_all(
    counts: list[tuple[int, int]], least: float, most: int, trend: int
) -> None:
    ideal, others = np.array(counts, dtype=np.float64).T
    share = (ideal + others) / max((ideal + others).sum(), 1)
    gains, firsts = best_partitions(ideal, others, share, least, most, trend)
    for bins in range(2, most + 1):
        expected = _brute(ideal, others, share, least, bins, trend)
        assert gains[bins - 1] == pytest.approx(expected, abs=1e-9)
        if np.isfinite(expected):
            starts = firsts[bins - 1, :bins]
            assert starts[0] == 0
            assert (np.diff(starts) > 0).all()


def test_a_trend_that_the_rates_break_joins_them() -> None:
    """Rates .1 .9 .2: rising, the second and third are one bin of rate .55."""
    ideal, others, share = np.array([1, 9, 2]), np.array([9, 1, 8]), np.full(3, 1 / 3)
    free, _ = best_partitions(ideal, others, share, 0.1, 3)
    rising, firsts = best_partitions(ideal, others, share, 0.1, 3, 1)
    assert np.isfinite(free[2])
    assert rising[2] == -np.inf
    assert firsts[1, :2].tolist() == [0, 1]
