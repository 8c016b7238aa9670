"""Win rates by criterion, and the gain of pursuing the best tiers first, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from api.report.outcomes.rate_charts import LEAST_DECIDED, criterion_rate_chart, gain_chart, quarter_chart
from api.report.outcomes.win_rates import Rate, base_rate, bin_rate, criterion_rates, gain
from tests.api.report.outcomes_made import near, profile
from tools.outcomes.measures.findings import Cell
from tools.outcomes.record_summary import Quarter


def cell(tier: str, won: int, lost: int) -> Cell:
    return Cell(tier=tier, won=won, lost=lost)


def test_the_win_rate_of_a_value_is_won_of_decided_with_wilsons_interval():
    """74 won and 50 lost have 50 employees and over: 74 / 124 = 0.597; of 26 and 50 others 26 / 76."""
    wide = profile().criteria[0].model_copy(
        update={"bins": [one.model_copy(update={"evidence": evidence}) for one, evidence in zip(
            profile().criteria[0].bins, (0.0, -0.5, 0.5), strict=True)]}
    )  # fmt: skip
    found = criterion_rates(profile().model_copy(update={"criteria": [wide]}))[0]
    assert (found.good.won, found.good.decided) == (74, 124)
    assert (found.other.won, found.other.decided) == (26, 76)
    assert found.good.rate
    assert found.gap
    z, p, n = norm.ppf(0.975), 74 / 124, 124
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    assert found.good.rate.value == pytest.approx(p)
    assert (found.good.rate.low + found.good.rate.high) / 2 == pytest.approx(middle)
    assert found.gap.value == pytest.approx(74 / 124 - 26 / 76)
    assert found.gap.low < found.gap.value < found.gap.high
    assert bin_rate(wide.bins[0]) == Rate(0, 50, bin_rate(wide.bins[0]).rate)


def test_a_criterion_that_everybody_meets_has_no_rate_without_it_and_no_gap():
    found = criterion_rates(profile())[0]  # both known bins are good ones
    assert found.other == Rate(0, 0, None)
    assert found.gap is None
    assert criterion_rate_chart([found], base_rate(profile())) == ""


def test_the_gain_of_the_best_tiers_is_the_share_of_the_won_over_the_share_pursued():
    """A: 30 of 100 won, B: 20 of 100, D: 10 of 200. A finds 30 / 60 with 100 / 400 of the deals: lift 2."""
    points = gain([cell("D", 10, 190), cell("A", 30, 70), cell("C", 0, 0), cell("B", 20, 80)])
    assert [point.tiers for point in points] == ["A", "A and B", "A to D"]
    best = points[0]
    assert (best.picked_share, best.found_share.value, best.lift.value) == (0.25, 0.5, 2.0)
    assert best.lift.low == pytest.approx(best.found_share.low / 0.25)
    assert best.win_rate.value == pytest.approx(0.3)
    assert (points[-1].picked_share, points[-1].found_share.value, points[-1].lift.value) == (1, 1, 1)


@pytest.mark.parametrize("cells", [[], [cell("A", 5, 5)], [cell("A", 0, 5), cell("B", 0, 9)]])
def test_there_is_no_gain_to_tell_of_one_tier_or_without_a_win(cells):
    assert gain(cells) == []
    assert gain_chart(gain(cells)) == ""


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=4, max_size=4))
def test_the_more_tiers_are_pursued_the_more_is_found(counts):
    points = gain([cell(tier, *pair) for tier, pair in zip("ABCD", counts, strict=True)])
    found = [point.found_share.value for point in points]
    assert found == sorted(found)
    for point in points:
        assert point.found_share.low <= point.found_share.value <= point.found_share.high
        assert 0 < point.picked_share <= 1


def test_a_quarter_of_few_deals_stands_not_in_the_chart():
    quarters = [
        Quarter(quarter=f"2025 Q{at}", outcomes={}, won=1, decided=decided, rate=near(0.2))
        for at, decided in ((1, LEAST_DECIDED - 1), (2, LEAST_DECIDED), (3, 500))
    ]
    drawn = quarter_chart(quarters, Rate(100, 500, near(0.2)))
    assert "2025 Q1" not in drawn
    assert "2025 Q3" in drawn
    assert quarter_chart(quarters[:2], Rate(100, 500, near(0.2))) == ""
