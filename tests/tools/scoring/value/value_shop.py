"""A shop whose customers buy by the BG/NBD and Gamma-Gamma models, with known parameters."""

import numpy as np

from store.transactions import Transactions

TRUE = {"r": 0.6, "alpha": 20.0, "a": 0.8, "b": 2.5}


def shop(customers: int, days: int = 540, seed: int = 0) -> Transactions:
    """Customers who come in the first quarter of the days and buy until they leave."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, int, float]] = []
    for customer in range(customers):
        rate = rng.gamma(TRUE["r"], 1 / TRUE["alpha"])
        leaves = rng.beta(TRUE["a"], TRUE["b"])
        scale = 15.0 / rng.gamma(4.0)
        time = rng.uniform(0, days / 4)
        rows.append((customer, int(time), rng.gamma(6.0, scale)))
        while True:
            time += rng.exponential(1 / max(rate, 1e-9))
            if time >= days:
                break
            rows.append((customer, int(time), rng.gamma(6.0, scale)))
            if rng.random() < leaves:
                break
    codes, when, amounts = (np.array(part) for part in zip(*rows, strict=True))
    ids = np.array([f"Customer {at}" for at in range(customers)])
    return Transactions(ids, codes.astype(np.int32), when.astype(np.int32), amounts.astype(np.float64), None)
