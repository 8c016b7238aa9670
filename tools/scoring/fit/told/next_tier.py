"""Which fewest changes would raise a row a tier?"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, Field

from tools.scoring.fit.knots import evidence_at, scores_at
from tools.scoring.fit.profile import TIER_FLOORS, TIERS, FitProfile


class Change(BaseModel):
    """One dimension that would have to have another value."""

    dimension: str
    now: str = Field(description="The bin that the row is in, in words.")
    to: str = Field(description="The bin that it would have to be in.")
    points: float = Field(description="What this change adds to the score; those of all changes add up.")


class NextTier(BaseModel):
    """The fewest changes that would raise the row a tier."""

    tier: str
    score: float = Field(description="After the changes.")
    changes: list[Change]


def next_tier(
    profile: FitProfile, bins: Sequence[int], fired: Sequence[int], score: float
) -> NextTier | None:
    """One change that suffices, else two, else None; of those that suffice the smallest step.

    bins: of the row, for each criterion. fired: all disqualifiers that the row has; changes must end every
    one, and start none. score: of the row as it is. Every single and every pair of changes of actionable
    criteria to a bin that was seen is tried: exact.
    """
    tier = next(at for at, floor in enumerate(TIER_FLOORS) if score >= floor)
    if not tier or not profile.knots:
        return None
    total = sum(each.bins[at].evidence for each, at in zip(profile.criteria, bins, strict=True))
    needed = evidence_at(profile.knots, TIER_FLOORS[tier - 1]) - total - 1e-9
    options = _options(profile, bins)
    gain = np.array([_gain(profile, bins, option) for option in options])
    chosen = _smallest(options, gain, _to_leave(profile, fired), needed)
    if not chosen:
        return None
    gains = [float(gain[option]) for option in chosen]
    after = float(scores_at(profile.knots, np.array(total + sum(gains))))
    per_nat = (after - score) / sum(gains) if abs(sum(gains)) > 1e-9 else 0.0
    parts = [gain * per_nat if per_nat else (after - score) / len(gains) for gain in gains]
    changes = [
        Change(
            dimension=profile.criteria[at].scale.told,
            now=profile.criteria[at].bins[bins[at]].words,
            to=profile.criteria[at].bins[to].words,
            points=points,
        )
        for (at, to), points in zip([options[option] for option in chosen], parts, strict=True)
    ]
    return NextTier(tier=TIERS[tier - 1], score=after, changes=sorted(changes, key=lambda each: -each.points))


def _options(profile: FitProfile, bins: Sequence[int]) -> list[tuple[int, int]]:
    """Criterion and bin of every change that is possible."""
    ruled_out = {(each.scale.name, each.scale.value, each.bin) for each in profile.disqualifiers}
    return [
        (at, to)
        for at, each in enumerate(profile.criteria)
        if each.actionable
        for to in range(1, len(each.bins))
        if to != bins[at]
        and each.bins[to].ideal + each.bins[to].others > 0
        and (each.scale.name, each.scale.value, to) not in ruled_out
    ]


def _gain(profile: FitProfile, bins: Sequence[int], option: tuple[int, int]) -> float:
    """Nats that the change adds."""
    at, to = option
    return profile.criteria[at].bins[to].evidence - profile.criteria[at].bins[bins[at]].evidence


def _to_leave(profile: FitProfile, fired: Sequence[int]) -> set[int]:
    """The criteria whose bin disqualifies; -1 where it is a dimension that is no criterion."""
    place = {(each.scale.name, each.scale.value): at for at, each in enumerate(profile.criteria)}
    scales = [profile.disqualifiers[each].scale for each in fired]
    return {place.get((scale.name, scale.value), -1) for scale in scales}


def _smallest(
    options: Sequence[tuple[int, int]], gain: np.ndarray, to_leave: set[int], needed: float
) -> list[int]:
    """The places of the one or two options that change all that must be left, and gain enough."""
    criterion = np.array([at for at, _ in options], dtype=np.int64)
    leaves = np.array([[at == each for each in to_leave] for at in criterion], dtype=bool)
    leaves = leaves.reshape(len(options), len(to_leave))
    alone = np.flatnonzero(leaves.all(axis=1) & (gain >= needed))
    if len(alone):
        return [int(alone[np.argmin(gain[alone])])]
    first, second = np.triu_indices(len(options), 1)
    fit = (criterion[first] != criterion[second]) & (gain[first] + gain[second] >= needed)
    fit &= (leaves[first] | leaves[second]).all(axis=1)
    first, second = first[fit], second[fit]
    if not len(first):
        return []
    best = int(np.argmin(gain[first] + gain[second]))
    return [int(first[best]), int(second[best])]
