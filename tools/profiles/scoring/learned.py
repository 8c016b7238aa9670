"""What is left of learned criteria when a profile leaves some out, or weighs them in its own way?"""

from collections.abc import Sequence

import numpy as np

from tools.profiles.content.document import ProfileCriterion
from tools.scoring.fit.knots import rising
from tools.scoring.fit.profile import FitCriterion, FitProfile, Knot

MOST_LEARNED = 50  # criteria beside those that are written: a line of reasons holds 63


def criteria_of(fit: FitProfile) -> list[ProfileCriterion]:
    """The criteria of a fit profile as lines of an ideal customer profile, the weightiest first."""
    return [
        ProfileCriterion(
            label=each.scale.told[:400],
            column=each.scale.name,
            value=each.scale.value,
            tier=each.tier,
            weight=min(1.0, max(0.0, each.weight)),
            good=each.good,
            ideal_share=each.good_ideal_share,
            others_share=each.good_others_share,
        )
        for each in fit.criteria[:MOST_LEARNED]
    ]


def adjusted(fit: FitProfile, kept: Sequence[ProfileCriterion]) -> FitProfile:
    """The fit profile with these criteria only, each with its weight.

    The evidence of a criterion is multiplied by its weight over the learned one; weights and the line to
    the score follow. With everything as it was learned the profile is the same.
    """
    asked = {each.key: each for each in kept if each.weight > 0}
    if {key: (each.weight, each.tier) for key, each in asked.items()} == {
        each.key: (each.weight, each.tier) for each in criteria_of(fit)
    }:
        return fit
    criteria = [
        _weighed(each, asked[key])
        for each in fit.criteria
        if (key := (each.scale.name, each.scale.value)) in asked
    ]
    whole = sum(each.weight for each in criteria)
    criteria = [each.model_copy(update={"weight": each.weight / whole}) for each in criteria]
    worst, best = range_of(criteria)
    knots = stretched(fit.knots, worst, best) if criteria and worst < best else []
    return fit.model_copy(update={"criteria": criteria if knots else [], "knots": knots})


def _weighed(criterion: FitCriterion, asked: ProfileCriterion) -> FitCriterion:
    times = asked.weight / criterion.weight if criterion.weight > 0 else 1.0
    bins = [
        each.model_copy(
            update={
                "evidence": each.evidence * times,
                "resampled": [value * times for value in each.resampled],
            }
        )
        for each in criterion.bins
    ]
    return criterion.model_copy(update={"bins": bins, "weight": asked.weight, "tier": asked.tier})


def range_of(criteria: Sequence[FitCriterion]) -> tuple[float, float]:
    """The least and the most evidence that a row can have."""
    said = [[each.evidence for each in criterion.bins] for criterion in criteria]
    return sum(map(min, said)), sum(map(max, said))


def stretched(knots: Sequence[Knot], worst: float, best: float) -> list[Knot]:
    """The line over another range: what speaks for a row and what against it are stretched each by itself.

    A row of which nothing is known keeps its score.
    """
    places = np.array([knot.evidence for knot in knots])
    low, high = places[0], places[-1]
    if low < 0 < high and worst < 0 < best:
        moved = np.where(places < 0, places * (worst / low), places * (best / high))
    else:
        moved = worst + (places - low) * (best - worst) / (high - low)
    return [
        knot.model_copy(update={"evidence": at})
        for knot, at in zip(knots, rising(moved.tolist()), strict=True)
    ]
