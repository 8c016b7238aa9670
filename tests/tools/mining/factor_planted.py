"""Customers of two other kinds: moved along latent factors, or picked from the population by rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tests.tools.mining.planted import Planted, trait
from tools.mining.findings import Trait

Latent = NDArray[np.float64]
Held = NDArray[np.bool_]


@dataclass
class FactorWorld:
    """People whose every trait is a normal variable above its threshold (a Gaussian copula).

    Yes-or-no traits come first; then categories, of which a person has the value of largest utility.
    common: the part of a trait's variance that three factors explain, from 0 to this.
    """

    rng: np.random.Generator
    plain: int
    categories: int
    values: int
    common: float
    usual: tuple[float, float] = (0.03, 0.25)

    def __post_init__(self) -> None:
        self.threshold = -ndtri(self.rng.uniform(*self.usual, self.plain))
        self.popularity = self.rng.normal(0, 0.5, (self.categories, self.values))
        self.loadings = self.rng.normal(size=(3, self.codes))
        share = self.rng.uniform(0, self.common, self.codes)
        self.loadings *= np.sqrt(share / (self.loadings**2).sum(axis=0))

    @property
    def codes(self) -> int:
        return self.plain + self.categories * self.values

    def latent(self, people: int) -> Latent:
        """(people, codes), each column of variance 1."""
        own = np.sqrt(1 - (self.loadings**2).sum(axis=0))
        factors = self.rng.normal(size=(people, 3))
        return factors @ self.loadings + own * self.rng.normal(size=(people, self.codes))

    def held(self, latent: Latent) -> Held:
        utility = latent[:, self.plain :].reshape(-1, self.categories, self.values) + self.popularity
        best = utility.argmax(axis=2)[:, :, None] == np.arange(self.values)
        return np.hstack([latent[:, : self.plain] > self.threshold, best.reshape(len(latent), -1)])

    def traits(self) -> dict[int, Trait]:
        traits = {code: trait(code) for code in range(self.plain)}
        for code in range(self.plain, self.codes):
            category, value = divmod(code - self.plain, self.values)
            traits[code] = trait(code, f"category_{category}", str(value))
        return traits


def factor_planted(
    seed: int,
    customers: int = 5_000,
    people: int = 40_000,
    *,
    shift: float = 2.2,
    common: float = 0.5,
    shares: Sequence[float] = (0.22, 0.18, 0.15, 0.12, 0.10),
    motifs: Sequence[float] = (0.06, 0.05, 0.04),
    noise: float = 0.05,
    nothing: bool = False,
) -> Planted:
    """Five segments that overlap and come in degrees, and three motifs with exceptions.

    A customer may belong to several segments or none. Belonging shifts the latent variables of its eight
    marks, one of them a category's value, by half to one and a half of `shift`: some belong a little.
    The first mark of each segment is the second segment's too. A share `noise` of each
    motif trait is missing.
    """
    rng = np.random.default_rng(seed)
    world = FactorWorld(rng, plain=96, categories=6, values=4, common=common)
    latent = world.latent(people)
    everybody = world.held(latent)
    if nothing:
        return Planted(everybody[:customers], everybody, world.traits(), np.full(customers, -1), [])
    free = rng.permutation(world.plain)
    segments = [free[7 * i : 7 * i + 7] for i in range(len(shares))]
    segments[1][0] = segments[0][0]
    kinds = [np.append(marks, world.plain + 4 * i + i % 4) for i, marks in enumerate(segments)]
    own = world.latent(customers)
    members = rng.random((customers, len(shares))) < shares
    for marks, belongs in zip(kinds, members.T, strict=True):
        own[np.ix_(belongs, marks)] += shift * rng.uniform(0.5, 1.5, (belongs.sum(), 1))
    held = world.held(own)
    rules = [free[40 + 4 * i : 43 + 4 * i + i % 2] for i in range(len(motifs))]
    for rule, share in zip(rules, motifs, strict=True):
        rows = np.ix_(rng.random(customers) < share, rule)
        held[rows] |= rng.random(held[rows].shape) >= noise
    sets = [frozenset(each.tolist()) for each in (*kinds, *rules)]
    segment = np.where(members.any(axis=1), members.argmax(axis=1), -1)
    return Planted(held, np.vstack([everybody, held]), world.traits(), segment, sets)


def rule_planted(
    seed: int,
    customers: int = 4_000,
    people: int = 60_000,
    *,
    noise: float = 0.0,
    common: float = 0.5,
    shares: Sequence[float] = (0.16, 0.14, 0.12, 0.10, 0.09, 0.07, 0.06, 0.05),
) -> Planted:
    """Customers are ordinary people, picked because they meet one of eight rules of 3 traits.

    Nothing of theirs is changed, so whatever goes with a rule's traits among people goes with them here,
    and is enriched as they are. A share `noise` of those who should meet a rule are anybody, as are the
    customers of no rule. Rules are met by 1-2 % of people; every second has a category's value.
    """
    rng = np.random.default_rng(seed)
    world = FactorWorld(rng, plain=96, categories=6, values=4, common=common, usual=(0.1, 0.4))
    pool = np.vstack([world.held(world.latent(20_000)) for _ in range(7)])
    rules = _rules(rng, world, pool, len(shares))
    wanted = rng.choice(len(shares) + 1, customers, p=[*shares, 1 - sum(shares)])
    wanted[rng.random(customers) < noise] = len(shares)
    free = np.ones(len(pool), dtype=np.bool_)
    free[:people] = False
    picked = np.zeros(customers, dtype=np.int64)
    for number, rule in enumerate([*rules, np.zeros(0, dtype=np.int64)]):
        meeting = np.flatnonzero(free & pool[:, rule].all(axis=1))
        rows = np.flatnonzero(wanted == number)
        picked[rows] = rng.choice(meeting, len(rows), replace=False)
        free[picked[rows]] = False
    held = pool[picked]
    segment = np.where(wanted == len(shares), -1, wanted)
    sets = [frozenset(rule.tolist()) for rule in rules]
    return Planted(held, np.vstack([pool[:people], held]), world.traits(), segment, sets)


def _rules(rng: np.random.Generator, world: FactorWorld, pool: Held, wanted: int) -> list[NDArray[np.int64]]:
    """Rules that share no trait: by turns two plain traits and a value, or three, met by 1-2 % of people."""
    free, some = np.arange(world.plain), np.asfortranarray(pool[:20_000])
    rules: list[NDArray[np.int64]] = []
    while len(rules) < wanted:
        rule = rng.choice(free, 3, replace=False)
        if len(rules) % 2 == 0:
            rule[2] = world.plain + world.values * (len(rules) // 2) + rng.integers(world.values)
        if 0.01 <= np.logical_and.reduce([some[:, code] for code in rule]).mean() <= 0.02:
            rules.append(rule)
            free = np.setdiff1d(free, rule)
    return rules
