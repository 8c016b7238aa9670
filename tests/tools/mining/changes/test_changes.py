"""What changed between two small sets of customers, worked out by hand."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import trait
from tools.mining.changes.changes import Counted, changes, significant
from tools.mining.changes.segment_changes import ComparedSegment, Overlap

GOLF, WINE, CATS = (f"{code:032x}" for code in (1, 2, 3))
TRAITS = {GOLF: trait(1), WINE: trait(2), CATS: trait(3)}


def counted(customers: int, having: dict[str, int], sizes: dict[str, int], **more: Any) -> Counted:
    return Counted(customers, 100_000, having, sizes, **more)


BEFORE = counted(1_000, {GOLF: 200, WINE: 300, CATS: 250}, {GOLF: 10_000, WINE: 20_000, CATS: 10_000})


def test_a_share_that_moved_against_a_still_population_is_the_customers_move() -> None:
    """Golf from 20 % of 1,000 to 30 % of 1,000; p of the chi-square; lift from 2 to 3."""
    after = counted(1_000, {**BEFORE.having, GOLF: 300}, dict(BEFORE.sizes))
    (moved,) = changes(BEFORE, after, TRAITS).traits
    assert moved.trait.cluster_hash == GOLF
    assert moved.moved == "customers"
    assert (moved.before.value, moved.after.value) == (0.2, 0.3)
    assert (moved.lift_before, moved.lift_after) == (pytest.approx(2), pytest.approx(3))
    expected = stats.chi2_contingency([[300, 700], [200, 800]], correction=False).pvalue
    assert moved.p_value == pytest.approx(expected)
    assert moved.difference.low < 0.1 < moved.difference.high


def test_a_share_that_moved_with_the_population_moved_together() -> None:
    """Golf from 20 to 30 % of the customers, and from 10 to 15 % of the people: the lift stays 2."""
    after = counted(1_000, {**BEFORE.having, GOLF: 300}, {**BEFORE.sizes, GOLF: 15_000})
    (moved,) = changes(BEFORE, after, TRAITS).traits
    assert moved.moved == "together"
    assert moved.lift_after == pytest.approx(moved.lift_before)
    assert moved.lift_q_value > 0.05 >= moved.q_value


def test_a_population_that_moved_beneath_customers_who_held_is_told_apart() -> None:
    """Wine stays at 30 % of the customers and goes from 20 to 30 % of the people: the lift falls to 1."""
    after = counted(1_000, dict(BEFORE.having), {**BEFORE.sizes, WINE: 30_000})
    (moved,) = changes(BEFORE, after, TRAITS).traits
    assert moved.trait.cluster_hash == WINE
    assert moved.moved == "population"
    assert moved.q_value > 0.05 >= moved.lift_q_value
    assert (moved.lift_before, moved.lift_after) == (pytest.approx(1.5), pytest.approx(1))


def test_a_population_that_moved_more_than_the_customers_is_told_as_both() -> None:
    """Golf from 20 to 30 % of the customers, from 10 to 30 % of the people: the lift falls from 2 to 1."""
    after = counted(1_000, {**BEFORE.having, GOLF: 300}, {**BEFORE.sizes, GOLF: 30_000})
    (moved,) = changes(BEFORE, after, TRAITS).traits
    assert moved.moved == "both"
    assert max(moved.q_value, moved.lift_q_value) <= 0.05


def test_nothing_significant_is_an_answer_that_says_what_was_compared() -> None:
    found = changes(BEFORE, counted(1_000, {GOLF: 205, WINE: 295, CATS: 252}, dict(BEFORE.sizes)), TRAITS)
    assert significant(found, 0.05) == []
    assert found.compared == {"traits": 3, "segments": 0, "figures": 0}
    assert found.tests == 6


def test_traits_of_one_side_only_and_unknown_ones_are_passed_over() -> None:
    after = counted(1_000, {GOLF: 900, "f" * 32: 5}, {GOLF: 10_000, "f" * 32: 10})
    found = changes(BEFORE, after, TRAITS)
    assert [each.trait.cluster_hash for each in found.traits] == [GOLF]
    assert found.compared["traits"] == 1


def test_the_same_customers_of_one_snapshot_cannot_have_changed() -> None:
    same = Overlap(np.arange(1_000), otherwise=1.0)
    found = changes(BEFORE, BEFORE, TRAITS, same)
    assert (found.traits, found.tests) == ([], 0)
    assert found.compared["traits"] == 3


def test_with_few_newcomers_a_change_is_seen_only_when_those_who_stayed_are_known() -> None:
    """1,000 customers stay, 60 join, and 40 of these play golf instead of 12: 240 of 1,060."""
    after = counted(1_060, {GOLF: 240, WINE: 318, CATS: 265}, dict(BEFORE.sizes))
    assert changes(BEFORE, after, TRAITS).traits == []
    stayed = Overlap(np.arange(1_000), otherwise=1.0)
    (moved,) = changes(BEFORE, after, TRAITS, stayed).traits
    assert moved.trait.cluster_hash == GOLF


def test_of_one_attribute_only_the_strongest_value_is_told() -> None:
    """Yes rises as No falls: one piece of news."""
    yes, no = f"{7:032x}", f"{8:032x}"
    known = {yes: trait(7, "golf"), no: trait(8, "golf", "no")}
    before = counted(1_000, {yes: 200, no: 800}, {yes: 10_000, no: 90_000})
    after = counted(1_000, {yes: 350, no: 650}, {yes: 10_000, no: 90_000})
    (moved,) = changes(before, after, known).traits
    assert moved.trait.cluster_hash == yes


def test_a_trait_that_nobody_had_can_be_told() -> None:
    after = counted(1_000, {**BEFORE.having, GOLF: 60}, dict(BEFORE.sizes))
    before = counted(1_000, {**BEFORE.having, GOLF: 0}, dict(BEFORE.sizes))
    (moved,) = changes(before, after, TRAITS).traits
    assert moved.before.value == 0
    assert np.isfinite(moved.difference.high)


def test_shuffled_customers_show_no_more_changes_than_the_rate_that_was_asked_for() -> None:
    """200 traits, 300 pairs of draws from one population: some change is found in about 5 % at most."""
    rng = np.random.default_rng(11)
    keys = [f"{code:032x}" for code in range(200)]
    known = {key: trait(code) for code, key in enumerate(keys)}
    share = rng.uniform(0.05, 0.6, 200)
    sizes = dict(zip(keys, (share * 100_000).astype(int).tolist(), strict=True))

    def drawn(customers: int) -> Counted:
        return counted(
            customers, dict(zip(keys, rng.binomial(customers, share).tolist(), strict=True)), sizes
        )

    wrong = sum(bool(changes(drawn(800), drawn(1_200), known).traits) for _ in range(300))
    assert wrong <= 300 * 0.05 + 3 * np.sqrt(300 * 0.05 * 0.95)


def test_figures_are_tested_with_the_rest_and_a_figure_of_one_side_is_not() -> None:
    before = counted(1_000, {}, {}, figures={"match_rate": (900, 1_000), "base_rate": (5, 100)})
    after = counted(1_000, {}, {}, figures={"match_rate": (600, 1_000)})
    (figure,) = changes(before, after, TRAITS).figures
    assert figure.figure == "match_rate"
    assert figure.difference.value == pytest.approx(-0.3)
    assert figure.q_value < 1e-6


def test_what_is_surest_comes_first() -> None:
    segments = [ComparedSegment(0, "Golfers", 200, frozenset({GOLF}))]
    grown = [ComparedSegment(0, "Golfers", 600, frozenset({GOLF}))]
    before = counted(1_000, dict(BEFORE.having), dict(BEFORE.sizes), segments=segments)
    after = counted(1_000, {**BEFORE.having, GOLF: 270}, dict(BEFORE.sizes), segments=grown)
    first, second = significant(changes(before, after, TRAITS), 0.05)
    assert getattr(first, "change", None) == "grown"
    assert getattr(second, "moved", None) == "customers"
