"""What does a ledger hold?"""

import numpy as np
import pytest
from scipy.stats import binom

from store.features import FeatureTable, number, sets
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable
from tools.mining.evidence.statistics import wilson_interval
from tools.outcomes.measures.estimates import median_estimate
from tools.outcomes.record_summary import summarise


def table(kinds: list[str], days: list[str], amounts: list[float], reasons: list[list[str]]) -> OutcomeTable:
    rows = len(kinds)
    names = np.arange(rows).astype(np.str_)
    decided = np.array(days, dtype="datetime64[D]")
    return OutcomeTable(
        "account",
        names,
        np.array(["a"] * rows, dtype=np.str_),
        np.array([OUTCOMES.index(kind) for kind in kinds], dtype=np.int8),  # type: ignore[arg-type]  # plain words
        decided,
        decided,
        np.array(amounts),
        np.full(rows, np.nan),
        np.array([1.0 if "went dark" in told else np.nan for told in reasons]),
        sets("reasons", reasons),
        sets("products", [[]] * rows),
        FeatureTable(rows, (number("seats", [1] + [None] * (rows - 1)),) if rows else ()),
        "EUR",
    )


def test_outcomes_are_counted_by_quarter_with_wilson_intervals() -> None:
    """Three decided in the first quarter of 2025, two of them won or expanded; one lost in the second."""
    found = summarise(
        table(
            ["won", "expanded", "lost", "lost", "open"],
            ["2025-01-01", "2025-03-31", "2025-02-01", "2025-04-01", "NaT"],
            [10, 30, np.nan, 5, 7],
            [["fit"], [], ["price"], ["price", "went dark"], []],
        )
    )
    assert [(each.quarter, each.decided, each.won) for each in found.quarters] == [
        ("2025 Q1", 3, 2),
        ("2025 Q2", 1, 0),
    ]
    rate = found.quarters[0].rate
    assert rate is not None
    low, high = wilson_interval(2, 3)
    assert (rate.low, rate.high) == (pytest.approx(float(low)), pytest.approx(float(high)))
    assert (found.overall.won, found.overall.decided) == (2, 4)
    assert (found.records, found.units) == (5, 1)
    assert [(each.outcome, each.median.value, each.total) for each in found.amounts] == [
        ("won", 10, 10),
        ("lost", 5, 5),
        ("expanded", 30, 30),
        ("open", 7, 7),
    ]
    assert [(each.outcome, each.reason, each.records, each.share.value) for each in found.reasons] == [
        ("won", "fit", 1, 1.0),
        ("lost", "price", 2, 1.0),
        ("lost", "went dark", 1, 0.5),
    ]
    assert found.went_dark is not None
    assert found.columns[0].known_share == 0.2


def test_an_empty_ledger_has_no_rate() -> None:
    found = summarise(table([], [], [], []))
    assert (found.records, found.overall.rate, found.quarters, found.leaks) == (0, None, [], [])


def test_the_interval_of_a_median_is_of_order_statistics_and_wide_for_few() -> None:
    """Of 20 values the 6th and the 15th: P(6 <= X <= 14) = 0.9586 for a binomial of 20 halves."""
    told = median_estimate(np.arange(1.0, 21))
    assert told is not None
    assert (told.value, told.low, told.high) == (10.5, 6, 15)
    assert binom.cdf(14, 20, 0.5) - binom.cdf(5, 20, 0.5) == pytest.approx(0.9586, abs=1e-4)


@pytest.mark.parametrize("size", range(6, 60, 7))
def test_the_interval_of_a_median_covers_it_at_least_as_often_as_it_says(size: int) -> None:
    told = median_estimate(np.arange(1.0, size + 1))
    assert told is not None
    assert binom.cdf(told.high - 1, size, 0.5) - binom.cdf(told.low - 1, size, 0.5) >= 0.95
