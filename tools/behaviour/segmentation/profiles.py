"""What is each segment of users like?"""

import numpy as np
from pydantic import BaseModel, Field

from store.features import UNKNOWN, FeatureTable
from tools.behaviour.segmentation.columns import column, numbers

TOP = 3
FIGURES = ("sessions", "engagement_seconds", "age_days", "inactive_days", "days_active")


class SegmentProfile(BaseModel):
    """A segment in figures; averages are means over its users of whom the figure is known."""

    segment_id: int
    name: str = ""
    size: int
    percentage: float = Field(description="Of the users that were divided, 0..100.")
    avg_ltv: float = Field(description="Mean value of a user: see value_kind of the segmentation.")
    avg_orders: float | None = Field(default=None, description="None where purchases are not known.")
    avg_order_value: float | None = Field(
        default=None, description="Revenue / purchases of the segment together."
    )
    conversion_rate: float | None = Field(
        default=None, description="Purchases / sessions of the segment together."
    )
    revenue_share: float = Field(description="Share of all users' value, 0..1.")
    averages: dict[str, float] = Field(description="Other means, by column.")
    top_countries: list[str]
    device_breakdown: dict[str, float] = Field(description="Share of the users whose device is known, 0..1.")
    top_channels: list[str]
    description: str = ""


def profiles(
    table: FeatureTable, labels: np.ndarray, segments: int, value: np.ndarray
) -> list[SegmentProfile]:
    """The profile of each segment, without name and description. value: of each user, in money."""
    total = max(float(value.sum()), 1e-300)
    known = {what: numbers(table, what) for what in (*FIGURES, "purchases", "revenue")}
    return [
        _profile(table, np.flatnonzero(labels == at), at, len(labels), value, total, known)
        for at in range(segments)
    ]


def _profile(
    table: FeatureTable,
    rows: np.ndarray,
    at: int,
    users: int,
    value: np.ndarray,
    total: float,
    known: dict[str, np.ndarray],
) -> SegmentProfile:
    sums = {what: float(np.nansum(column[rows])) for what, column in known.items()}
    orders = _mean(known["purchases"][rows])
    averages = {what: _mean(known[what][rows]) for what in FIGURES}
    return SegmentProfile(
        segment_id=at,
        size=len(rows),
        percentage=round(100 * len(rows) / max(users, 1), 1),
        avg_ltv=round(float(value[rows].mean()) if len(rows) else 0.0, 2),
        avg_orders=None if orders is None else round(orders, 2),
        avg_order_value=round(sums["revenue"] / sums["purchases"], 2) if sums["purchases"] > 0 else None,
        conversion_rate=round(sums["purchases"] / sums["sessions"], 6)
        if sums["sessions"] > 0 and orders
        else None,
        revenue_share=round(float(value[rows].sum()) / total, 6),
        averages={what: round(mean, 2) for what, mean in averages.items() if mean is not None},
        top_countries=[name for name, _ in _shares(table, "country", rows)[:TOP]],
        device_breakdown={name: round(share, 3) for name, share in _shares(table, "device", rows)},
        top_channels=[name for name, _ in _shares(table, "channel", rows)[:TOP]],
    )


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _shares(table: FeatureTable, what: str, rows: np.ndarray) -> list[tuple[str, float]]:
    """Levels with their shares of the rows whose level is known, the most frequent first."""
    found = column(table, what)
    if found is None or found.kind != "category":
        return []
    codes = found.values[rows]
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(found.levels))
    order = np.lexsort((np.array(found.levels, dtype=np.str_), -counts)) if len(counts) else []
    return [(found.levels[at], float(counts[at] / counts.sum())) for at in order if counts[at]]
