"""Each reason of losing: who, how it goes, who comes back, whether it rises, and what is advised."""

import numpy as np
import pytest

from store.errors import TooFewCustomers
from store.features import category
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import START, outcome_table, random_features
from tools.mining.evidence.statistics import relative_interval, wilson_interval
from tools.outcomes.patterns.losses.loss_patterns import LossQuery, loss_patterns
from tools.outcomes.patterns.losses.reason_trends import quarter_name, quarter_numbers
from tools.outcomes.patterns.losses.returning import won_later

SEEDS = 40


def by_size(*, dark: bool = False, cycle: float = 50.0) -> OutcomeTable:
    """100 lost for price, 80 of them small; 200 for features, 40 small; 200 won, 50 small."""
    small = [*([True] * 80 + [False] * 20), *([True] * 40 + [False] * 160), *([True] * 50 + [False] * 150)]
    return outcome_table(
        ["lost"] * 300 + ["won"] * 200,
        [category("size", np.where(small, "Small", "Large"))],
        reasons=[["price"]] * 100 + [["features"]] * 200 + [[]] * 200,
        cycles=[cycle] * 50 + [cycle + 1] * 50 + [50.0] * 400,
        dark=[float(dark)] * 50 + [0.0] * 450,
    )


def test_who_loses_for_a_reason_is_worked_out():
    """Of the price losses 80 % are small, of the others 20 %, of the won 25 %: ratio 4."""
    report = loss_patterns(by_size())
    features, price = report.patterns
    assert (report.lost, report.with_reason, price.losses, price.share.value) == (300, 300, 100, 1 / 3)
    (found,) = price.conditions
    assert found.words == "Size is Small"
    assert (found.losses, found.share.value, found.other_loss_share.value) == (80, 0.8, 0.2)
    assert found.won_share is not None
    assert found.won_share.value == 0.25
    value, low, high = relative_interval(80, 100, 40, 200)
    assert (found.ratio.value, found.ratio.low, found.ratio.high) == (value, low, high)
    assert price.pattern == 'Lost for "price": more often when Size is Small.'
    # Large ones are frequent among losses for features, but as frequent among the won.
    assert features.conditions == []
    assert features.pattern.endswith("no condition tells these losses from others.")


def test_a_reason_that_goes_dark_and_can_be_told_beforehand_is_qualified_out():
    """Half of the price losses go dark, of the others none; nobody has a second record."""
    price = loss_patterns(by_size(dark=True)).patterns[1]
    assert price.go_dark_share is not None
    assert (price.go_dark_share.value.value, price.came_back) == (0.5, None)
    assert price.recommendation == "qualify out"
    assert "Size is Small" in price.advice
    assert "50 % go dark" in price.typical_outcome


def test_a_reason_with_long_cycles_gets_a_playbook_and_one_with_nothing_is_watched():
    slow = loss_patterns(by_size(cycle=100.0)).patterns[1]
    assert slow.recommendation == "playbook"
    assert slow.typical_outcome.startswith("100 days to the decision (other losses 50 days)")
    assert loss_patterns(by_size()).patterns[1].recommendation == "watch"


def test_who_came_back_and_at_which_price():
    """30 accounts lost for timing at 1,000; 12 of them are won later, at 600; one was won before."""
    kinds = ["lost"] * 30 + ["won"] * 13
    units = [f"account-{at}" for at in [*range(30), *range(12), 20]]
    decided = [START + 100] * 30 + [START + 300] * 12 + [START + 50]
    amounts = [1_000.0] * 30 + [600.0] * 13
    outcomes = outcome_table(
        kinds, units=units, decided=decided, amounts=amounts, reasons=[["timing"]] * 30 + [[]] * 13
    )
    (timing,) = loss_patterns(outcomes).patterns
    assert timing.came_back is not None
    low, high = wilson_interval(12, 30)
    assert (timing.came_back.value, timing.came_back.low, timing.came_back.high) == (0.4, low, high)
    assert timing.came_back_at is not None
    assert timing.came_back_at.value == pytest.approx(0.6)
    # Nothing tells them apart beforehand, and they take no other course: there is no play to write.
    assert timing.recommendation == "watch"
    assert "40 % buy later" in timing.advice
    assert "40 % buy later, at 60 % of the first amount" in timing.typical_outcome


def test_the_later_win_is_the_first_one_after_the_loss():
    """Of account a: lost on day 10, won on days 5, 20 and 30. Of b: won on day 20, lost on the same day."""
    outcomes = outcome_table(
        ["lost", "won", "won", "won", "won", "lost", "lost"],
        units=["a", "a", "a", "a", "b", "b", "c"],
        decided=[START + at for at in (10, 30, 20, 5, 20, 20)] + [np.datetime64("NaT")],
    )
    assert won_later(outcomes).tolist() == [2, -1, 1, 2, -1, -1, -1]


def test_a_rising_and_a_falling_reason_are_told_from_steady_ones():
    """Four quarters of 100 losses: price 10, 20, 30, 40; timing 40, 30, 20, 10; other 50 each."""
    reasons, decided = [], []
    for quarter, price in enumerate((10, 20, 30, 40)):
        reasons += [["price"]] * price + [["timing"]] * (50 - price) + [["other"]] * 50
        decided += [np.datetime64("2025-02-01") + 91 * quarter] * 100
    report = loss_patterns(outcome_table(["lost"] * 400, reasons=reasons, decided=decided))
    trends = {each.reason: each.trend for each in report.patterns}
    assert {name: trend.direction for name, trend in trends.items() if trend} == {
        "price": "rising",
        "timing": "falling",
        "other": "steady",
    }
    price = trends["price"]
    assert price is not None
    assert [share.value for share in price.quarters.values()] == [0.1, 0.2, 0.3, 0.4]
    assert list(price.quarters) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert report.notes == ["No won records: compared with other losses alone."]


def test_quarters_are_named_by_year():
    numbers = quarter_numbers(np.array(["2025-12-31", "2026-01-01"], dtype="datetime64[D]"))
    assert [quarter_name(int(each)) for each in numbers] == ["2025-Q4", "2026-Q1"]


def test_shuffled_reasons_give_hardly_ever_a_condition():
    alarms = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        reasons = [["abc"[at]] for at in rng.integers(0, 3, 500)]
        outcomes = outcome_table(
            ["lost"] * 400 + ["won"] * 100, random_features(rng, 500), reasons=reasons[:400] + [[]] * 100
        )
        alarms += any(each.conditions for each in loss_patterns(outcomes).patterns)
    assert alarms <= 5


def test_a_planted_reason_is_found_among_columns_that_say_nothing():
    rng = np.random.default_rng(1)
    bank = rng.random(3_000) < 0.3
    reasons = np.where(rng.random(3_000) < np.where(bank, 0.6, 0.15), "security", "price")
    columns = [category("industry", np.where(bank, "Banking", "Retail")), *random_features(rng, 3_000)]
    kinds = np.where(rng.random(3_000) < 0.2, "won", "lost").tolist()
    outcomes = outcome_table(kinds, columns, reasons=[[each] for each in reasons.tolist()])
    found = {each.reason: [one.words for one in each.conditions] for each in loss_patterns(outcomes).patterns}
    assert found["security"] == ["Industry is Banking"]


def test_only_the_commonest_reasons_are_told():
    outcomes = outcome_table(["lost"] * 90, reasons=[["a"]] * 40 + [["b"]] * 30 + [["c"]] * 20)
    assert [each.reason for each in loss_patterns(outcomes, LossQuery(max_reasons=2)).patterns] == ["a", "b"]


@pytest.mark.parametrize("kinds", [[], ["lost"] * 19, ["won"] * 40])
def test_too_few_losses_with_a_reason_are_refused(kinds: list[str]):
    with pytest.raises(TooFewCustomers, match="No reason"):
        loss_patterns(outcome_table(kinds, reasons=[["price"]] * len(kinds)))
