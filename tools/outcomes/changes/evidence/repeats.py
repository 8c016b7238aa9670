"""How many independent records are these, where persons and accounts have several?"""

import numpy as np


def units_coded(unit_ids: np.ndarray) -> np.ndarray:
    """The place of each record's unit among the different ones, int64."""
    return np.unique(unit_ids, return_inverse=True)[1].astype(np.int64)


def kish(sizes: np.ndarray) -> float:
    """As many independent records as clusters of these sizes tell, if all of one go alike; 0 of nothing.

    n^2 / sum of squares. Kish (1965), Survey Sampling: the number of clusters where each has as many
    records, and fewer where some have most of them.
    """
    squares = float(np.square(sizes, dtype=np.float64).sum())
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def kept_share(totals: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Variance of a contrast of independent records / of clustered ones, 0..1: sum 1/n over sum 1/effective.

    totals, sizes: (..., cells) records and effective records of each cell.
    """
    n, e = (np.maximum(np.asarray(each, dtype=np.float64), 1e-9) for each in (totals, sizes))
    return np.minimum((1 / n).sum(axis=-1) / (1 / e).sum(axis=-1), 1.0)
