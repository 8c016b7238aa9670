"""What one analysis of outcomes shows, part by part."""

from typing import Any, NamedTuple

from markupsafe import Markup

from agent.explain.known_outcomes import figures_of_outcomes
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from api.pages.figures.linked import Linked
from api.pages.outcomes.showing import drawings
from api.pages.outcomes.showing.criteria import Sort, bins_of, in_order
from api.pages.outcomes.showing.found import analysis_before, gates_of, models_of
from api.pages.outcomes.showing.moved import criteria_beside, drift_told
from api.report.outcomes import words
from api.report.outcomes.win_rates import CriterionRate, Rate, base_rate, criterion_rates, gain
from store.workspace import Workspace
from tools.scoring.conversion.report import CandidateScore

EMPTY = Rate(0, 0, None)


class ChanceShown(NamedTuple):
    """One model of chances: how its predictions held."""

    model: LearnedChance
    chosen: CandidateScore
    drawing: Markup


class Sources:
    """Where each figure of an analysis comes from; nothing for one that is not explained."""

    def __init__(self, found: OutcomeAnalysis) -> None:
        figures = figures_of_outcomes(found)
        self._linked = Linked("outcomes", found.outcome_analysis_id, figures)
        self._known = {figure.what for figure in figures}

    def __call__(self, what: str) -> str:
        """The address of the figure that says this; blank where there is none."""
        return self._linked.named(what).address if what in self._known else ""


def criteria_shown(found: OutcomeAnalysis, sort: Sort, *, is_moved: bool = False) -> dict[str, Any]:
    """The table of criteria in an order; is_moved: somebody asked for it, and goes on at its head."""
    rates = criterion_rates(found.criteria) if found.criteria else []
    return {
        "found": found,
        "rates": in_order(rates, sort),
        "base": base_rate(found.criteria) if found.criteria else EMPTY,
        "sort": sort,
        "is_moved": is_moved,
        "bins_of": bins_of,
        "source": Sources(found),
        "words": words,
    }


def analysis_shown(workspace: Workspace, found: OutcomeAnalysis, sort: Sort, locale: str) -> dict[str, Any]:
    """Everything that a page of one analysis shows; its charts are for readers of this locale."""
    told = criteria_shown(found, sort)
    points = gain(found.measures.by_tier) if found.measures else []
    before = analysis_before(workspace, found)
    return told | {
        "headline": words.unmarked(found.headline),
        "summary": [words.unmarked(each) for each in found.summary],
        "criteria_drawing": drawings.criteria_drawn(_heaviest(told["rates"]), told["base"], locale),
        "gain": points,
        "gain_drawing": drawings.gain_drawn(points, locale),
        "chances": [_chance(each, locale) for each in found.models],
        "kept": models_of(workspace, found.outcome_analysis_id),
        "gates": gates_of(workspace, found),
        "before": before,
        "drift": drift_told(found.drift) if found.drift else [],
        "beside": criteria_beside(before, found) if before else [],
        "customers": [(name, each) for name, each in _customers(found) if each],
    }


def _heaviest(rates: list[CriterionRate]) -> list[CriterionRate]:
    return sorted(rates, key=lambda each: -each.criterion.weight)


def _chance(model: LearnedChance, locale: str) -> ChanceShown:
    points = model.report.reliability if model.report.is_model else []
    return ChanceShown(model, words.chosen_score(model), drawings.reliability_drawn(points, locale))


def _customers(found: OutcomeAnalysis) -> list[tuple[str, Any]]:
    return [("churn", found.churn), ("expansion", found.expansion)]
