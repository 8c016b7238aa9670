"""How much does each column tell of rows that were held out, beyond all the others?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.scoring.fit.held_out.logistic import Fitted, fitted, log_likelihood

SAME = 0.9  # correlation of the evidence of two columns from which they count as one
FEW = 25  # up to so many columns one at a time is left out; of more, a third of those that tell nothing


@dataclass(frozen=True)
class Sample:
    """Rows that weights are fitted on, with the evidence that the other folds give each of them."""

    columns: np.ndarray  # (rows, columns) nats
    label: np.ndarray  # float64, 1 of an ideal one
    weights: np.ndarray  # both sides have the same sum
    fold: np.ndarray

    def only(self, kept: Sequence[int]) -> "Sample":
        """The same rows with these columns."""
        return Sample(self.columns[:, list(kept)], self.label, self.weights, self.fold)


@dataclass(frozen=True)
class Weighed:
    """The columns that tell something of held-out rows, those that tell most first."""

    kept: list[int]
    gains: np.ndarray  # nats a row (balanced sides) that are lost without it
    errors: np.ndarray  # their standard errors
    coefficients: np.ndarray  # without the intercept
    covariance: np.ndarray  # of the coefficients


def same_columns(columns: np.ndarray, order: Sequence[int]) -> dict[int, list[int]]:
    """The columns to keep, in the order given, each with those after it that say the same."""
    spread = columns.std(axis=0)
    standard = (columns - columns.mean(axis=0)) / np.where(spread > 1e-12, spread, 1.0)
    alike = standard.T @ standard / max(len(columns), 1) >= SAME
    kept: dict[int, list[int]] = {}
    for at in order:
        held = next((each for each in kept if alike[each, at]), None)
        if held is None:
            kept[at] = []
        else:
            kept[held].append(at)
    return kept


def held_out_evidence(sample: Sample, l2: float) -> np.ndarray:
    """The sum of the evidence of each row by the model of the folds that it is not in.

    Without the intercept, as scores are: that one tells how many of each side a fold leaves.
    """
    total = np.zeros(len(sample.label))
    for fold in np.unique(sample.fold):
        out = sample.fold == fold
        total[out] = sample.columns[out] @ _without(sample, out, l2).coefficients[1:]
    return total


def weighed(sample: Sample, candidates: Sequence[int], l2: float, most: int) -> Weighed:
    """Backward elimination: what tells nothing of held-out rows beyond the rest is left out, the least first.

    A column stays whose absence costs held-out rows more than one standard error, and whose coefficient is
    positive; `most` at most.
    """
    kept = list(candidates)
    while kept:
        part = sample.only(kept)
        gains, errors = _held_out_gains(part, l2)
        whole = fitted(part.columns, part.label, part.weights, l2)
        worth = np.where(whole.coefficients[1:] > 0, gains - errors, -np.inf)
        # Of equal ones the last goes, so that the order of the candidates decides.
        rising = sorted(range(len(kept)), key=lambda at: (worth[at], -at))
        failing = [at for at in rising if worth[at] <= 0] or rising[: max(0, len(kept) - most)]
        if not failing:
            order = np.argsort(-gains, kind="stable")
            covariance = whole.covariance[1:, 1:][np.ix_(order, order)]
            chosen = [kept[at] for at in order]
            return Weighed(chosen, gains[order], errors[order], whole.coefficients[1:][order], covariance)
        gone = failing[: 1 if len(kept) <= FEW else max(1, len(failing) // 3)]
        kept = [column for at, column in enumerate(kept) if at not in gone]
    return Weighed([], np.empty(0), np.empty(0), np.empty(0), np.empty((0, 0)))


def _held_out_gains(sample: Sample, l2: float) -> tuple[np.ndarray, np.ndarray]:
    """Nats a row that held-out rows lose without each column, and their standard errors.

    The model without a column is the one that the curvature at the full model leads to: exact for a
    quadratic, and as good as fitting each anew for a logistic of small evidence.
    """
    lost = np.zeros(sample.columns.shape)
    for fold in np.unique(sample.fold):
        out = sample.fold == fold
        model = _without(sample, out, l2)
        beta, covariance = model.coefficients, model.covariance
        moved = beta[:, None] - covariance[:, 1:] * (beta[1:] / np.diag(covariance)[1:])
        rows, label = sample.columns[out], sample.label[out]
        full = log_likelihood(label, model.margins(rows))
        lost[out] = full[:, None] - log_likelihood(label, moved[0] + rows @ moved[1:])
    total = sample.weights.sum()
    gains = sample.weights @ lost / total
    errors = np.sqrt((sample.weights**2) @ (lost - gains) ** 2) / total
    return gains, errors


def _without(sample: Sample, out: np.ndarray, l2: float) -> Fitted:
    label, weights = sample.label[~out], sample.weights[~out]
    # Both sides of the same weight again, whatever the fold holds of each.
    ideal, whole = weights @ label, weights.sum()
    weights = weights * np.where(label > 0, whole / ideal, whole / (whole - ideal)) / 2
    return fitted(sample.columns[~out], label, weights, l2)
