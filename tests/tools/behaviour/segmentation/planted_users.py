"""Users of three kinds, planted: many large orders, one small order lately, one order long ago."""

import numpy as np

from store.features import FeatureTable, category, number


def users(rows: int, seed: int = 0, *, planted: bool = True) -> tuple[FeatureTable, np.ndarray]:
    """The users and the kind of each; without planted kinds every column is drawn for itself."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, rows, p=[0.2, 0.4, 0.4])

    def of(*means: float) -> np.ndarray:
        return np.array(means)[kind] if planted else np.full(rows, float(np.mean(means)))

    orders = 1 + rng.poisson(of(12, 0.5, 0.5))
    sessions = orders + rng.poisson(of(30, 4, 3))
    pages = sessions + rng.poisson(5 * of(30, 4, 3))
    age = rng.uniform(of(200, 5, 150), of(400, 25, 300))
    table = FeatureTable(
        rows,
        (
            number("sessions", sessions),
            number("page_views", pages),
            number("purchases", orders),
            number("revenue", np.round(orders * np.exp(rng.normal(of(5, 3, 4), 0.3)), 2)),
            number("engagement_seconds", pages * rng.gamma(20, 1.5, rows)),
            number("age_days", age),
            number("inactive_days", rng.uniform(of(0, 0, 80), of(20, 5, 150))),
            category("country", np.array(["France", "Germany", "Spain"])[rng.integers(0, 3, rows)]),
            category("device", np.array(["desktop", "mobile"])[rng.integers(0, 2, rows)]),
            category("channel", np.array(["organic", "paid"])[rng.integers(0, 2, rows)]),
        ),
    )
    return table, kind
