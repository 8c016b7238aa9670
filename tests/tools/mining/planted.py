"""Customers with known segments and motifs in a population that has the same correlations without them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.mining.findings import Trait
from tools.mining.rows.membership import Membership, pack, popcount


def trait(code: int, name: str | None = None, value: str = "yes") -> Trait:
    name = f"trait_{code}" if name is None else name
    return Trait(
        cluster_id=str(1_000_000_000 + code),
        cluster_hash=f"{code:032x}",
        name=name,
        value=value,
        domain="lifestyle",
        label=name.replace("_", " "),
        phrase=f"has {name} {value}",
    )


def table(patterns: dict[str, int]) -> NDArray[np.bool_]:
    """Rows of true and false: {"110": 3} is three rows with the first two codes."""
    rows = [[mark == "1" for mark in pattern] for pattern, count in patterns.items() for _ in range(count)]
    return np.array(rows, dtype=bool)


def plain_traits(codes: int) -> dict[int, Trait]:
    return {code: trait(code) for code in range(codes)}


def profiles(held: NDArray) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Row-wise codes and offsets of a table of true and false, codes counted from 0."""
    rows, codes = np.nonzero(held)
    return codes.astype(np.int32), np.searchsorted(rows, np.arange(len(held) + 1))


def membership(held: NDArray) -> Membership:
    """Membership of customers given as rows of true and false."""
    return Membership.from_profiles(*profiles(held), range(held.shape[1]))


@dataclass
class People:
    """A population in memory, counted by packed bits; remembers how often it was asked."""

    bits: NDArray[np.uint64]
    total: int
    asked: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, held: NDArray) -> "People":
        return cls(pack(np.ascontiguousarray(held.T)), len(held))

    def sizes(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        return popcount(self.bits[codes])

    def set_sizes(self, sets: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
        self.asked.append(len(sets))
        covers = (np.bitwise_and.reduce(self.bits[list(codes)], axis=0) for codes in sets)
        return np.array([popcount(cover) for cover in covers], dtype=np.int64)


@dataclass
class Planted:
    """held and everybody: true and false by customer or person, and code."""

    held: NDArray[np.bool_]
    everybody: NDArray[np.bool_]
    traits: dict[int, Trait]
    segment: NDArray[np.int64]
    sets: list[frozenset[int]]

    @property
    def customers(self) -> Membership:
        return membership(self.held)

    @property
    def people(self) -> People:
        return People.of(self.everybody)


@dataclass
class World:
    """How people are: shares, what correlates, which values exclude or imply one another."""

    rng: np.random.Generator
    codes: int
    correlation: float
    variables: int = 8
    values: int = 4
    chains: int = 4
    common: tuple[float, float] = (0.02, 0.22)

    def __post_init__(self) -> None:
        self.plain = self.codes - self.variables * self.values - self.chains
        self.logit = _logit(self.rng.uniform(*self.common, self.plain))
        self.factor = self.rng.integers(0, 6, self.plain)
        self.loading = self.correlation * (self.rng.random(self.plain) < 0.5)
        self.popularity = self.rng.dirichlet(np.full(self.values, 3.0), self.variables)
        self.sources = self.rng.choice(self.plain, (self.chains, 2), replace=False)

    def draw(
        self, people: int, marks: NDArray[np.float64] | None = None, shift: float = 0.0
    ) -> NDArray[np.bool_]:
        """people x codes; marks: (people, plain) least probability of a plain code.

        shift: how far these people lie from the others on the first two common factors.
        """
        factors = self.rng.normal(size=(people, 6))
        factors[:, :2] += shift
        probability = 1 / (1 + np.exp(-(self.logit + self.loading * factors[:, self.factor])))
        if marks is not None:
            probability = np.maximum(probability, marks)
        plain = self.rng.random((people, self.plain)) < probability
        blocks = [plain]
        for shares in self.popularity:
            blocks.append(self.rng.multinomial(1, shares, people).astype(bool))
        return np.hstack([*blocks, self.derived(plain)])

    def derived(self, plain: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Codes that follow from either of two others, as a state follows from its ZIP codes."""
        return plain[:, self.sources[:, 0]] | plain[:, self.sources[:, 1]]

    def traits(self) -> dict[int, Trait]:
        traits = {code: trait(code) for code in range(self.codes)}
        for code in range(self.plain, self.plain + self.variables * self.values):
            variable, value = divmod(code - self.plain, self.values)
            traits[code] = trait(code, f"variable_{variable}", str(value))
        return traits


def planted(
    seed: int,
    customers: int = 5_000,
    people: int = 40_000,
    codes: int = 120,
    *,
    strength: tuple[float, float] = (0.6, 0.8),
    correlation: float = 0.8,
    marks_each: int = 8,
    shares: Sequence[float] = (0.22, 0.18, 0.15, 0.12, 0.10),
    motifs: Sequence[float] = (0.06, 0.05, 0.04),
    shift: float = 0.0,
    nothing: bool = False,
) -> Planted:
    """Five segments of marked codes, the rest background, and motifs of 3 or 4 codes held together.

    The customers are people of the population too. nothing: they are drawn as everybody else is.
    """
    rng = np.random.default_rng(seed)
    world = World(rng, codes, correlation)
    everybody = world.draw(people)
    if nothing:
        held = everybody[:customers]
        return Planted(held, everybody, world.traits(), np.full(customers, -1), [])
    segment = rng.choice(len(shares) + 1, customers, p=[*shares, 1 - sum(shares)])
    segment[segment == len(shares)] = -1
    free = rng.permutation(np.setdiff1d(np.arange(world.plain), world.sources.ravel()))
    marks = np.zeros((customers, world.plain))
    sets = []
    for number in range(len(shares)):
        chosen, free = free[:marks_each], free[marks_each:]
        rows = np.ix_(segment == number, chosen)
        marks[rows] = rng.uniform(*strength, marks_each)
        sets.append(frozenset(chosen.tolist()))
    for number, share in enumerate(motifs):
        length = 3 + number % 2
        chosen, free = free[:length], free[length:]
        marks[np.ix_(rng.random(customers) < share, chosen)] = 1.0
        sets.append(frozenset(chosen.tolist()))
    held = world.draw(customers, marks, shift)
    return Planted(held, np.vstack([everybody, held]), world.traits(), segment, sets)


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(share / (1 - share))
