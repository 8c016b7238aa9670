"""Every figure of the leads that were chosen, made when it is wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from store.features import FeatureTable, completed
from tools.mining.findings import Estimate
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.fit.profile import TIERS
from tools.scoring.fit.scoring import CONFIDENCES, FitScores, fit_scores
from tools.scoring.fit.told.dimension_tags import dimension_tags
from tools.scoring.fit.told.reasons import fit_reasons
from tools.scoring.fit.told.reasons_column import reasons_column
from tools.scoring.leads.against import read_by
from tools.scoring.leads.findings import LeadScore
from tools.scoring.leads.given import NOBODY, Leads
from tools.scoring.learned import Scorer

BATCH = 10_000  # rows written at a time
COLUMNS = (
    "lead",
    "score",
    "tier",
    "match_confidence",
    "win_chance",
    "win_chance_low",
    "win_chance_high",
    "expected_value",
    "expansion_chance",
    "churn_chance",
    "disqualifier",
    "reasoning",
    "matched",
    "missed",
)
OF_FIT = {
    "tier",
    "match_confidence",
    "reasons_for",
    "reasons_against",
    "matched",
    "missed",
    "unknown",
    "disqualifier",
    "to_next_tier",
}


class _Figure(NamedTuple):
    """One figure of each row with its interval."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def at(self, row: int) -> Estimate:
        value, low, high = (float(each[row]) for each in self)
        return Estimate(value=value, low=low, high=high)


@dataclass(frozen=True)
class Chosen:
    """Leads by their rows, the best first, with the scores of all rows by the first scorer."""

    leads: Leads
    rows: np.ndarray
    scores: FitScores
    scorers: list[Scorer]

    @property
    def columns(self) -> list[str]:
        """The header of a file of them."""
        others = [f"score_{scorer.model_id}" for scorer in self.scorers[1:]]
        return [*COLUMNS, *others, *(["best_profile"] if others else [])]

    def persons(self) -> np.ndarray:
        """Ids of those of them who are people of the population, int64."""
        if self.leads.persons is None:
            return np.empty(0, dtype=np.int64)
        found = self.leads.persons[self.rows]
        return found[found != NOBODY]

    def first(self, most: int) -> list[LeadScore]:
        """The best of them, each told whole."""
        rows = self.rows[:most]
        table = self.leads.table.take(rows)
        figures, others = self._figures(table), self._others(table)
        reasons = reasons_column(self.scorers[0].fit, table)
        told = [fit_reasons(self.scorers[0].fit, table, at) for at in range(len(rows))]
        best = self._best(rows, others)
        return [
            LeadScore(
                lead=self.leads.ids[row],
                score=round(told[at].score, 1),
                reasoning=reasons[at],
                other_scores={name: float(scores[at]) for name, scores in others.items()},
                best_profile=best[at],
                **{name: figure.at(at) for name, figure in figures.items()},
                **told[at].model_dump(include=OF_FIT),
            )
            for at, row in enumerate(rows.tolist())
        ]

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """The rows of a file of them, some at a time."""
        for start in range(0, len(self.rows), BATCH):
            yield self._batch(self.rows[start : start + BATCH])

    def _batch(self, rows: np.ndarray) -> list[dict[str, Any]]:
        table, fit = self.leads.table.take(rows), self.scorers[0].fit
        ruled_out = [each.words for each in fit.disqualifiers]
        columns: dict[str, list[Any]] = {
            "lead": [self.leads.ids[row] for row in rows.tolist()],
            "score": np.round(self.scores.score[rows].astype(np.float64), 1).tolist(),
            "tier": [TIERS[tier] for tier in self.scores.tier[rows]],
            "match_confidence": [CONFIDENCES[level] for level in self.scores.confidence[rows]],
            "disqualifier": [ruled_out[at] if at >= 0 else None for at in self.scores.disqualifier[rows]],
            "reasoning": reasons_column(fit, table),
        }
        columns |= dict(zip(("matched", "missed"), dimension_tags(fit, table), strict=True))
        for name, figure in self._figures(table).items():
            digits = 2 if name == "expected_value" else 4
            columns[name] = np.round(figure.value, digits).tolist()
            if name == "win_chance":
                columns["win_chance_low"] = np.round(figure.low, digits).tolist()
                columns["win_chance_high"] = np.round(figure.high, digits).tolist()
        others = self._others(table)
        columns |= {f"score_{name}": scores.tolist() for name, scores in others.items()}
        if others:
            columns["best_profile"] = self._best(rows, others)
        return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    def _others(self, table: FeatureTable) -> dict[str, np.ndarray]:
        """Fit by the other profiles."""
        return {
            scorer.model_id: np.round(fit_scores(scorer.fit, table).score.astype(np.float64), 1)
            for scorer in self.scorers[1:]
        }

    def _best(self, rows: np.ndarray, others: dict[str, np.ndarray]) -> list[str] | list[None]:
        """The name of the profile that each row fits best; of equal scores the first asked for."""
        if not others:
            return [None] * len(rows)
        mine = np.round(self.scores.score[rows].astype(np.float64), 1)
        names = [scorer.told for scorer in self.scorers]
        return [names[at] for at in np.argmax(np.stack((mine, *others.values())), axis=0).tolist()]

    def _figures(self, table: FeatureTable) -> dict[str, _Figure]:
        """Chances and value of the rows, as far as there are models of them."""
        first = self.scorers[0]
        models = {"win_chance": first.conversion, "expansion_chance": first.expansion}
        models |= {"churn_chance": first.churn}
        found = {name: _chances(model, table) for name, model in models.items() if model}
        if first.value:
            values = first.value.predict(table)
            found["expected_value"] = _Figure(values.value, values.low, values.high)
        return found


def _chances(model: ConversionModel, table: FeatureTable) -> _Figure:
    chances = model.probabilities(completed(table, read_by(model)))
    return _Figure(chances, *model.intervals_of(chances))
