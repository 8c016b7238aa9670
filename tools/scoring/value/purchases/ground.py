"""What does the BG/NBD and Gamma-Gamma model expect of each history, over a horizon?"""

import numpy as np
from pydantic import BaseModel, Field

from tools.scoring.value.purchases.bgnbd import BgNbd, alive_probability, expected_purchases, fit_bgnbd
from tools.scoring.value.purchases.gamma_gamma import GammaGamma, expected_amount, fit_gamma_gamma
from tools.scoring.value.purchases.history import COLUMNS

PLACES = [COLUMNS.index(name) for name in ("frequency", "recency_days", "age_days", "monetary", "mean")]


class Ground(BaseModel):
    """The model of purchases on one day, for one horizon."""

    purchases: BgNbd
    amounts: GammaGamma | None = Field(default=None, description="None where no customer has bought twice.")
    mean_amount: float = Field(description="Mean amount of a purchase, where `amounts` is None.")
    horizon_days: float
    unit: float = Field(description="Mean spend that it expects of a customer it was fitted on.")

    def alive(self, columns: np.ndarray) -> np.ndarray:
        """P(still a customer) of each row of columns as `histories` gives them."""
        frequency, recency, age, *_ = columns[:, PLACES].T
        return alive_probability(self.purchases, frequency, recency, age)

    def purchases_expected(self, columns: np.ndarray) -> np.ndarray:
        """Purchases expected over the horizon."""
        frequency, recency, age, *_ = columns[:, PLACES].T
        return expected_purchases(self.purchases, frequency, recency, age, self.horizon_days)

    def amount_expected(self, columns: np.ndarray) -> np.ndarray:
        """Amount expected of a purchase."""
        frequency, _, _, monetary, _ = columns[:, PLACES].T
        if self.amounts is None:
            return np.full(len(columns), self.mean_amount)
        return expected_amount(self.amounts, frequency, monetary)

    def spend_expected(self, columns: np.ndarray) -> np.ndarray:
        """Spend expected over the horizon, the product of the two (independent in this model)."""
        return self.purchases_expected(columns) * self.amount_expected(columns)

    def beside(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The columns with three more (purchases relative to the mean, amount, alive), and the spend."""
        purchases, amount = self.purchases_expected(columns), self.amount_expected(columns)
        spend = np.maximum(purchases * amount, 1e-9 * self.unit)
        typical = self.unit / max(self.mean_amount, 1e-12)
        return np.column_stack((columns, purchases / typical, amount, self.alive(columns))), spend


EXPECTED = ("expected_purchases", "expected_amount", "alive_probability")


def fit_ground(columns: np.ndarray, horizon_days: float) -> Ground:
    """The model fitted to histories as they are on one day."""
    frequency, recency, age, monetary, mean = columns[:, PLACES].T
    amounts = fit_gamma_gamma(frequency, monetary)
    ground = Ground(
        purchases=fit_bgnbd(frequency, recency, age),
        amounts=amounts,
        mean_amount=max(float(np.nanmean(mean)), 1e-9),
        horizon_days=horizon_days,
        unit=1.0,
    )
    return ground.model_copy(update={"unit": max(float(ground.spend_expected(columns).mean()), 1e-9)})
