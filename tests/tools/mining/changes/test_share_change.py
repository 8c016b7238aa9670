"""Interval and test of a difference of two shares, against published figures, scipy and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tools.mining.changes.share_change import can_differ, change_of, correlation, phi
from tools.mining.evidence.statistics import difference_interval, difference_p, wilson_interval


@pytest.mark.parametrize(
    ("having", "total", "before", "before_total", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_the_interval_is_the_one_that_newcombe_published(
    having: int, total: int, before: int, before_total: int, low: float, high: float
) -> None:
    """Newcombe (1998), Interval estimation for the difference between independent proportions, table II."""
    found = difference_interval(having, total, before, before_total)
    assert found == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(2, 2_000), st.integers(2, 2_000), st.data())
@settings(max_examples=100, deadline=None)
def test_the_test_is_the_chi_square_of_the_two_by_two_table(n: int, m: int, data: st.DataObject) -> None:
    k, j = data.draw(st.integers(1, n - 1)), data.draw(st.integers(1, m - 1))
    theirs = stats.chi2_contingency([[k, n - k], [j, m - j]], correction=False).pvalue
    assert difference_p(k, n, j, m) == pytest.approx(max(theirs, 1e-300), rel=1e-6, abs=1e-299)


@given(st.integers(1, 500), st.integers(1, 500), st.floats(0, 1), st.data())
@settings(max_examples=100, deadline=None)
def test_the_interval_holds_the_difference_and_turns_with_it(
    n: int, m: int, rho: float, data: st.DataObject
) -> None:
    k, j = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    low, high = difference_interval(k, n, j, m, correlation=rho)
    other_low, other_high = difference_interval(j, m, k, n, correlation=rho)
    assert low - 1e-12 <= k / n - j / m <= high + 1e-12
    assert (low, high) == (pytest.approx(-other_high), pytest.approx(-other_low))


def test_pairs_have_the_interval_that_newcombe_gives_them() -> None:
    """100 people, 40 have it before, 50 after, 35 both times: phi = (3500 - 2000) / sqrt(6e6) = 0.61237.

    Method 10 for pairs: Wilson 0.4038..0.5962 and 0.3094..0.4980;
    d - sqrt(.0962^2 + .0980^2 - 2 phi .0962 .0980) = 0.1 - 0.0855, 0.1 + sqrt(.0962^2 + .0906^2 - ...).
    """
    agreed = float(phi(35, 50, 40, 100))
    assert agreed == pytest.approx(0.61237, abs=1e-5)
    low, high = difference_interval(50, 100, 40, 100, correlation=correlation(100, 100, 100, agreed))
    (down, up), (then_down, then_up) = wilson_interval(50, 100), wilson_interval(40, 100)
    below, above = (0.5 - down, then_up - 0.4), (up - 0.5, 0.4 - then_down)
    expected = [
        0.1 + sign * np.sqrt(a**2 + b**2 - 2 * agreed * a * b) for sign, (a, b) in ((-1, below), (1, above))
    ]
    assert (low, high) == (pytest.approx(expected[0]), pytest.approx(expected[1]))
    assert low == pytest.approx(0.0145, abs=1e-3)


def test_with_customers_who_only_joined_the_newcomers_are_compared_with_those_before() -> None:
    """1,000 customers, 200 have it; 100 join, 40 have it. The same test as 40 of 100 against 200 of 1,000."""
    rho = correlation(1_000, 1_100, 1_000)
    together = difference_p(240, 1_100, 200, 1_000, correlation=rho)
    apart = difference_p(40, 100, 200, 1_000)
    assert np.log(together) == pytest.approx(np.log(apart), rel=0.1)
    assert difference_p(240, 1_100, 200, 1_000) > 0.2


@pytest.mark.parametrize(("stay", "agree"), [(0.0, 0.0), (0.9, 1.0), (0.7, 0.6)])
def test_the_test_is_wrong_as_often_as_it_says(stay: float, agree: float) -> None:
    """1,000 and 1,200 customers with a trait of 20 %, some of them in both: p <= 0.05 in 5 % of draws."""
    rng = np.random.default_rng(5)
    shared, draws = int(1_000 * stay), 4_000
    then = rng.random((draws, 1_000)) < 0.2
    kept = rng.random((draws, shared)) < agree
    again = np.where(kept, then[:, :shared], rng.random((draws, shared)) < 0.2)
    new = (rng.random((draws, 1_200 - shared)) < 0.2).sum(axis=1)
    both = (again & then[:, :shared]).sum(axis=1)
    now, before = again.sum(axis=1) + new, then.sum(axis=1)
    agreed = phi(both, again.sum(axis=1), then[:, :shared].sum(axis=1), shared) if shared else np.zeros(draws)
    rho = correlation(shared, 1_200, 1_000, agreed)
    assert 0.035 < (difference_p(now, 1_200, before, 1_000, correlation=rho) <= 0.05).mean() < 0.065
    low, high = difference_interval(now, 1_200, before, 1_000, correlation=rho)
    assert 0.935 < ((low <= 0) & (high >= 0)).mean() < 0.97


def test_a_share_that_grew_with_the_population_has_the_same_lift() -> None:
    """20 % before and 30 % now; the population grew by a half as well."""
    assert difference_p(300, 1_000, 200, 1_000) < 1e-6
    assert difference_p(300, 1_000, 200, 1_000, growth=1.5) == pytest.approx(1.0)


def test_the_same_people_with_the_same_traits_are_no_evidence_of_anything() -> None:
    assert difference_p(20, 100, 20, 100, correlation=1.0) == 1.0
    assert not can_differ(20, 100, 20, 100, rho=1.0)


@pytest.mark.parametrize(("having", "before", "told"), [(2, 3, False), (20, 3, True), (98, 97, False)])
def test_rare_and_nearly_universal_traits_are_not_tested(having: int, before: int, told: bool) -> None:
    assert bool(can_differ(having, 100, before, 100)) is told


def test_nobody_and_everybody_agree_with_nothing() -> None:
    assert phi([0, 10, 5], [0, 10, 5], [5, 10, 5], 10).tolist() == [0.0, 0.0, 1.0]


def test_a_change_tells_both_shares_and_their_difference() -> None:
    change = change_of(56, 70, 48, 80)
    assert (change.before.value, change.after.value) == (0.6, 0.8)
    assert change.difference.value == pytest.approx(0.2)
    assert change.difference.low == pytest.approx(0.0524, abs=1e-4)
    assert change.p_value == pytest.approx(float(difference_p(56, 70, 48, 80)))
