"""What score does a sum of evidence get?"""

from collections.abc import Sequence

import numpy as np

from tools.scoring.fit.profile import MIDDLE_SCORE, Knot

STEP = 1e-3  # of the whole range: the least distance of two knots
DIGITS = 4  # of a score


def knots_of(
    worst: float,
    best: float,
    ideal: np.ndarray,
    others: np.ndarray,
    weights: tuple[np.ndarray, np.ndarray],
    words: tuple[str, str],
) -> list[Knot]:
    """The five knots of the line from evidence to score, strictly rising; none where all rows are alike.

    ideal, others: the evidence of each row. weights, words: of the ideal and the others.
    """
    if not worst < best:
        return []
    median, eighty, ninety = _quantiles(others, [0.5, 0.8, 0.9], weights[1])
    (quarter,) = _quantiles(ideal, [0.25], weights[0])
    harder, of = max((quarter, f"25th percentile of the {words[0]}"), (ninety, f"90th of the {words[1]}"))
    meanings = ["worst possible row", f"median of the {words[1]}", f"80th percentile of the {words[1]}"]
    meanings += [of, "best possible row"]
    places = rising([worst, median, eighty, harder, best])
    told = zip(places, (0, 40, 60, 80, 100), meanings, strict=True)
    return [Knot(evidence=at, score=score, meaning=meaning) for at, score, meaning in told]


def rising(places: Sequence[float]) -> list[float]:
    """The places, moved so that each is above the one before by a thousandth of the whole at least.

    The first and the last stay.
    """
    step = STEP * (places[-1] - places[0])
    moved = list(places)
    for at in range(1, len(moved) - 1):
        moved[at] = max(moved[at], moved[at - 1] + step)
    for at in range(len(moved) - 2, 0, -1):
        moved[at] = min(moved[at], moved[at + 1] - step)
    return moved


def _quantiles(values: np.ndarray, at: list[float], weights: np.ndarray) -> list[float]:
    return np.quantile(values, at, weights=weights, method="inverted_cdf").tolist()


def scores_at(knots: Sequence[Knot], evidence: np.ndarray) -> np.ndarray:
    """The score of each sum of evidence, 0..100; 50 for all where there are no knots."""
    if not knots:
        return np.full(np.shape(evidence), MIDDLE_SCORE)
    scores = np.interp(evidence, [knot.evidence for knot in knots], [knot.score for knot in knots])
    # A row on a knot has the knot's score, in whatever order its evidence was added up.
    return np.round(scores, DIGITS)


def evidence_at(knots: Sequence[Knot], score: float) -> float:
    """The least sum of evidence that gets this score."""
    return float(np.interp(score, [knot.score for knot in knots], [knot.evidence for knot in knots]))


def slope_at(knots: Sequence[Knot], evidence: float) -> float:
    """Points that a nat more gives here."""
    at = min(max(sum(knot.evidence <= evidence for knot in knots), 1), len(knots) - 1)
    low, high = knots[at - 1], knots[at]
    return (high.score - low.score) / (high.evidence - low.evidence)
