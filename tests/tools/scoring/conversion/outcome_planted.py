"""Rows whose chance to convert is known."""

import numpy as np
from scipy.special import expit

from store.features import FeatureTable, category, number, sets

START = np.datetime64("2025-01-01")


def planted(rows: int, seed: int, strength: float = 1.0) -> tuple[FeatureTable, np.ndarray, np.ndarray]:
    """A table, whether each row converted, and its true probability.

    Log odds are -1 + strength (size + 0.8 if in trade - 0.8 if it uses crm); the others add nothing.
    """
    rng = np.random.default_rng(seed)
    size, trade = rng.normal(size=rows), rng.random(rows) < 0.4
    uses = rng.random((rows, 3)) < 0.3
    score = np.where(rng.random(rows) < 0.2, np.nan, rng.exponential(size=rows))
    p = expit(-1 + strength * (size + 0.8 * trade - 0.8 * uses[:, 0]))
    tools = [[name for name, has in zip(("crm", "erp", "bi"), row, strict=True) if has] for row in uses]
    table = FeatureTable(
        rows,
        (
            number("size", size),
            category("industry", np.where(trade, "trade", "industry")),
            sets("tools", tools),
            category("region", rng.choice(["north", "south", "west"], rows)),
            number("score", score),
        ),
    )
    return table, rng.random(rows) < p, p


def days(rows: int, over: int = 400) -> np.ndarray:
    """Decisions spread evenly over so many days, in the order of the rows."""
    return START + np.arange(rows) * over // rows
