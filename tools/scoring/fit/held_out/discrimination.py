"""How often does an ideal row score above another?"""

import numpy as np
from scipy.special import expit, logit, ndtri

from tools.mining.findings import Estimate


def auc(ideal: np.ndarray, others: np.ndarray) -> Estimate:
    """The share of pairs in which the ideal row scores higher, ties a half, with its 95 % interval.

    Variance of DeLong et al. (1988) from ranks (Sun and Xu 2014), on the logit scale so that the interval
    stays in 0..1. An AUC of 0 or 1 is taken half a pair further in, and the variance is never less than a
    tenth of that of a share of so many rows: where all pairs agree, DeLong's is 0.
    """
    m, n = len(ideal), len(others)
    ranks = _ranks(np.concatenate((ideal, others)))
    above = (ranks[:m] - _ranks(ideal)) / n
    below = 1 - (ranks[m:] - _ranks(others)) / m
    value = float(above.mean())
    held = float(np.clip(value, 0.5 / (m * n), 1 - 0.5 / (m * n)))
    variance = _variance(above) / m + _variance(below) / n
    variance = max(variance, held * (1 - held) / min(m, n) / 10)
    spread = float(ndtri(0.975)) * np.sqrt(variance) / (held * (1 - held))
    low, high = (float(expit(logit(held) + sign * spread)) for sign in (-1, 1))
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Places in rising order from 1, equal values at the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _variance(values: np.ndarray) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.25
