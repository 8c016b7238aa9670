"""Into which kinds do 0/1 rows fall, when some of them are of no kind?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Singles = NDArray[np.float32]

# Shares stay this far from 0 and 1, so that one odd attribute never rules a kind out.
MARGIN = 1e-3
# Rows added to each kind at the overall shares (a Dirichlet-like prior; keeps small kinds sober).
PSEUDO_ROWS = 2.0
# EM ends when a step adds less than this to the mean log-likelihood of a row.
ENOUGH = 1e-5
# Starts are compared after a few steps on a few rows; only the best goes on (Biernacki et al. 2003).
SHORT_STEPS, SHORT_ROWS = 12, 5_000
BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class Mixture:
    """Shares of each attribute in each kind, and the kinds' weights; row 0 is the background, fixed.

    shares (k + 1, d), weights (k + 1,). log_likelihood: of the rows it was fitted on.
    """

    shares: Singles
    weights: Singles
    log_likelihood: float = -np.inf
    rows: int = 0

    @property
    def kinds(self) -> int:
        return len(self.weights) - 1

    @property
    def bic(self) -> float:
        """Bayesian information criterion; the background has a weight and no free shares."""
        free = self.kinds * (self.shares.shape[1] + 1)
        return -2 * self.log_likelihood + free * float(np.log(max(self.rows, 1)))

    def assigned(self, held: NDArray) -> NDArray[np.int64]:
        """The likeliest kind of each row, -1 for the background."""
        labels = np.empty(len(held), dtype=np.int64)
        for start in range(0, len(held), BLOCK_ROWS):
            rows = held[start : start + BLOCK_ROWS].astype(np.float32)
            labels[start : start + len(rows)] = _log_joint(rows, self).argmax(axis=1) - 1
        return labels


def mixtures(
    held: Singles, background: NDArray, most: int, *, restarts: int, max_iterations: int, seed: int
) -> Iterator[Mixture]:
    """Bernoulli mixtures of 1, 2, ... `most` kinds and a background, fitted by EM to the 0/1 rows.

    EM for latent classes (Lazarsfeld, Henry 1968; Dempster, Laird, Rubin 1977) in logarithms. Half of
    the starts are new, half put one kind more into the mixture before (greedy EM, Vlassis, Likas
    2002), which keeps the likelihood rising smoothly with the number of kinds.
    """
    rng = np.random.default_rng(seed)
    sample = held[rng.permutation(len(held))[:SHORT_ROWS]]
    overall = held.mean(axis=0, dtype=np.float64).astype(np.float32)
    known = _bounded(np.asarray(background, dtype=np.float32))[None]
    before = Mixture(known, np.ones(1, dtype=np.float32))
    for kinds in range(1, most + 1):
        starts = [_started(held, overall, known, kinds, rng) for _ in range(-(-restarts // 2))]
        starts += [_one_more(held, overall, before, rng) for _ in range(restarts // 2)]
        # On such narrow products a second thread of the linear algebra only waits for the first.
        with threadpool_limits(1):
            tried = [fitted(sample, overall, start, SHORT_STEPS) for start in starts]
            best = max(tried, key=lambda each: each.log_likelihood)
            before = fitted(held, overall, best, max_iterations)
        yield before


def fitted(held: Singles, overall: Singles, start: Mixture, max_iterations: int) -> Mixture:
    """The mixture after EM from this start."""
    mixture, before = start, -np.inf
    for _ in range(max_iterations):
        joint = _log_joint(held, mixture)
        row = _log_sum(joint)
        likelihood = float(row.sum(dtype=np.float64))
        # Kept above the denormal numbers, which multiply many times slower.
        belonging = np.exp(np.maximum(joint - row, -80))
        mixture = _maximised(held, overall, belonging, start.shares[:1], likelihood)
        if likelihood - before < ENOUGH * len(held):
            break
        before = likelihood
    return mixture


def _log_joint(held: Singles, mixture: Mixture) -> Singles:
    """log P(row, kind): (n, k + 1)."""
    yes, no = np.log(mixture.shares), np.log1p(-mixture.shares)
    return held @ (yes - no).T + (no.sum(axis=1) + np.log(mixture.weights))


def _log_sum(joint: Singles) -> Singles:
    """log P(row): (n, 1)."""
    top = joint.max(axis=1, keepdims=True)
    return top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True))


def _maximised(
    held: Singles, overall: Singles, belonging: Singles, known: Singles, likelihood: float
) -> Mixture:
    size = belonging.sum(axis=0, dtype=np.float64).astype(np.float32)
    having = belonging[:, 1:].T @ held
    shares = (having + PSEUDO_ROWS * overall) / (size[1:, None] + PSEUDO_ROWS)
    weights = (size + 1e-3) / (size + 1e-3).sum()
    return Mixture(np.vstack([known, _bounded(shares)]), weights, likelihood, len(held))


def _started(
    held: Singles, overall: Singles, known: Singles, kinds: int, rng: np.random.Generator
) -> Mixture:
    """Kinds halfway between everybody and one row each."""
    seeds = held[rng.choice(len(held), kinds, replace=len(held) < kinds)]
    shares = np.vstack([known, _bounded((overall + seeds) / 2)])
    return Mixture(shares, np.full(kinds + 1, 1 / (kinds + 1), dtype=np.float32))


def _one_more(held: Singles, overall: Singles, before: Mixture, rng: np.random.Generator) -> Mixture:
    """The mixture with one kind more, around a row that it explains badly."""
    drawn = held[rng.choice(len(held), min(len(held), 200), replace=False)]
    worst = _log_sum(_log_joint(drawn, before)).argmin()
    shares = np.vstack([before.shares, _bounded((overall + drawn[worst]) / 2)[None]])
    share = np.float32(1 / len(shares))
    return Mixture(shares, np.append(before.weights * (1 - share), share))


def _bounded(shares: NDArray) -> Singles:
    return np.clip(shares, MARGIN, 1 - MARGIN).astype(np.float32)
