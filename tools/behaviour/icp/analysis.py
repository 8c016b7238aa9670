"""Which segments do a warehouse's customers form, and what should be done about each?"""

import hashlib
from datetime import datetime

import numpy as np

from store.features import FeatureTable
from tools.behaviour.icp.answers import IcpAnalysis, IcpRecommendation, IcpSegment
from tools.behaviour.icp.recommending import recommendations
from tools.behaviour.segmentation.columns import numbers
from tools.behaviour.segmentation.queries import SegmentationQuery
from tools.behaviour.segmentation.segments import FEWEST, Segmentation, behaviour_segments


def icp_analysis(
    users: FeatureTable,
    *,
    warehouse_id: str,
    created_at: datetime,
    query: SegmentationQuery | None = None,
    predicted: np.ndarray | None = None,
    currency: str = "",
) -> IcpAnalysis:
    """The segments of the users who bought, with what to do about each.

    predicted: forecasts of value, one a user; else avg_ltv is the revenue so far. Where fewer than 50 users
    bought, all users are divided. The id depends on the answer alone. Raises TooFewCustomers under 50 users.
    """
    segmentation = customer_segments(users, query, predicted=predicted, currency=currency)
    segments = [_segment(each.model_dump(), segmentation) for each in segmentation.segments]
    advice = recommendations(segmentation)
    return IcpAnalysis(
        analysis_id=_id(warehouse_id, segments, advice),
        warehouse_id=warehouse_id,
        created_at=created_at,
        segments=segments,
        recommendations=advice,
    )


def customer_segments(
    users: FeatureTable,
    query: SegmentationQuery | None = None,
    *,
    predicted: np.ndarray | None = None,
    currency: str = "",
) -> Segmentation:
    """The segmentation of the users who bought, or of all where too few did."""
    bought = numbers(users, "purchases") > 0
    if bought.sum() >= FEWEST:
        users, predicted = users.take(bought), None if predicted is None else predicted[bought]
    return behaviour_segments(users, query, predicted=predicted, currency=currency).segmentation


def _segment(profile: dict[str, object], segmentation: Segmentation) -> IcpSegment:
    segment = IcpSegment.model_validate({name: profile[name] for name in IcpSegment.model_fields})
    if segmentation.notes:
        return segment.model_copy(
            update={"description": " ".join([segment.description, *segmentation.notes])}
        )
    return segment


def _id(warehouse_id: str, segments: list[IcpSegment], advice: list[IcpRecommendation]) -> str:
    content = "".join([warehouse_id, *(each.model_dump_json() for each in (*segments, *advice))])
    return f"icp_{hashlib.sha256(content.encode()).hexdigest()[:12]}"
