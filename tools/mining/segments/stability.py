"""Would the same segments be found among other customers of the same kind?"""

import numpy as np
from sklearn.metrics import adjusted_rand_score

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.segments.mixture import Mixture, refitted
from tools.mining.segments.scores import Ground, spread

RESTARTS, STEPS = 1, 40


def stabilities(ground: Ground, mixture: Mixture, *, draws: int, seed: int) -> Floats:
    """Mean overlap (Jaccard) of each kind with its likest among kinds fitted to bootstrap samples: (k,).

    Each sample is as large as the rows given, and divided by the same attributes into as many kinds;
    the overlap is taken over all the rows. Hennig (2007): below 0.5 a kind has dissolved, from 0.75 it
    is valid.
    """
    rng = np.random.default_rng(seed)
    rows = len(ground.cells)
    own = mixture.assigned(ground)
    found = np.zeros(mixture.kinds)
    for draw in range(draws):
        sample = ground.rows(np.sort(rng.integers(0, rows, rows)))
        again = refitted(sample, mixture, restarts=RESTARTS, max_iterations=STEPS, seed=seed + draw)
        found += _overlaps(own, again.assigned(ground), mixture.kinds).max(axis=1, initial=0)
    return found / max(draws, 1)


def agreement(ground: Ground, mixture: Mixture, *, seed: int) -> float:
    """Adjusted Rand index of two divisions of the rows: one fitted to every other row, one to the rest."""
    halves = (ground.rows(np.arange(start, len(ground.cells), 2)) for start in range(2))
    first, second = (
        refitted(half, mixture, restarts=RESTARTS, max_iterations=STEPS, seed=seed).assigned(ground)
        for half in halves
    )
    return float(adjusted_rand_score(first, second))


def _overlaps(one: Ints, other: Ints, kinds: int) -> Floats:
    """(kinds, kinds): shared / either, of the kinds of two divisions; the background (-1) is left out."""
    both = np.zeros((kinds + 1, kinds + 1))
    np.add.at(both, (one + 1, other + 1), 1)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    return (both / np.maximum(either, 1))[1:, 1:]


def few(ground: Ground, rows: int) -> Ground:
    """At most so many rows, evenly from all."""
    return ground.rows(spread(len(ground.cells), rows))
