"""Accounts with planted truth, plainly generated."""

from collections.abc import Callable

import numpy as np
import pytest

from store.features import Feature, FeatureTable, category, number, sets
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile

INDUSTRIES = ("Health", "Retail", "Software", "Steel", "Travel")
Accounts = Callable[..., tuple[FeatureTable, FeatureTable]]


def _accounts(rows: int, seed: int) -> tuple[FeatureTable, np.ndarray]:
    """Log odds: +2 for 50 to 499 employees, +1 for Software or Health, -6 for Steel, +0.8 for SAP."""
    rng = np.random.default_rng(seed)
    employees = np.round(np.exp(rng.normal(4.5, 1.6, rows))) + 1
    industry = rng.choice(INDUSTRIES, rows)
    tools = [[tool for tool in ("AWS", "SAP", "Zoom") if rng.random() < 0.4] for _ in range(rows)]
    odds = 2.0 * ((employees >= 50) & (employees < 500)) + 1.0 * np.isin(industry, ["Software", "Health"])
    odds += 0.8 * np.array(["SAP" in each for each in tools]) - 6.0 * (industry == "Steel")
    won = rng.random(rows) < 1 / (1 + np.exp(2.0 - odds))
    shown = np.where(rng.random(rows) < 0.1, np.nan, employees)
    features: list[Feature] = [
        number("employees", shown),
        category("industry", industry),
        sets("tools", tools),
        number("noise", rng.normal(size=rows)),
        category("colour", rng.choice(["blue", "green", "red"], rows)),
    ]
    return FeatureTable(rows, tuple(features)), won


@pytest.fixture(scope="session")
def accounts() -> Accounts:
    """Won and lost accounts; with `shuffled` which is which is by chance."""

    def made(rows: int = 4_000, seed: int = 0, shuffled: bool = False) -> tuple[FeatureTable, FeatureTable]:
        table, won = _accounts(rows, seed)
        won = np.random.default_rng(seed + 1).permutation(won) if shuffled else won
        return table.take(won), table.take(~won)

    return made


@pytest.fixture(scope="session")
def planted(accounts: Accounts) -> FitProfile:
    """What is learned of 4,000 accounts."""
    return learn_fit(*accounts())
