"""Which column of a table of users says what?"""

import numpy as np

from store.features import Feature, FeatureTable

# What is read, and the names it may have, the first that there is.
NAMES: dict[str, tuple[str, ...]] = {
    "sessions": ("sessions", "session_count", "total_sessions"),
    "page_views": ("page_views",),
    "purchases": ("purchases", "orders"),
    "revenue": ("revenue", "total_revenue"),
    "engagement_seconds": ("engagement_seconds", "engagement_time_seconds", "total_engagement_seconds"),
    "days_active": ("days_active",),
    "age_days": ("age_days", "customer_age_days"),
    "inactive_days": ("inactive_days", "recency_days", "days_inactive"),
    "order_value": ("order_value", "avg_order_value"),
    "pages_per_session": ("pages_per_session",),
    "products_viewed": ("products_viewed",),
    "products_added": ("products_added",),
    "device": ("device", "primary_device"),
    "country": ("country",),
    "channel": ("acquisition_channel", "channel", "first_medium"),
}
BEHAVIOUR = (
    "sessions", "page_views", "purchases", "revenue", "engagement_seconds", "days_active", "age_days",
    "inactive_days", "order_value", "pages_per_session", "products_viewed", "products_added",
)  # fmt: skip


def column(table: FeatureTable, what: str) -> Feature | None:
    """The column of the table that says this, or None."""
    found = (table.find(name) for name in NAMES[what])
    return next((each for each in found if each is not None), None)


def numbers(table: FeatureTable, what: str) -> np.ndarray:
    """Its numbers, float64; NaN where the table has no such column, nor others that it can be made of."""
    found = column(table, what)
    if found is not None and found.kind == "number":
        return found.values
    if what == "order_value":
        return _ratio(numbers(table, "revenue"), numbers(table, "purchases"))
    if what == "pages_per_session":
        return _ratio(numbers(table, "page_views"), numbers(table, "sessions"))
    if what == "revenue" and (logs := table.find("log_monetary")) is not None:
        return np.expm1(logs.values)
    if what == "age_days" and (weeks := table.find("customer_age_weeks")) is not None:
        return 7 * weeks.values
    return np.full(table.rows, np.nan)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
