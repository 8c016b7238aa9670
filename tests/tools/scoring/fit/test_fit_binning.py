import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from store.features import FeatureTable, category, number, sets
from tools.scoring.fit.bins.binning import bin_evidence, binned, cell_counts, log_ways
from tools.scoring.fit.bins.cells import cells_of
from tools.scoring.fit.queries import FitQuery


def test_evidence_is_the_log_of_the_shrunken_shares() -> None:
    """20 rows are added to each side, half to each bin: (10 + 10) / 60 against (30 + 10) / 60, log 1/2."""
    evidence = bin_evidence(np.array([[0, 0], [30, 10], [10, 30]]), 20, False)
    assert evidence == pytest.approx([0.0, -np.log(2), np.log(2)])


def test_an_empty_bin_says_nothing_and_the_unknown_only_where_it_is_proven() -> None:
    """Of 50 each, 40 others and 10 ideal are unknown: (10 + 10) / 70 against (40 + 10) / 70, log 2/5."""
    counts = np.array([[40, 10], [5, 20], [5, 20], [0, 0]])
    assert bin_evidence(counts, 20, False) == pytest.approx([0, 0, 0, 0])
    proven = bin_evidence(counts, 20, True)
    assert proven[0] == pytest.approx(np.log(2 / 5))
    assert proven[1:3] == pytest.approx([np.log(5 / 2)] * 2)
    assert proven[3] == 0.0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=6), st.booleans())
def test_shrinkage_never_turns_a_sign_and_more_of_it_says_less(
    counts: list[tuple[int, int]], proven: bool
) -> None:
    table = np.array(counts, dtype=np.float64)
    little, much = bin_evidence(table, 5, False), bin_evidence(table, 50, False)
    assert (little * much >= -1e-12).all()
    assert (np.abs(much) <= np.abs(little) + 1e-12).all()
    assert np.isfinite(bin_evidence(table, 5, proven)).all()


def test_there_are_as_many_ways_as_can_be_counted() -> None:
    """Of 5 neighbours C(4, 1) = 4 and C(4, 2) = 6; of any 5 in two groups at most 2^5 / 2 = 16."""
    assert np.exp(log_ways(5, 3, True)) == pytest.approx([1, 4, 6])
    assert np.exp(log_ways(5, 2, False)) == pytest.approx([1, 16])


def test_a_step_is_found_where_it_is() -> None:
    counts = np.array([[0, 0]] + [[90, 10]] * 4 + [[40, 60]] * 3)
    found = binned(counts, 7, True, 0, FitQuery())
    assert found.bin_of.tolist() == [0, 1, 1, 1, 1, 2, 2, 2]
    assert found.p_value < 1e-20


def test_even_counts_stay_one_bin() -> None:
    found = binned(np.array([[0, 0]] + [[50, 50]] * 8), 8, True, 0, FitQuery())
    assert (found.bins, found.gain, found.p_value) == (1, 0.0, 1.0)


def test_levels_of_like_rates_are_grouped() -> None:
    counts = np.array([[0, 0], [80, 20], [20, 80], [82, 18], [21, 79], [78, 22]])
    found = binned(counts, 5, False, 0, FitQuery())
    assert found.bin_of.tolist() == [0, 1, 2, 1, 2, 1]


def test_being_unknown_is_tested_as_a_two_by_two_table_is() -> None:
    counts = np.array([[40, 12], [30, 44], [30, 44]])
    expected = chi2_contingency([[40, 12], [60, 88]], correction=False, lambda_="log-likelihood")
    assert binned(counts, 2, True, 0, FitQuery()).unknown_p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("ordered", [True, False])
def test_p_values_of_noise_are_bounds(ordered: bool) -> None:
    """Of 400 columns without any effect at most 5 % may have p <= 0.05; 3 sigma more is 33."""
    rng = np.random.default_rng(3)
    cells, low = 24, 0
    for _ in range(400):
        counts = np.zeros((cells + 1, 2))
        np.add.at(counts, (rng.integers(1, cells + 1, 600), rng.integers(0, 2, 600)), 1)
        low += binned(counts, cells, ordered, 0, FitQuery()).p_value <= 0.05
    assert low <= 33


@pytest.mark.parametrize("counts", [[[0, 0], [0, 0]], [[5, 5], [0, 3]], [[0, 0], [9, 0], [8, 0]], [[3, 3]]])
def test_nothing_is_found_in_one_value_one_class_or_nothing(counts: list[list[int]]) -> None:
    found = binned(np.array(counts), len(counts) - 1, True, 0, FitQuery())
    assert found.bins == 1
    assert found.p_value == 1.0


def test_rare_levels_are_pooled_and_values_of_a_set_are_columns() -> None:
    """Of 40 rows a level of 2 is below 10 rows of balanced sides; b is held by all, so it says nothing."""
    rows = 40
    table = FeatureTable(
        rows,
        (
            category("kind", ["x"] * 20 + ["y"] * 18 + ["rare"] * 2),
            sets("tags", [["a", "b"]] * 15 + [["b"]] * 25),
            number("size", [1.0] * 20 + [None] * 5 + [2.0] * 15),
        ),
    )
    kind, size, tag = cells_of(table, np.full(rows, 1 / rows), 20, FitQuery())
    assert (kind.levels, kind.pooled, kind.count) == (("x", "y"), True, 3)
    assert (size.codes == 0).sum() == 5
    assert (tag.value, np.bincount(tag.codes).tolist()) == ("a", [0, 25, 15])


def test_cells_are_counted_by_fold_and_side() -> None:
    codes = np.array([[1, 1, 2, 0]], dtype=np.uint8)
    counts = cell_counts(
        codes, np.array([1, 0, 1, 1]), np.array([0, 1, 1, 0]), np.array([1.0, 2.0, 3.0, 4.0])
    )
    assert counts.shape == (2, 1, 256, 2)
    assert counts[0, 0, :3].tolist() == [[0, 4], [0, 1], [0, 0]]
    assert counts[1, 0, :3].tolist() == [[0, 0], [2, 0], [0, 3]]
