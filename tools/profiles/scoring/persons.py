"""How well does each person of a population fit a profile?"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.profiles.kept import PREFIX
from tools.scoring.fit.profile import TIERS, FitProfile
from tools.scoring.fit.scoring import FitScores, fit_scores
from tools.scoring.fit.told.reasons_column import reasons_column
from tools.scoring.leads.against import scorer_of_profile
from tools.scoring.leads.prepared import with_profile
from tools.scoring.learned import ScoredProfile
from tools.scoring.lookalike import Ranker, saved_model
from tools.scoring.population_features import population_features

STEP = 1 << 16  # people scored at a time
EXTREME = 1e-6  # share of a score at both ends, so that its log odds are finite


@dataclass(frozen=True)
class PersonScores:
    """Scores of people by a profile, as whatever ranks an audience asks for them."""

    population: Population
    profile_id: str
    profile: ScoredProfile
    columns: tuple[str, ...] = ("fit_score", "tier", "reasons")

    def margins(self, shard: Shard, numbers: np.ndarray) -> np.ndarray:
        """The log odds that a score stands for, float32: `fit_score` makes the score of them again."""
        scores, _, _ = self._scored(shard, numbers)
        share = np.clip(scores.score.astype(np.float64) / 100, EXTREME, 1 - EXTREME)
        return np.log(share / (1 - share)).astype(np.float32)

    def all_margins(self, shard: Shard) -> Iterator[np.ndarray]:
        """The same of every person of the shard in number order, a step at a time."""
        for first in range(0, shard.persons, STEP):
            yield self.margins(shard, np.arange(first, min(first + STEP, shard.persons), dtype=np.int64))

    def figures(self, shard: Shard, numbers: np.ndarray) -> dict[str, Any]:
        """Score, tier and reasons of these people."""
        scores, fit, table = self._scored(shard, numbers)
        return {
            "fit_score": np.round(scores.score.astype(np.float64), 1),
            "tier": [TIERS[at] for at in scores.tier],
            "reasons": reasons_column(fit, table),
        }

    def _scored(self, shard: Shard, numbers: np.ndarray) -> tuple[FitScores, FitProfile, Any]:
        table = population_features(self.population, np.asarray(shard.person_ids[numbers]))
        fit, table = with_profile(self.profile, self.profile_id, table)
        return fit_scores(fit, table), fit, table


def ranker_named(workspace: Workspace, name: str) -> Ranker:
    """What scores people by this name: the model of an analysis, by its id, or a profile. Raises NotFound."""
    if not name.startswith(PREFIX):
        with suppress(NotFound):
            return saved_model(workspace, name)
    return person_scores(workspace, name)


def person_scores(workspace: Workspace, name: str) -> PersonScores:
    """Scores of the people of the warehouse by a profile, named or by its id. Raises NotFound."""
    scorer = scorer_of_profile(workspace, name)
    assert scorer.profile is not None  # it is of a profile
    return PersonScores(workspace.population, scorer.model_id, scorer.profile)
