"""Which segments do these users form, and what is each like?"""

from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field

from store.errors import TooFewCustomers
from store.features import FeatureTable
from tools.behaviour.segmentation.clustering import Evidence, clustering, nearest
from tools.behaviour.segmentation.columns import BEHAVIOUR, numbers
from tools.behaviour.segmentation.naming import named
from tools.behaviour.segmentation.profiles import SegmentProfile, profiles
from tools.behaviour.segmentation.queries import SegmentationQuery
from tools.behaviour.segmentation.space import Space, content_sample, space_of

FEWEST = 50  # users without whom nothing is divided


class Segmentation(BaseModel):
    """Segments, the most valuable first, and what they stand on."""

    users: int
    value_kind: str = Field(description='What avg_ltv is: "revenue so far" or "predicted value".')
    segments: list[SegmentProfile]
    evidence: Evidence | None = Field(default=None, description="None where the users are all alike.")
    space: Space | None = None
    centres: list[list[float]] = Field(description="Of each segment, in the space.")
    notes: list[str]

    def assigned(self, table: FeatureTable) -> np.ndarray:
        """The segment of each user of a table of the same columns, int64."""
        if self.space is None:
            return np.zeros(table.rows, dtype=np.int64)
        values = np.column_stack([numbers(table, name) for name in self.space.names])
        return nearest(self.space.places(values), np.array(self.centres))


class Segmented(NamedTuple):
    """The segmentation, and the segment of each user, int64."""

    segmentation: Segmentation
    labels: np.ndarray


def behaviour_segments(
    table: FeatureTable,
    query: SegmentationQuery | None = None,
    *,
    predicted: np.ndarray | None = None,
    currency: str = "",
) -> Segmented:
    """Segments of users by what they did: k-means++ on principal components of robust behaviour columns.

    predicted: forecasts of value of each user, told as avg_ltv in the place of revenue so far. The order of
    the users changes nothing. Where the division is not better than in tables without groups, or not stable,
    it is given with a note that there are no clear segments. Raises TooFewCustomers under 50 users.
    """
    query = query or SegmentationQuery()
    if table.rows < FEWEST:
        raise TooFewCustomers(f"{table.rows} users are too few to divide", instead=f"{FEWEST} are needed.")
    values = np.column_stack([numbers(table, name) for name in BEHAVIOUR])
    drawn = content_sample(values, query.sample, query.seed)
    space = space_of(BEHAVIOUR, values[drawn], query.variance_share)
    value = np.nan_to_num(numbers(table, "revenue") if predicted is None else predicted)
    kind = "revenue so far" if predicted is None else "predicted value"
    if space is None:
        whole = profiles(table, np.zeros(table.rows, dtype=np.int64), 1, value)
        whole = named(whole, table, value, kind, currency)
        note = "All users are alike in every behaviour column: there is nothing to divide by."
        alike = Segmentation(
            users=table.rows,
            value_kind=kind,
            segments=whole,
            evidence=None,
            space=None,
            centres=[],
            notes=[note],
        )
        return Segmented(alike, np.zeros(table.rows, dtype=np.int64))
    values = values[:, [BEHAVIOUR.index(name) for name in space.names]]
    found = clustering(space.places(values[drawn]), space.standard(values[drawn]), query)
    return _segmented(table, value, kind, currency, space, found.centres, found.evidence, values)


def _segmented(
    table: FeatureTable,
    value: np.ndarray,
    kind: str,
    currency: str,
    space: Space,
    centres: np.ndarray,
    evidence: Evidence,
    values: np.ndarray,
) -> Segmented:
    labels = nearest(space.places(values), centres)
    means = [float(value[labels == at].mean()) if (labels == at).any() else 0.0 for at in range(len(centres))]
    order = np.lexsort((np.arange(len(centres)), -np.array(means)))
    labels, centres = np.argsort(order)[labels], centres[order]
    evidence = evidence.model_copy(update={"jaccard": [evidence.jaccard[at] for at in order]})
    told = named(profiles(table, labels, len(centres), value), table, value, kind, currency)
    notes = [] if evidence.clear else [_unclear(evidence)]
    segmentation = Segmentation(
        users=table.rows,
        value_kind=kind,
        segments=told,
        evidence=evidence,
        space=space,
        centres=centres.tolist(),
        notes=notes,
    )
    return Segmented(segmentation, labels)


def _unclear(evidence: Evidence) -> str:
    return (
        "No clear segments: users lie along a scale rather than in groups, and the division is a convenience "
        f"(p {evidence.null_p:.2f} against tables without groups, stability {evidence.stability:.2f})."
    )
