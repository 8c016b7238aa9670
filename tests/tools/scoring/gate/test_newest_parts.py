"""What is held out is newer than anything that either model has seen."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.scoring.gate.newest import newest_parts

DAYS = np.datetime64("2026-01-01", "D") + np.arange(100)


def test_without_a_published_model_the_newest_quarter_is_held_out():
    """Of 100 days the 76th is the last that may be learned from: 24 lie after it."""
    parts = newest_parts(DAYS, np.arange(100) % 2 == 0, None)
    assert (parts.earlier.sum(), parts.newest.sum()) == (76, 24)


def test_of_many_new_outcomes_the_later_half_is_held_out():
    """40 days are new, half of them of either outcome; 5 of either suffice."""
    parts = newest_parts(DAYS, np.arange(100) % 2 == 0, date(2026, 3, 1), least=5)
    assert parts.newest.sum() == 19
    assert DAYS[parts.newest].min() > np.datetime64("2026-03-01")


def test_of_few_new_outcomes_all_are_held_out():
    parts = newest_parts(DAYS, np.arange(100) % 2 == 0, date(2026, 3, 1), least=50)
    assert parts.newest.sum() == 40
    assert DAYS[parts.earlier].max() == np.datetime64("2026-03-01")


def test_with_nothing_new_nothing_is_held_out():
    assert not newest_parts(DAYS, np.arange(100) % 2 == 0, date(2027, 1, 1)).newest.any()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60),
    st.one_of(st.none(), st.integers(0, 30)),
)
def test_no_day_is_on_both_sides(given, until):
    days = np.datetime64("2026-01-01", "D") + np.array([day for day, _ in given])
    happened = np.array([yes for _, yes in given])
    known = None if until is None else date(2026, 1, 1 + until)
    parts = newest_parts(days, happened, known, least=2)
    assert (parts.earlier ^ parts.newest).all()
    if parts.newest.any() and parts.earlier.any():
        assert days[parts.earlier].max() < days[parts.newest].min()
