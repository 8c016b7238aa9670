"""Why does this row score as it does?"""

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field

from store.errors import BadInput, NotFound
from store.features import Feature, FeatureTable, category, number, sets
from tools.mining.findings import Estimate
from tools.scoring.fit.bins.scales import coder
from tools.scoring.fit.bins.words import number_words
from tools.scoring.fit.knots import scores_at, slope_at
from tools.scoring.fit.profile import (
    GOOD_EVIDENCE,
    MOST_DISQUALIFIED,
    TIERS,
    FitBin,
    FitCriterion,
    FitProfile,
    Scale,
)
from tools.scoring.fit.scoring import CONFIDENCES, FitScores, confidences, spread_of, tiers_of
from tools.scoring.fit.told.next_tier import NextTier, next_tier

UNSET = "Nothing sets these {ideal} apart from the {others}: everybody has the same score."


class FitReason(BaseModel):
    """One dimension's true part of the score."""

    dimension: str
    value: str = Field(description="The row's own value, in words.")
    points: float = Field(description="What it adds to the score of a row of which nothing is known.")
    evidence: float = Field(description="Nats that it adds to the log odds.")
    ideal_share: Estimate | None = Field(
        default=None, description="Share of the ideal rows in the same bin; none where somebody wrote it."
    )
    others_share: Estimate | None = Field(default=None, description="Share of the others in the same bin.")
    text: str


class FitReasons(BaseModel):
    """A score and all that it is made of: start + the points of all reasons, then the disqualifier."""

    score: float
    tier: str
    match_confidence: Literal["high", "medium", "low"]
    known_weight: float = Field(description="Share of the weight, 0..1, of the dimensions that are known.")
    start: float = Field(description="The score of a row of which nothing is known.")
    reasons_for: list[FitReason] = Field(description="Strongest first.")
    reasons_against: list[FitReason] = Field(description="Strongest first.")
    matched: list[str] = Field(description="Dimensions with a value to look for.")
    missed: list[str] = Field(description="Dimensions with a value to avoid.")
    unknown: list[str]
    disqualifier: str | None = Field(default=None, description="Why the score is capped at 39.")
    to_next_tier: NextTier | None = None
    note: str = ""


def fit_reasons(
    profile: FitProfile, table: FeatureTable, row: int, scores: FitScores | None = None
) -> FitReasons:
    """The score of one row of the table with its reasons for and against.

    Points are exact: along the straight line from no evidence to the row's, each dimension has the share of
    the change of the score that it has of the change of the evidence (Aumann-Shapley). scores: of the same
    table, where there are some already; the row's are then taken over.
    Raises NotFound where the table has no such row.
    """
    if not 0 <= row < table.rows:
        raise NotFound(f"There is no row {row:,}", where=f"a table of {table.rows:,} rows")
    needed = [each.scale.name for each in (*profile.criteria, *profile.disqualifiers)]
    one = table.only(list(dict.fromkeys(needed))).take(np.array([row]))
    found = _reasons(profile, one)
    if scores is None:
        return found
    tier, sure = TIERS[int(scores.tier[row])], CONFIDENCES[int(scores.confidence[row])]
    return found.model_copy(
        update={"score": float(scores.score[row]), "tier": tier, "match_confidence": sure}
    )


def single(profile: FitProfile, values: Mapping[str, object]) -> FitReasons:
    """The score of one row, given as raw values by column name, with its reasons.

    None, a blank and a column that is left out are unknown; True and False are Yes and No; a set is a list of
    values. Columns that the profile does not use are passed over.
    Raises BadInput where a number cannot be read.
    """
    scales = {each.scale.name: each.scale for each in (*profile.criteria, *profile.disqualifiers)}
    columns = tuple(_raw(scale, values[name]) for name, scale in scales.items() if name in values)
    return _reasons(profile, FeatureTable(1, columns))


def _raw(scale: Scale, value: object) -> Feature:
    if scale.kind == "number":
        return number(scale.name, [_number(scale, value)])
    if scale.kind == "category":
        told = ("Yes" if value else "No") if isinstance(value, bool) else value
        return category(scale.name, [told])
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sets(scale.name, [list(value)])
    return sets(scale.name, [[value]])


def _number(scale: Scale, value: object) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(value)  # pyright: ignore[reportArgumentType]  # what is no number is caught
    except (TypeError, ValueError):
        raise BadInput(
            "A value is not a number", where=scale.name, instead="Give a number or nothing."
        ) from None


def _reasons(profile: FitProfile, one: FeatureTable) -> FitReasons:
    """Of the only row of a table."""
    bins = [int(coder(each.scale, one)(0, 1)[0]) for each in profile.criteria]
    ruling = [
        at for at, each in enumerate(profile.disqualifiers) if coder(each.scale, one)(0, 1)[0] == each.bin
    ]
    said = [each.bins[at].evidence for each, at in zip(profile.criteria, bins, strict=True)]
    start, whole = (float(score) for score in scores_at(profile.knots, np.array([0.0, sum(said)])))
    score = min(whole, MOST_DISQUALIFIED) if ruling else whole
    per_nat = _points_per_nat(profile, sum(said), whole - start)
    told = [
        _reason(profile, each, at, one, per_nat)
        for each, at in zip(profile.criteria, bins, strict=True)
        if each.bins[at].evidence
    ]
    known = sum(each.weight for each, at in zip(profile.criteria, bins, strict=True) if at)
    sure = confidences(np.array([spread_of(profile, bins)]), np.array([known]), bool(profile.criteria))
    names = [each.scale.told for each in profile.criteria]
    return FitReasons(
        score=score,
        tier=TIERS[int(tiers_of(np.array([score]))[0])],
        match_confidence=CONFIDENCES[int(sure[0])],
        known_weight=min(known, 1.0),
        start=start,
        reasons_for=sorted((each for each in told if each.evidence > 0), key=lambda each: -each.points),
        reasons_against=sorted((each for each in told if each.evidence < 0), key=lambda each: each.points),
        matched=[name for name, each in zip(names, said, strict=True) if each >= GOOD_EVIDENCE],
        missed=[name for name, each in zip(names, said, strict=True) if each <= -GOOD_EVIDENCE],
        unknown=[name for name, at in zip(names, bins, strict=True) if not at],
        disqualifier=disqualified_words(profile, ruling[0]) if ruling else None,
        to_next_tier=next_tier(profile, bins, ruling, score),
        note="" if profile.criteria else UNSET.format(ideal=profile.ideal_word, others=profile.others_word),
    )


def _points_per_nat(profile: FitProfile, total: float, change: float) -> float:
    if not profile.knots:
        return 0.0
    return change / total if abs(total) > 1e-6 else slope_at(profile.knots, 0.0)


def _reason(
    profile: FitProfile, criterion: FitCriterion, at: int, one: FeatureTable, per_nat: float
) -> FitReason:
    told = criterion.bins[at]
    value = _value_words(criterion.scale, at, one.find(criterion.scale.name))
    return FitReason(
        dimension=criterion.scale.told,
        value=value,
        points=told.evidence * per_nat,
        evidence=told.evidence,
        ideal_share=None if criterion.is_written else told.ideal_share,
        others_share=None if criterion.is_written else told.others_share,
        text=_written_words(criterion.scale, told, value)
        if criterion.is_written
        else reason_words(profile, criterion.scale, told, value),
    )


def _value_words(scale: Scale, at: int, feature: Feature | None) -> str:
    if feature is None or not at:
        return "unknown"
    if scale.kind == "number":
        unit = f" {scale.unit}" if scale.unit else ""
        return number_words(float(feature.values[0])) + unit
    return feature.levels[int(feature.values[0])] if scale.kind == "category" else ("no", "yes")[at - 1]


def _written_words(scale: Scale, told: FitBin, value: str) -> str:
    """`Industry SaaS: Software or Fintech is looked for`, `Industry Retail: not Software or Fintech`."""
    lead = f"{scale.told}: {told.words}" if value == told.words else f"{scale.told} {value}: {told.words}"
    return f"{lead} is looked for" if told.evidence > 0 else lead


def reason_words(profile: FitProfile, scale: Scale, told: FitBin, value: str) -> str:
    """`Employees 120: 50 to 499 is 3.2 times as frequent among customers (2.4-4.1)`."""
    lead = f"{scale.told}: {told.words}" if value == told.words else f"{scale.told} {value}: {told.words}"
    ideal, others = profile.ideal_word, profile.others_word
    if told.ideal + told.others == 0:
        return f"{lead}, which was not seen"
    if told.ideal == 0:
        return f"{lead}: none of the {ideal}, {told.others_share.value:.0%} of the {others}"
    if told.others == 0:
        return f"{lead}: {told.ideal_share.value:.0%} of the {ideal}, none of the {others}"
    ratio, low, high = (_times(each) for each in (told.ratio.value, told.ratio.low, told.ratio.high))
    return f"{lead} is {ratio} times as frequent among {ideal} ({low}-{high})"


def _times(ratio: float) -> str:
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}"


def disqualified_words(profile: FitProfile, at: int) -> str:
    """`Country: DE or FR: 0 % of the customers (at most 3 %), 20 % of the others`."""
    ruled = profile.disqualifiers[at]
    if ruled.is_written:
        return f"{ruled.scale.told}: {ruled.words}"
    most = f"at most {ruled.ideal_share.high:.1%}"
    shares = f"{ruled.ideal_share.value:.1%} of the {profile.ideal_word} ({most})"
    others = f"{ruled.others_share.value:.0%} of the {profile.others_word}"
    return f"{ruled.scale.told}: {ruled.words}: {shares}, {others}"
