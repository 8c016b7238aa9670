"""Which few weights explain a yes/no outcome, for each strength of the penalty?"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

# Shares of the least penalty at which every weight is 0, strongest first.
STRENGTHS = np.geomspace(0.7, 0.002, 14)
HESSIAN_ROWS = 8_000  # the curvature is taken from so many rows; the gradient always from all
STEPS = 40
TOLERANCE = 1e-6  # of the objective, in nats a row, relative to that of the base rate


@dataclass(frozen=True)
class LinearPath:
    """Weights of the columns as given (not standardised), a row for each strength, and intercepts."""

    weights: np.ndarray
    intercepts: np.ndarray


def learn_path(x: np.ndarray, happened: np.ndarray, l1_share: float, strengths: np.ndarray) -> LinearPath:
    """Minima of mean log loss + penalty * (l1_share |w|_1 + (1 - l1_share) / 2 |w|^2) for falling strengths.

    The penalty is on weights of columns brought to mean 0 and deviation 1. Each step solves the quadratic
    model by coordinate descent and goes along it as far as the objective falls (proximal Newton;
    Friedman, Hastie, Tibshirani 2010; Lee, Sun, Saunders 2014). Constant columns get 0.
    """
    y = happened.astype(np.float64)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    varies = deviation > 1e-9 * (1 + np.abs(mean))
    standard = np.asfortranarray((x[:, varies] - mean[varies]) / deviation[varies])
    rate = y.mean()
    empties = np.abs(standard.T @ (y - rate)).max(initial=0.0) / len(y) / l1_share
    w, bias = np.zeros(standard.shape[1]), float(np.log(rate / (1 - rate)))
    weights, intercepts = np.zeros((len(strengths), x.shape[1])), np.empty(len(strengths))
    for at, strength in enumerate(strengths):
        w, bias = _minimum(standard, y, w, bias, strength * empties, l1_share)
        weights[at, varies] = w / deviation[varies]
        intercepts[at] = bias - weights[at] @ mean
    return LinearPath(weights, intercepts)


def _minimum(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, bias: float, penalty: float, l1_share: float
) -> tuple[np.ndarray, float]:
    # Compiled code takes a second to load.
    from tools.scoring.conversion.fitting.kernels import direction

    l1, l2 = penalty * l1_share, penalty * (1 - l1_share)
    margins = x @ w + bias
    value = _objective(margins, y, w, l1, l2)
    hessian = _curvature(x, expit(margins))
    for _ in range(STEPS):
        missed = y - expit(margins)
        gradient = np.append(x.T @ missed, missed.sum()) / len(y)
        step = direction(hessian, gradient, np.append(w, bias), l1, l2)
        along = x @ step[:-1] + step[-1]
        best, size = value, 1.0
        while size > 1e-4:
            best = _objective(margins + size * along, y, w + size * step[:-1], l1, l2)
            if best <= value:
                break
            size /= 2
        if best > value:
            break
        w, bias, margins = w + size * step[:-1], bias + size * float(step[-1]), margins + size * along
        gained, value = value - best, best
        if gained < TOLERANCE * value:
            break
    return w, bias


def _objective(margins: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> float:
    loss = (np.logaddexp(0.0, margins) - y * margins).mean()
    return float(loss + l1 * np.abs(w).sum() + l2 / 2 * (w @ w))


def _curvature(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Mean of p (1 - p) x x', with a column of ones last."""
    every = max(1, -(-len(x) // HESSIAN_ROWS))
    chosen = np.ascontiguousarray(x[::every])
    variance = (p * (1 - p))[::every]
    ones = np.hstack((chosen, np.ones((len(chosen), 1))))
    hessian = (ones * variance[:, None]).T @ ones / len(chosen)
    # A column that is empty in the sampled rows must not look flat.
    floor = np.append(np.einsum("ij,ij,i->j", x, x, p * (1 - p)) / len(x), 0.0) if every > 1 else 0.0
    np.fill_diagonal(hessian, np.maximum(hessian.diagonal(), floor) + 1e-8)
    return hessian
