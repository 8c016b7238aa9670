"""Into which kinds do 0/1 rows fall, when some of them are of no kind?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.segments.kernels import expected, log_joint, sharpened
from tools.mining.segments.scores import Ground, cell_counts, spread

# Shares stay this far from 0 and 1, so that one odd attribute never rules a kind out.
MARGIN = 1e-3
# EM ends when a step adds less than this to the mean log-likelihood of a row.
ENOUGH = 1e-5
# Starts are compared after a few steps on a few rows; only the best goes on (Biernacki et al. 2003).
SHORT_STEPS, SHORT_ROWS = 12, 2_500
# Newton steps after which log-odds no longer move.
SETTLING = 4
# One more kind is put around the worst explained of so many rows.
DRAWN = 200
# Who has all of a set has its traits for certain; who is of its kind need not.
LEAST_BEGUN, MOST_BEGUN = 0.01, 0.95
# A number of kinds beyond the best is tried twice; then the criterion has turned.
TURNED = 2


@dataclass(frozen=True)
class Mixture:
    """How frequent each attribute is in each kind, and the kinds' weights; row 0 is the background.

    intercepts, slopes (k + 1, d): log-odds = intercept + slope * what the row has in common with
    everybody (see Ground). weights (k + 1,). log_likelihood: of the rows it was fitted on.
    """

    intercepts: Floats
    slopes: Floats
    weights: Floats
    log_likelihood: float = -np.inf
    rows: int = 0
    levels: int = 1

    @property
    def kinds(self) -> int:
        return len(self.weights) - 1

    @property
    def shares(self) -> Floats:
        """(k + 1, d): of rows that are in the middle of what everybody shares."""
        return expit(self.intercepts)

    @property
    def bic(self) -> float:
        """Bayesian information criterion; the background has a weight and no free shares."""
        of_each = self.slopes.shape[1] * (2 if self.levels > 1 else 1) + 1
        return -2 * self.log_likelihood + self.kinds * of_each * float(np.log(max(self.rows, 1)))

    def without(self, kind: int) -> "Mixture":
        """The others, in their order."""
        intercepts, slopes = np.delete(self.intercepts, kind, axis=0), np.delete(self.slopes, kind, axis=0)
        weights = np.delete(self.weights, kind)
        return Mixture(intercepts, slopes, weights / weights.sum())

    def only(self, attributes: NDArray | slice) -> "Mixture":
        """These attributes alone."""
        return replace(self, intercepts=self.intercepts[:, attributes], slopes=self.slopes[:, attributes])

    def posterior(self, ground: Ground) -> NDArray[np.float32]:
        """How likely each row is of each kind, the background first: (n, k + 1)."""
        joint = self.log_joint(ground)
        joint -= joint.max(axis=1, keepdims=True)
        np.exp(joint, out=joint)
        joint /= joint.sum(axis=1, keepdims=True)
        return joint

    def assigned(self, ground: Ground) -> Ints:
        """The likeliest kind of each row, -1 for the background."""
        return self.log_joint(ground).argmax(axis=1) - 1

    def log_joint(self, ground: Ground) -> NDArray[np.float32]:
        joint = np.empty((len(ground.cells), len(self.weights)), dtype=np.float32)
        log_joint(ground.cells, self.table(ground.centres), self.log_weights, joint)
        return joint

    @property
    def log_weights(self) -> NDArray[np.float32]:
        return np.log(self.weights).astype(np.float32)

    def table(self, centres: Floats) -> NDArray[np.float32]:
        """(d, 2 * levels, k + 1): log of the share without and with the attribute, by level in turn."""
        having = expit(self.intercepts[..., None] + self.slopes[..., None] * centres)
        having = np.clip(having, MARGIN, 1 - MARGIN)
        both = np.stack([np.log1p(-having), np.log(having)], axis=-1)
        return np.ascontiguousarray(both.reshape(*self.slopes.shape, -1).transpose(1, 2, 0), dtype=np.float32)


def mixtures(
    ground: Ground,
    most: int,
    beginnings: Sequence[Floats] = (),
    *,
    restarts: int,
    max_iterations: int,
    seed: int,
) -> Iterator[Mixture]:
    """Mixtures of a background with 0, 1, 2, ... kinds, `most` at most, until the BIC has turned.

    EM for latent classes (Lazarsfeld, Henry 1968; Dempster, Laird, Rubin 1977) whose shares may vary
    with a concomitant score (Dayton, Macready 1988). Half of the starts are new, half put one kind
    more into the mixture before (greedy EM, Vlassis, Likas 2002). beginnings: shares (d,) of kinds that
    are tried as starts too, the first ones together, and each beside the mixture before.
    """
    rng = np.random.default_rng(seed)
    before = fitted(ground, _background(ground), 1)
    yield before
    best, worse = before.bic, 0
    for kinds in range(1, most + 1):
        starts = [_started(ground, kinds, rng) for _ in range(-(-restarts // 2))]
        starts += [_one_more(ground, before, rng) for _ in range(restarts // 2)]
        if kinds <= len(beginnings):
            starts.append(_begun(_background(ground), ground, beginnings[:kinds]))
        starts += [_begun(before, ground, [beginning]) for beginning in beginnings]
        before = best_of(ground, starts, max_iterations)
        yield before
        worse = 0 if before.bic < best else worse + 1
        best = min(best, before.bic)
        if worse == TURNED:
            return


def of_rows(ground: Ground, posterior: NDArray) -> Mixture:
    """The kinds of which these rows are to the degrees given, (n, k + 1)."""
    kinds = posterior.shape[1]
    mixture = _background(ground)
    mixture = Mixture(
        np.repeat(mixture.intercepts, kinds, axis=0), np.tile(mixture.slopes, (kinds, 1)), np.ones(kinds)
    )
    counts = cell_counts(ground.cells, posterior, len(ground.centres))
    for _ in range(SETTLING):
        mixture = _maximised(ground, mixture, counts, posterior.sum(axis=0, dtype=np.float64), -np.inf)
    return mixture


def refitted(ground: Ground, like: Mixture, *, restarts: int, max_iterations: int, seed: int) -> Mixture:
    """A mixture of as many kinds on these rows: from new starts, and from those kinds half blurred."""
    rng = np.random.default_rng(seed)
    overall = logit(ground.overall)
    blurred = np.vstack([like.intercepts[:1], (like.intercepts[1:] + overall) / 2])
    starts = [Mixture(blurred, like.slopes, like.weights)]
    starts += [_started(ground, like.kinds, rng) for _ in range(restarts)]
    return best_of(ground, starts, max_iterations)


def best_of(ground: Ground, starts: list[Mixture], max_iterations: int) -> Mixture:
    """EM from the start that explains the rows best after a few steps on a few rows."""
    few = ground.rows(spread(len(ground.cells), SHORT_ROWS))
    tried = [fitted(few, start, SHORT_STEPS) for start in starts]
    return fitted(ground, max(tried, key=lambda each: each.log_likelihood), max_iterations)


def fitted(ground: Ground, start: Mixture, max_iterations: int) -> Mixture:
    """The mixture after EM from this start."""
    mixture, before = start, -np.inf
    for _ in range(max_iterations):
        table = mixture.table(ground.centres)
        counts, sizes = np.zeros_like(table), np.zeros(len(mixture.weights))
        likelihood = expected(ground.cells, table, mixture.log_weights, counts, sizes)
        mixture = _maximised(ground, mixture, counts, sizes, likelihood)
        if likelihood - before < ENOUGH * len(ground.cells):
            break
        before = likelihood
    return mixture


def _maximised(ground: Ground, before: Mixture, counts: NDArray, sizes: Floats, likelihood: float) -> Mixture:
    intercepts, slopes = before.intercepts.copy(), before.slopes.copy()
    # A kind's attributes follow what everybody shares as the background's do, unless its rows say else.
    usual = np.vstack([ground.usual, np.broadcast_to(slopes[0], (len(sizes) - 1, len(slopes[0])))])
    sharpened(counts, ground.centres, usual, ground.overall, intercepts, slopes)
    intercepts[0] = ground.pinned(slopes[0])
    weights = (sizes + 1e-3) / (sizes + 1e-3).sum()
    rows = len(ground.cells)
    return Mixture(intercepts, slopes, weights, likelihood, rows, len(ground.centres))


def _background(ground: Ground) -> Mixture:
    return Mixture(ground.pinned(ground.usual)[None], ground.usual[None], np.ones(1))


def _started(ground: Ground, kinds: int, rng: np.random.Generator) -> Mixture:
    """Kinds halfway between everybody and one row each."""
    rows = len(ground.cells)
    seeds = ground.held[rng.choice(rows, kinds, replace=rows < kinds)]
    intercepts = np.vstack([ground.pinned(ground.usual), _around(ground, seeds)])
    return Mixture(intercepts, np.tile(ground.usual, (kinds + 1, 1)), np.full(kinds + 1, 1 / (kinds + 1)))


def _one_more(ground: Ground, before: Mixture, rng: np.random.Generator) -> Mixture:
    """The mixture with one kind more, around a row that it explains badly."""
    rows = len(ground.cells)
    drawn = ground.rows(rng.choice(rows, min(rows, DRAWN), replace=False))
    worst = np.logaddexp.reduce(before.log_joint(drawn), axis=1).argmin()
    share = 1 / (len(before.weights) + 1)
    return Mixture(
        np.vstack([before.intercepts, _around(ground, drawn.held[worst])]),
        np.vstack([before.slopes, ground.usual]),
        np.append(before.weights * (1 - share), share),
    )


def _begun(before: Mixture, ground: Ground, beginnings: Sequence[Floats]) -> Mixture:
    """The mixture with kinds of these shares more, each as large as an even share."""
    share, more = 1 / (len(before.weights) + len(beginnings)), len(beginnings)
    shares = np.clip(np.array(beginnings), LEAST_BEGUN, MOST_BEGUN)
    return Mixture(
        np.vstack([before.intercepts, logit(shares)]),
        np.vstack([before.slopes, np.tile(ground.usual, (more, 1))]),
        np.append(before.weights * (1 - more * share), np.full(more, share)),
    )


def _around(ground: Ground, seeds: NDArray) -> Floats:
    return logit((ground.overall + np.clip(seeds, MARGIN, 1 - MARGIN)) / 2)
