"""Who fits best by the profile that was learned from outcomes?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from store.population.population import Population
from store.population.shard import Shard
from tools.scoring.fit.profile import TIERS, FitProfile
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.fit.told.reasons_column import reasons_column
from tools.scoring.population_features import population_features

STEP = 1 << 16  # people scored at a time
EXTREME = 1e-6  # share of a score at both ends, so that its log odds are finite


@dataclass(frozen=True)
class FitRanker:
    """Scores of people by a fit profile, as whatever ranks an audience asks for them."""

    population: Population
    fit: FitProfile
    columns: tuple[str, ...] = ("fit_score", "tier", "reasons")

    def margins(self, shard: Shard, numbers: np.ndarray) -> np.ndarray:
        """The log odds that a score stands for, float32, a step at a time."""
        parts = [self._margins(shard, numbers[at : at + STEP]) for at in range(0, len(numbers), STEP)]
        return np.concatenate([np.empty(0, dtype=np.float32), *parts])

    def all_margins(self, shard: Shard) -> Iterator[np.ndarray]:
        """The same of every person of the shard in number order."""
        for first in range(0, shard.persons, STEP):
            yield self._margins(shard, np.arange(first, min(first + STEP, shard.persons), dtype=np.int64))

    def figures(self, shard: Shard, numbers: np.ndarray) -> dict[str, Any]:
        """Score, tier and reasons of these people."""
        table = population_features(self.population, np.asarray(shard.person_ids[numbers]))
        scores = fit_scores(self.fit, table)
        return {
            "fit_score": np.round(scores.score.astype(np.float64), 1),
            "tier": [TIERS[at] for at in scores.tier],
            "reasons": reasons_column(self.fit, table),
        }

    def _margins(self, shard: Shard, numbers: np.ndarray) -> np.ndarray:
        table = population_features(self.population, np.asarray(shard.person_ids[numbers]))
        share = np.clip(fit_scores(self.fit, table).score.astype(np.float64) / 100, EXTREME, 1 - EXTREME)
        return np.log(share / (1 - share)).astype(np.float32)
