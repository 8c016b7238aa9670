"""Which kind is a customer of, when what everybody shares is not known, but weighed?"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.segments.features import FEWEST_FEATURES
from tools.mining.segments.kernels import PLACES, likelihood_gains, sharpened, weigh
from tools.mining.segments.mixture import Mixture
from tools.mining.segments.scores import LEAST_EIGENVALUE, LEAST_GAIN, NEAR_CERTAIN, Ground

# Places of a factor that are weighed, in standard deviations.
GRID: Floats = np.linspace(-2.45, 2.45, PLACES)
PRIOR: Floats = np.exp(-(GRID**2) / 2) / np.exp(-(GRID**2) / 2).sum()
# How far other people may stand from the customers in a factor, in standard deviations.
APART: Floats = np.linspace(-2, 2, 41)
# Square of that distance for which their shares must speak by so much misfit (chi-square / people).
TOGETHER = 0.003
# Work grows with the factors; the first explain most.
MOST_FACTORS = 8
# EM ends when a step adds less than this to the mean log-likelihood of a row.
ENOUGH = 1e-4
# An attribute of a lesser slope says next to nothing about its factor.
LEAST_SLOPE = 0.2
# A kind is tried without when it explains less than this many times what it costs.
LOST = 4.0


@dataclass(frozen=True)
class Weighed:
    """Kinds beside factors that everybody has, each attribute following one of them.

    group (d,): factor of each attribute. mixture: log-odds of all attributes along their factors; only
    the first so many differ between the kinds. ground: of those attributes, without rows.
    """

    group: Ints
    ground: Ground
    mixture: Mixture
    first: int

    @property
    def penalty(self) -> float:
        """What the kinds' free parameters cost in log-likelihood, by the BIC."""
        return self.mixture.kinds * (2 * self.first + 1) * float(np.log(self.mixture.rows)) / 2

    @property
    def bic(self) -> float:
        return 2 * (self.penalty - self.mixture.log_likelihood)

    def posterior(self, held: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How likely each row is of each kind, the background first: (n, k + 1)."""
        return self._weighed(held, counting=False)[0]

    def deciding(self) -> tuple[NDArray[np.intp], "Weighed"]:
        """Places of the attributes that bear on the kinds, and the same kinds of these alone."""
        factors = np.unique(self.group[: self.first])
        telling = np.abs(self.mixture.slopes[0]) >= LEAST_SLOPE
        telling[: self.first] = True
        kept = np.flatnonzero(telling & np.isin(self.group, factors))
        group = np.searchsorted(factors, self.group[kept])
        return kept, Weighed(group, self.ground.only(kept), self.mixture.only(kept), self.first)

    def step(self, held: NDArray[np.uint8]) -> "Weighed":
        """After one step of EM; log_likelihood is of the kinds before it."""
        _, mass, having, rest, likelihood = self._weighed(held, counting=True)
        ours, first = _cells(mass[self.group[: self.first]], having), self.first
        others = _cells(mass.sum(axis=2, keepdims=True)[self.group[first:]], rest[first:, :, None])
        here = self._sharpened(ours, slice(first))
        alone = self._sharpened(others, slice(first, None))
        intercepts, slopes = (np.concatenate(each, axis=1) for each in zip(here, alone, strict=True))
        ground = replace(self.ground, people=self._people(intercepts[0], slopes[0]))
        intercepts[0, :first] = ground.only(np.arange(first)).pinned(slopes[0, :first])
        sizes = mass[0].sum(axis=0) + 1e-3
        mixture = Mixture(intercepts, slopes, sizes / sizes.sum(), likelihood, len(held), len(GRID))
        return replace(self, ground=ground, mixture=mixture)

    def gains(self, held: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Log-likelihood (d,) that attributes gain by differing between the kinds; log-odds if they do."""
        wide = replace(self, first=len(self.group))
        _, mass, having, *_ = wide._weighed(held, counting=True)
        counts = _cells(mass[self.group], having)
        ground = self.ground
        return (
            likelihood_gains(counts, GRID, self.mixture.slopes[0], ground.overall),
            wide._sharpened(counts, slice(None))[0],
        )

    def _weighed(
        self, held: NDArray[np.uint8], *, counting: bool
    ) -> tuple[NDArray[np.float32], Floats, Floats, Floats, float]:
        """Posterior; rows by factor, place and kind; rows having each attribute, by place (and kind)."""
        kinds, factors = len(self.mixture.weights), int(self.group.max()) + 1
        odds = self.mixture.intercepts[..., None] + self.mixture.slopes[..., None] * GRID
        # Products of so many ratios stay within what a float64 holds.
        most = min(7.0, 350 / max(self.first, 1))
        odds = np.clip(odds, -most, most).transpose(1, 0, 2)
        without = -np.log1p(np.exp(odds))
        start, lacking = np.tile(np.log(PRIOR), (factors, 1)), np.zeros((factors, kinds, PLACES))
        np.add.at(start, self.group, without[:, 0])
        ours = slice(self.first)
        np.add.at(lacking, self.group[ours], without[ours] - without[ours, :1])
        ratios = np.ascontiguousarray(np.exp(odds[ours] - odds[ours, :1]))
        posterior = np.empty((len(held), kinds), dtype=np.float32)
        mass = np.zeros(lacking.shape if counting else (0, kinds, PLACES))
        having, rest = np.zeros(ratios.shape), np.zeros((len(odds), PLACES))
        background, log_weights = np.ascontiguousarray(odds[:, 0]), np.log(self.mixture.weights)
        lacking = np.exp(lacking)
        likelihood = weigh(
            held, self.group, start, background, ratios, lacking, log_weights, posterior, mass, having, rest
        )
        return posterior, mass.transpose(0, 2, 1), having.transpose(0, 2, 1), rest, likelihood

    def _sharpened(self, counts: NDArray[np.float32], part: slice) -> tuple[Floats, Floats]:
        """Log-odds of these attributes, (kinds, attributes) each; the same for all when counted together."""
        every = self.mixture.intercepts.shape[0]
        kinds = counts.shape[2]
        intercepts = self.mixture.intercepts[:kinds, part].copy()
        slopes = self.mixture.slopes[:kinds, part].copy()
        # A kind's attributes follow a factor as the background's do, unless its rows say else.
        usual = np.vstack([slopes[:1] * 0, np.broadcast_to(slopes[0], (kinds - 1, slopes.shape[1]))])
        sharpened(counts, GRID, usual, self.ground.overall[part], intercepts, slopes)
        return np.repeat(intercepts, every // kinds, axis=0), np.repeat(slopes, every // kinds, axis=0)

    def _people(self, intercepts: Floats, slopes: Floats) -> Floats:
        """(d, places): how other people spread over each attribute's factor, by what tells no kinds apart."""
        rest = slice(self.first, None)
        having = expit(intercepts[rest, None] + slopes[rest, None] * GRID)
        spread = np.exp(-((GRID - APART[:, None]) ** 2) / 2)
        spread /= spread.sum(axis=1, keepdims=True)
        told = self.ground.baseline[rest, None]
        off = (having @ spread.T - told) ** 2 / (told * (1 - told))
        # Where little tells, people are where the customers are.
        total = np.tile(TOGETHER * APART**2, (int(self.group.max()) + 1, 1))
        np.add.at(total, self.group[rest], off)
        return spread[total.argmin(axis=1)][self.group]


def settled(
    held: NDArray[np.uint8], baseline: Floats, start: Mixture, posterior: NDArray, *, steps: int, most: int
) -> tuple[Ints, Weighed] | None:
    """Kinds beside factors; before them the order in which they have the attributes. None without factors.

    Arguments as of weighed. The attributes are chosen anew, at most `most`: those that differ between
    the kinds once the factors are weighed; kinds go while the BIC falls.
    """
    told = weighed(held, baseline, start, posterior, steps // 3)
    if told is None:
        return None
    gains, intercepts = told.gains(held)
    least = max(LEAST_GAIN * len(held), told.mixture.kinds * np.log(len(held)) / 2)
    best = np.argsort(-gains, kind="stable")[:most]
    telling = np.sort(best[gains[best] > least])
    if not FEWEST_FEATURES <= len(telling) < len(gains):
        return np.arange(len(gains)), told
    order = np.concatenate([telling, np.setdiff1d(np.arange(len(gains)), telling)])
    start = Mixture(intercepts[:, telling], np.zeros((len(intercepts), 0)), told.mixture.weights)
    posterior, held = told.posterior(held), np.ascontiguousarray(held[:, order])
    again = weighed(held, baseline[order], start, posterior, steps)
    return None if again is None else (order, _sober(again, held, baseline[order], steps))


def _sober(told: Weighed, held: NDArray[np.uint8], baseline: Floats, steps: int) -> Weighed:
    """Without the kinds that explain less than the BIC asks for them."""
    while told.mixture.kinds > 1:
        posterior = told.posterior(held)
        # What the rows lose at most when a kind goes: its members fall to their second likeliest.
        lost = -np.log(np.maximum(1 - posterior[:, 1:], 1e-6)).sum(axis=0)
        least = int(lost.argmin()) + 1
        if lost[least - 1] > LOST * told.penalty / told.mixture.kinds:
            return told
        rest = np.delete(posterior, least, axis=1) + np.float32(1e-6)
        start = told.mixture.only(slice(told.first)).without(least)
        fewer = weighed(held, baseline, start, rest / rest.sum(axis=1, keepdims=True), steps)
        if fewer is None or fewer.bic > told.bic:
            return told
        told = fewer
    return told


def weighed(
    held: NDArray[np.uint8], baseline: Floats, start: Mixture, posterior: NDArray, steps: int
) -> Weighed | None:
    """The kinds refitted beside the factors of everybody; None where there are none.

    held (n, d) 0/1, baseline (d,): the attributes of start come first, the others tell of factors
    alone. posterior (n, kinds): to begin with. Full-information EM on a grid (Bock, Aitkin 1981), each
    attribute following one factor.
    """
    first, kinds = start.intercepts.shape[1], len(start.weights)
    loadings = _loadings(held, posterior, first)
    if loadings.shape[1] == 0 or held.shape[1] == first:
        return None
    overall = np.clip(held.mean(axis=0, dtype=np.float64), NEAR_CERTAIN, 1 - NEAR_CERTAIN)
    group = np.abs(loadings).argmax(axis=1)
    own = np.clip(loadings[np.arange(len(group)), group], -0.9, 0.9)
    slopes = np.clip(own / np.sqrt(overall * (1 - overall) * (1 - own**2)), -3, 3)
    baseline = np.clip(baseline, NEAR_CERTAIN, 1 - NEAR_CERTAIN)
    ground = Ground(held[:0], GRID, baseline, np.tile(PRIOR, (len(group), 1)), overall, slopes)
    intercepts = np.tile(logit(overall), (kinds, 1))
    intercepts[:, :first] = start.intercepts
    told = Weighed(group, ground, Mixture(intercepts, np.tile(slopes, (kinds, 1)), start.weights), first)
    before = -np.inf
    for _ in range(steps):
        told = told.step(held)
        if told.mixture.log_likelihood - before < ENOUGH * len(held):
            break
        before = told.mixture.log_likelihood
    return told


def _cells(mass: Floats, having: Floats) -> NDArray[np.float32]:
    """(d, 2 * places, kinds): rows without and with each attribute, by place in turn."""
    both = np.stack([np.maximum(mass - having, 0), having], axis=2)
    return np.ascontiguousarray(both.reshape(len(both), -1, both.shape[3]), dtype=np.float32)


def _loadings(held: NDArray[np.uint8], posterior: NDArray, d: int) -> Floats:
    """(D, r): correlation of the attributes with rotated factors of what the kinds leave unexplained."""
    rest = held.astype(np.float32)
    means = posterior.T @ rest[:, :d] / np.maximum(posterior.sum(axis=0), 1)[:, None]
    rest[:, :d] -= posterior @ means
    rest[:, d:] -= rest[:, d:].mean(axis=0)
    rest /= np.maximum(rest.std(axis=0), NEAR_CERTAIN)
    values, vectors = np.linalg.eigh((rest.T @ rest).astype(np.float64) / len(rest))
    chance = (1 + np.sqrt(rest.shape[1] / len(rest))) ** 2
    telling = np.flatnonzero(values > max(LEAST_EIGENVALUE, 1.1 * chance))[::-1][:MOST_FACTORS]
    return _varimax(vectors[:, telling] * np.sqrt(values[telling]))


def _varimax(loadings: Floats) -> Floats:
    """Rotated so that each attribute follows few factors (Kaiser 1958)."""
    rotation = np.eye(loadings.shape[1])
    for _ in range(50 if loadings.shape[1] > 1 else 0):
        turned = loadings @ rotation
        target = turned**3 - turned * (turned**2).mean(axis=0)
        left, _, right = np.linalg.svd(loadings.T @ target)
        rotation = left @ right
    return loadings @ rotation
