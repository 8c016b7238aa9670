"""How days, levels and what came of a model are said: as one person says it to another."""

from datetime import date

import numpy as np
import pytest

from agent.changes.briefing.models import why_of
from agent.changes.spans import chance, span
from tools.scoring.gate.compare import GateDecision
from tools.scoring.gate.queries import GateQuery
from tools.scoring.gate.rankings import compare_rankings


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 3, 9), date(2026, 3, 9), "9 March 2026"),
        (date(2026, 3, 9), date(2026, 3, 15), "9 to 15 March 2026"),
        (date(2026, 2, 23), date(2026, 3, 1), "23 February to 1 March 2026"),
        (date(2025, 8, 25), date(2026, 2, 22), "25 August 2025 to 22 February 2026"),
    ],
)
def test_a_span_names_month_and_year_once_where_once_is_enough(first: date, last: date, told: str) -> None:
    assert span(first, last) == told


@pytest.mark.parametrize(
    ("level", "told"),
    [(0.05, "5 %"), (0.05 / 52, "0.1 %"), (0.05 / 365, "0.01 %"), (0.2, "20 %"), (0.49, "49 %")],
)
def test_a_level_is_said_in_one_digit(level: float, told: str) -> None:
    assert chance(level) == told


def decided(**given: object) -> GateDecision:
    rows = {"rows": 212, "happened": 60, "tested": True, "decision": "keep_aside", "why": "As it was said."}
    return GateDecision.model_validate(rows | given)


def estimate(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def test_a_model_kept_aside_is_told_with_the_deals_it_was_tried_on_and_what_went_worse() -> None:
    worse = decided(
        reasons=["log_loss", "calibration"],
        log_loss_difference=estimate(0.03, 0.01, 0.05),
        auc_difference=estimate(-0.01, -0.03, 0.01),
        calibration_error=estimate(0.204, 0.119, 0.268),
    )
    assert why_of("conversion", worse, is_first=False) == (
        "On the 212 deals decided since, it did worse (log loss +0.03, 95 %: +0.01 to +0.05) and its chances "
        "were off by 20 points (95 %: 12 to 27), of 5 allowed."
    )


def test_a_profile_that_ranks_worse_is_told_by_its_auc() -> None:
    """The new scores are noise, the old ones tell the won from the lost."""
    happened = np.arange(400) % 2 == 0
    draw = np.random.default_rng(0)
    gate = compare_rankings(draw.random(400), happened + draw.random(400), happened, GateQuery())
    told = why_of("fit", gate, is_first=False)
    assert told.startswith("On the 400 deals decided since, it ranked them worse (AUC -0.")


def test_models_that_do_alike_better_or_no_worse_say_so() -> None:
    same, better, wide = (
        decided(decision="publish", log_loss_difference=estimate(*each), auc_difference=estimate(0, 0, 0))
        for each in ((0, 0, 0), (-0.02, -0.03, -0.01), (0.001, -0.02, 0.022))
    )
    assert why_of("conversion", same, is_first=False) == (
        "It was learned in the same way as the one in use, and does as well on the 212 deals decided since."
    )
    assert why_of("conversion", better, is_first=False) == (
        "On the 212 deals decided since, it did better than the one before (log loss -0.02, 95 %: -0.03 to "
        "-0.01)."
    )
    assert "it did no worse than the one before (log loss +0.001" in why_of(
        "conversion", wide, is_first=False
    )


def test_too_few_new_deals_are_told_with_how_many_are_needed() -> None:
    few = decided(tested=False, rows=30, happened=6)
    assert why_of("fit", few, is_first=False) == (
        "Too few to try it on yet: of the 30 deals decided since, 6 were won and 24 were lost; 50 of each "
        "are needed."
    )
    assert "6 left and 24 stayed" in why_of("churn", few, is_first=False)
    untried = decided(tested=False, rows=0, happened=0)
    assert why_of("fit", untried, is_first=False) == "As it was said."
