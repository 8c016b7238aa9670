"""Which coefficients make evidence into log odds?"""

from typing import NamedTuple

import numpy as np
from scipy.special import expit

MOST_STEPS = 50
TOLERANCE = 1e-9


class Fitted(NamedTuple):
    """coefficients: (columns + 1,), the intercept first. covariance: the inverse of the curvature there."""

    coefficients: np.ndarray
    covariance: np.ndarray

    def margins(self, columns: np.ndarray) -> np.ndarray:
        """Log odds of each row."""
        return self.coefficients[0] + columns @ self.coefficients[1:]


def fitted(columns: np.ndarray, label: np.ndarray, weights: np.ndarray, l2: float) -> Fitted:
    """A logistic regression with a penalty of l2 / 2 on each squared coefficient of a unit of spread.

    Minimises sum weights * log loss + l2 / 2 * sum variance_j * beta_j^2 by Newton's method with halved
    steps; the intercept is free. columns: (rows, columns), label: 0 or 1, weights: (rows,).
    """
    design = np.column_stack((np.ones(len(columns)), columns))
    mean = np.average(columns, axis=0, weights=weights)
    variance = np.average((columns - mean) ** 2, axis=0, weights=weights)
    # A column of one value only has no spread to scale by; it gets 0 whatever the penalty.
    penalty = np.concatenate(([1e-9], l2 * np.where(variance > 1e-12, variance, 1.0)))
    beta = np.zeros(design.shape[1])
    loss = _loss(design, label, weights, penalty, beta)
    curvature = np.diag(penalty)
    for _ in range(MOST_STEPS):
        p = expit(design @ beta)
        gradient = design.T @ (weights * (p - label)) + penalty * beta
        curvature = (design.T * (weights * p * (1 - p))) @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (new := _loss(design, label, weights, penalty, beta - size * step)) > loss and size > 1e-4:
            size /= 2
        if new > loss:
            break
        beta, gained, loss = beta - size * step, loss - new, new
        if gained < TOLERANCE * (abs(loss) + 1):
            break
    return Fitted(beta, np.linalg.inv(curvature))


def log_likelihood(label: np.ndarray, margins: np.ndarray) -> np.ndarray:
    """Nats of each row: log P(its label), for margins (rows,) or (rows, models)."""
    signed = margins * (2 * label - 1).reshape(-1, *[1] * (margins.ndim - 1))
    return -np.logaddexp(0.0, -signed)


def _loss(
    design: np.ndarray, label: np.ndarray, weights: np.ndarray, penalty: np.ndarray, beta: np.ndarray
) -> float:
    return float(-weights @ log_likelihood(label, design @ beta) + penalty @ beta**2 / 2)
