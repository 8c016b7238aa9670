"""Which neighbouring cells belong together, so that the bins tell ideal rows from others best?"""

import numpy as np

Partition = tuple[np.ndarray, np.ndarray]


def best_partitions(
    ideal: np.ndarray, others: np.ndarray, share: np.ndarray, least: float, most: int, trend: int = 0
) -> Partition:
    """The best division of the cells into 1, 2, ... `most` bins of neighbours: gains and first cells.

    gains: (most,) nats of log-likelihood above one bin for all, -inf where a division is not possible.
    firsts: (most, most) the first cell of each bin, -1 beyond the last. ideal, others: (cells,) counts.
    share: (cells,) what must add up to `least` in every bin. trend: 1 the rate may only rise, -1 only fall.
    Exact, by dynamic programming over the last bin (Bellman 1961): some
    cells^2 * most steps, cells^3 with a trend.
    """
    from tools.scoring.fit.bins.kernels import partitions  # compiled code takes a second to load

    return partitions(
        np.ascontiguousarray(ideal, dtype=np.float64),
        np.ascontiguousarray(others, dtype=np.float64),
        np.ascontiguousarray(share, dtype=np.float64),
        least,
        most,
        trend,
    )
