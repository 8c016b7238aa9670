"""Ranges of numbers: sensible edges, labels that tell them apart, and one range for every number."""

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.population.mapping.bins import bin_labels, bin_of, bin_sql, sensible_bins

FINITE = st.floats(allow_nan=False, allow_infinity=False)
EDGES = st.lists(FINITE, max_size=8, unique=True).map(sorted)
VALUES = st.lists(st.floats() | st.integers(-5, 5).map(float), max_size=60)


def _shares(values: np.ndarray, bins: list[float]) -> list[float]:
    return (np.bincount(bin_of(values, bins), minlength=len(bins) + 1) / len(values)).tolist()


@pytest.mark.parametrize(
    ("bins", "integer", "unit", "labels"),
    [
        ([18, 25, 65], True, "", ["under 18", "18-24", "25-64", "65 and over"]),
        ([0, 1, 5], True, "", ["under 0", "0", "1-4", "5 and over"]),
        ([1.5, 2.5], False, "", ["under 1.5", "1.5 to 2.5", "2.5 and over"]),
        ([1.5, 2.5], True, "", ["under 1.5", "1.5 to 2.5", "2.5 and over"]),
        ([1000, 2000], True, "EUR", ["under 1,000 EUR", "1,000-1,999 EUR", "2,000 EUR and over"]),
        ([1000, 2500.5], False, "", ["under 1,000", "1,000 to 2,500.5", "2,500.5 and over"]),
        ([-10, -5, 0], True, "", ["under -10", "-10 to -6", "-5 to -1", "0 and over"]),
        ([-1, 0], True, "", ["under -1", "-1", "0 and over"]),
        ([1950, 1980], True, "year", ["under 1950", "1950-1979", "1980 and over"]),
        ([7], True, "days", ["under 7 days", "7 days and over"]),
        ([], True, "", ["any"]),
    ],
)
def test_labels(bins: list[float], integer: bool, unit: str, labels: list[str]) -> None:
    assert bin_labels([float(edge) for edge in bins], integer=integer, unit=unit) == labels


@given(bins=EDGES, integer=st.booleans(), unit=st.sampled_from(["", "year", "EUR"]))
def test_labels_are_unique_and_one_for_each_range(bins: list[float], integer: bool, unit: str) -> None:
    labels = bin_labels(bins, integer=integer, unit=unit)
    assert len(set(labels)) == len(labels) == len(bins) + 1


@given(values=VALUES, bins=EDGES)
def test_every_finite_number_falls_in_exactly_one_range(values: list[float], bins: list[float]) -> None:
    """A range i holds v when its lower edge is at or under v and its upper edge above."""
    lows, highs = [-np.inf, *bins], [*bins, np.inf]
    for value, at in zip(values, bin_of(np.array(values), bins).tolist(), strict=True):
        holding = [i for i, (low, high) in enumerate(zip(lows, highs, strict=True)) if low <= value < high]
        assert holding == [at] if np.isfinite(value) else at == -1


@given(values=VALUES, bins=EDGES)
def test_sql_and_numpy_agree(values: list[float], bins: list[float]) -> None:
    rows = [*values, *bins]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (i INTEGER, v DOUBLE)")
        if rows:
            connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(rows)))
        found = connection.execute(f"SELECT {bin_sql('v', bins)} FROM t ORDER BY i").fetchall()
    expected = bin_of(np.array(rows, dtype=np.float64), bins).tolist()
    assert [-1 if at is None else at for (at,) in found] == expected


def test_sql_takes_integers_and_nulls() -> None:
    with duckdb.connect() as connection:
        sql = bin_sql("v", [0.1, 2.0])
        found = connection.execute(f"SELECT {sql} FROM (VALUES (0), (1), (2), (NULL)) t(v)").fetchall()
    assert found == [(0,), (1,), (2,), (None,)]


@given(values=VALUES, name=st.sampled_from(["", "age", "household_income", "balance"]))
def test_proposed_edges_rise_and_use_at_least_two_ranges(values: list[float], name: str) -> None:
    numbers = np.array(values, dtype=np.float64)
    bins = sensible_bins(numbers, name)
    assert bins == sorted(set(bins))
    assert all(np.isfinite(bins))
    if len(np.unique(numbers[np.isfinite(numbers)])) < 2:
        assert bins == []


@given(seed=st.integers(0, 200), shape=st.sampled_from(["uniform", "gamma", "normal", "lognormal"]))
def test_spread_out_numbers_get_four_to_six_ranges_of_five_percent(seed: int, shape: str) -> None:
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.integers(-3, 6)
    values = {
        "uniform": rng.uniform(3, 9, 2_000),
        "gamma": rng.gamma(2, 1, 2_000),
        "normal": rng.normal(0, 1, 2_000),
        "lognormal": rng.lognormal(0, 1.5, 2_000),
    }[shape] * scale
    shares = _shares(values, sensible_bins(values))
    assert 4 <= len(shares) <= 6
    assert min(shares) >= 0.05


def test_edges_are_round() -> None:
    values = np.random.default_rng(1).gamma(2, 731, 5_000)
    assert all(edge % 50 == 0 for edge in sensible_bins(values))
    # Of whole numbers, edges are whole: never 7.5 days.
    assert all(edge.is_integer() for edge in sensible_bins(np.repeat(np.arange(1.0, 32.0), 10)))


def test_ages_have_the_ranges_that_everyone_uses() -> None:
    ages = np.random.default_rng(1).integers(17, 91, 500).astype(float)
    for name in ("age", "customer_age", "age_years"):
        assert sensible_bins(ages, name) == [18, 25, 35, 45, 55, 65]
    for name in ("account_age", "age_days", "average", "vehicle_age"):
        assert sensible_bins(ages, name) != [18, 25, 35, 45, 55, 65]


def test_incomes_and_employees_have_steps_of_one_two_five() -> None:
    incomes = np.random.default_rng(1).lognormal(10.8, 1.0, 5_000)
    for name in ("household_income", "annual_revenue", "employees"):
        bins = sensible_bins(incomes, name)
        assert len(bins) >= 3
        assert {f"{edge:e}"[:4] for edge in bins} <= {"1.00", "2.00", "5.00"}


def test_many_zeros_have_a_range_of_their_own() -> None:
    """60 % zeros; the others spread from 10 to 49."""
    values = np.concatenate((np.zeros(60), np.arange(10.0, 50.0)))
    bins = sensible_bins(values)
    assert bins[:2] == [0, 1]
    assert _shares(values, bins)[:2] == [0, 0.6]
    assert bin_labels(bins, integer=True)[1] == "0"


def test_many_zeros_of_decimals_have_a_range_of_their_own() -> None:
    values = np.concatenate((np.zeros(60), np.linspace(3.5, 20.5, 40)))
    bins = sensible_bins(values)
    assert bins[0] == 0
    assert 0 < bins[1] <= 3.5
    assert _shares(values, bins)[1] == 0.6


def test_a_frequent_lowest_negative_value_has_a_range_of_its_own() -> None:
    """-1 stands for "never" in 80 %; days follow from 0."""
    values = np.concatenate((np.full(800, -1.0), np.arange(200.0)))
    bins = sensible_bins(values, "pdays")
    assert bins[:2] == [-1, 0]
    assert _shares(values, bins)[1] == 0.8
    assert bin_labels(bins, integer=True)[1] == "-1"


def test_numbers_on_both_sides_of_zero_are_parted_there() -> None:
    assert 0.0 in sensible_bins(np.random.default_rng(1).normal(500, 900, 3_000), "balance")


def test_few_equal_values_take_what_they_can() -> None:
    """Nine in ten are 40: at least the others are told apart from them."""
    values = np.array([40.0] * 90 + [20.0] * 5 + [60.0] * 5)
    assert _shares(values, sensible_bins(values))[-1] == 0.05
    assert sensible_bins(np.array([7.0] * 10)) == []
    assert sensible_bins(np.array([np.nan, np.inf])) == []
    assert sensible_bins(np.empty(0)) == []


def test_a_mark_far_above_all_numbers_has_a_range_of_its_own() -> None:
    """A third are 999 for "unknown"; the others are 0 to 99."""
    rng = np.random.default_rng(1)
    values = np.concatenate((np.full(500, 999.0), rng.integers(0, 100, 1_000)))
    bins = sensible_bins(values)
    assert bins[-1] == 999
    assert _shares(values, bins)[-1] == pytest.approx(1 / 3)
    assert len(_shares(values, bins)) >= 5
    # A number that only goes on is none: 200 is as near to the others as they are to each other.
    near = np.concatenate((np.full(500, 150.0), rng.integers(0, 100, 1_000)))
    assert 150 not in sensible_bins(near)


NASTY = {
    "two values": np.repeat([1.0, 2.0], 500),
    "two values far apart": np.repeat([1.0, 1e9], 500),
    "one in a thousand": np.array([0.0] * 999 + [1.0]),
    "nearly all zero": np.concatenate((np.zeros(950), np.random.default_rng(1).gamma(2, 50, 50))),
    "negative": -np.random.default_rng(1).gamma(2, 50, 1_000),
    "zero is the highest": np.append(np.zeros(500), -np.random.default_rng(1).gamma(2, 50, 500)),
    "beyond exact whole numbers": np.random.default_rng(1).uniform(1e17, 9e17, 1_000),
    "near the largest float": np.repeat([-1.7e308, 1.7e308, 0.0], 300),
    "tiny": np.random.default_rng(1).uniform(1e-9, 5e-8, 1_000),
    "below what is normal": np.random.default_rng(1).uniform(1e-310, 5e-309, 1_000),
    "decimals of a large number": 1e9 + np.random.default_rng(1).uniform(0, 1, 1_000),
    "one outlier": np.append(np.random.default_rng(1).normal(50, 10, 999), 1e12),
    "all at both ends": np.random.default_rng(1).beta(0.05, 0.05, 1_000),
    "no mean": np.random.default_rng(1).pareto(0.5, 1_000),
    "codes": np.random.default_rng(1).integers(10_000, 99_999, 1_000).astype(float),
    "years": np.random.default_rng(1).integers(1950, 2024, 1_000).astype(float),
    "steps of a half": np.random.default_rng(1).integers(1, 11, 1_000) / 2,
}


@pytest.mark.parametrize("values", NASTY.values(), ids=NASTY.keys())
def test_nasty_numbers_have_sane_ranges(values: np.ndarray) -> None:
    """Rising finite edges, two to seven ranges that hold somebody, each with a label of its own."""
    bins = sensible_bins(values)
    assert bins == sorted(set(bins))
    assert np.all(np.isfinite(bins))
    filled = [share for share in _shares(values, bins) if share]
    assert 2 <= len(filled) <= 7 or len(np.unique(values)) - 1 < 0.05 * len(values)
    for integer in (True, False):
        labels = bin_labels(bins, integer=integer)
        assert len(set(labels)) == len(labels) == len(bins) + 1


def test_years_are_not_written_as_thousands() -> None:
    assert (
        bin_labels(sensible_bins(NASTY["years"], "founded", "year"), integer=True, unit="year")[1]
        == "1965-1979"
    )
