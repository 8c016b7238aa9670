"""How likely is somebody to be of high value, by what a lead can tell?"""

import numpy as np
from pydantic import BaseModel, Field
from scipy.special import expit, logit

from store.features import FeatureTable
from tools.mining.findings import Estimate
from tools.scoring.value.design import Design, design_of

BINS = 8
FOLDS = 5
CHOICES = (0.01, 0.1, 1.0)  # inverse strengths of the penalty
EDGE = 1e-6


class HighValue(BaseModel):
    """An additive logistic model over bins of the numbers and levels, with Platt's calibration."""

    design: Design
    edges: list[list[float]] = Field(description="Of each column; none for a level.")
    weights: list[list[float]] = Field(description="Of each bin; the last one is of the unknown.")
    intercept: float
    slope: float = Field(description="Of the calibration: log odds are slope x margin + shift.")
    shift: float
    base_rate: float
    auc: Estimate | None = Field(
        default=None, description="Of held-out users; DeLong's variance. None with one class."
    )
    calibration_error: float | None = Field(
        default=None, description="Held out, mean over ten equal parts, cross-fitted calibration."
    )

    def probabilities(self, table: FeatureTable) -> np.ndarray:
        """P(high value) of each row, float64."""
        margins = np.full(table.rows, self.intercept)
        for values, edges, weights in zip(self.design.matrix(table).T, self.edges, self.weights, strict=True):
            margins += np.array(weights)[_bins(values, edges)]
        return expit(self.slope * margins + self.shift)


def learn_high_value(table: FeatureTable, high: np.ndarray, seed: int) -> HighValue:
    """The model; the penalty and the calibration come from out-of-fold margins.

    With fewer than five of either kind it gives the base rate to everybody.
    """
    design = design_of(table)
    matrix = design.matrix(table)
    rate = float((high.sum() + 0.5) / (len(high) + 1))
    if min(high.sum(), (~high).sum()) < FOLDS or not matrix.shape[1]:
        return HighValue(
            design=Design(columns=[]), edges=[], weights=[], intercept=float(logit(rate)), slope=1.0,
            shift=0.0, base_rate=rate, auc=None, calibration_error=None,
        )  # fmt: skip
    folds = _folds(high, seed)
    margins = {choice: _out_of_fold(matrix, high, folds, choice) for choice in CHOICES}
    best = min(CHOICES, key=lambda choice: _log_loss(_platt(margins[choice], high, folds), high))
    calibrated = _platt(margins[best], high, folds)
    slope, shift = _platt_line(margins[best], high)
    edges = _edges(matrix)
    bins = _one_hot(matrix, edges)
    weights, intercept = _fitted(bins, high, best)
    sizes = np.cumsum([len(each) + 2 for each in edges])[:-1]
    counts = np.split(bins.sum(axis=0, dtype=np.float64), sizes)
    by_column = [_with_unknown(*each) for each in zip(np.split(weights, sizes), counts, strict=True)]
    return HighValue(
        design=design,
        edges=edges,
        weights=by_column,
        intercept=intercept,
        slope=slope,
        shift=shift,
        base_rate=rate,
        auc=auc_of(calibrated, high),
        calibration_error=calibration_error(calibrated, high),
    )


def _with_unknown(weights: np.ndarray, counts: np.ndarray) -> list[float]:
    """The weights; where nothing was unknown in learning, the unknown weighs as the mean of the rows."""
    if counts[-1] == 0:
        weights = np.append(weights[:-1], weights @ counts / counts.sum())
    return weights.tolist()


def _folds(high: np.ndarray, seed: int) -> np.ndarray:
    """A fold for each row, each kind spread evenly."""
    fold, rng = np.empty(len(high), dtype=np.int64), np.random.default_rng(seed)
    for kind in (True, False):
        rows = np.flatnonzero(high == kind)
        fold[rng.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return fold


def _edges(matrix: np.ndarray) -> list[list[float]]:
    """Inner ends of equal-sized bins of each column; a column of 0 and 1 gets the one between them."""
    found = []
    for values in matrix.T:
        known = values[~np.isnan(values)]
        cuts = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.empty(0)
        if len(known) and set(np.unique(known[:1_000])) <= {0.0, 1.0} and known.max() <= 1:
            cuts = np.array([0.5])
        found.append(cuts.tolist())
    return found


def _bins(values: np.ndarray, edges: list[float]) -> np.ndarray:
    at = np.searchsorted(np.array(edges), values, side="left")
    return np.where(np.isnan(values), len(edges) + 1, at)


def _one_hot(matrix: np.ndarray, edges: list[list[float]]) -> np.ndarray:
    return np.hstack(
        [
            np.eye(len(cuts) + 2, dtype=np.float32)[_bins(values, cuts)]
            for values, cuts in zip(matrix.T, edges, strict=True)
        ]
    )


def _fitted(bins: np.ndarray, high: np.ndarray, choice: float) -> tuple[np.ndarray, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=choice, max_iter=1_000).fit(bins, high)
    return model.coef_[0].astype(np.float64), float(model.intercept_[0])


def _out_of_fold(matrix: np.ndarray, high: np.ndarray, folds: np.ndarray, choice: float) -> np.ndarray:
    margins = np.empty(len(high))
    for fold in range(FOLDS):
        kept, left = folds != fold, folds == fold
        edges = _edges(matrix[kept])
        weights, intercept = _fitted(_one_hot(matrix[kept], edges), high[kept], choice)
        margins[left] = _one_hot(matrix[left], edges) @ weights + intercept
    return margins


def _platt_line(margins: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """Slope and shift of Platt (1999), weakly drawn to 1 and the base rate."""
    from sklearn.linear_model import LogisticRegression

    if margins.std() < EDGE:
        return 0.0, float(logit(np.clip(high.mean(), EDGE, 1 - EDGE)))
    model = LogisticRegression(C=1e3, max_iter=1_000).fit(margins[:, None], high)
    # A falling line would turn the model round: then it knows nothing, and says the base rate.
    if model.coef_[0, 0] <= 0:
        return 0.0, float(logit(np.clip(high.mean(), EDGE, 1 - EDGE)))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _platt(margins: np.ndarray, high: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Probabilities, each fold calibrated by the others."""
    told = np.empty(len(high))
    for fold in range(FOLDS):
        slope, shift = _platt_line(margins[folds != fold], high[folds != fold])
        told[folds == fold] = expit(slope * margins[folds == fold] + shift)
    return told


def _log_loss(told: np.ndarray, high: np.ndarray) -> float:
    told = np.clip(told, EDGE, 1 - EDGE)
    return float(-np.mean(np.where(high, np.log(told), np.log1p(-told))))


def calibration_error(told: np.ndarray, high: np.ndarray, parts: int = 10) -> float:
    """Mean distance of probability and rate over equal-sized parts by probability (ECE)."""
    order = np.argsort(told, kind="stable")
    gaps = [
        len(part) * abs(float(told[part].mean()) - float(high[part].mean()))
        for part in np.array_split(order, parts)
        if len(part)
    ]
    return float(sum(gaps) / len(told))


def auc_of(told: np.ndarray, high: np.ndarray) -> Estimate:
    """Area under the ROC curve with DeLong's (1988) interval."""
    from scipy.stats import rankdata

    m, n = int(high.sum()), int((~high).sum())
    ranks = rankdata(told)
    value = (float(ranks[high].sum()) - m * (m + 1) / 2) / (m * n)
    ours = (ranks[high] - rankdata(told[high])) / n
    theirs = 1 - (ranks[~high] - rankdata(told[~high])) / m
    half = 1.959964 * float(np.sqrt(ours.var() / m + theirs.var() / n))
    return Estimate(value=value, low=max(value - half, 0.0), high=min(value + half, 1.0))
