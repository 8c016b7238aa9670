"""What should be done about each segment, and what figure speaks for it?"""

from typing import Literal

from tools.behaviour.icp.answers import IcpRecommendation
from tools.behaviour.segmentation.profiles import SegmentProfile
from tools.behaviour.segmentation.segments import Segmentation

Priority = Literal["high", "medium", "low"]
RICH = 1.5  # times its share of the customers that a segment brings of the value, to come first
ACTIONS = {
    "VIP Customers": "Look for more people like them, and keep them with early access and a named contact",
    "High-Value Regulars": "Look for more people like them, and reward the next order",
    "High-Value Customers": "Look for more people like them, and ask what they would buy next",
    "Big-Order Customers": "Remind them when the next large order is due",
    "Loyal Customers": "Ask for referrals and reviews",
    "Frequent Bargain Hunters": "Offer bundles that raise the order value, without deeper discounts",
    "New Customers": "Lead them to a second order while they are new",
    "At-Risk Customers": "Win them back before they are gone",
    "Engaged Browsers": "Find out what keeps them from ordering",
    "Occasional Shoppers": "Remind them of what they looked at",
    "Low-Value Customers": "Reach them by unpaid channels only",
}


def recommendations(segmentation: Segmentation) -> list[IcpRecommendation]:
    """One for each segment, the highest priority first; the impact is a figure of the segment, no promise."""
    order = {"high": 0, "medium": 1, "low": 2}
    found = [_recommendation(each, segmentation) for each in segmentation.segments]
    return sorted(found, key=lambda each: order[each.priority])


def _recommendation(segment: SegmentProfile, segmentation: Segmentation) -> IcpRecommendation:
    return IcpRecommendation(
        segment=segment.name,
        priority=_priority(segment),
        action=ACTIONS.get(segment.name, "Watch how it develops"),
        expected_impact=_figure(segment, segmentation.value_kind),
    )


def _times(segment: SegmentProfile) -> float:
    return segment.revenue_share / max(segment.percentage / 100, 1e-9)


def _priority(segment: SegmentProfile) -> Priority:
    if _times(segment) >= RICH:
        return "high"
    if segment.name in ("At-Risk Customers", "New Customers", "Engaged Browsers") or _times(segment) >= 1:
        return "medium"
    return "low"


def _figure(segment: SegmentProfile, kind: str) -> str:
    told = (
        f"{segment.percentage:.1f}% of the customers hold {100 * segment.revenue_share:.1f}% of the {kind}, "
        f"{_times(segment):.2f} times their share"
    )
    inactive = segment.averages.get("inactive_days")
    if segment.name == "At-Risk Customers" and inactive is not None:
        return f"{told}; inactive for {inactive:,.0f} days on average"
    return told
