"""Models of one run: what each is learned from, tried on newer outcomes, and whether it is used."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

import numpy as np

from agent.learning.recorded import Recorded
from agent.requests import AnalyzeOutcomes
from store.errors import TooFewCustomers, ToolRefused
from store.features import FeatureTable, completed
from store.records.learned import LearnedModel, ModelKind, published_model
from store.workspace import Workspace
from tools.outcomes.patterns.customers.labels import churn_label, expansion_label
from tools.scoring.conversion.conversion import learn_conversion
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.conversion.queries import ConversionQuery
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.gate.compare import GateDecision, compare_models
from tools.scoring.gate.newest import Parts, newest_parts
from tools.scoring.gate.queries import GateQuery
from tools.scoring.gate.rankings import compare_rankings
from tools.scoring.leads.against import read_by
from tools.scoring.learned import saved_fit, saved_probability

Decide: TypeAlias = Callable[[Parts], GateDecision]


class Lesson(NamedTuple):
    """What a model is learned from: attributes, whether it happened, and when that was known."""

    table: FeatureTable
    happened: np.ndarray
    days: np.ndarray

    def take(self, rows: np.ndarray) -> "Lesson":
        """These rows, given as a mask."""
        return Lesson(self.table.take(rows), self.happened[rows], self.days[rows])


def won_or_lost(found: Recorded) -> Lesson:
    """Decided records: was it won?"""
    rows = found.decided
    outcomes = found.outcomes
    return Lesson(outcomes.features.take(rows), outcomes.are("won")[rows], outcomes.decided_at[rows])


def lesson_of(found: Recorded, kind: ModelKind) -> Lesson:
    """What a model of this kind is learned from. Raises TooFewCustomers."""
    if kind in ("fit", "conversion"):
        return won_or_lost(found)
    label = (churn_label if kind == "churn" else expansion_label)(found.outcomes)
    return Lesson(found.outcomes.features.take(label.rows), label.happened, label.at)


def fitted_profile(lesson: Lesson, seed: int) -> FitProfile:
    """The weighted criteria that tell the won from the lost."""
    won, lost = lesson.take(lesson.happened), lesson.take(~lesson.happened)
    query = FitQuery(seed=seed, ideal_word="won deals", others_word="lost deals")
    return learn_fit(won.table, lost.table, query, ideal_times=won.days, other_times=lost.days)


def fitted_chance(lesson: Lesson, seed: int, market: FeatureTable | None = None) -> ConversionModel:
    """The calibrated chance that it happens. Raises TooFewCustomers."""
    query = ConversionQuery(seed=seed)
    return learn_conversion(lesson.table, lesson.happened, lesson.days, query, population=market)


class Trial(NamedTuple):
    """What a gate decided, and the model that was in use before."""

    gate: GateDecision
    before: LearnedModel | None


def tried(
    workspace: Workspace, kind: ModelKind, lesson: Lesson, query: AnalyzeOutcomes, data_hash: str
) -> Trial:
    """The decision on what was learned: by one learned the same way from earlier outcomes alone.

    A profile is judged by its order, a model of chances by its calibration too. What was learned of a part
    of the outcomes is not put in use.
    """
    before = published_model(workspace.database, workspace.warehouse.name, kind)
    if query.last_days is not None:
        why = f"Only the last {query.last_days:,} days were asked about, and a model is learned from all."
        return Trial(_untried(why, False), before)
    if kind == "fit":
        decide = _by_order(workspace, lesson, before, query.seed)
    else:
        decide = _by_chance(workspace, lesson, before, query.seed)
    return Trial(_decided(lesson, before, data_hash, decide), before)


def _by_order(workspace: Workspace, lesson: Lesson, before: LearnedModel | None, seed: int) -> Decide:
    def decide(parts: Parts) -> GateDecision:
        newest, earlier = lesson.take(parts.newest), lesson.take(parts.earlier)
        new = fit_scores(fitted_profile(earlier, seed), newest.table).score
        old = fit_scores(saved_fit(workspace, before.model_id), newest.table).score if before else None
        return compare_rankings(new, old, newest.happened, GateQuery(seed=seed))

    return decide


def _by_chance(workspace: Workspace, lesson: Lesson, before: LearnedModel | None, seed: int) -> Decide:
    def decide(parts: Parts) -> GateDecision:
        newest, earlier = lesson.take(parts.newest), lesson.take(parts.earlier)
        published = _still_usable(workspace, before, newest.table)
        table = completed(newest.table, read_by(published))
        return compare_models(
            fitted_chance(earlier, seed), published, table, newest.happened, GateQuery(seed=seed)
        )

    return decide


def _still_usable(
    workspace: Workspace, before: LearnedModel | None, table: FeatureTable
) -> ConversionModel | None:
    """The published model, if it can still score.

    Trees of another scikit-learn cannot be read, and a column may have become one of another kind.
    """
    if before is None:
        return None
    try:
        model = saved_probability(workspace, before.model_id)
        if model is not None:
            model.probabilities(completed(table, read_by(model)))
    except ToolRefused:
        return None
    return model


def _decided(
    lesson: Lesson,
    before: LearnedModel | None,
    data_hash: str,
    decide: Decide,
) -> GateDecision:
    if before is not None and before.data_hash == data_hash:
        return _untried("The outcomes are those that the published model was learned from; it stays.", False)
    parts = newest_parts(lesson.days, lesson.happened, _day(before.learned_until if before else None))
    try:
        return decide(parts)
    except TooFewCustomers as few:
        first = before is None
        told = "no model is published, so this one is, untested" if first else "the published model stays"
        return _untried(f"Too little to try it on: {few.what}; {told}.", first)


def _untried(why: str, published: bool) -> GateDecision:
    decision = "publish" if published else "keep_aside"
    return GateDecision(decision=decision, why=why, tested=False, rows=0, happened=0)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
