"""Which score and which tier has everybody of a population?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from store.population.population import Population
from tools.outcomes.measures.findings import Tier
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.population_features import population_features

STEP = 1 << 16  # people scored at a time: what is in memory besides the answer
LETTERS: tuple[Tier, ...] = ("A", "B", "C", "D")


@dataclass(frozen=True)
class Tiers:
    """Everybody by id. Arrays of equal length."""

    ids: np.ndarray  # int64, rising
    tier: np.ndarray  # int8, places in LETTERS
    score: np.ndarray  # uint16, tenths of a point

    def counts(self) -> dict[Tier, int]:
        """How many are in each tier."""
        found = np.bincount(self.tier, minlength=len(LETTERS))
        return {letter: int(found[at]) for at, letter in enumerate(LETTERS)}


def tiers_of_everybody(population: Population, fit: FitProfile) -> Tiers:
    """Everybody who may be answered, scored by the fit, some at a time."""
    ids, tier, score = [np.empty(0, np.int64)], [np.empty(0, np.int8)], [np.empty(0, np.uint16)]
    for mine in _steps(population):
        found = fit_scores(fit, population_features(population, mine))
        ids.append(mine)
        tier.append(found.tier)
        score.append(np.round(found.score * 10).astype(np.uint16))
    joined = np.concatenate(ids)
    order = np.argsort(joined, kind="stable")
    return Tiers(joined[order], np.concatenate(tier)[order], np.concatenate(score)[order])


def _steps(population: Population) -> Iterator[np.ndarray]:
    for shard in population.shards:
        numbers = np.asarray(shard.everyone.to_array(), dtype=np.int64)
        for first in range(0, len(numbers), STEP):
            yield np.asarray(shard.person_ids[numbers[first : first + STEP]])


def reads_population(population: Population, fit: FitProfile) -> bool:
    """Whether the population has any column that the fit reads, or the fit reads none."""
    wanted = {part.scale.name for part in (*fit.criteria, *fit.disqualifiers)}
    codes = population.catalogue.minable(sensitive=False).tolist()
    return not wanted or bool(wanted & {population.catalogue[code].name for code in codes})
