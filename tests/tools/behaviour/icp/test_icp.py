"""A lead is scored by what valuable users looked like before they bought, and never by what they spent."""

from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from store.errors import BadFile, BadInput, TooFewCustomers
from store.features import FeatureTable, category, number
from tests.tools.behaviour.segmentation.planted_users import users
from tools.behaviour.icp.analysis import icp_analysis
from tools.behaviour.icp.answers import IcpAnalysis, IcpFeatures, IcpRecommendation, IcpScore, IcpSegment
from tools.behaviour.icp.lead_columns import lead_columns
from tools.behaviour.icp.learning import IcpModel, IcpQuery, learn_icp, load_icp
from tools.behaviour.icp.probability import auc_of, calibration_error, learn_high_value
from tools.behaviour.icp.scoring import icp_score
from tools.behaviour.segmentation.columns import numbers
from tools.behaviour.segmentation.queries import SegmentationQuery

QUICK = SegmentationQuery(most_segments=3, sample=1_000, judged=300, starts=2, resamples=2, null_draws=9)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = {
    "country": "france",
    "device": "desktop",
    "acquisition_channel": "organic",
    "session_count": 14,
    "page_views": 70,
    "engagement_time_seconds": 2_000,
}
POOR = {**GOOD, "country": "Spain", "session_count": 1, "page_views": 1, "engagement_time_seconds": 3}


def _warehouse(rows: int, seed: int) -> FeatureTable:
    """Active users, and those of France, buy more often and for more afterwards."""
    rng = np.random.default_rng(seed)
    drive, country = rng.normal(size=rows), rng.integers(0, 3, rows)
    sessions = 1 + rng.poisson(np.exp(0.6 + 0.7 * drive))
    pages = sessions + rng.poisson(3.0 * sessions)
    buys = rng.random(rows) < 1 / (1 + np.exp(1.6 - 1.2 * drive - 0.8 * (country == 0)))
    spend = np.exp(rng.normal(3.5 + 0.5 * drive + 0.5 * (country == 0), 0.5))
    before = rng.poisson(np.exp(drive - 1))
    return FeatureTable(
        rows,
        (
            number("sessions", sessions),
            number("page_views", pages),
            number("engagement_seconds", pages * rng.gamma(3, 10, rows)),
            number("purchases", before),
            number("revenue", before * np.exp(rng.normal(3.5 + 0.5 * drive, 0.4))),
            category("country", np.array(["France", "Germany", "Spain"])[country]),
            category("device", np.array(["desktop", "mobile"])[rng.integers(0, 2, rows)]),
            category("channel", np.array(["organic", "paid"])[rng.integers(0, 2, rows)]),
            number("target_revenue", np.where(buys, spend, 0.0)),
        ),
    )


@cache
def _model() -> tuple[FeatureTable, IcpModel]:
    table = _warehouse(2_500, 1)
    return table, learn_icp(table, query=IcpQuery(segmentation=QUICK, trees=20))


def test_the_answers_have_the_fields_that_were_agreed():
    assert set(IcpAnalysis.model_fields) == {
        *("analysis_id", "warehouse_id", "created_at", "segments", "recommendations"),
    }
    assert set(IcpSegment.model_fields) == {
        *("segment_id", "name", "size", "percentage", "avg_ltv", "avg_orders", "avg_order_value"),
        *("top_countries", "device_breakdown", "top_channels", "description"),
    }
    assert set(IcpRecommendation.model_fields) == {"segment", "priority", "action", "expected_impact"}
    assert set(IcpScore.model_fields) == {
        *("score", "tier", "match_confidence", "matched_segment", "probability_high_value"),
        *("predicted_ltv", "recommendations"),
    }


def test_an_active_lead_of_the_best_country_scores_above_a_passing_one():
    _, model = _model()
    good, poor = icp_score(model, GOOD), icp_score(model, POOR)
    assert good.score >= 80
    assert good.tier == "A - Excellent Fit"
    assert poor.tier == "D - Poor Fit"
    assert good.probability_high_value > 5 * poor.probability_high_value
    assert good.predicted_ltv > 3 * poor.predicted_ltv
    assert good.matched_segment != poor.matched_segment
    assert good.recommendations


def test_probabilities_and_values_hold_for_users_never_seen():
    _, model = _model()
    new = _warehouse(2_500, 2)
    target = new.find("target_revenue")
    assert target is not None
    columns, high = lead_columns(new), target.values >= model.threshold
    told = model.high_value.probabilities(columns)
    assert calibration_error(told, high) < 0.03
    assert roc_auc_score(high, told) > 0.75
    value = model.value.predict(columns).value
    assert value.sum() == pytest.approx(target.values.sum(), rel=0.2)


def test_high_value_is_the_top_fifth_of_those_who_buy_afterwards():
    table, model = _model()
    target = table.find("target_revenue")
    assert target is not None
    buyers = target.values[target.values > 0]
    assert (buyers >= model.threshold).mean() == pytest.approx(0.2, abs=0.002)


def test_the_past_revenue_is_no_feature():
    """Revenue and purchases before the cut-off divide customers; the score knows the six columns alone."""
    table, model = _model()
    assert lead_columns(table).names == list(IcpFeatures.model_fields)
    used = {each.scale.name for each in model.fit.criteria}
    assert used <= set(IcpFeatures.model_fields)
    assert {name for name, _ in model.high_value.design.columns} <= set(IcpFeatures.model_fields)


def test_of_a_lead_of_whom_nothing_is_known_the_averages_are_told():
    _, model = _model()
    told = icp_score(model, {})
    assert told.probability_high_value == pytest.approx(model.high_value.base_rate, abs=1e-4)
    assert told.predicted_ltv == pytest.approx(model.mean_value, abs=0.01)
    assert told.matched_segment is None


@pytest.mark.parametrize(
    "lead",
    [
        {**GOOD, "country": "Atlantis"},
        {**GOOD, "country": None},
        {**GOOD, "device": " "},
        {"session_count": 0, "page_views": 0, "engagement_time_seconds": 0},
        {"session_count": 1e12},
        {"engagement_time_seconds": 90},
        {"acquisition_channel": "paid"},
    ],
)
def test_unheard_missing_and_extreme_values_have_sensible_answers(lead):
    _, model = _model()
    told = icp_score(model, lead)
    assert 0 <= told.score <= 100
    assert 0 < told.probability_high_value < 1
    assert 0 <= told.predicted_ltv < 10_000


def test_more_of_what_is_known_of_a_lead_lies_between():
    """Twenty sessions with pages unknown are told by the sessions, and not taken for a median lead."""
    _, model = _model()
    some = icp_score(model, {"country": "France", "session_count": 14})
    assert some.probability_high_value > 2 * model.high_value.base_rate


def test_letters_in_another_case_are_the_same_country():
    _, model = _model()
    assert icp_score(model, GOOD) == icp_score(model, {**GOOD, "country": "FRANCE "})


@pytest.mark.parametrize(
    "wrong", [{"session_count": -1}, {"page_views": "many"}, {"sesions": 3}, {"page_views": float("nan")}]
)
def test_features_that_are_none_are_refused_without_their_values(wrong):
    _, model = _model()
    with pytest.raises(BadInput, match="Features of the lead") as refusal:
        icp_score(model, wrong)
    assert "many" not in str(refusal.value)
    assert "sesions" not in str(refusal.value)


def test_a_kept_model_scores_the_same():
    _, model = _model()
    assert icp_score(load_icp(model.dump()), GOOD) == icp_score(model, GOOD)
    for content in (b"", b"{}", b'{"format": "fieldmark icp 1"}'):
        with pytest.raises(BadFile, match="ideal customers"):
            load_icp(content)


def test_learning_needs_a_window_after_the_cut_off_and_buyers_in_it():
    table, _ = users(200)
    with pytest.raises(BadInput, match="after the cut-off"):
        learn_icp(table)
    with pytest.raises(BadInput, match="199 revenues"):
        learn_icp(table, np.ones(199))
    with pytest.raises(TooFewCustomers, match="0 users bought"):
        learn_icp(table, np.zeros(200))


def test_few_users_of_high_value_are_warned_of():
    table = _warehouse(250, 4)
    model = learn_icp(table, query=IcpQuery(segmentation=QUICK, trees=20))
    assert "are of high value" in model.warnings[0]
    assert 0 <= icp_score(model, GOOD).score <= 100


def test_shuffled_spend_makes_no_lead_better_than_another():
    rng = np.random.default_rng(3)
    table = lead_columns(_warehouse(1_200, 3))
    high = rng.random(1_200) < 0.15
    told = learn_high_value(table, high, 0)
    assert told.auc is not None
    assert told.auc.low <= 0.5
    assert told.probabilities(table).std() < 0.06


def test_an_interval_of_the_auc_holds_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    high, told = rng.random(300) < 0.3, rng.normal(size=300)
    told = told + high
    found = auc_of(told, high)
    assert found.value == pytest.approx(roc_auc_score(high, told))
    assert found.low < found.value < found.high


def test_the_analysis_tells_segments_with_figures_for_every_advice():
    table, _ = users(800)
    found = icp_analysis(table, warehouse_id="w", created_at=NOW, query=QUICK, currency="EUR")
    again = icp_analysis(table, warehouse_id="w", created_at=NOW, query=QUICK, currency="EUR")
    assert found == again
    assert found.analysis_id.startswith("icp_")
    assert sum(each.size for each in found.segments) == 800
    assert {each.segment for each in found.recommendations} == {each.name for each in found.segments}
    assert found.recommendations[0].priority == "high"
    assert found.recommendations[0].segment == "VIP Customers"
    for each in found.recommendations:
        assert "times their share" in each.expected_impact


def test_only_those_who_bought_are_customers():
    table, _ = users(400)
    bought = np.where(
        np.arange(400) < 100,
        numbers(table, "purchases"),
        0,
    )
    found = icp_analysis(
        table.beside(number("purchases", bought)), warehouse_id="w", created_at=NOW, query=QUICK
    )
    assert sum(each.size for each in found.segments) == 100
