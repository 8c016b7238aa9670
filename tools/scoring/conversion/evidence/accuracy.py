"""How well do probabilities rank rows and match what happened, and is one model better than another?"""

from typing import NamedTuple

import numpy as np
from scipy.special import log_ndtr, ndtri, xlogy

from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.conversion.report import ReliabilityPoint

Z = float(ndtri(0.975))
LEAST = 1e-15  # log loss of a certainty that was wrong stays finite


def log_losses(probabilities: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """Nats of each row."""
    p = np.clip(probabilities, LEAST, 1 - LEAST)
    return -np.where(happened, np.log(p), np.log1p(-p))


class Difference(NamedTuple):
    """A paired difference: its mean and its standard error."""

    mean: float
    error: float

    @property
    def estimate(self) -> Estimate:
        """With its 95 % interval."""
        return Estimate(value=self.mean, low=self.mean - Z * self.error, high=self.mean + Z * self.error)

    @property
    def p_above(self) -> float:
        """One-sided p-value of a mean above 0; 1 where the two never differ."""
        if self.error == 0:
            return 0.0 if self.mean > 0 else 1.0
        return float(np.exp(log_ndtr(-self.mean / self.error)))


def paired(losses: np.ndarray) -> Difference:
    """Mean of differences by row, with its standard error."""
    error = float(losses.std(ddof=1) / np.sqrt(len(losses))) if len(losses) > 1 else float("inf")
    return Difference(float(losses.mean()), error)


class Ranking(NamedTuple):
    """AUC and its influence: the part of each row in it, of the one and of the other outcome."""

    auc: float
    of_happened: np.ndarray
    of_others: np.ndarray


def ranking(scores: np.ndarray, happened: np.ndarray) -> Ranking:
    """AUC of scores with DeLong's placements, by midranks (Sun, Xu 2014); ties count a half.

    Both outcomes must occur.
    """
    from scipy.stats import rankdata  # takes half a second to import, and every command would wait

    yes, no = scores[happened], scores[~happened]
    together = rankdata(np.concatenate((yes, no)))
    of_happened = (together[: len(yes)] - rankdata(yes)) / len(no)
    of_others = 1 - (together[len(yes) :] - rankdata(no)) / len(yes)
    return Ranking(float(of_happened.mean()), of_happened, of_others)


def auc_difference(one: np.ndarray, other: np.ndarray, happened: np.ndarray) -> Difference:
    """AUC of one model - AUC of the other on the same rows. DeLong, DeLong, Clarke-Pearson (1988)."""
    a, b = ranking(one, happened), ranking(other, happened)
    error = np.sqrt(_variance(a.of_happened - b.of_happened) + _variance(a.of_others - b.of_others))
    return Difference(a.auc - b.auc, float(error))


def auc_within(scores: np.ndarray, happened: np.ndarray, window: np.ndarray) -> Estimate:
    """AUC over pairs of rows of the same window, with DeLong's interval; 0..1 wide where there are no pairs.

    Pairs across windows would compare scores of two models, and the rates of two periods.
    """
    total, mean, variance = 0.0, 0.0, 0.0
    for each in np.unique(window):
        at = window == each
        pairs = float(happened[at].sum()) * float((~happened[at]).sum())
        if pairs:
            found = ranking(scores[at], happened[at])
            total, mean = total + pairs, mean + pairs * found.auc
            variance += pairs**2 * (_variance(found.of_happened) + _variance(found.of_others))
    if not total:
        return Estimate(value=0.5, low=0.0, high=1.0)
    auc, half = mean / total, Z * float(np.sqrt(variance)) / total
    return Estimate(value=auc, low=max(0.0, auc - half), high=min(1.0, auc + half))


def _variance(parts: np.ndarray) -> float:
    """Of their mean; a single one is as uncertain as a coin."""
    return float(parts.var(ddof=1) / len(parts)) if len(parts) > 1 else 0.25


def bins_of(probabilities: np.ndarray, bins: int) -> np.ndarray:
    """The bin of each row: of about as many rows each, rows of the same probability together."""
    edges = np.unique(np.quantile(probabilities, np.arange(1, bins) / bins))
    return np.searchsorted(edges, probabilities, side="right")


def calibration_error(probabilities: np.ndarray, happened: np.ndarray, bins: int) -> float:
    """Mean gap between predicted and observed rate over bins of as many rows (ECE)."""
    which = bins_of(probabilities, bins)
    gaps = np.bincount(which, weights=probabilities - happened)
    return float(np.abs(gaps).sum() / len(probabilities))


def calibration_interval(
    probabilities: np.ndarray, happened: np.ndarray, bins: int, resamples: int, seed: int
) -> Estimate:
    """Calibration error with the interval of its bootstrap, moved so that resampling adds nothing.

    Noise alone raises the error, and resampling doubles the noise; so the basic bootstrap (the interval
    mirrored about the error) is taken, cut at 0.
    """
    value = calibration_error(probabilities, happened, bins)
    rng = np.random.default_rng(seed)
    rows = len(probabilities)
    drawn = np.empty(resamples)
    for at in range(resamples):
        sample = rng.integers(0, rows, rows)
        drawn[at] = calibration_error(probabilities[sample], happened[sample], bins)
    low, high = np.quantile(drawn, (0.025, 0.975))
    mirrored = (max(0.0, 2 * value - high), max(0.0, 2 * value - low))
    return Estimate(value=value, low=min(mirrored[0], value), high=max(mirrored[1], value))


def error_by_chance(probabilities: np.ndarray, bins: int, draws: int, seed: int) -> float:
    """95th percentile of the calibration error of outcomes drawn with exactly these probabilities."""
    rng = np.random.default_rng(seed)
    which = bins_of(probabilities, bins)
    errors = np.empty(draws)
    for at in range(draws):
        outcomes = rng.random(len(probabilities)) < probabilities
        gaps = np.bincount(which, weights=probabilities - outcomes)
        errors[at] = np.abs(gaps).sum() / len(probabilities)
    return float(np.quantile(errors, 0.95))


def reliability(probabilities: np.ndarray, happened: np.ndarray, bins: int) -> list[ReliabilityPoint]:
    """Predicted and observed rate of each bin, lowest first."""
    which = bins_of(probabilities, bins)
    points = []
    for each in np.unique(which):
        at = which == each
        rows, having = int(at.sum()), int(happened[at].sum())
        low, high = wilson_interval(having, rows)
        rate = Estimate(value=having / rows, low=float(low), high=float(high))
        predicted = float(probabilities[at].mean())
        points.append(ReliabilityPoint(rows=rows, predicted_rate=predicted, observed_rate=rate))
    return points


def entropy(rate: float) -> float:
    """Log loss of always saying the rate, nats a row."""
    return float(-(xlogy(rate, rate) + xlogy(1 - rate, 1 - rate)))
