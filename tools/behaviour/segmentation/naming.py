"""What is a segment called, and how is it told in a sentence?"""

import numpy as np

from store.features import FeatureTable
from tools.behaviour.segmentation.columns import numbers
from tools.behaviour.segmentation.profiles import SegmentProfile

# How well a name suits a segment: the geometric mean of where its means lie among the users (0 lowest, 1
# highest), and a tenth more for each further word, since a name that says more is the better one.
# A name with "+" asks for a mean above that of all users, with "-" for one below: else it does not suit.
NAMES: tuple[tuple[str, str], ...] = (
    ("VIP Customers", "+value +orders"),
    ("High-Value Regulars", "+value +conversion"),
    ("Frequent Bargain Hunters", "+orders -order_value"),
    ("New Customers", "-age"),
    ("At-Risk Customers", "+inactive"),
    ("Big-Order Customers", "+order_value -orders"),
    ("Engaged Browsers", "+engagement -value"),
    ("Loyal Customers", "+age -inactive"),
    ("High-Value Customers", "+value"),
    ("Occasional Shoppers", "-orders"),
    ("Low-Value Customers", "-value"),
)
# Names that stand for few, and the percentage of the users that they may hold.
FEW, FEW_PERCENT = ("VIP Customers",), 25.0


def named(
    profiles: list[SegmentProfile], table: FeatureTable, value: np.ndarray, told: str, currency: str
) -> list[SegmentProfile]:
    """The profiles with names, none twice, and descriptions whose every number is one of their figures.

    Names are given together so that the sum of how well they suit is highest (an assignment); they are
    relative to this warehouse's users. A segment that no name suits is numbered. told: what the value is.
    """
    from scipy.optimize import linear_sum_assignment

    suits = np.array(
        [
            [
                0.0 if name in FEW and each.percentage > FEW_PERCENT else _suits(each, words, table, value)
                for name, words in NAMES
            ]
            for each in profiles
        ]
    )
    rows, columns = linear_sum_assignment(suits, maximize=True)
    names = {int(row): NAMES[at][0] for row, at in zip(rows, columns, strict=True) if suits[row, at] > 0}
    return [
        each.model_copy(
            update={
                "name": names.get(at, f"Segment {each.segment_id + 1}"),
                "description": description(each, told, currency),
            }
        )
        for at, each in enumerate(profiles)
    ]


def _suits(profile: SegmentProfile, words: str, table: FeatureTable, value: np.ndarray) -> float:
    asked = words.split()
    score = 1.0
    for word in asked:
        place = _place(profile, word[1:], table, value)
        if place is None:
            return 0.0
        above, share = place
        if above != (word[0] == "+"):
            return 0.0
        score *= share if above else 1 - share
    return float(score ** (1 / len(asked)) * (1 + 0.1 * (len(asked) - 1)))


def _place(
    profile: SegmentProfile, what: str, table: FeatureTable, value: np.ndarray
) -> tuple[bool, float] | None:
    """Whether the segment's mean is above that of all users, and the share of users below it."""
    mean, users = {
        "value": (profile.avg_ltv, value),
        "orders": (profile.avg_orders, numbers(table, "purchases")),
        "order_value": (profile.avg_order_value, numbers(table, "order_value")),
        "conversion": (profile.conversion_rate, _rates(table)),
        "age": (profile.averages.get("age_days"), numbers(table, "age_days")),
        "inactive": (profile.averages.get("inactive_days"), numbers(table, "inactive_days")),
        "engagement": (profile.averages.get("engagement_seconds"), numbers(table, "engagement_seconds")),
    }[what]
    known = users[~np.isnan(users)]
    if mean is None or not len(known) or known.min() == known.max():
        return None
    return mean > known.mean(), float((known < mean).mean())


def _rates(table: FeatureTable) -> np.ndarray:
    purchases, sessions = numbers(table, "purchases"), numbers(table, "sessions")
    return np.divide(purchases, sessions, out=np.full(table.rows, np.nan), where=sessions > 0)


def description(profile: SegmentProfile, told: str, currency: str) -> str:
    """Three short sentences. told: what avg_ltv is, as "revenue so far"."""
    money = f"{currency} " if currency else ""
    words = [
        f"{profile.percentage:.1f}% of the users, with an average {told} of {money}{profile.avg_ltv:,.2f}"
    ]
    if profile.avg_orders is not None:
        worth = (
            f" of {money}{profile.avg_order_value:,.2f} each" if profile.avg_order_value is not None else ""
        )
        words.append(f" and {profile.avg_orders:,.2f} orders{worth}")
    words.append(".")
    if "sessions" in profile.averages:
        words.append(f" They had {profile.averages['sessions']:,.2f} sessions on average.")
    if profile.device_breakdown:
        device, share = next(iter(profile.device_breakdown.items()))
        words.append(f" {100 * share:.1f}% use {device}.")
    return "".join(words)
