"""What does behaviour say of a user? Rates, ranks and stages that models learn from."""

from datetime import date

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput
from store.features import UNKNOWN, Feature, FeatureTable
from tools.behaviour.channels import channels
from tools.behaviour.rfm import rfm_scores

DOMAIN = "behavioural"
OTHER_COUNTRIES = "Other countries"
EPOCH = date(1970, 1, 1)
NEEDED = (
    *("first_day", "last_day", "first_seen_at", "first_activity_at", "days_active", "sessions"),
    *("page_views", "pages_per_session", "engagement_seconds", "mean_engagement_seconds"),
    *("purchases", "revenue", "order_value", "first_purchase_day", "last_purchase_day"),
    *(
        "device",
        "operating_system",
        "browser",
        "country",
        "first_source",
        "first_medium",
        "user_type",
        "plan",
    ),
)
CARRIED = (
    *(
        "days_active",
        "page_views",
        "pages_per_session",
        "mean_engagement_seconds",
        "purchases",
        "order_value",
    ),
    *("device", "operating_system", "browser", "user_type", "plan", "top_category", "product_categories"),
    *("categories_seen", "products_viewed", "products_added", "products_purchased", "mean_price"),
)


class BehaviourQuery(BaseModel):
    """Where the stages of a user's life begin, and how many countries are told apart."""

    model_config = ConfigDict(extra="forbid")

    new_days: int = Field(
        default=30, ge=1, le=3650, description="Days since the first visit up to which a user is new."
    )
    risk_days: int = Field(
        default=30, ge=1, le=3650, description="Days without a visit after which a user is at risk."
    )
    top_countries: int = Field(
        default=10, ge=1, le=250, description="Countries told apart, those with most users."
    )
    countries: tuple[str, ...] | None = Field(
        default=None,
        description="The countries told apart, in place of the top ones: those a model has learned from.",
    )


def behaviour_features(users: FeatureTable, as_of: date, query: BehaviourQuery | None = None) -> FeatureTable:
    """The features of users as of a day, that day included: of each user a row, in the same order.

    users: the columns of `read_users(…).features`; those that must be there are NEEDED. What cannot be told
    is unknown, never 0: a rate of a user without sessions, weeks between the purchases of one who bought
    once. `session_count`, `page_views` and `engagement_time_seconds` are totals of the window, not means;
    with `country`, `device` and `acquisition_channel` they are what a lead is scored by.
    `inactive_days` is `recency_days` under the name of the life cycle: leave one out where twice the same
    column counts double. Raises BadInput for missing columns, or an as_of before the last activity.
    """
    query = query or BehaviourQuery()
    if missing := [name for name in NEEDED if users.find(name) is None]:
        raise BadInput(
            "Columns of behaviour are missing", where=", ".join(missing), instead="Give the users of a load."
        )
    figures = _Figures(users, float((as_of - EPOCH).days))
    if np.any(figures.recency < 0):
        raise BadInput(
            f"Some users were active after {as_of}",
            where="as_of",
            instead="Take the cut-off of the load, or a later day.",
        )
    return FeatureTable(
        users.rows,
        (
            *_value(figures),
            *_engagement(figures),
            *_life(figures, query),
            _countries(users, query),
            channels(_found(users, "first_source"), _found(users, "first_medium")),
            *users.only(CARRIED).features,
        ),
    )


class _Figures:
    """The columns that features are made of, as arrays; NaN where unknown."""

    def __init__(self, users: FeatureTable, today: float) -> None:
        self.users, self.today = users, today
        self.sessions, self.purchases, self.revenue = map(self.of, ("sessions", "purchases", "revenue"))
        self.recency = today - self.of("last_day")
        # The first visit ever, where GA4 tells it, lies before the first one of the window.
        before = np.floor(np.maximum(self.of("first_activity_at") - self.of("first_seen_at"), 0))
        self.age = today - self.of("first_day") + np.nan_to_num(before)
        self.observed = today - self.of("first_day") + 1

    def of(self, name: str) -> np.ndarray:
        return _found(self.users, name).values


def _value(figures: _Figures) -> list[Feature]:
    scores = rfm_scores(figures.recency, figures.sessions, figures.revenue)
    money = _found(figures.users, "revenue").unit
    return [
        _number("recency_days", figures.recency, "Days since the last visit", "days"),
        _number("log_frequency", np.log1p(figures.sessions), "Sessions (log)"),
        # A refunded or faulty order may be below zero; spending is not.
        _number("log_monetary", np.log1p(np.maximum(figures.revenue, 0)), "Revenue (log)"),
        _number("recency_score", scores.recency, "Recency score, 0-100"),
        _number("frequency_score", scores.frequency, "Frequency score, 0-100"),
        _number("monetary_score", scores.monetary, "Monetary score, 0-100"),
        _number("rfm_score", scores.rfm, "RFM score, 0-100"),
        _number("value_per_session", _ratio(figures.revenue, figures.sessions), "Revenue a session", money),
    ]


def _engagement(figures: _Figures) -> list[Feature]:
    intensity = _ratio(figures.of("page_views"), figures.of("days_active"))
    return [
        _number("session_count", figures.sessions, "Sessions"),
        _number("engagement_time_seconds", figures.of("engagement_seconds"), "Engagement in all", "seconds"),
        _number("engagement_intensity", intensity, "Pages a day on which active"),
        _number("conversion_rate", _ratio(figures.purchases, figures.sessions), "Purchases a session"),
        _number(
            "session_frequency", _ratio(figures.sessions, figures.observed), "Sessions a day since first seen"
        ),
    ]


def _life(figures: _Figures, query: BehaviourQuery) -> list[Feature]:
    since = figures.today - figures.of("last_purchase_day")
    span = figures.of("last_purchase_day") - figures.of("first_purchase_day")
    between = _ratio(span / 7, figures.purchases - 1)
    return [
        _number("customer_age_weeks", figures.age / 7, "Weeks since the first visit", "weeks"),
        _flag("is_new", figures.age <= query.new_days, figures.age, "New"),
        _flag("is_returning", figures.purchases > 1, figures.purchases, "Bought more than once"),
        _number("days_since_purchase", since, "Days since the last purchase", "days"),
        _number("weeks_between_purchases", between, "Weeks between purchases", "weeks"),
        _number("inactive_days", figures.recency, "Days without a visit", "days"),
        _flag("is_at_risk", figures.recency > query.risk_days, figures.recency, "At risk"),
    ]


def _countries(users: FeatureTable, query: BehaviourQuery) -> Feature:
    """The country, the less frequent ones as one; of equal counts the first by name is the more frequent."""
    country = _found(users, "country")
    known = country.values[country.values != UNKNOWN]
    counts = np.bincount(known, minlength=len(country.levels))
    order = sorted(range(len(country.levels)), key=lambda at: (-counts[at], country.levels[at]))
    top = query.countries or [country.levels[at] for at in order if counts[at]][: query.top_countries]
    levels = (*sorted(set(top) - {OTHER_COUNTRIES}), OTHER_COUNTRIES)
    return Feature(
        "country", "category", country.recoded(levels[:-1]), levels, label="Country", domain=DOMAIN
    )


def _found(users: FeatureTable, name: str) -> Feature:
    found = users.find(name)
    if found is None:
        raise BadInput("A column of behaviour is missing", where=name)
    return found


def _number(name: str, values: np.ndarray, label: str, unit: str = "") -> Feature:
    return Feature(
        name, "number", np.asarray(values, dtype=np.float64), label=label, unit=unit, domain=DOMAIN
    )


def _flag(name: str, says_yes: np.ndarray, told_by: np.ndarray, label: str) -> Feature:
    codes = np.where(np.isnan(told_by), UNKNOWN, says_yes).astype(np.int32)
    return Feature(name, "category", codes, ("No", "Yes"), label=label, domain=DOMAIN)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, unknown where there is nothing to divide by."""
    ratio = np.full(len(part), np.nan)
    return np.divide(part, whole, out=ratio, where=whole > 0)
