"""Segments are measured against the others, each with its best angle."""

import numpy as np
import pytest

from store.errors import BadInput
from store.features import category
from tests.tools.outcomes.patterns.planted_outcomes import outcome_table, random_features
from tools.mining.evidence.statistics import relative_interval, wilson_interval
from tools.outcomes.patterns.conditions.condition import Condition
from tools.outcomes.patterns.segment_outcomes import segment_outcomes


def test_figures_of_two_segments_worked_out():
    """North wins 34 of 100, South 10 of 100, and 2 records belong to none: 45 of 202 overall.

    North's contracts are worth 45,000, South's 20,000; the one of none is worth nothing known.
    """
    kinds = ["won"] * 34 + ["lost"] * 66 + ["won"] * 10 + ["lost"] * 90 + ["won", "lost"]
    labels = np.array(["North"] * 100 + ["South"] * 100 + ["", ""])
    amounts = [45_000.0] * 100 + [20_000.0] * 100 + [np.nan] * 2
    north, south = segment_outcomes(outcome_table(kinds, amounts=amounts), labels)
    assert (north.segment, north.records, north.won, north.lost) == ("North", 100, 34, 66)
    assert north.win_rate is not None
    assert (north.win_rate.low, north.win_rate.high) == wilson_interval(34, 100)
    assert north.overall_win_rate is not None
    assert north.overall_win_rate.value == pytest.approx(45 / 202)
    assert north.win_rate_ratio is not None
    assert north.win_rate_ratio.value == pytest.approx(float(relative_interval(34, 100, 11, 102)[0]))
    assert north.p_value is not None
    assert north.q_value is not None
    assert north.p_value < 0.001
    assert north.q_value >= north.p_value
    assert north.contract_value_mean is not None
    assert north.contract_value_mean.value == 45_000
    assert south.contract_value_median is not None
    assert south.contract_value_median.value == 20_000
    assert "North: 34 % are won (22 % overall); a contract is worth 45,000 EUR" in north.sentence


def test_the_best_angle_raises_the_win_rate_inside_the_segment():
    """Demos raise the win rate in the North only, from 20 % to 60 %."""
    rng = np.random.default_rng(1)
    north, demo = rng.random(3_000) < 0.5, rng.random(3_000) < 0.4
    won = rng.random(3_000) < np.where(north & demo, 0.6, 0.2)
    columns = [category("demo", np.where(demo, "Yes", "No")), *random_features(rng, 3_000)]
    outcomes = outcome_table(np.where(won, "won", "lost").tolist(), columns)
    first, second = segment_outcomes(outcomes, np.where(north, "North", "South"))
    assert first.best_angle is not None
    assert first.best_angle.words == "Demo: yes"
    assert first.best_angle.deals == (north & demo).sum()
    assert first.best_angle.win_rate.value == pytest.approx(won[north & demo].mean())
    assert second.best_angle is None


def test_segments_may_be_given_by_conditions_and_overlap():
    columns = [category("a", ["x"] * 6 + ["y"] * 4), category("b", ["x"] * 3 + ["y"] * 7)]
    conditions = {
        name: [Condition(attribute=name, kind="category", value="x", words=f"{name} is x")] for name in "ab"
    }
    found = segment_outcomes(outcome_table(["won", "lost"] * 5, columns), conditions)
    assert [(each.segment, each.records) for each in found] == [("a", 6), ("b", 3)]


def test_empty_and_undecided_segments_are_told_without_figures():
    outcomes = outcome_table(["open", "open"], [category("a", ["x", "y"])])
    (found,) = segment_outcomes(outcomes, np.array(["One", "One"]))
    assert (found.records, found.win_rate, found.p_value, found.best_angle) == (2, None, None, None)
    assert found.sentence == "One: nothing decided yet."
    assert segment_outcomes(outcome_table([]), np.array([], dtype=np.str_)) == []


def test_labels_have_to_be_as_many_as_records():
    with pytest.raises(BadInput, match="3 labels for 2 records"):
        segment_outcomes(outcome_table(["won", "lost"]), np.array(["a", "b", "c"]))
