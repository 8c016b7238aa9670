"""Which probability does a score stand for?"""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from scipy.special import expit, logit

from tools.scoring.conversion.report import CalibrationKind

PULL = 2.0  # rows' worth of belief that margins need no change; keeps few outcomes from extreme slopes
EDGE = 1e-6
MOST_SHIFT = 30.0


@dataclass(frozen=True)
class Calibrator:
    """From evidence (log odds beyond a base rate) to probabilities, rising.

    `shift` is added to the calibrated log odds.
    """

    kind: CalibrationKind = "none"
    slopes: tuple[float, ...] = ()
    intercept: float = 0.0
    knots: tuple[float, ...] = ()  # of isotonic: evidence
    rates: tuple[float, ...] = ()
    shift: float = 0.0

    def probabilities(self, margins: np.ndarray) -> np.ndarray:
        """Of each row, float64, within 0..1."""
        return expit(self._margins(margins) + self.shift)

    def _margins(self, margins: np.ndarray) -> np.ndarray:
        if self.kind == "isotonic":
            return logit(np.interp(margins, self.knots, self.rates))
        if self.kind == "none":
            return margins + self.intercept
        return _inputs(self.kind, margins) @ np.array(self.slopes) + self.intercept

    def centred(self, margins: np.ndarray, happened: np.ndarray) -> "Calibrator":
        """The same, moved on the scale of log odds so that these rows' mean is their rate.

        The prior-shift correction of Saerens, Latinne and Decaestecker (2002), with the outcomes known. Half
        a row of either outcome is added, so that a rate of 0 or 1 moves it a finite way.
        """
        from scipy.optimize import brentq  # takes a while to import, and every command would wait

        calibrated = self._margins(margins)
        goal = (happened.sum() + 0.5) / (len(happened) + 1)
        shift = brentq(lambda by: float(expit(calibrated + by).mean()) - goal, -MOST_SHIFT, MOST_SHIFT)
        return replace(self, shift=float(cast(float, shift)))


def learn_calibrator(kind: CalibrationKind, margins: np.ndarray, happened: np.ndarray) -> Calibrator:
    """A calibrator of one kind from held-out rows.

    platt: a line on log odds (Platt 1999); beta: separate slopes of ln p and -ln (1 - p) (Kull, Silva
    Filho, Flach 2017), none below 0; isotonic: a rising step function whose blocks hold one row more, at
    the rate of all (so that none is 0 or 1), joined by lines.
    """
    from scipy.optimize import minimize  # takes a while to import, and every command would wait

    if kind == "none":
        return Calibrator()
    if kind == "isotonic":
        return _isotonic(margins, happened)
    inputs, y = _inputs(kind, margins), happened.astype(np.float64)
    start = np.append(np.ones(inputs.shape[1]), 0.0)

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        eta = inputs @ at[:-1] + at[-1]
        missed = expit(eta) - y
        away = at - start
        value = (np.logaddexp(0.0, eta) - y * eta).sum() + PULL / 2 * (away @ away)
        return value / len(y), (np.append(inputs.T @ missed, missed.sum()) + PULL * away) / len(y)

    bounds = [(0.0, None)] * inputs.shape[1] + [(None, None)]
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return Calibrator(kind, tuple(map(float, found[:-1])), float(found[-1]))


def _inputs(kind: CalibrationKind, margins: np.ndarray) -> np.ndarray:
    if kind == "platt":
        return margins[:, None]
    # ln p and -ln (1 - p), straight from log odds.
    return np.column_stack((-np.logaddexp(0.0, -margins), np.logaddexp(0.0, margins)))


def _isotonic(margins: np.ndarray, happened: np.ndarray) -> Calibrator:
    from scipy.optimize import isotonic_regression  # takes a while to import, and every command would wait

    places, which = np.unique(margins, return_inverse=True)
    rows = np.bincount(which)
    rates = np.bincount(which, weights=happened) / rows
    result = isotonic_regression(rates, weights=rows)
    begins, ends = result.blocks[:-1], result.blocks[1:] - 1
    size = np.add.reduceat(rows, begins)
    smoothed = (result.x[begins] * size + happened.mean()) / (size + 1)
    levels = np.clip(np.maximum.accumulate(smoothed), EDGE, 1 - EDGE)
    knots = np.column_stack((places[begins], places[ends])).ravel()
    steps = np.repeat(levels, 2)
    once = np.append(True, np.diff(knots) > 0)
    return Calibrator("isotonic", knots=tuple(knots[once].tolist()), rates=tuple(steps[once].tolist()))
