"""When do deals close?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from store.features import FeatureTable, number, sets
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable
from tools.accounts.timing import cycle_days, survival, time_to_close, with_season

DAY = np.datetime64("2026-01-01")


def table(
    kinds: list[str], opened: list[str], decided: list[str], cycle: list[float] | None = None
) -> OutcomeTable:
    rows = len(kinds)
    return OutcomeTable(
        unit="account",
        record_ids=np.array([f"r{at}" for at in range(rows)]),
        unit_ids=np.array([f"a{at}" for at in range(rows)]),
        outcomes=np.array([OUTCOMES.index(kind) for kind in kinds], dtype=np.int8),
        decided_at=np.array(decided, dtype="datetime64[D]"),
        opened_at=np.array(opened, dtype="datetime64[D]"),
        amounts=np.full(rows, np.nan),
        cycle_days=np.array(cycle if cycle is not None else [np.nan] * rows),
        went_dark=np.full(rows, np.nan),
        reasons=sets("reasons", [[]] * rows),
        products=sets("products", [[]] * rows),
        features=FeatureTable(rows, (number("employees", [1.0] * rows),)),
    )


def spread(days: list[int], open_days: list[int] = (), kind: str = "won") -> OutcomeTable:  # type: ignore[assignment]  # nothing is appended
    """Deals that took so many days, and open ones of this age on 2026-01-01."""
    opened = [DAY - np.timedelta64(800, "D")] * len(days) + [
        DAY - np.timedelta64(age, "D") for age in open_days
    ]
    decided = [opened[at] + np.timedelta64(took, "D") for at, took in enumerate(days)] + ["NaT"] * len(
        open_days
    )
    return table([kind] * len(days) + ["open"] * len(open_days), opened, decided)  # type: ignore[arg-type]  # plain words


def test_the_season_is_the_quarter_of_the_opening_and_the_features_stay() -> None:
    outcomes = table(
        ["won", "lost", "open", "won", "won"],
        ["2025-01-01", "2025-06-30", "1969-07-01", "2025-12-31", "NaT"],
        ["2025-02-01", "2025-07-30", "NaT", "2026-01-31", "2026-01-31"],
    )
    found = with_season(outcomes).features
    season = found.find("season")
    assert season is not None
    assert [season.levels[code] if code >= 0 else None for code in season.values] == [
        "Q1",
        "Q2",
        "Q3",
        "Q4",
        None,
    ]
    assert found.names == ["employees", "season"]


def test_time_to_close_never_becomes_a_feature() -> None:
    names = with_season(spread([5, 6])).features.names
    assert not {"cycle_days", "time_to_close", "age_days"} & set(names)


def test_days_are_those_given_else_from_opening_to_decision() -> None:
    """Given 9 days count, then 31 from January to February; one decided before it was opened is unknown."""
    outcomes = table(
        ["won", "lost", "won", "open"],
        ["2025-01-01", "2025-01-01", "2025-02-01", "2025-01-01"],
        ["2025-02-01", "2025-02-01", "2025-01-01", "2025-03-01"],
        [9, np.nan, np.nan, 50],
    )
    np.testing.assert_array_equal(cycle_days(outcomes), [9, 31, np.nan, np.nan])


def test_the_interval_of_a_median_comes_from_order_statistics() -> None:
    """Of 10 values in order, the 2nd and the 9th: P(at most 1 of 10 coins) = 11/1024 = 0.011 < 0.025,
    P(at most 2) = 56/1024 = 0.055 is too much."""
    found = time_to_close(spread([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]), DAY).won
    assert found.deals == 10
    assert found.median_days == 55
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (20, 90)


def test_five_deals_are_too_few_for_an_interval_and_six_are_enough() -> None:
    assert time_to_close(spread([1, 2, 3, 4, 5]), DAY).won.interval is None
    six = time_to_close(spread([1, 2, 3, 4, 5, 6]), DAY).won.interval
    assert six is not None
    assert (six.low, six.high) == (1, 6)


def test_open_deals_raise_the_median_as_kaplan_and_meier_have_it() -> None:
    """Decided after 10, 20, 30; open at 15 and 40. At 10: 4/5; at 20 three are left: 4/5 x 2/3 = 0.533;
    at 30 two are left: 0.267. So half are decided after 30 days, though the median of the decided is 20."""
    found = time_to_close(spread([10, 20, 30], [15, 40]), DAY)
    assert found.won.median_days == 20
    assert found.still_open == 2
    assert found.median_with_open is not None
    assert found.median_with_open.value == 30
    assert found.median_with_open.low <= 30 <= found.median_with_open.high


def test_the_curve_and_its_limits_are_those_of_scipy() -> None:
    rng = np.random.default_rng(3)
    decided, waiting = rng.integers(1, 60, 80).astype(float), rng.integers(40, 90, 30).astype(float)
    at, share, low, high = survival(decided, waiting, 0.9)
    curve = stats.ecdf(stats.CensoredData(uncensored=decided, right=waiting)).sf
    limits = curve.confidence_interval(0.9, method="log-log")
    # scipy has a step at each censored age too.
    places = np.searchsorted(curve.quantiles, at)
    np.testing.assert_allclose(share, curve.probabilities[places])
    np.testing.assert_allclose(low, limits.low.probabilities[places])
    np.testing.assert_allclose(high, limits.high.probabilities[places])


def test_a_median_that_is_not_reached_is_not_told() -> None:
    assert time_to_close(spread([10], [50, 60, 70]), DAY).median_with_open is None


def test_seasons_are_compared_as_scipy_does() -> None:
    rng = np.random.default_rng(5)
    opened = np.datetime64("2024-01-01") + rng.integers(0, 366, 200).astype("timedelta64[D]")
    days = rng.integers(5, 100, 200)
    outcomes = table(["lost"] * 200, list(opened), list(opened + days.astype("timedelta64[D]")))
    month = opened.astype("datetime64[M]").astype(int) % 12
    groups = [days[month // 3 == at] for at in range(4)]
    found = time_to_close(outcomes, DAY)
    assert found.season_p_value == pytest.approx(stats.kruskal(*groups).pvalue)
    assert [one.decided.deals for one in found.seasons] == [len(group) for group in groups]
    assert found.won.deals == 0


@pytest.mark.parametrize("rows", [0, 1])
def test_none_and_one_deal_are_told_as_such(rows: int) -> None:
    found = time_to_close(spread([7] * rows), DAY)
    assert found.won.deals == rows
    assert found.season_p_value is None
    assert found.won.interval is None


def test_deals_that_all_take_the_same_differ_in_no_season() -> None:
    opened = ["2025-01-01"] * 10 + ["2025-04-01"] * 10
    decided = ["2025-01-11"] * 10 + ["2025-04-11"] * 10
    assert time_to_close(table(["won"] * 20, opened, decided), DAY).season_p_value == 1.0


@given(st.lists(st.integers(0, 700), min_size=1, max_size=60))
def test_a_median_lies_within_its_interval(days: list[int]) -> None:
    found = time_to_close(spread(days), DAY).won
    assert found.median_days == np.median(days)
    if found.interval:
        assert found.interval.low <= found.median_days <= found.interval.high
