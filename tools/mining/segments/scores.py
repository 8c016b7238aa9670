"""What do customers share with everybody, so that it must not pass for a segment?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.segments.kernels import cells_of, sharpened

# Levels of a score, and their width in standard deviations: finer ones change no assignment.
LEVELS, WIDTH = 8, 0.6
# Attributes that scores are made of at most (the most balanced), and components at most.
MOST_COMMON, MOST_SCORES = 400, 10
# A component counts that explains this much more than one attribute, and than chance would give it
# (Marchenko, Pastur 1967).
LEAST_EIGENVALUE, ABOVE_CHANCE = 1.5, 1.1
NEAR_CERTAIN = 1e-3
# Nats a customer that a trait must gain by differing between kinds, to take part in the division.
LEAST_GAIN = 0.004


@dataclass(frozen=True)
class Ground:
    """0/1 rows to divide, each attribute beside the level of the score that foretells it.

    cells uint8 (n, d): 2 * level + held. centres (levels,): scores of the levels. baseline (d,): shares
    of the population; people (d, levels): how its scores spread over the levels. overall, usual (d,):
    shares of these rows, and slopes of the log-odds on the score.
    """

    cells: NDArray[np.uint8]
    centres: Floats
    baseline: Floats
    people: Floats
    overall: Floats
    usual: Floats

    @property
    def held(self) -> NDArray[np.uint8]:
        return self.cells & np.uint8(1)

    def rows(self, places: Ints) -> "Ground":
        """These rows alone, in this order."""
        return self.of(self.cells[places])

    def of(self, cells: NDArray[np.uint8]) -> "Ground":
        return Ground(cells, self.centres, self.baseline, self.people, self.overall, self.usual)

    def only(self, attributes: NDArray) -> "Ground":
        """These attributes alone."""
        a = attributes
        return Ground(
            np.ascontiguousarray(self.cells[:, a]),
            self.centres,
            self.baseline[a],
            self.people[a],
            self.overall[a],
            self.usual[a],
        )

    def pinned(self, slopes: Floats) -> Floats:
        """Intercepts (d,) with which the population has its shares, given these slopes."""
        intercepts = logit(self.baseline)
        for _ in range(8 if len(self.centres) > 1 else 0):
            having = expit(intercepts[:, None] + slopes[:, None] * self.centres)
            missing = self.baseline - (self.people * having).sum(axis=1)
            steep = np.maximum((self.people * having * (1 - having)).sum(axis=1), 1e-4)
            intercepts = np.clip(intercepts + np.clip(missing / steep, -1, 1), -7, 7)
        return intercepts


@dataclass(frozen=True)
class Scores:
    """Where a customer stands in what everybody shares, by attributes that take no part in the division.

    weights (A, r): components of those attributes; offset (r,); directions (r, d): of the one score
    that foretells each attribute; shift (d,): how far these customers stand from the population.
    """

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]
    directions: NDArray[np.float32]
    shift: Floats

    @classmethod
    def of(cls, common: NDArray, held: NDArray, baseline: Floats) -> "Scores":
        """From 0/1 rows of the common attributes, and of those to foretell; baseline: of the common ones.

        Principal components of the common attributes; an attribute's score is its regression on them.
        """
        weights = _components(common)
        means = common.mean(axis=0, dtype=np.float64)
        components = common @ weights - (means @ weights).astype(np.float32)
        # The components have unit variance and no correlation: a slope is a covariance.
        slopes = components.T @ (held - held.mean(axis=0, dtype=np.float64)).astype(np.float32) / len(held)
        spread_of = np.sqrt((slopes**2).sum(axis=0))
        directions = slopes / np.maximum(spread_of, 1e-9)
        shift = (means - baseline) @ weights @ directions
        return cls(weights, (means @ weights).astype(np.float32), directions, shift)

    @property
    def levels(self) -> int:
        return LEVELS if self.weights.shape[1] else 1

    def cells(self, components: NDArray[np.float32], held: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Cells (see Ground) of rows, given their common attributes times weights."""
        return cells_of(components, self.offset, self.directions, held, WIDTH, self.levels)

    def ground(self, common: NDArray[np.float32], held: NDArray[np.uint8], baseline: Floats) -> Ground:
        """The rows to divide; baseline: population shares of what they hold."""
        components, levels = common @ self.weights, self.levels
        cells = self.cells(components, held)
        # Where these rows would stand if their common attributes were as frequent as in the population.
        moved = (components - self.offset) @ self.directions - self.shift.astype(np.float32)
        moved = np.clip(moved / WIDTH + levels / 2, 0, levels - 1).astype(np.uint8)
        people = np.stack([(moved == level).mean(axis=0) for level in range(levels)], axis=1)
        centres: Floats = (np.arange(levels, dtype=np.float64) - (levels - 1) / 2) * np.float64(WIDTH)
        overall = np.clip(held.mean(axis=0, dtype=np.float64), NEAR_CERTAIN, 1 - NEAR_CERTAIN)
        baseline = np.clip(baseline, NEAR_CERTAIN, 1 - NEAR_CERTAIN)
        return Ground(cells, centres, baseline, people, overall, _slopes(cells, centres, overall))


def spread(rows: int, most: int) -> Ints:
    """Places of at most `most` rows, evenly over all of them."""
    return np.arange(rows) if rows <= most else np.arange(most) * rows // most


def _components(common: NDArray) -> NDArray[np.float32]:
    """(A, r): weights of the components that are more than chance, each of unit variance."""
    rows, attributes = common.shape
    if attributes < 2:
        return np.zeros((attributes, 0), dtype=np.float32)
    deviation = np.maximum(common.std(axis=0, dtype=np.float64), NEAR_CERTAIN)
    scaled = ((common - common.mean(axis=0, dtype=np.float64)) / deviation).astype(np.float32)
    values, vectors = np.linalg.eigh((scaled.T @ scaled).astype(np.float64) / rows)
    chance = (1 + np.sqrt(attributes / rows)) ** 2
    telling = np.flatnonzero(values > max(LEAST_EIGENVALUE, ABOVE_CHANCE * chance))[::-1][:MOST_SCORES]
    return (vectors[:, telling] / np.sqrt(values[telling]) / deviation[:, None]).astype(np.float32)


def _slopes(cells: NDArray[np.uint8], centres: Floats, overall: Floats) -> Floats:
    counts = cell_counts(cells, np.ones((len(cells), 1)), len(centres))
    intercepts, slopes = logit(overall)[None], np.zeros((1, len(overall)))
    for _ in range(4 if len(centres) > 1 else 0):
        sharpened(counts, centres, slopes * 0, overall, intercepts, slopes)
    return slopes[0]


def cell_counts(cells: NDArray[np.uint8], belonging: NDArray, levels: int) -> NDArray[np.float32]:
    """(d, 2 * levels, kinds): rows in each cell, weighted by how far they belong to each kind."""
    return np.stack(
        [
            np.stack([np.bincount(column, kind, 2 * levels) for kind in belonging.T], axis=-1)
            for column in cells.T
        ]
    ).astype(np.float32)
