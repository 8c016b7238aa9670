"""How are numbers mixed up so that each still comes once?"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scramble:
    """A permutation of 0..size-1 that looks random: x -> (factor * x + shift) mod size."""

    size: int
    factor: int
    shift: int

    def __call__(self, numbers: np.ndarray) -> np.ndarray:
        """The image of each number."""
        return (numbers.astype(np.int64) * self.factor + self.shift) % self.size


def draw_scramble(rng: np.random.Generator, size: int) -> Scramble:
    """A permutation of 0..size-1, size up to 2^31."""
    factor = int(rng.integers(size // 2, size)) if size > 2 else 1
    while np.gcd(factor, size) != 1:
        factor += 1
    return Scramble(size, factor, int(rng.integers(0, size)))
