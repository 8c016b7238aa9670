"""Into how many groups do users fall, and would they fall so again?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from tools.behaviour.segmentation.queries import SegmentationQuery

STEP = 1 << 16


class Division(BaseModel):
    """k-means with one number of segments, on the sample."""

    segments: int
    within: float = Field(description="Mean squared distance to the own centre.")
    silhouette: float = Field(description="Mean, -1..1. Rousseeuw (1987).")
    smallest_share: float


class Evidence(BaseModel):
    """Why so many segments, and whether they are more than a cut through a cloud."""

    divisions: list[Division]
    elbow: int | None = Field(default=None, description="Where `within` bends most: farthest from the chord.")
    silhouette_choice: int = Field(description="Number with the highest silhouette among those allowed.")
    stability: float = Field(description="Mean adjusted Rand index of resampled divisions, 0..1.")
    jaccard: list[float] = Field(
        description="Of each segment, its mean likeness to the nearest of a resample. Hennig (2007)."
    )
    null_p: float = Field(
        description="Share of drawn tables without groups (the same values in each column, the same "
        "correlations) whose best silhouette is as high, this one counted: (1 + as high) / (1 + tables)."
    )
    clear: bool = Field(description="Whether null_p is at most 0.05 and the stability high enough.")


@dataclass(frozen=True)
class Clustering:
    """Centres in the space, and the evidence for them."""

    centres: np.ndarray
    evidence: Evidence


def clustering(places: np.ndarray, standard: np.ndarray, query: SegmentationQuery) -> Clustering:
    """The number of segments with the highest silhouette, with what speaks for and against it.

    Every segment holds min_share of the sample; the elbow is told beside. places: the sample in the space;
    standard: its columns, of which tables without groups are drawn.
    """
    most = min(query.most_segments, len(np.unique(places, axis=0)))
    rng = np.random.default_rng(query.seed)
    judged = np.sort(rng.permutation(len(places))[: query.judged])
    found = {k: _divided(places, k, query.starts, query.seed) for k in range(2, most + 1)}
    divisions = [_division(places, judged, k, *each) for k, each in found.items()]
    allowed = [each for each in divisions if each.smallest_share >= query.min_share] or divisions[:1]
    best = max(allowed, key=lambda each: each.silhouette)
    centres, labels = found[best.segments]
    stability, jaccard = _stability(places, labels, best.segments, query)
    p = _null_p(standard[judged], best.silhouette, most, query)
    evidence = Evidence(
        divisions=divisions,
        elbow=elbow([each.segments for each in divisions], [each.within for each in divisions]),
        silhouette_choice=best.segments,
        stability=stability,
        jaccard=jaccard,
        null_p=p,
        clear=p <= 0.05 and stability >= query.min_stability,
    )
    return Clustering(centres, evidence)


def _divided(places: np.ndarray, k: int, starts: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres and labels, in the order of the first component of the centres."""
    model = _kmeans(k, starts, seed).fit(places)
    order = np.lexsort(model.cluster_centers_.T[::-1])
    return model.cluster_centers_[order], np.argsort(order)[model.labels_]


def _kmeans(k: int, starts: int, seed: int) -> Any:
    from sklearn.cluster import KMeans

    # The stubs know only the word "auto" for n_init.
    shape: dict[str, Any] = {"n_init": starts, "random_state": seed}
    return KMeans(k, init="k-means++", **shape)


def _division(
    places: np.ndarray, judged: np.ndarray, k: int, centres: np.ndarray, labels: np.ndarray
) -> Division:
    return Division(
        segments=k,
        within=float(((places - centres[labels]) ** 2).sum(axis=1).mean()),
        silhouette=_silhouette(places[judged], labels[judged]),
        smallest_share=float(np.bincount(labels, minlength=k).min() / len(labels)),
    )


def _silhouette(places: np.ndarray, labels: np.ndarray) -> float:
    from sklearn.metrics import silhouette_score

    kinds = len(np.unique(labels))
    return float(silhouette_score(places, labels)) if 1 < kinds < len(labels) else -1.0


def elbow(counts: list[int], within: list[float]) -> int | None:
    """The count farthest below the chord of a falling curve, both axes scaled to 0..1; None if under 3."""
    if len(counts) < 3 or within[0] <= within[-1]:
        return None
    x = (np.array(counts) - counts[0]) / (counts[-1] - counts[0])
    y = (np.array(within) - within[-1]) / (within[0] - within[-1])
    below = 1 - x - y
    return counts[int(np.argmax(below))] if below.max() > 0 else None


def _stability(
    places: np.ndarray, labels: np.ndarray, k: int, query: SegmentationQuery
) -> tuple[float, list[float]]:
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(query.seed + 1)
    rand, alike = [], []
    for draw in range(query.resamples):
        drawn = np.sort(rng.integers(0, len(places), len(places)))
        centres, _ = _divided(places[drawn], k, 2, query.seed + draw)
        again = nearest(places, centres)
        rand.append(adjusted_rand_score(labels, again))
        alike.append(_jaccards(labels, again, k))
    return float(np.mean(rand)), np.mean(alike, axis=0).tolist()


def _jaccards(labels: np.ndarray, again: np.ndarray, k: int) -> np.ndarray:
    both = np.bincount(labels * k + again, minlength=k * k).reshape(k, k).astype(np.float64)
    union = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    return (both / np.maximum(union, 1.0)).max(axis=1)


def _null_p(standard: np.ndarray, silhouette: float, most: int, query: SegmentationQuery) -> float:
    """The share of tables without groups whose best silhouette over all counts is as high.

    Such a table has each column's own values, joined by a Gaussian copula with the correlations of the
    normal scores. Shuffled columns would be too weak a null: a long cloud, as sessions against pages
    always is, is cut in two better than a round one and still has no groups.
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    rows = len(standard)
    scores = ndtri((rankdata(standard, axis=0) - 0.5) / rows)
    correlations = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    values, axes = np.linalg.eigh(np.nan_to_num(correlations))
    spread, ordered = axes * np.sqrt(np.maximum(values, 0.0)), np.sort(standard, axis=0)
    rng = np.random.default_rng(query.seed + 2)
    as_high = 0
    for draw in range(query.null_draws):
        drawn = rng.normal(size=standard.shape) @ spread.T
        table = np.take_along_axis(ordered, np.argsort(np.argsort(drawn, axis=0), axis=0), axis=0)
        best = max(_silhouette(table, _divided(table, k, 1, draw)[1]) for k in range(2, most + 1))
        as_high += best >= silhouette
    return (1 + as_high) / (1 + query.null_draws)


def nearest(places: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centre of each place, int64; of equal ones the first."""
    labels = np.empty(len(places), dtype=np.int64)
    lengths = (centres**2).sum(axis=1)
    for at in range(0, len(places), STEP):
        part = places[at : at + STEP]
        labels[at : at + STEP] = np.argmin(lengths - 2 * part @ centres.T, axis=1)
    return labels
