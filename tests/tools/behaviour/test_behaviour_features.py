"""Features of users: by hand, safe where nothing can be told, and by rank."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import percentileofscore, rankdata

from store.errors import BadInput
from store.features import Feature, FeatureTable, category, number
from tools.behaviour.channels import channel_of
from tools.behaviour.features import NEEDED, OTHER_COUNTRIES, BehaviourQuery, behaviour_features
from tools.behaviour.rfm import rank_scores, rfm_scores

AS_OF = date(2026, 3, 31)
TODAY = (AS_OF - date(1970, 1, 1)).days
# Ann, Bo, Cy: a regular buyer, one who looked once today, one who left.
USERS: dict[str, list[Any]] = {
    "first_day": [TODAY - 69, TODAY, TODAY - 40],
    "last_day": [TODAY - 2, TODAY, TODAY - 40],
    "first_activity_at": [TODAY - 68.5, TODAY + 0.5, TODAY - 39.5],
    "first_seen_at": [TODAY - 138.5, TODAY + 0.5, None],
    "days_active": [10, 1, 1],
    "sessions": [14, 0, 1],
    "page_views": [60, 1, 0],
    "pages_per_session": [60 / 14, None, 0],
    "engagement_seconds": [700, 0, 4],
    "mean_engagement_seconds": [50, None, 4],
    "purchases": [3, 0, 1],
    "revenue": [280, 0, None],
    "order_value": [280 / 3, None, None],
    "first_purchase_day": [TODAY - 58, None, TODAY - 40],
    "last_purchase_day": [TODAY - 16, None, TODAY - 40],
    "device": ["mobile", "desktop", None],
    "operating_system": ["iOS", "Windows", None],
    "browser": ["Safari", "Chrome", None],
    "country": ["Spain", "Spain", "Italy"],
    "first_source": ["google", "(direct)", None],
    "first_medium": ["cpc", "(none)", None],
    "user_type": ["member", None, None],
    "plan": ["pro", None, None],
}


def table(users: dict[str, list[Any]]) -> FeatureTable:
    texts = NEEDED[NEEDED.index("device") :]
    columns = [
        category(name, cells) if name in texts else number(name, cells) for name, cells in users.items()
    ]
    return FeatureTable(len(columns[0].values), tuple(columns))


def column(features: FeatureTable, name: str) -> Feature:
    found = features.find(name)
    assert found is not None
    return found


def texts(feature: Feature) -> list[str | None]:
    return [feature.levels[code] if code >= 0 else None for code in feature.values]


def test_the_features_of_three_users_are_those_worked_out_by_hand() -> None:
    """Ann: 60 pages on 10 days, 3 purchases in 14 sessions, 14 sessions since 70 days, 280 / 14 a session,
    first seen 139 days ago (70 before the window's first visit), 42 days between three purchases: 6 / 2
    weeks. Bo has no session: nothing a session is known. Cy's revenue is unknown, and so is what follows.
    """
    features = behaviour_features(table(USERS), AS_OF)
    expected = {
        "recency_days": [2, 0, 40],
        "inactive_days": [2, 0, 40],
        "log_frequency": [np.log(15), 0, np.log(2)],
        "log_monetary": [np.log(281), 0, np.nan],
        "engagement_intensity": [6, 1, 0],
        "conversion_rate": [3 / 14, np.nan, 1],
        "session_frequency": [0.2, 0, 1 / 41],
        "value_per_session": [20, np.nan, np.nan],
        "customer_age_weeks": [139 / 7, 0, 40 / 7],
        "days_since_purchase": [16, np.nan, 40],
        "weeks_between_purchases": [3, np.nan, np.nan],
        "session_count": [14, 0, 1],
        "page_views": [60, 1, 0],
        "engagement_time_seconds": [700, 0, 4],
        # Recency 0 is the best of three: 100 * 2.5 / 3; the mid-ranks of the others follow.
        "recency_score": [50, 250 / 3, 50 / 3],
        "frequency_score": [250 / 3, 50 / 3, 50],
        "monetary_score": [75, 25, np.nan],
        "rfm_score": [(50 + 250 / 3 + 75) / 3, (250 / 3 + 50 / 3 + 25) / 3, np.nan],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(column(features, name).values, values, err_msg=name)
    assert texts(column(features, "is_new")) == ["No", "Yes", "No"]
    assert texts(column(features, "is_returning")) == ["Yes", "No", "No"]
    assert texts(column(features, "is_at_risk")) == ["No", "No", "Yes"]
    assert texts(column(features, "acquisition_channel")) == ["paid", "direct", None]
    assert texts(column(features, "device")) == ["mobile", "desktop", None]


def test_the_stages_begin_where_the_query_says() -> None:
    features = behaviour_features(table(USERS), AS_OF, BehaviourQuery(new_days=139, risk_days=40))
    assert texts(column(features, "is_new")) == ["Yes", "Yes", "Yes"]
    assert texts(column(features, "is_at_risk")) == ["No", "No", "No"]


def test_countries_beyond_the_top_are_one_and_a_model_can_name_its_own() -> None:
    users = table(USERS)
    top = behaviour_features(users, AS_OF, BehaviourQuery(top_countries=1))
    assert texts(column(top, "country")) == ["Spain", "Spain", OTHER_COUNTRIES]
    own = behaviour_features(users, AS_OF, BehaviourQuery(countries=("Italy", "Peru")))
    assert texts(column(own, "country")) == [OTHER_COUNTRIES, OTHER_COUNTRIES, "Italy"]
    assert column(own, "country").levels == ("Italy", "Peru", OTHER_COUNTRIES)


def test_nobody_at_all_has_features_too() -> None:
    features = behaviour_features(table(USERS).take(np.empty(0, np.int64)), AS_OF)
    assert features.rows == 0
    assert {"rfm_score", "acquisition_channel", "country"} <= set(features.names)


def test_one_user_of_whom_nothing_is_known_is_unknown_and_no_zero() -> None:
    days = {"first_day", "last_day"}
    blank = {name: [TODAY] if name in days else [None] for name in USERS}
    features = behaviour_features(table(blank), AS_OF)
    known = {each.name for each in features.features if each.known().any()}
    assert known == {
        "recency_days",
        "inactive_days",
        "recency_score",
        "customer_age_weeks",
        "is_new",
        "is_at_risk",
    }


def test_missing_columns_and_a_day_before_the_last_visit_are_refused() -> None:
    with pytest.raises(BadInput, match=r"Columns of behaviour are missing \(sessions\)"):
        behaviour_features(table(USERS).without(["sessions"]), AS_OF)
    with pytest.raises(BadInput, match="Some users were active after 2026-03-30"):
        behaviour_features(table(USERS), date(2026, 3, 30))
    with pytest.raises(ValueError, match="extra"):
        BehaviourQuery.model_validate({"new_day": 3})


@pytest.mark.parametrize(
    ("source", "medium", "channel"),
    [
        ("(direct)", "(none)", "direct"),
        ("(direct)", "", "direct"),
        ("google", "organic", "organic"),
        ("bing", "", "organic"),
        ("google", "cpc", "paid"),
        ("facebook.com", "paid_social", "paid"),
        ("criteo", "retargeting", "paid"),
        ("site", "Display", "paid"),
        ("facebook", "referral", "social"),
        ("l.instagram.com", "referral", "social"),
        ("t.co", "referral", "social"),
        ("x", "social-media", "social"),
        ("taxi.example", "referral", "referral"),
        ("partner", "affiliate", "referral"),
        ("newsletter", "e-mail", "email"),
        ("email", "", "email"),
        ("app", "push", "other"),
        ("", "sms", "other"),
        ("google", "strange", "other"),
        ("", "", None),
    ],
)
def test_channels_are_those_of_ga4_in_short(source: str, medium: str, channel: str | None) -> None:
    assert channel_of(source, medium) == channel


NUMBERS = st.lists(st.one_of(st.none(), st.integers(-5, 50)), min_size=1, max_size=40)


@given(NUMBERS)
def test_rank_scores_are_scipys_and_lie_about_the_middle(cells: list[int | None]) -> None:
    values = np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
    scores, known = rank_scores(values), values[~np.isnan(values)]
    assert np.array_equal(np.isnan(scores), np.isnan(values))
    if len(known):
        expected = [percentileofscore(known, value, kind="mean") for value in known]
        np.testing.assert_allclose(scores[~np.isnan(values)], expected)
        np.testing.assert_allclose(expected, 100 * (rankdata(known) - 0.5) / len(known))
        assert np.isclose(np.nanmean(scores), 50)


def test_one_outlier_moves_nobody() -> None:
    """By min-max the hundred others would lie below 1; by rank they keep their places."""
    revenue = np.arange(100.0)
    moved = rank_scores(np.append(revenue, 1e9))[:100] - rank_scores(np.append(revenue, 100.0))[:100]
    assert not moved.any()
    np.testing.assert_allclose(rank_scores(np.log1p(revenue)), rank_scores(revenue))


def test_a_lead_is_scored_among_the_users() -> None:
    users = np.array([1.0, 2.0, 2.0, 5.0, np.nan])
    np.testing.assert_allclose(rank_scores(np.array([0, 2, 9, np.nan]), users), [0, 50, 100, np.nan])
    assert np.isnan(rank_scores(np.array([1.0]), np.array([np.nan]))).all()


def test_rfm_is_better_for_the_more_recent() -> None:
    scores = rfm_scores(np.array([1.0, 10.0]), np.array([3.0, 3.0]), np.array([5.0, 5.0]))
    assert scores.recency.tolist() == [75, 25]
    np.testing.assert_allclose(scores.rfm, [175 / 3, 125 / 3])
