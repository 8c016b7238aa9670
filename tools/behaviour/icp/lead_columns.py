"""Which columns of a user does a lead have too?"""

import numpy as np

from store.features import UNKNOWN, Feature, FeatureTable
from tools.behaviour.features import OTHER_COUNTRIES
from tools.behaviour.icp.answers import IcpFeatures
from tools.behaviour.segmentation.columns import column

# The field of a lead, and the column of a user that says the same.
FIELDS = {
    "country": "country",
    "device": "device",
    "acquisition_channel": "channel",
    "session_count": "sessions",
    "page_views": "page_views",
    "engagement_time_seconds": "engagement_seconds",
}
CATEGORIES = ("country", "device", "acquisition_channel")


def lead_columns(users: FeatureTable) -> FeatureTable:
    """The users with the six columns of a lead that they have, by the names of the fields."""
    found: list[Feature] = []
    for field, what in FIELDS.items():
        feature = users.find(field) or column(users, what)
        kind = "category" if field in CATEGORIES else "number"
        if feature is not None and feature.kind == kind:
            found.append(
                Feature(
                    field, kind, feature.values, feature.levels, label=field.replace("_", " ").capitalize()
                )
            )
    return FeatureTable(users.rows, tuple(found))


def lead_row(lead: IcpFeatures, levels: dict[str, list[str]]) -> FeatureTable:
    """The lead as a table of one row; its categories as `level_of` tells them."""
    found: list[Feature] = []
    for field in FIELDS:
        value = getattr(lead, field)
        if field in CATEGORIES:
            found.append(_category(field, value, levels.get(field, [])))
        else:
            found.append(Feature(field, "number", np.array([np.nan if value is None else float(value)])))
    return FeatureTable(1, tuple(found))


def _category(field: str, value: str | None, levels: list[str]) -> Feature:
    told = level_of(value, levels)
    if told is None:
        return Feature(field, "category", np.array([UNKNOWN], dtype=np.int32))
    return Feature(field, "category", np.array([0], dtype=np.int32), (told,))


def level_of(value: str | None, levels: list[str]) -> str | None:
    """The level as the users have it, else that of all others or the value itself; None for a blank."""
    plain = (value or "").strip()
    if not plain:
        return None
    found = next((level for level in levels if level.casefold() == plain.casefold()), None)
    return found or (OTHER_COUNTRIES if OTHER_COUNTRIES in levels else plain)
