"""Which customers belong together, when it is known because they were made so?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, ndtr

from tools.mining.findings import Trait
from tools.mining.rows.membership import Membership, pack, popcount

Kind = Literal["marks", "factors"]
Held = NDArray[np.bool_]

SHARES = (0.22, 0.18, 0.15, 0.12, 0.10)
FACTORS, VALUES = 6, 4
BLOCK = 8_192
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(31)
LOG_WEIGHTS = np.log(WEIGHTS / WEIGHTS.sum())
# Of the intensity, which varies less: fewer nodes do.
STEPS, STEP_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
LOG_STEP_WEIGHTS = np.log(STEP_WEIGHTS / STEP_WEIGHTS.sum())


@dataclass(frozen=True)
class Setting:
    """How plainly the segments stand out.

    marks: each segment raises `marked` attributes to a share within `strength` (the attributes of a
    segment are independent but for what everybody shares). factors: each segment moves the
    thresholds of `marked` attributes by `strength` standard deviations times an intensity of its
    members, a fifth of them downwards, and the means of the common factors by `drift`; neighbouring
    segments share two of them. loading: how strongly two thirds of all attributes follow six common factors.
    """

    kind: Kind
    strength: tuple[float, float]
    loading: tuple[float, float]
    marked: int
    drift: float = 0.0
    intensity: float = 0.0


SETTINGS = {
    "easy": Setting("marks", (0.65, 0.85), (0.2, 0.6), 12),
    "hard": Setting("marks", (0.5, 0.7), (1.4, 2.4), 11),
    "factors easy": Setting("factors", (1.7, 2.3), (0.2, 0.5), 15, drift=0.2, intensity=0.2),
    "factors hard": Setting("factors", (1.4, 1.9), (1.0, 1.8), 14, drift=0.2, intensity=0.2),
}


@dataclass
class World:
    """How people are made, and how each segment (1 to 5; 0: none) differs.

    Plain attributes come first, then variables of four values that exclude each other, then attributes
    that follow from either of two plain ones. base, loading (plain,); moved (6, plain): by segment the
    least share, or what is added to the threshold; drift (6, factors).
    """

    seed: int
    columns: int
    setting: Setting
    nothing: bool = False
    motifs: list[tuple[NDArray, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = np.random.default_rng([self.seed, self.columns])
        self.variables, self.chains = self.columns // 25, self.columns // 40
        self.plain = self.columns - self.variables * VALUES - self.chains
        share = np.clip(rng.beta(1.5, 8, self.plain), 0.02, 0.5)
        self.base = np.log(share / (1 - share))
        self.factor = rng.integers(0, FACTORS, self.plain)
        self.loading = rng.uniform(*self.setting.loading, self.plain) * (rng.random(self.plain) < 2 / 3)
        self.popularity = rng.dirichlet(np.full(VALUES, 3.0), self.variables)
        self.sources = rng.choice(self.plain, (self.chains, 2), replace=False)
        free = rng.permutation(np.setdiff1d(np.arange(self.plain), self.sources.ravel()))
        self.moved = np.zeros((len(SHARES) + 1, self.plain))
        self.drift = np.zeros((len(SHARES) + 1, FACTORS))
        if self.setting.kind == "factors":
            self.base /= 1.7  # logistic against normal
            self.drift[1:] = rng.normal(0, self.setting.drift, (len(SHARES), FACTORS))
        for segment in range(1, len(SHARES) + 1):
            free = self._mark(segment, free, rng)
        for length, often in zip((3, 4, 3), (0.06, 0.05, 0.04), strict=True):
            self.motifs.append((free[:length], often))
            free = free[length:]
            self.loading[self.motifs[-1][0]] = 0

    def _mark(self, segment: int, free: NDArray, rng: np.random.Generator) -> NDArray:
        marked = self.setting.marked
        places, size = free[:marked], rng.uniform(*self.setting.strength, marked)
        if self.setting.kind == "factors":
            size[: marked // 5] *= -1
        self.moved[segment, places] = size
        shared = 2 if self.setting.kind == "factors" else 0
        return free[marked - shared :] if segment < len(SHARES) else free[marked:]

    def chances(self, segment: int, factors: NDArray, intensity: NDArray | float = 0.0) -> NDArray:
        """Share of each plain attribute, given (..., plain) factor values and (..., 1) intensities."""
        usual = self.base + self.loading * factors
        if self.setting.kind == "marks":
            return np.maximum(expit(usual), self.moved[segment])
        return ndtr(usual + self.moved[segment] * np.maximum(1 + self.setting.intensity * intensity, 0))

    def customers(self, rows: int, seed: int) -> Iterator[tuple[Held, NDArray[np.int64]]]:
        """Blocks of customers with their segments."""
        rng = np.random.default_rng([self.seed, seed, 1])
        weights = [1 - sum(SHARES), *SHARES]
        for start in range(0, rows, BLOCK):
            size = min(BLOCK, rows - start)
            segment = rng.choice(len(weights), size, p=weights)
            segment = np.zeros_like(segment) if self.nothing else segment
            yield self._drawn(segment, rng, motifs=not self.nothing), segment

    def people(self, rows: int) -> Iterator[Held]:
        """Blocks of other people."""
        rng = np.random.default_rng([self.seed, 2])
        for start in range(0, rows, BLOCK):
            yield self._drawn(np.zeros(min(BLOCK, rows - start), dtype=np.int64), rng, motifs=False)

    def _drawn(self, segment: NDArray, rng: np.random.Generator, *, motifs: bool) -> Held:
        rows = len(segment)
        factors = rng.standard_normal((rows, FACTORS)) + self.drift[segment]
        intensity = rng.standard_normal((rows, 1))
        drawn = rng.random((rows, self.plain), dtype=np.float32)
        plain = np.empty(drawn.shape, dtype=np.bool_)
        for each in np.unique(segment):
            own = segment == each
            plain[own] = drawn[own] < self.chances(each, factors[own][:, self.factor], intensity[own])
        for places, often in self.motifs if motifs else []:
            plain[np.ix_(rng.random(rows) < often, places)] = True
        values = [rng.multinomial(1, shares, rows).astype(np.bool_) for shares in self.popularity]
        return np.hstack([plain, *values, plain[:, self.sources[:, 0]] | plain[:, self.sources[:, 1]]])

    def likeliest(self, held: Held) -> NDArray[np.int64]:
        """The likeliest segment of each row under the parameters that made it.

        Exact but for the quadrature: every attribute follows one factor, and the factors are
        independent, so each is integrated alone (31 nodes; 9 for the intensity).
        """
        x = held[:, : self.plain].astype(np.float32)
        weights = [1 - sum(SHARES), *SHARES]
        joint = [np.log(weight) + self._log_chance(x, each) for each, weight in enumerate(weights)]
        return np.argmax(joint, axis=0)

    def _log_chance(self, x: NDArray, segment: int) -> NDArray:
        varies = self.setting.kind == "factors"
        steps, log_steps = (STEPS, LOG_STEP_WEIGHTS) if varies else (np.zeros(1), np.zeros(1))
        known = np.setdiff1d(np.arange(self.plain), np.concatenate([places for places, _ in self.motifs]))
        by_step = np.zeros((len(x), len(steps)))
        for factor in range(FACTORS):
            places = known[self.factor[known] == factor]
            nodes = NODES + self.drift[segment, factor]
            values = np.broadcast_to(nodes[None, :, None], (len(steps), len(nodes), self.plain))
            shares = self.chances(segment, values, steps[:, None, None])[..., places]
            shares = np.clip(shares, 1e-9, 1 - 1e-9).reshape(-1, len(places))
            odds = (np.log(shares) - np.log1p(-shares)).astype(np.float32)
            rows = x[:, places] @ odds.T + np.log1p(-shares).sum(axis=1)
            by_step += np.asarray(logsumexp(rows.reshape(len(x), len(steps), -1) + LOG_WEIGHTS, axis=2))
        return np.asarray(logsumexp(by_step + log_steps, axis=1))

    def traits(self) -> dict[int, Trait]:
        """Traits by code; the values of a variable share its name."""
        first, last = self.plain, self.plain + self.variables * VALUES
        names = {code: divmod(code - first, VALUES) for code in range(first, last)}
        return {code: _trait(code, *names.get(code, (None, 0))) for code in range(self.columns)}


@dataclass
class Sample:
    """Customers of a world, packed, and the population that holds them with others."""

    customers: Membership
    truth: NDArray[np.int64]
    population: "Counts"
    traits: dict[int, Trait]

    @classmethod
    def of(cls, world: World, rows: int, people: int, seed: int = 0) -> "Sample":
        blocks, truth = zip(*world.customers(rows, seed), strict=True)
        here = np.hstack([pack(np.ascontiguousarray(block.T)) for block in blocks])
        others = np.hstack([pack(np.ascontiguousarray(block.T)) for block in world.people(people)])
        codes = np.arange(world.columns, dtype=np.int32)
        everybody = Counts(np.hstack([here, others]), rows + people)
        return cls(Membership(codes, here, rows), np.concatenate(truth), everybody, world.traits())


@dataclass
class Counts:
    """A population in packed bits."""

    bits: NDArray[np.uint64]
    total: int

    def sizes(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        return popcount(self.bits[np.asarray(codes)])

    def set_sizes(self, sets: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
        return np.array([popcount(np.bitwise_and.reduce(self.bits[list(s)])) for s in sets], dtype=np.int64)


def _trait(code: int, variable: int | None, value: int) -> Trait:
    name = f"trait_{code}" if variable is None else f"variable_{variable}"
    return Trait(
        cluster_id=str(code),
        cluster_hash=f"{code:032x}",
        name=name,
        value="yes" if variable is None else str(value),
        domain="interest",
        label=name.replace("_", " "),
        phrase=f"has {name} {value}",
    )
