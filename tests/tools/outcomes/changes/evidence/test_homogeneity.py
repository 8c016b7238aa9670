"""One odds ratio in two tables, against hand-made distributions, scipy and what clusters allow."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tools.outcomes.changes.evidence.homogeneity import common_odds_p, discounted, homogeneity_p
from tools.outcomes.changes.evidence.repeats import kept_share, kish


def by_enumeration(won: list[int], decided: list[int]) -> float:
    """Zelen's distribution in whole numbers: every count inside now that the margins allow."""
    inside, outside, now = won[0] + won[1], won[2] + won[3], won[0] + won[2]
    weight = {
        a: comb(decided[0], a)
        * comb(decided[1], inside - a)
        * comb(decided[2], now - a)
        * comb(decided[3], outside - now + a)
        for a in range(now + 1)
        if inside - a >= 0 and outside - now + a >= 0
    }
    whole = sum(weight.values())
    upper = Fraction(sum(w for a, w in weight.items() if a >= won[0]), whole)
    lower = Fraction(sum(w for a, w in weight.items() if a <= won[0]), whole)
    return float(min(1, 2 * min(upper, lower)))


def test_the_tails_are_those_of_zelen_worked_by_hand():
    """Two of two won inside now and none of two before, outside none of two now and two of two before.

    Given two won inside, two outside and two now, a (won inside now) is 0, 1, 2 with weights
    C(2,a) C(2,2-a) C(2,2-a) C(2,a) = 1, 16, 1: P(a >= 2) = 1/18, doubled 1/9.
    """
    assert homogeneity_p([2, 0, 0, 2], [2, 2, 2, 2]) == pytest.approx(1 / 9)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=4, max_size=4))
def test_any_counts_give_the_enumerated_tails(cells):
    won, decided = [k for k, _ in cells], [k + m for k, m in cells]
    assert homogeneity_p(won, decided) == pytest.approx(by_enumeration(won, decided), rel=1e-9)


def test_many_levels_at_once_give_what_each_gives_alone():
    rng = np.random.default_rng(0)
    decided = rng.integers(0, 400, (50, 4))
    won = rng.binomial(decided, 0.3)
    together = homogeneity_p(won, decided)
    assert together == pytest.approx([float(homogeneity_p(k, n)) for k, n in zip(won, decided, strict=True)])


def test_with_many_records_it_is_the_test_of_the_log_odds_ratios():
    """z of the difference of two log odds ratios, by Woolf's variance."""
    won, decided = np.array([380, 900, 700, 2000]), np.array([1000, 3000, 3000, 9000])
    odds = np.log(won / (decided - won))
    z = (odds @ [1, -1, -1, 1]) / np.sqrt((1 / won + 1 / (decided - won)).sum())
    assert stats.norm.isf(homogeneity_p(won, decided) / 2) == pytest.approx(abs(z), rel=0.03)


def test_when_all_rise_by_one_factor_no_level_differs():
    """Odds double inside and outside: 20 of 100 to 33 of 99, and 50 of 100 to 200 of 300."""
    assert homogeneity_p([33, 20, 200, 50], [99, 100, 300, 100]) > 0.9


def test_it_errs_at_most_as_often_as_asked_far_in_the_tail():
    """20,000 draws of one odds ratio; at 0.001 the exact test errs at most at that rate."""
    rng = np.random.default_rng(1)
    decided = np.array([18, 300, 70, 1300])
    won = rng.binomial(decided, [0.3, 0.22, 0.25, 0.18], (20_000, 4))  # odds ratios of 1.52 and 1.52
    assert (homogeneity_p(won, decided) <= 1e-3).mean() <= 1e-3 + 3 * np.sqrt(1e-3 / len(won))


def test_fewer_independent_records_weaken_the_same_deviate():
    """z = 4 of all is z = 2 of a quarter of them."""
    p = 2 * stats.norm.sf(4.0)
    assert discounted(p, 0.25) == pytest.approx(2 * stats.norm.sf(2.0))
    assert discounted(p, 1.0) == p
    assert discounted(1.0, 0.5) == pytest.approx(1.0)
    assert discounted(1e-300, 0.5) > 1e-300


def test_clusters_count_as_their_effective_number():
    """Ten accounts of two deals are ten; one of fifty among ten others is 60^2 / 2510."""
    assert kish(np.full(10, 2)) == 10
    assert kish(np.array([50] + [1] * 10)) == pytest.approx(3600 / 2510)
    assert kish(np.zeros(3, dtype=int)) == 0
    assert kept_share(np.array([20, 100]), np.array([10, 100])) == pytest.approx(0.06 / 0.11)


def test_strata_are_pooled_as_mantel_and_haenszel_do():
    """Won 10 of 20 against 5 of 20, and 30 of 40 against 20 of 40: gaps 2.5 and 5, variances 2.404, 4.747."""
    won, totals = np.array([[10, 5], [30, 20]]), np.array([[20, 20], [40, 40]])
    variance = 20 * 20 * 15 * 25 / (40**2 * 39) + 40 * 40 * 50 * 30 / (80**2 * 79)
    assert common_odds_p(won, totals) == pytest.approx(2 * stats.norm.sf((7.5 - 0.5) / np.sqrt(variance)))
    assert common_odds_p([[0, 0]], [[5, 5]]) == 1.0
    assert common_odds_p(np.zeros((0, 2)), np.zeros((0, 2))) == 1.0
