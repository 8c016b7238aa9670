"""Do other rows convert than before, beyond what other rows there are?"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtr
from scipy.stats import chi2

from store.features import Feature, FeatureTable
from tools.scoring.conversion.fitting.candidates import tried
from tools.scoring.conversion.fitting.windows import folds
from tools.scoring.conversion.queries import ConversionQuery

STRENGTH = 6  # place among the linear strengths: a middling penalty
LEAST_VARIANCE = 5.0  # of the outcomes of a bin; a normal approximation below it is none
MOST_LEVELS = 12


class RateTest(NamedTuple):
    """The later rate, what the earlier rows lead one to expect, and the gap's standard error."""

    observed: float
    expected: float
    error: float

    @property
    def p(self) -> float:
        if self.error == 0:
            return 1.0
        return float(2 * ndtr(-abs(self.observed - self.expected) / self.error))


def score_rows(table: FeatureTable, happened: np.ndarray, seed: int) -> np.ndarray:
    """Held-out log odds of each row from all others, by a linear model that knows no periods."""
    query, margins = ConversionQuery(seed=seed), np.empty(table.rows)
    for a, b in folds(happened, 3, seed):
        margins[b] = tried("linear", table.take(a), happened[a], table.take(b), query)[STRENGTH]
    return margins


def rate_test(margins: np.ndarray, happened: np.ndarray, later: np.ndarray) -> RateTest:
    """The later rate against that of the same scores before, on a line of log odds fitted before."""
    p = expit(_line(margins[~later, None], happened[~later], margins[:, None]))
    earlier_error = (p * (1 - p))[~later].sum() / (~later).sum() ** 2
    later_error = (p * (1 - p))[later].sum() / later.sum() ** 2
    error = float(np.sqrt(earlier_error + later_error))
    return RateTest(float(happened[later].mean()), float(p[later].mean()), error)


def effect_test(column: Feature, margins: np.ndarray, happened: np.ndarray, later: np.ndarray) -> tuple:
    """p-value and words of a column's going otherwise with the outcome, at the same score and period.

    Residuals of a line on score and period are compared between the periods in each bin of the column;
    their squared differences over their variances are chi-squared, of at most as many degrees as bins.
    """
    inputs = np.column_stack((margins, later.astype(float)))
    p = expit(_line(inputs, happened, inputs))
    gaps, names = [], []
    for name, held in _bins(column):
        sides = [held & ~later, held & later]
        variances = [float((p * (1 - p))[side].sum()) for side in sides]
        if min(variances) < LEAST_VARIANCE:
            continue
        then, now = (float((happened - p)[side].mean()) for side in sides)
        spread = sum(v / side.sum() ** 2 for v, side in zip(variances, sides, strict=True))
        gaps.append((now - then) / np.sqrt(spread))
        names.append((name, now - then))
    if len(gaps) < 2:
        return 1.0, "too few outcomes to tell"
    most = int(np.argmax(np.abs(gaps)))
    name, gap = names[most]
    p_value = float(chi2.sf(float(np.square(gaps).sum()), len(gaps)))
    return (
        p_value,
        f"with {name} it happens {abs(gap):.1%} {'more' if gap > 0 else 'less'} often than rows alike did",
    )


def _line(inputs: np.ndarray, happened: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Log odds of `of` by logistic regression of the outcome on the inputs, barely penalised."""
    design = np.column_stack((inputs, np.ones(len(inputs))))
    y = happened.astype(float)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        eta = design @ w
        value = (np.logaddexp(0.0, eta) - y * eta).sum() + 0.5e-3 * (w @ w)
        return value / len(y), (design.T @ (expit(eta) - y) + 1e-3 * w) / len(y)

    w = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    return np.column_stack((of, np.ones(len(of)))) @ w


def _bins(column: Feature) -> list[tuple[str, np.ndarray]]:
    """Sets of rows by the column's value, with words."""
    known = column.known()
    if column.kind == "number":
        edges = np.unique(np.quantile(column.values[known], (0.2, 0.4, 0.6, 0.8))) if known.any() else []
        which = np.where(known, np.searchsorted(edges, column.values), -1)
        words = [f"{column.told} {_range(edges, at)}" for at in range(len(edges) + 1)]
        return [(words[at], which == at) for at in range(len(edges) + 1)]
    rows = (
        np.arange(column.rows)
        if column.starts is None
        else np.repeat(np.arange(column.rows), np.diff(column.starts))
    )
    counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    found = []
    for code in np.argsort(-counts, kind="stable")[:MOST_LEVELS]:
        held = np.zeros(column.rows, dtype=bool)
        held[rows[column.values == code]] = True
        found.append((f"{column.told} “{column.levels[code]}”", held))
    return found


def _range(edges: np.ndarray | list, at: int) -> str:
    if len(edges) == 0:
        return "known"
    if at == 0:
        return f"up to {edges[0]:.4g}"
    return f"above {edges[-1]:.4g}" if at == len(edges) else f"{edges[at - 1]:.4g} to {edges[at]:.4g}"
