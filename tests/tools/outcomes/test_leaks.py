"""Which columns can only have been known afterwards?"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store.examples
from store.feature_file import read_features
from store.features import Feature, FeatureTable, category, number, sets
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable
from tools.outcomes.leak_names import known_afterwards
from tools.outcomes.leaks import Leak, LeakQuery, leaks, without_leaks

BANK = Path(store.examples.__file__).parent / "bank_marketing.csv.gz"


def records(won: np.ndarray, *features: Feature) -> OutcomeTable:
    rows = len(won)
    day = np.full(rows, np.datetime64("2025-01-01"), dtype="datetime64[D]")
    nothing = np.full(rows, np.nan)
    numbers = np.arange(rows).astype(np.str_)
    outcomes = np.where(won, OUTCOMES.index("won"), OUTCOMES.index("lost")).astype(np.int8)
    none = sets("reasons", [[]] * rows)
    table = FeatureTable(rows, features)
    return OutcomeTable(
        "account", numbers, numbers, outcomes, day, day, nothing, nothing, nothing, none, none, table
    )


def half(rows: int = 200) -> np.ndarray:
    """Won and lost in turn of two: rows 0 and 1 won, 2 and 3 lost."""
    return np.arange(rows) // 2 % 2 == 0


def only(found: list[Leak]) -> Leak:
    [leak] = found
    return leak


def test_a_column_that_is_the_outcome_with_some_noise_is_refused() -> None:
    won = half()
    noise = np.random.default_rng(1).normal(0, 0.2, len(won))
    leak = only(leaks(records(won, number("planted", won + noise))))
    assert (leak.column, leak.verdict, leak.kind) == ("planted", "refused", "separation")
    assert leak.figure is not None
    assert leak.figure.value >= 0.98
    assert leak.figure.low > 0.95


def test_a_column_that_falls_where_the_outcome_rises_is_refused_too() -> None:
    won = half()
    assert only(leaks(records(won, number("planted", -1.0 * won)))).verdict == "refused"


def test_a_column_that_tells_the_outcome_well_but_not_surely_is_none() -> None:
    won = half()
    noise = np.random.default_rng(1).normal(0, 0.6, len(won))
    assert leaks(records(won, number("employees", won + noise))) == []


def test_a_category_that_is_the_outcome_is_refused() -> None:
    won = half()
    words = np.where(won, "signed", "binned")
    leak = only(leaks(records(won, category("paperwork", words))))
    assert (leak.verdict, leak.kind) == ("refused", "separation")


def test_a_category_of_a_value_for_each_row_tells_nothing_of_other_rows() -> None:
    won = half()
    assert leaks(records(won, category("host", [f"host {at}" for at in range(len(won))]))) == []


def test_being_known_for_one_outcome_only_is_refused() -> None:
    """Known for 60 of 100 won and for no lost one: P = C(140, 40) / C(200, 100), about 1e-23."""
    won = half()
    place = np.cumsum(won)
    values = np.where(won & (place <= 60), 5.0, np.nan)
    leak = only(leaks(records(won, number("handover_score", values))))
    assert (leak.verdict, leak.kind) == ("refused", "one_outcome")
    assert leak.figure is not None
    assert leak.figure.value == 0.6
    assert leak.p_value is not None
    assert leak.p_value < 1e-20


def test_being_unknown_for_one_outcome_only_is_refused() -> None:
    won = half()
    values = np.where(won & (np.cumsum(won) <= 60), np.nan, 5.0)
    leak = only(leaks(records(won, number("last_seen_score", values))))
    assert leak.why.startswith("It is unknown with won deals only")


def test_a_value_of_a_set_that_only_lost_deals_have_is_told() -> None:
    won = half(400)
    place = np.cumsum(~won)
    tags = [["win-back"] if not w and at <= 30 else ["crm"] for w, at in zip(won, place, strict=True)]
    leak = only(leaks(records(won, sets("tags", tags))))
    assert (leak.verdict, leak.kind) == ("warned", "one_outcome")  # 30 of 200 lost: under a fifth
    assert '"win-back" occurs with lost deals only: 30 of 200' in leak.why
    assert only(leaks(records(won, sets("tags", tags)), LeakQuery(pure_share=0.1))).verdict == "refused"


def test_a_few_records_of_one_outcome_are_chance() -> None:
    won = half()
    values = np.where(won & (np.cumsum(won) <= 10), 5.0, np.nan)
    assert leaks(records(won, number("visits", values))) == []


def test_days_after_the_moment_that_counts_are_refused() -> None:
    won = half()
    days = np.where(np.arange(len(won)) % 4 == 0, -12.0, 30.0)
    leak = only(leaks(records(won, number("days_since_last_visit", days, unit="days"))))
    assert (leak.verdict, leak.kind) == ("refused", "later_dates")
    assert leak.figure is not None
    assert leak.figure.value == 0.25
    few = np.where(np.arange(len(won)) % 100 == 0, -12.0, 30.0)
    assert only(leaks(records(won, number("days_since_last_visit", few)))).verdict == "warned"


def test_minus_one_is_how_files_write_never() -> None:
    won = half()
    assert leaks(records(won, number("days_since_last_visit", np.where(won, -1.0, -1.0)))) == []


@pytest.mark.parametrize(
    "name",
    [
        "close_reason",
        "Lost Reason",
        "amountPaid",
        "duration",
        "call_duration",
        "probability",
        "deal_stage",
        "days_since_close",
        "invoice_number",
        "contract_signed_date",
        "forecast_category",
    ],
)
def test_names_of_what_is_known_afterwards_warn(name: str) -> None:
    assert known_afterwards(name)
    assert only(leaks(records(half(), number(name, np.arange(200.0))))).verdict == "warned"


@pytest.mark.parametrize(
    "name",
    ["employees", "industry", "funding_stage", "growth_stage", "paid_media", "lead_source", "open_reasoning"],
)
def test_names_of_what_is_known_before_do_not(name: str) -> None:
    assert not known_afterwards(name)


def test_the_length_of_the_bank_s_calls_is_warned_of_and_nothing_else() -> None:
    found = read_features(BANK)
    answer = found.outcomes.features[0]
    won = answer.values == answer.levels.index("Yes" if "Yes" in answer.levels else "yes")
    leak = only(leaks(records(won, *found.table.features)))
    assert (leak.column, leak.verdict, leak.kind) == ("duration", "warned", "name")


def test_shuffled_outcomes_give_no_leak() -> None:
    found = read_features(BANK, leave_out=["duration"]).table
    rng = np.random.default_rng(3)
    few = found.take(rng.permutation(found.rows)[:2_000])
    for _ in range(10):
        assert leaks(records(rng.random(2_000) < 0.3, *few.features)) == []


def test_without_leaks_takes_out_what_is_refused_and_only_that() -> None:
    won = half()
    table = records(
        won, number("planted", won * 1.0), number("duration", np.arange(200.0)), number("seats", won * 0.0)
    )
    kept, found = without_leaks(table)
    assert kept.features.names == ["duration", "seats"]
    assert [(leak.column, leak.verdict) for leak in found] == [("planted", "refused"), ("duration", "warned")]


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_of_a_few_rows_only_names_speak(rows: int) -> None:
    won = half(rows)
    table = records(won, number("planted", won * 1.0), category("stage", ["a"] * rows))
    assert [leak.column for leak in leaks(table)] == ["stage"]


def test_one_outcome_alone_and_columns_that_say_nothing_give_no_leak() -> None:
    won = np.ones(200, dtype=bool)
    nothing = number("nothing", np.full(200, np.nan))
    assert leaks(records(won, nothing, number("seats", np.arange(200.0)))) == []
    assert leaks(records(half(), nothing, category("same", ["x"] * 200), sets("none", [[]] * 200))) == []


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_noise_is_never_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    won = rng.random(300) < 0.4
    values = np.where(rng.random(300) < 0.3, np.nan, rng.normal(size=300))
    words = rng.choice(["a", "b", "c", "d"], 300)
    assert leaks(records(won, number("seats", values), category("region", words))) == []
