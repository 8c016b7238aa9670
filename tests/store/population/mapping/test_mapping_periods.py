"""Ranges of dates begin where a reader expects, and are named after the calendar."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.population.mapping.bins import bin_of
from store.population.mapping.model import day_number
from store.population.mapping.periods import period_labels, sensible_periods


def days(*edges: str) -> list[float]:
    return [day_number(edge) for edge in edges]


def spread(first: str, last: str, rows: int = 2_000) -> np.ndarray:
    return (
        np.random.default_rng(1)
        .integers(int(day_number(first)), int(day_number(last)) + 1, rows)
        .astype(float)
    )


@pytest.mark.parametrize(
    ("edges", "labels"),
    [
        (("2019-01-01", "2020-01-01", "2023-01-01"), ["before 2019", "2019", "2020-2022", "2023 and later"]),
        (("2023-07-01", "2023-10-01"), ["before July 2023", "Q3 2023", "October 2023 and later"]),
        (
            ("2023-01-01", "2023-07-01", "2024-01-01"),
            ["before 2023", "first half of 2023", "second half of 2023", "2024 and later"],
        ),
        (("2023-04-01", "2023-10-01"), ["before April 2023", "Q2-Q3 2023", "October 2023 and later"]),
        (("2023-10-01", "2024-04-01"), ["before October 2023", "Q4 2023 to Q1 2024", "April 2024 and later"]),
        (("2024-03-01", "2024-04-01"), ["before March 2024", "March 2024", "April 2024 and later"]),
        (
            ("2024-02-01", "2024-04-01"),
            ["before February 2024", "February-March 2024", "April 2024 and later"],
        ),
        (
            ("2023-11-01", "2024-02-01"),
            ["before November 2023", "November 2023 to January 2024", "February 2024 and later"],
        ),
        (("2024-03-04", "2024-03-05"), ["before 4 March 2024", "4 March 2024", "5 March 2024 and later"]),
        (("2024-03-04", "2024-03-11"), ["before 4 March 2024", "4-10 March 2024", "11 March 2024 and later"]),
        (
            ("2024-02-26", "2024-03-04"),
            ["before 26 February 2024", "26 February 2024 to 3 March 2024", "4 March 2024 and later"],
        ),
        ((), ["any"]),
    ],
)
def test_labels(edges: tuple[str, ...], labels: list[str]) -> None:
    assert period_labels(days(*edges)) == labels


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2019-01-01", "2024-12-31", ["2019", "2020", "2021", "2022", "2023", "2024"]),
        ("2023-01-01", "2024-03-31", ["Q1 2023", "Q2 2023", "Q3 2023", "Q4 2023", "Q1 2024"]),
        ("2024-02-01", "2024-06-30", ["February 2024", "March 2024", "April 2024", "May 2024", "June 2024"]),
        ("1960-01-01", "2009-12-31", ["1960-1969", "1970-1979", "1980-1989", "1990-1999", "2000-2009"]),
        ("2024-03-01", "2024-03-03", ["1 March 2024", "2 March 2024", "3 March 2024"]),
    ],
)
def test_periods_are_as_long_as_the_spread_asks(first: str, last: str, labels: list[str]) -> None:
    values = spread(first, last)
    edges = sensible_periods(values)
    assert [period_labels(edges)[at] for at in np.unique(bin_of(values, edges))] == labels


def test_few_early_and_late_days_join_the_first_and_the_last_period() -> None:
    values = np.concatenate((spread("2019-01-01", "2024-12-31"), days("2002-05-05", "2031-05-05")))
    assert period_labels(sensible_periods(values)) == [
        "before 2020",
        "2020",
        "2021",
        "2022",
        "2023",
        "2024 and later",
    ]


def test_a_mark_far_from_all_dates_has_no_say() -> None:
    """Contracts that end on 9999-12-31 or began on 1900-01-01 do not stretch the scale."""
    values = spread("2019-01-01", "2024-12-31")
    marks = np.array(days("9999-12-31") * 1_000 + days("1900-01-01") * 300)
    edges = sensible_periods(np.concatenate((values, marks)))
    assert period_labels(edges)[1:-1] == ["2019", "2020", "2021", "2022", "2023", "2024"]
    assert bin_of(marks, edges).tolist() == [7] * 1_000 + [0] * 300


def test_nothing_to_part_gives_no_edges() -> None:
    assert sensible_periods(np.empty(0)) == []
    assert sensible_periods(np.array([np.nan, np.inf])) == []
    assert sensible_periods(np.full(9, 19_000.0)) == []
    assert sensible_periods(np.array([19_000.0, 19_000.9])) == []


DAYS = st.dates(min_value=date(1000, 1, 1)).map(lambda day: day_number(day))


@settings(deadline=None)
@given(values=st.lists(DAYS, max_size=40))
def test_edges_rise_are_days_and_have_labels_of_their_own(values: list[float]) -> None:
    edges = sensible_periods(np.array(values))
    assert edges == sorted(set(edges))
    assert all(edge.is_integer() for edge in edges)
    assert len(edges) <= 11
    labels = period_labels(edges)
    assert len(set(labels)) == len(labels) == len(edges) + 1
    if len(set(values)) > 1:
        assert edges


@settings(deadline=None)
@given(edges=st.lists(DAYS, unique=True, max_size=8).map(sorted))
def test_any_days_have_labels_of_their_own(edges: list[float]) -> None:
    assert len(set(period_labels(edges))) == len(edges) + 1


@settings(deadline=None)
@given(seed=st.integers(0, 500), width=st.integers(80, 30_000), start=st.integers(-10_000, 20_000))
def test_even_dates_have_four_to_eight_periods(seed: int, width: int, start: int) -> None:
    values = np.random.default_rng(seed).integers(start, start + width, 1_500).astype(float)
    edges = sensible_periods(values)
    assert 3 <= len(np.unique(bin_of(values, edges))) <= 10
    shares = np.bincount(bin_of(values, edges)) / len(values)
    assert np.sort(shares)[::-1][:8].sum() >= 0.9
