"""How much does a customer spend on an average purchase? The Gamma-Gamma model.

Fader, Hardie (2013), The Gamma-Gamma model of monetary value, brucehardie.com/notes/025.
"""

import numpy as np
from pydantic import BaseModel, Field
from scipy.special import gammaln, psi


class GammaGamma(BaseModel):
    """Amounts of a customer are gamma with shape p; their scale varies as a gamma with shape q and rate v."""

    p: float = Field(gt=0)
    q: float = Field(gt=1, description="Above 1, so that the mean over customers exists.")
    v: float = Field(gt=0, description="In units of money.")

    @property
    def mean(self) -> float:
        """The mean amount over all customers."""
        return self.p * self.v / (self.q - 1)


def fit_gamma_gamma(purchases: np.ndarray, mean_amount: np.ndarray) -> GammaGamma | None:
    """The parameters of the highest likelihood, of customers with purchases and a mean amount above 0.

    None where there are none: then no amount is known.
    """
    from scipy.optimize import minimize

    bought = (purchases > 0) & (mean_amount > 0)
    x, z = purchases[bought].astype(np.float64), mean_amount[bought].astype(np.float64)
    if not len(x):
        return None
    unit = float(z.mean())
    found = minimize(
        _negative,
        np.log([3.0, 2.0, 1.0]),
        args=(x, z / unit),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-6.0, 7.0)] * 3,
        options={"maxiter": 1_000, "ftol": 1e-14, "gtol": 1e-9},
    )
    p, over, v = (float(value) for value in np.exp(found.x))
    return GammaGamma(p=p, q=1 + over, v=v * unit)


def _negative(logs: np.ndarray, x: np.ndarray, z: np.ndarray) -> tuple[float, np.ndarray]:
    """Minus the mean log-likelihood, and its gradient by log p, log(q - 1) and log v."""
    p, over, v = np.exp(logs)
    q = 1 + over
    together = p * x + q
    total = np.log(v + x * z)
    each = (
        gammaln(together)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(v)
        + (p * x - 1) * np.log(z)
        + p * x * np.log(x)
        - together * total
    )
    by_p = x * (psi(together) - psi(p * x) + np.log(z) + np.log(x) - total)
    by_q = psi(together) - psi(q) + np.log(v) - total
    by_v = q / v - together / (v + x * z)
    gradient = np.array([by_p.mean() * p, by_q.mean() * over, by_v.mean() * v])
    return -float(each.mean()), -gradient


def expected_amount(model: GammaGamma, purchases: np.ndarray, mean_amount: np.ndarray) -> np.ndarray:
    """The mean amount of a customer's purchases to come; of one without purchases the mean of all."""
    x = np.where(mean_amount > 0, purchases, 0.0)
    return model.p * (model.v + x * np.maximum(mean_amount, 0.0)) / (model.p * x + model.q - 1)
