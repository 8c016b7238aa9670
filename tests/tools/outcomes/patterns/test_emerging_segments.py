"""A segment that newly buys is found with its evidence, and by chance hardly ever."""

import datetime as dt

import numpy as np
import pytest

from store.errors import TooFewCustomers
from store.features import category
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import outcome_table, random_features
from tools.mining.evidence.statistics import relative_interval
from tools.outcomes.patterns.emerging import EmergingQuery, emerging_segments

SEEDS = 40
NOW = dt.date(2026, 6, 30)
RECENT, BEFORE, LONG_AGO = "2026-06-01", "2026-01-01", "2024-01-01"


def counted(*groups: tuple[int, str, str, str, float]) -> OutcomeTable:
    """So many records of an outcome, an industry, a day, and an amount each."""
    rows = [group[1:] for group in groups for _ in range(group[0])]
    kinds, industries, days, amounts = (list(column) for column in zip(*rows, strict=True))
    return outcome_table(kinds, [category("industry", industries)], decided=days, amounts=amounts)


def test_more_of_those_asked_buy():
    """Of 100 recent wins 16 are AI companies, of 400 before 8: 16 % against 2 %; asked as often as before.

    AI contracts are worth 3,000 and others 1,000: 48 of 132 of the revenue. Long ago nobody looks.
    """
    outcomes = counted(
        (16, "won", "AI", RECENT, 3_000.0),
        (84, "won", "Retail", RECENT, 1_000.0),
        (24, "lost", "AI", RECENT, 0.0),
        (276, "lost", "Retail", RECENT, 0.0),
        (8, "won", "AI", BEFORE, 1_000.0),
        (392, "won", "Retail", BEFORE, 1_000.0),
        (152, "lost", "AI", BEFORE, 0.0),
        (1_048, "lost", "Retail", BEFORE, 0.0),
        (500, "won", "AI", LONG_AGO, 1_000.0),
    )
    report = emerging_segments(outcomes, EmergingQuery(now=NOW))
    (found,) = report.segments
    assert (report.won, report.won_before) == (100, 400)
    assert (str(report.recent_from), str(report.before_from)) == ("2026-04-02", "2025-04-02")
    assert found.words == "Industry is AI"
    assert (found.won, found.won_before, found.share_of_volume.value) == (16, 8, 0.16)
    value, low, high = relative_interval(16, 100, 8, 400)
    assert (found.growth.value, found.growth.low, found.growth.high) == (value, low, high)
    assert found.share_of_revenue == pytest.approx(48 / 132)
    assert (found.share_of_decided.value, found.share_of_decided_before.value) == (0.1, 0.1)
    assert found.win_rate is not None
    assert found.win_rate_before is not None
    assert (found.win_rate.value, found.win_rate_before.value) == (0.4, 0.05)
    assert found.cause == "more of them buy"
    assert found.evidence.startswith(
        "16 closed-won in the last 90 days match (16 % of volume, 36 % of revenue)"
    )


def test_more_are_asked_and_buy_as_before():
    """AI companies win one deal of four, then and now; of the deals they were 2 % and are 16 %."""
    outcomes = counted(
        (16, "won", "AI", RECENT, 1.0),
        (84, "won", "Retail", RECENT, 1.0),
        (48, "lost", "AI", RECENT, 1.0),
        (252, "lost", "Retail", RECENT, 1.0),
        (8, "won", "AI", BEFORE, 1.0),
        (392, "won", "Retail", BEFORE, 1.0),
        (24, "lost", "AI", BEFORE, 1.0),
        (1_176, "lost", "Retail", BEFORE, 1.0),
    )
    (found,) = emerging_segments(outcomes, EmergingQuery(now=NOW)).segments
    assert found.cause == "more are asked"
    assert found.win_rate_p == pytest.approx(1.0)


def test_a_planted_pair_is_found_among_columns_that_say_nothing():
    rng = np.random.default_rng(1)
    days = np.datetime64("2025-04-02") + rng.integers(0, 455, 3_000)
    recent = days >= np.datetime64("2026-04-02")
    young = rng.random(3_000) < 0.3
    focus = rng.random(3_000) < np.where(young & recent, 0.8, 0.1)
    columns = [
        category("age", np.where(young, "Under 2", "Older")),
        category("focus", np.where(focus, "AI", "None")),
        *random_features(rng, 3_000),
    ]
    outcomes = outcome_table(["won"] * 3_000, columns, decided=days)
    (found,) = emerging_segments(outcomes, EmergingQuery(now=NOW)).segments
    assert found.words == "Age is Under 2 and Focus is AI"
    assert (found.won, found.won_before) == (
        (young & focus & recent).sum(),
        (young & focus & ~recent).sum(),
    )


def test_now_is_the_last_day_in_the_records():
    outcomes = counted((30, "won", "AI", "2026-03-15", 1.0), (30, "won", "Retail", "2025-09-01", 1.0))
    report = emerging_segments(outcomes)
    assert report.until == dt.date(2026, 3, 15)
    assert report.segments[0].share_of_revenue == 1.0


def test_one_account_that_buys_often_is_one_customer():
    """One AI company buys thirty times in the period."""
    outcomes = outcome_table(
        ["won"] * 150,
        [category("industry", ["AI"] * 30 + ["Retail"] * 120)],
        units=["account-0"] * 30 + [f"account-{at}" for at in range(1, 121)],
        decided=[RECENT] * 50 + [BEFORE] * 100,
    )
    report = emerging_segments(outcomes, EmergingQuery(now=NOW))
    assert (report.won, report.segments) == (21, [])


def test_shuffled_periods_give_hardly_ever_a_segment():
    alarms = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        days = np.datetime64("2025-04-02") + rng.integers(0, 455, 600)
        kinds = np.where(rng.random(600) < 0.7, "won", "lost").tolist()
        outcomes = outcome_table(kinds, random_features(rng, 600), decided=days)
        alarms += bool(emerging_segments(outcomes, EmergingQuery(now=NOW)).segments)
    assert alarms <= 5


@pytest.mark.parametrize("kinds", [[], ["won"], ["lost"] * 50])
def test_too_few_won_in_a_period_are_refused(kinds: list[str]):
    with pytest.raises(TooFewCustomers, match="too few to compare"):
        emerging_segments(outcome_table(kinds, decided=[RECENT] * len(kinds)), EmergingQuery(now=NOW))
