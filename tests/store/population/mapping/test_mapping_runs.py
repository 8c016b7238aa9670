"""A run of neighbouring ranges is told as one, in the words of its own."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.population.mapping.bins import bin_labels
from store.population.mapping.model import day_number
from store.population.mapping.periods import period_labels
from store.population.mapping.runs import run_label

AGES = bin_labels([25.0, 30.0, 50.0, 60.0], integer=True)
MONEY = bin_labels([1_000.0, 2_000.0, 5_000.0], integer=True, unit="EUR")
RATES = bin_labels([1.5, 2.5, 4.0], integer=False, unit="km")
BELOW = bin_labels([-10.0, -5.0, 0.0, 5.0], integer=True)
BIRTHS = bin_labels([1950.0, 1980.0, 2000.0], integer=True, unit="year")
YEARS = period_labels([day_number(f"{year}-01-01") for year in (2019, 2020, 2022, 2023)])
QUARTERS = period_labels([day_number(f"2023-{month:02}-01") for month in (1, 4, 7, 10)])
WEEKS = period_labels([day_number(f"2024-02-{day:02}") for day in (5, 12, 19, 26)])


@pytest.mark.parametrize(
    ("labels", "first", "last", "words"),
    [
        (AGES, 3, 4, "50 and over"),
        (AGES, 0, 1, "under 30"),
        (AGES, 1, 2, "25-49"),
        (AGES, 2, 2, "30-49"),
        (MONEY, 0, 1, "under 2,000 EUR"),
        (MONEY, 1, 2, "1,000-4,999 EUR"),
        (MONEY, 2, 3, "2,000 EUR and over"),
        (RATES, 1, 2, "1.5 to 4 km"),
        (RATES, 0, 1, "under 2.5 km"),
        (RATES, 2, 3, "2.5 km and over"),
        (BELOW, 0, 1, "under -5"),
        (BELOW, 1, 2, "-10 to -1"),
        (BELOW, 1, 3, "-10 to 4"),
        (BELOW, 2, 4, "-5 and over"),
        (BIRTHS, 1, 2, "1950-1999"),
        (["0", "1", "2-3", "4 and over"], 0, 2, "0-3"),
        (["1", "2", "3", "4"], 1, 2, "2-3"),
        (["7 days", "8-9 days", "10 days and over"], 0, 1, "7-9 days"),
        (YEARS, 0, 1, "before 2020"),
        (YEARS, 1, 2, "2019-2021"),
        (YEARS, 3, 4, "2022 and later"),
        (QUARTERS, 1, 2, "Q1 2023 to Q2 2023"),
        (QUARTERS, 0, 2, "before Q3 2023"),
        (QUARTERS, 3, 4, "Q3 2023 and later"),
        (WEEKS, 1, 2, "5 February 2024 to 18 February 2024"),
        (["first half of 2023", "second half of 2023", "2024"], 1, 2, "second half of 2023 to 2024"),
        (["primary", "secondary", "tertiary"], 0, 1, "primary or secondary"),
        (["none", "high-school", "college", "degree"], 0, 2, "none to college"),
    ],
)
def test_words(labels: list[str], first: int, last: int, words: str) -> None:
    assert run_label(labels, first, last) == words


EDGES = st.lists(st.integers(-999, 99_999).map(float), min_size=3, max_size=7, unique=True).map(sorted)


@given(edges=EDGES, integer=st.booleans(), unit=st.sampled_from(["", "EUR", "year"]), data=st.data())
def test_a_run_of_a_number_is_called_as_the_one_range_would_be(edges, integer: bool, unit: str, data) -> None:
    """Without the edges inside the run, bin_labels writes the same."""
    first = data.draw(st.integers(0, len(edges) - 1))
    last = data.draw(st.integers(first + 1, len(edges)))
    if (first, last) == (0, len(edges)):
        return
    merged = [edge for at, edge in enumerate(edges) if not first <= at < last]
    told = run_label(bin_labels(edges, integer=integer, unit=unit), first, last)
    assert told == bin_labels(merged, integer=integer, unit=unit)[first]


@given(
    edges=st.lists(st.integers(1990, 2030), min_size=3, max_size=7, unique=True).map(sorted), data=st.data()
)
def test_a_run_of_years_is_called_as_the_one_range_would_be(edges, data) -> None:
    first = data.draw(st.integers(0, len(edges) - 1))
    last = data.draw(st.integers(first + 1, len(edges)))
    if (first, last) == (0, len(edges)):
        return
    starts = [day_number(f"{year}-01-01") for year in edges]
    merged = [day for at, day in enumerate(starts) if not first <= at < last]
    assert run_label(period_labels(starts), first, last) == period_labels(merged)[first]
    assert all(low < high for low, high in pairwise(starts))
