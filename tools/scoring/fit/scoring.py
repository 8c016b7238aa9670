"""How well does each row fit the profile, and how sure is that?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from store.features import FeatureTable
from tools.scoring.fit.bins.scales import coder
from tools.scoring.fit.knots import scores_at
from tools.scoring.fit.profile import MOST_DISQUALIFIED, TIER_FLOORS, FitProfile

CONFIDENCES = ("low", "medium", "high")
STEP_ROWS = 65_536  # rows at once: what is in memory besides the answer
# Spread of score / 100 over the resampled scorecards below which a score is of this confidence.
MOST_SPREAD = {"high": 0.1, "medium": 0.2}
# Share of the weight that must be known for it.
LEAST_KNOWN = {"high": 0.75, "medium": 0.5}


@dataclass(frozen=True)
class FitScores:
    """Arrays as long as there are rows."""

    score: np.ndarray  # float32, 0..100
    tier: np.ndarray  # int8, places in profile.TIERS: 0 is A
    confidence: np.ndarray  # int8, places in CONFIDENCES
    disqualifier: np.ndarray  # int16, the first that fires, -1 none
    known_weight: np.ndarray  # float32, 0..1
    evidence: np.ndarray | None = None  # (rows, criteria) float32, nats; on demand


def fit_scores(profile: FitProfile, table: FeatureTable, *, evidence: bool = False) -> FitScores:
    """The score, tier and confidence of each row.

    The score is read off the profile's knots at the sum of the evidence of the row's bins; a disqualified row
    has 39 at most. Columns that the table lacks are unknown; levels never seen are "any other".
    Confidence is high where the scores by the resampled scorecards have a standard deviation under 10 points
    and three quarters of the weight is known; medium under 20 points and half; else low, as it is where the
    profile has no criteria.
    Raises BadInput where a column is of another kind than the profile has learned it as.
    """
    card = _Card(profile)
    parts = FitScores(
        np.empty(table.rows, dtype=np.float32),
        np.empty(table.rows, dtype=np.int8),
        np.empty(table.rows, dtype=np.int8),
        np.full(table.rows, -1, dtype=np.int16),
        np.empty(table.rows, dtype=np.float32),
        np.empty((table.rows, len(profile.criteria)), dtype=np.float32) if evidence else None,
    )
    for start, codes, fired in coded(profile, table):
        stop = start + codes.shape[1]
        total, known = card.sums(codes)
        score = scores_at(profile.knots, total)
        score = np.where(fired >= 0, np.minimum(score, MOST_DISQUALIFIED), score)
        parts.score[start:stop] = score
        parts.tier[start:stop] = tiers_of(score)
        parts.confidence[start:stop] = confidences(card.spread(codes), known, bool(profile.criteria))
        parts.disqualifier[start:stop] = fired
        parts.known_weight[start:stop] = known
        if parts.evidence is not None:
            parts.evidence[start:stop] = card.said[np.arange(len(codes))[:, None], codes].T
    return parts


def tiers_of(score: np.ndarray) -> np.ndarray:
    """The place in profile.TIERS of each score, int8."""
    return np.searchsorted(-np.array(TIER_FLOORS), -score, side="left").astype(np.int8)


def confidences(spread: np.ndarray, known: np.ndarray, criteria: bool = True) -> np.ndarray:
    """The place in CONFIDENCES, int8. spread: of score / 100. known: share of the weight, 0..1."""
    level = np.zeros(np.shape(spread), dtype=np.int8)
    for place in ("medium", "high"):
        level += (spread < MOST_SPREAD[place]) & (known >= LEAST_KNOWN[place] - 1e-6) & criteria
    return level


def coded(
    profile: FitProfile, table: FeatureTable, step: int = STEP_ROWS
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """By steps: the first row, (criteria, rows) uint8 bins, the disqualifier that fires (int16, -1 none)."""
    coders = [coder(each.scale, table) for each in profile.criteria]
    ruling = [(coder(each.scale, table), each.bin) for each in profile.disqualifiers]
    for start in range(0, table.rows, step):
        stop = min(start + step, table.rows)
        codes = np.zeros((len(coders), stop - start), dtype=np.uint8)
        for at, each in enumerate(coders):
            codes[at] = each(start, stop)
        fired = np.full(stop - start, -1, dtype=np.int16)
        for at in range(len(ruling) - 1, -1, -1):
            bins, wanted = ruling[at]
            fired[bins(start, stop) == wanted] = at
        yield start, codes, fired


class _Card:
    """The profile's evidence as arrays, each bin a column."""

    def __init__(self, profile: FitProfile) -> None:
        width = max((len(each.bins) for each in profile.criteria), default=1)
        resamples = len(profile.criteria[0].bins[0].resampled) if profile.criteria else 0
        self.said = np.zeros((len(profile.criteria), width))
        self.resampled = np.zeros((len(profile.criteria), width, resamples))
        for at, each in enumerate(profile.criteria):
            for place, one in enumerate(each.bins):
                self.said[at, place] = one.evidence
                self.resampled[at, place] = one.resampled
        self.weights = np.array([each.weight for each in profile.criteria])
        self.places = np.array([knot.evidence for knot in profile.knots])
        self.scores = np.array([knot.score for knot in profile.knots])

    def sums(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The evidence of each row, and the share of the weight that is known of it."""
        from tools.scoring.fit.kernels import add  # compiled code takes a second to load

        total, known = np.zeros(codes.shape[1]), np.zeros(codes.shape[1])
        add(codes, self.said, self.weights, total, known)
        return total, known

    def spread(self, codes: np.ndarray) -> np.ndarray:
        """Standard deviation of score / 100 over the resampled scorecards."""
        if not len(self.places) or not self.resampled.shape[2]:
            return np.zeros(codes.shape[1])
        from tools.scoring.fit.kernels import spread

        return spread(codes, self.resampled, self.places, self.scores)


def spread_of(profile: FitProfile, bins: Sequence[int]) -> float:
    """Standard deviation of score / 100 over the resampled scorecards, of one row."""
    if not profile.knots:
        return 0.0
    drawn = [each.bins[at].resampled for each, at in zip(profile.criteria, bins, strict=True)]
    return float(scores_at(profile.knots, np.sum(drawn, axis=0)).std()) / 100
