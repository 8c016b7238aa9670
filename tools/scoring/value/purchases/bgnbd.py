"""How often will a customer buy who may have left unseen? The BG/NBD model.

Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2). Purchases come at
a gamma-distributed rate; after each one the customer leaves with a beta-distributed probability.
"""

from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field
from scipy.special import expit, gammaln, psi

NODES = (
    64  # of the quadrature over the chance to leave: closed form and quadrature agree to 1e-9 up to w = 100
)
STEP = 1 << 16  # customers at a time, so that NODES values of each stay in memory
BOUNDS = (-9.0, 9.0)  # of the logarithms: all models beyond are the same


class BgNbd(BaseModel):
    """The four parameters; times in the unit of the ages that it was fitted on."""

    r: float = Field(gt=0, description="Shape of the gamma distribution of purchase rates.")
    alpha: float = Field(gt=0, description="Its rate, in units of time.")
    a: float = Field(gt=0, description="First parameter of the beta distribution of the chance to leave.")
    b: float = Field(gt=0, description="Its second parameter.")
    log_likelihood: float = Field(default=float("nan"), description="Mean log-likelihood of a customer.")


def fit_bgnbd(frequency: np.ndarray, recency: np.ndarray, age: np.ndarray) -> BgNbd:
    """The parameters of the highest likelihood.

    Customers of the same history are counted together; the gradient is exact, so that a million customers
    take seconds. Deterministic: starts from the moments of the rates.
    """
    from scipy.optimize import minimize

    told, counts = np.unique(np.column_stack((frequency, recency, age)), axis=0, return_counts=True)
    x, t_x, T = told.T
    unit = max(float(np.average(T, weights=counts)), 1e-9)
    args = (x, t_x / unit, T / unit, counts / counts.sum())
    found = minimize(
        _negative,
        np.log([0.5, 0.5, 1.0, 2.5]),
        args=args,
        jac=True,
        method="L-BFGS-B",
        bounds=[BOUNDS] * 4,
        options={"maxiter": 1_000, "ftol": 1e-14, "gtol": 1e-9},
    )
    r, alpha, a, b = (float(value) for value in np.exp(found.x))
    # A rate in another unit of time changes the density of each repeat by a constant.
    constant = float(np.sum(counts * x) / counts.sum() * np.log(unit))
    return BgNbd(r=r, alpha=alpha * unit, a=a, b=b, log_likelihood=float(-found.fun) - constant)


def _negative(
    logs: np.ndarray, x: np.ndarray, t_x: np.ndarray, T: np.ndarray, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """Minus the mean log-likelihood, and its gradient by the logarithms of the parameters."""
    r, alpha, a, b = np.exp(logs)
    stays = -(r + x) * np.log(alpha + T)
    with np.errstate(divide="ignore"):
        left = np.where(
            x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)) - (r + x) * np.log(alpha + t_x), -np.inf
        )
    each = (
        gammaln(r + x)
        - gammaln(r)
        + r * logs[1]
        + gammaln(a + b)
        + gammaln(b + x)
        - gammaln(b)
        - gammaln(a + b + x)
        + np.logaddexp(stays, left)
    )
    gone = expit(left - stays)
    late, early = np.log(alpha + T), np.log(alpha + t_x)
    by_r = psi(r + x) - psi(r) + logs[1] - (1 - gone) * late - gone * early
    by_alpha = r / alpha - (r + x) * ((1 - gone) / (alpha + T) + gone / (alpha + t_x))
    by_a = psi(a + b) - psi(a + b + x) + gone / a
    by_b = psi(a + b) + psi(b + x) - psi(b) - psi(a + b + x) - gone / np.where(x > 0, b + x - 1, 1.0)
    gradient = np.array([weights @ by_r, weights @ by_alpha, weights @ by_a, weights @ by_b])
    return -float(weights @ each), -gradient * np.exp(logs)


def alive_probability(
    model: BgNbd, frequency: np.ndarray, recency: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """P(the customer has not left); 1 without repeats, since one leaves only after a purchase."""
    x, t_x, T = _arrays(frequency, recency, age)
    power = (model.r + x) * (np.log(model.alpha + T) - np.log(model.alpha + t_x))
    odds = np.log(model.a) - np.log(np.where(x > 0, model.b + x - 1, 1.0)) + power
    return np.where(x > 0, expit(-odds), 1.0)


def expected_purchases(
    model: BgNbd, frequency: np.ndarray, recency: np.ndarray, age: np.ndarray, horizon: float
) -> np.ndarray:
    """Purchases that each customer is expected to make in the time after `age`.

    The paper's formula (10) divides by a - 1 and raises to the power r + x; the same expectation, given that
    the customer is there, is E[(1 - (1 + p w)^-(r + x)) / p] over p ~ Beta(a, b + x), w = horizon /
    (alpha + age), which is bounded everywhere and is summed by Gauss-Jacobi quadrature.
    """
    x, t_x, T = _arrays(frequency, recency, age)
    expected = np.empty(len(x))
    order = np.argsort(x, kind="stable")
    values, starts = np.unique(x[order], return_index=True)
    for value, rows in zip(values, np.split(order, starts[1:]), strict=True):
        nodes, weights = _beta_nodes(model.a, model.b + value)
        for first in range(0, len(rows), STEP):
            part = rows[first : first + STEP]
            w = horizon / (model.alpha + T[part])
            share = -np.expm1(-(model.r + value) * np.log1p(np.outer(w, nodes))) / nodes
            expected[part] = share @ weights
    return expected * alive_probability(model, x, t_x, T)


@lru_cache(maxsize=1_024)
def _beta_nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes in 0..1 and weights, sum 1, of the expectation under Beta(a, b). Golub, Welsch (1969)."""
    from scipy.linalg import eigh_tridiagonal  # takes a while to import, and every command would wait

    n = np.arange(NODES, dtype=np.float64)
    s = a + b - 2  # of the Jacobi polynomials with alpha = b - 1, beta = a - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = ((a - 1) ** 2 - (b - 1) ** 2) / ((2 * n + s) * (2 * n + s + 2))
        k = n[1:]
        beside = 4 * k * (k + b - 1) * (k + a - 1) * (k + s) / ((2 * k + s) ** 2 * ((2 * k + s) ** 2 - 1))
    middle[0] = (a - b) / (a + b)
    beside[0] = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    places, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    return np.clip((places + 1) / 2, 1e-300, 1.0), vectors[0] ** 2


def _arrays(*values: np.ndarray) -> list[np.ndarray]:
    return [np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in values]
