"""Held-out rows come after those learned from, and a day stays whole."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.scoring.conversion.fitting.windows import folds, inner_splits, time_windows

DAY = np.timedelta64(1, "D")
START = np.datetime64("2025-01-01")


def test_windows_follow_one_another_and_are_predicted_from_all_days_before():
    """Ten days, two rows each; from 40 % on three windows begin at rows 8, 12 and 16: days 4, 6 and 8."""
    days = START + np.repeat(np.arange(10), 2) * DAY
    happened = np.tile([True, False], 10)
    windows = time_windows(days, happened, 3, 0.4, 2)
    assert [each.held_out.tolist() for each in windows] == [
        [8, 9, 10, 11], [12, 13, 14, 15], [16, 17, 18, 19]
    ]  # fmt: skip
    assert [len(each.training) for each in windows] == [8, 12, 16]


def test_a_window_before_which_too_little_happened_is_left_out():
    """All five that happened are in the second half: the first windows know none of them."""
    days = START + np.arange(20) * DAY
    happened = np.arange(20) % 2 * (np.arange(20) > 9) == 1
    assert [len(each.training) for each in time_windows(days, happened, 3, 0.4, 2)] == [16]


@given(st.lists(st.integers(0, 30), min_size=4, max_size=80), st.integers(2, 6), st.randoms())
def test_no_day_is_split_and_no_future_is_learned_from(offsets, count, random):
    days = START + np.array(offsets) * DAY
    happened = np.array([random.random() < 0.5 for _ in offsets])
    held_out = []
    for training, window in time_windows(days, happened, count, 0.4, 1):
        assert days[training].max() < days[window].min()
        assert not set(days[window]) & set(days[training])
        held_out += window.tolist()
    assert len(held_out) == len(set(held_out))


@given(st.integers(10, 60), st.integers(10, 60), st.integers(0, 99))
def test_folds_hold_out_every_row_once_at_nearly_the_same_rate(yes, no, seed):
    happened = np.repeat([True, False], [yes, no])
    parts = folds(happened, 5, seed)
    assert sorted(np.concatenate([part.held_out for part in parts])) == list(range(yes + no))
    counts = [int(happened[part.held_out].sum()) for part in parts]
    assert max(counts) - min(counts) <= 1
    assert all(not set(part.training) & set(part.held_out) for part in parts)


def test_days_that_are_all_the_same_are_split_at_random_inside():
    happened = np.tile([True, False], 30)
    assert len(inner_splits(np.full(60, START), happened, 0)) == 3
