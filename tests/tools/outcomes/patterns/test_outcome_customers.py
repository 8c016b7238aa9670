"""Customers are compared over the same time, those not observed for long enough are left out."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import TooFewCustomers
from store.features import category
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import START, outcome_table, random_features
from tools.mining.evidence.statistics import relative_interval
from tools.outcomes.patterns.customers.labels import (
    CustomerQuery,
    churn_label,
    customers_of,
    expansion_label,
)
from tools.outcomes.patterns.customers.signatures import churn_signatures, expansion_signals
from tools.outcomes.patterns.customers.tenure import survival, tenure

SEEDS = 40
NOW = dt.date(2025, 12, 31)
QUERY = CustomerQuery(now=NOW, horizon_days=100)


def dated(*records: tuple[str, str, str]) -> OutcomeTable:
    """unit, outcome, day."""
    return outcome_table(
        [kind for _, kind, _ in records],
        units=[unit for unit, _, _ in records],
        decided=[day for _, _, day in records],
    )


SIX = dated(
    ("stays", "won", "2025-01-01"),
    ("leaves", "won", "2025-01-01"),
    ("leaves", "churned", "2025-03-01"),
    ("late", "won", "2025-01-01"),
    ("late", "churned", "2025-12-01"),
    ("new", "won", "2025-11-01"),
    ("new_leaves", "won", "2025-11-01"),
    ("new_leaves", "churned", "2025-12-01"),
    ("grows", "won", "2025-02-01"),
    ("grows", "won", "2025-06-01"),
    ("grows", "expanded", "2025-03-01"),
    ("never", "lost", "2025-01-01"),
)


def test_who_was_observed_for_long_enough_and_to_whom_it_happened():
    """Horizon 100 days before 2025-12-31. Of six customers two are new, the churned one among them too."""
    label = churn_label(SIX, QUERY)
    assert dict(zip(SIX.unit_ids[label.rows].tolist(), label.happened.tolist(), strict=True)) == {
        "stays": False,
        "leaves": True,
        "late": False,
        "grows": False,
    }
    assert label.left_out == 2
    at = dict(zip(SIX.unit_ids[label.rows].tolist(), label.at.astype(str).tolist(), strict=True))
    assert at["leaves"] == at["stays"] == "2025-04-11"
    grown = expansion_label(SIX, QUERY)
    assert SIX.unit_ids[grown.rows[grown.happened]].tolist() == ["grows"]
    assert np.array_equal(SIX.record_ids[grown.rows], SIX.record_ids[label.rows])


def test_what_happens_after_now_is_not_known():
    early = CustomerQuery(now=dt.date(2025, 2, 15), horizon_days=30)
    label = churn_label(SIX, early)
    assert not label.happened.any()
    assert "grows" not in SIX.unit_ids[label.rows]


def test_a_table_of_one_record_a_customer_is_read_as_such():
    """Who churned has no won record: the day it was opened is the day the customer began."""
    outcomes = outcome_table(
        ["won", "churned", "expanded", "churned"],
        decided=["2025-01-01", "2025-02-01", "2025-02-01", "2025-02-01"],
        opened=[None, "2025-01-10", "2025-01-15", None],
    )
    label = churn_label(outcomes, QUERY)
    assert (label.rows.tolist(), label.happened.tolist(), label.left_out) == (
        [0, 1, 2],
        [False, True, False],
        1,
    )


def test_who_churned_first_has_not_expanded():
    outcomes = dated(
        ("a", "won", "2025-01-01"), ("a", "churned", "2025-02-01"), ("a", "expanded", "2025-03-01")
    )
    assert not expansion_label(outcomes, QUERY).happened.any()


def test_nobody_observed_for_long_enough_is_refused():
    with pytest.raises(TooFewCustomers, match="the longest 364 days"):
        churn_label(SIX, CustomerQuery(now=NOW, horizon_days=365))
    with pytest.raises(TooFewCustomers, match="0 customers"):
        churn_label(dated(), CustomerQuery())


def test_survival_by_hand():
    """Five customers: churned after 1, 3 and 3 days, censored at 2 and 4.

    4/5 stay beyond day 1; at day 3 two of the three left churn: 4/5 x 1/3.
    """
    times, stay, low, high = survival(np.array([1.0, 2, 3, 3, 4]), np.array([True, False, True, True, False]))
    assert times.tolist() == [1, 3]
    assert stay == pytest.approx([0.8, 0.8 / 3])
    assert np.all((low < stay) & (stay < high))


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60))
def test_without_censoring_survival_is_a_share_and_with_it_never_lower(customers: list[tuple[int, bool]]):
    days = np.array([day for day, _ in customers], dtype=np.float64)
    churned = np.array([gone for _, gone in customers])
    times, stay, low, high = survival(days, np.ones(len(days), dtype=np.bool_))
    assert stay == pytest.approx([(days > time).mean() for time in times])
    assert np.all((low <= stay + 1e-12) & (stay <= high + 1e-12) & (low >= 0) & (high <= 1))
    censored_times, censored, *_ = survival(days, churned)
    for time, share in zip(censored_times, censored, strict=True):
        assert share >= (days > time).mean() - 1e-12


def test_tenure_counts_those_who_still_stay_as_censored():
    """Three of six churn, after 59, 334 and 30 days; half have churned first after 334 days."""
    found = tenure(customers_of(SIX, QUERY), 100)
    assert (found.customers, found.churned, found.churned_median_days) == (6, 3, 59)
    # 6 at risk: 5/6 at day 30; 5 at risk at day 59 (nobody is censored before 60): 5/6 x 4/5.
    assert found.staying_share is not None
    assert found.staying_share.value == pytest.approx(4 / 6)
    # At day 334 two are at risk, `late` and `stays`; `grows` was observed for 333 days.
    assert found.median_days == 334


def many(rng: np.random.Generator, risk: np.ndarray, kind: str, features: list) -> OutcomeTable:
    """Customers won on the first days of 2024, each with a record of what happened half a year later."""
    happened = np.flatnonzero(rng.random(len(risk)) < risk)
    total, more = len(risk), len(happened)
    won = np.datetime64("2024-01-01") + rng.integers(0, 100, total)
    outcomes = outcome_table(
        ["won"] * total + [kind] * more,
        units=[f"account-{at}" for at in [*range(total), *happened]],
        decided=np.concatenate([won, won[happened] + 180]),
        reasons=[[]] * total + [["price"]] * more,
    )
    rows = np.concatenate([np.arange(total), happened])
    return outcome_table(
        ["won"] * total + [kind] * more,
        [each.take(rows) for each in features],
        units=outcomes.unit_ids.tolist(),
        decided=outcomes.decided_at,
        reasons=[[]] * total + [["price"]] * more,
    )


def test_what_raises_and_what_lowers_churn_is_found_with_its_figures():
    rng = np.random.default_rng(2)
    monthly, trained = rng.random(4_000) < 0.3, rng.random(4_000) < 0.3
    risk = np.where(monthly, 0.5, np.where(trained, 0.05, 0.2))
    plan = category("plan", np.where(monthly, "Monthly", "Yearly"))
    training = category("training", np.where(trained, "Yes", "No"))
    outcomes = many(rng, risk, "churned", [plan, training, *random_features(rng, 4_000)])
    report = churn_signatures(outcomes, CustomerQuery(now=dt.date(2025, 12, 31)))
    found = {(each.direction, each.words): each for each in report.signals}
    raises = found["raises", "Plan is Monthly"]
    churned = np.isin([f"account-{at}" for at in range(4_000)], outcomes.unit_ids[4_000:])
    assert (raises.customers, raises.happened) == (monthly.sum(), (monthly & churned).sum())
    ratio = relative_interval(
        (monthly & churned).sum(), monthly.sum(), (~monthly & churned).sum(), (~monthly).sum()
    )
    assert (raises.risk_ratio.value, raises.risk_ratio.low) == pytest.approx(
        (float(ratio[0]), float(ratio[1]))
    )
    assert set(found) == {("raises", "Plan is Monthly"), ("lowers", "Training: yes")}
    assert report.reasons["price"].value == 1.0
    assert (report.customers, report.happened) == (4_000, churned.sum())


def test_expansion_has_signals_too():
    rng = np.random.default_rng(3)
    heavy = rng.random(2_000) < 0.3
    features = [category("usage", np.where(heavy, "Heavy", "Light")), *random_features(rng, 2_000)]
    outcomes = many(rng, np.where(heavy, 0.4, 0.1), "expanded", features)
    report = expansion_signals(outcomes, CustomerQuery(now=dt.date(2025, 12, 31)))
    assert [each.words for each in report.signals if each.direction == "raises"] == ["Usage is Heavy"]
    assert "expand within 365 days" in report.sentence


def test_shuffled_churn_gives_hardly_ever_a_signal():
    alarms = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        outcomes = many(rng, np.full(500, 0.3), "churned", random_features(rng, 500))
        alarms += bool(churn_signatures(outcomes, CustomerQuery(now=dt.date(2025, 12, 31))).signals)
    assert alarms <= 5


def test_too_few_who_churned_are_refused():
    outcomes = outcome_table(["won"] * 50, decided=[START] * 50)
    with pytest.raises(TooFewCustomers, match="0 churned"):
        churn_signatures(outcomes, QUERY)
