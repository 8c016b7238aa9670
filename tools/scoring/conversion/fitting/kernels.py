"""Compiled loops of coordinate descent; imported where they are called, since loading them takes a second."""

import numpy as np
from numba import njit


@njit(cache=True)
def direction(hessian: np.ndarray, gradient: np.ndarray, at: np.ndarray, l1: float, l2: float) -> np.ndarray:
    """The step to the minimum of the quadratic model; the last coordinate carries no penalty."""
    step, slope = np.zeros(len(at)), gradient.copy()
    for _ in range(1_000):
        moved = 0.0
        for j in range(len(at)):
            here, h = at[j] + step[j], hessian[j, j]
            wish = h * here + slope[j]
            bare = j == len(at) - 1
            new = wish / h if bare else np.sign(wish) * max(abs(wish) - l1, 0.0) / (h + l2)
            change = new - here
            if change != 0.0:
                step[j] += change
                for k in range(len(at)):
                    slope[k] -= change * hessian[j, k]  # symmetric: along the row
                moved = max(moved, abs(change) * np.sqrt(h))
        if moved < 1e-7:
            break
    return step
