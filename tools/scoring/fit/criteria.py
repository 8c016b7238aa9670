"""What does a reader get to know of one criterion?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.mining.evidence.frequencies import estimate
from tools.mining.evidence.statistics import relative_interval, wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.fit.bins.binning import bin_evidence
from tools.scoring.fit.bins.words import bin_words, joined_words
from tools.scoring.fit.profile import GOOD_EVIDENCE, FitBin, FitCriterion, Scale
from tools.scoring.fit.queries import FitQuery


@dataclass(frozen=True)
class Part:
    """What was learned of one column."""

    scale: Scale
    counts: np.ndarray  # (bins, 2) rows of the others and the ideal, the unknown first
    unknown_proven: bool
    coefficient: float
    coefficients: np.ndarray  # of the resampled scorecards
    weight: float
    gain: Estimate
    stability: float
    p_value: float
    q_value: float
    same_as: list[str]


def criterion(
    part: Part, criteria: int, pseudo: float, rng: np.random.Generator, query: FitQuery
) -> FitCriterion:
    """The column as a criterion, with what each bin says in each resampled scorecard.

    A resampled scorecard has the same bins, counts drawn by Poisson around those found (the bootstrap of
    counts), and coefficients drawn from their normal approximation. Heavy is a weight of half the even
    share. Good values raise the odds by a tenth at least. Tier 1, must have: heavy, at least half of the
    ideal have a good value, and missing it costs at least a factor of 2 of the odds (the mean evidence of the
    ideal with a good value against that of the others without). Tier 2, strong signal: heavy, or 15 % of the
    ideal have a good value, 1.5 times as often as the others. Tier 3, bonus: the rest. All of these figures
    are fields of the query.
    """
    evidence = part.coefficient * bin_evidence(part.counts, pseudo, part.unknown_proven)
    drawn = np.stack(
        [
            each * bin_evidence(rng.poisson(part.counts).astype(np.float64), pseudo, part.unknown_proven)
            for each in part.coefficients
        ]
    )
    # Where being unknown tells, shares are of all rows, else of those known.
    total = part.counts[0 if part.unknown_proven else 1 :].sum(axis=0)
    bins = _bins(part.scale, part.counts, total, evidence, drawn)
    good = [at for at in range(1, len(bins)) if evidence[at] >= GOOD_EVIDENCE]
    had = part.counts[good].sum(axis=0)
    ideal, others = (_share(had[side], total[side]) for side in (1, 0))
    ratio = ideal.value / max(others.value, 0.5 / max(total[0], 1.0))
    heavy = part.weight >= query.heavy / criteria
    costs = _cost(part.counts, evidence, good) >= np.log(query.must_factor)
    must = heavy and ideal.value >= query.must_share and costs
    strong = heavy or (ideal.value >= query.strong_share and ratio >= query.strong_ratio)
    return FitCriterion(
        scale=part.scale,
        tier=1 if must else 2 if strong else 3,
        weight=part.weight,
        held_out_gain=part.gain,
        stability=part.stability,
        p_value=part.p_value,
        q_value=part.q_value,
        good=joined_words(part.scale, good) if good else "unknown" if evidence[0] > 0 else "none",
        good_ideal_share=ideal,
        good_others_share=others,
        bins=bins,
        actionable=query.actionable is None or part.scale.name in query.actionable,
        same_as=part.same_as,
    )


def _bins(
    scale: Scale, counts: np.ndarray, total: np.ndarray, evidence: np.ndarray, drawn: np.ndarray
) -> list[FitBin]:
    # The unknown are always a share of all rows.
    totals = np.vstack((counts.sum(axis=0), np.tile(total, (len(counts) - 1, 1))))
    ratio, low, high = relative_interval(counts[:, 1], totals[:, 1], counts[:, 0], totals[:, 0])
    words = bin_words(scale)
    return [
        FitBin(
            words=words[at],
            ideal=float(counts[at, 1]),
            others=float(counts[at, 0]),
            ideal_share=_share(counts[at, 1], totals[at, 1]),
            others_share=_share(counts[at, 0], totals[at, 0]),
            ratio=Estimate(
                value=float(ratio[at]) if counts[at].sum() else 1.0, low=float(low[at]), high=float(high[at])
            ),
            evidence=float(evidence[at]),
            resampled=[round(float(value), 6) for value in drawn[:, at]],
        )
        for at in range(len(counts))
    ]


def _share(having: float, total: float) -> Estimate:
    return estimate(having / max(total, 1e-9), wilson_interval([having], [total]), 0)


def _cost(counts: np.ndarray, evidence: np.ndarray, good: Sequence[int]) -> float:
    """Nats between the ideal with a good value and the others without."""
    bad = [at for at in range(1, len(evidence)) if at not in good]
    ideal, others = counts[list(good), 1], counts[bad, 0]
    if not ideal.sum() or not others.sum():
        return 0.0
    return float(evidence[list(good)] @ ideal / ideal.sum() - evidence[bad] @ others / others.sum())
