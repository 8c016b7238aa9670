"""Scores are not compared across a column that is recorded otherwise: the data moved, nobody else."""

import datetime as dt

import numpy as np
import pytest

from store.features import category
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.changes.weeks_of_deals import UNTIL, is_late, weeks_of_deals, with_columns
from tools.outcomes.changes.findings import OutcomeChanges
from tools.outcomes.changes.outcome_changes import OutcomeChangesQuery, outcome_changes
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.fit.scoring import fit_scores

STEADY = {"Software": (240, 400), "Logistics": (45, 300), "Health": (45, 300)}
LATELY = {"Software": (60, 100), "Logistics": (11, 75), "Health": (11, 75)}
QUERY = OutcomeChangesQuery(until=UNTIL.item())


@pytest.fixture(scope="module")
def fit() -> FitProfile:
    """Of earlier deals, in which software is won."""
    table = weeks_of_deals(STEADY, LATELY)
    won = table.are("won")
    found = learn_fit(table.features.take(won), table.features.take(~won), FitQuery())
    assert [each.scale.name for each in found.criteria] == ["industry"]
    return found


def respelled(days: int) -> OutcomeTable:
    """Every industry is written otherwise since so many days."""
    table = weeks_of_deals(STEADY, LATELY)
    industry = table.features.features[0]
    names = np.array(industry.levels)[industry.values].astype("<U40")
    late = is_late(table, days)
    names[late] = np.char.add(np.char.upper(names[late]), " & CO")
    return with_columns(table, category("industry", names, label="Industry"))


def of_scores(table: OutcomeTable, scored: FitProfile, told: FitProfile | None) -> OutcomeChanges:
    return outcome_changes(table, QUERY, told, fit_scores(scored, table.features).score.astype(np.float64))


@pytest.mark.parametrize("days", [3, 7, 21, 28, 29, 30, 35, 42, 57, 63, 85, 91, 114, 143, 168, 180])
def test_a_respelling_that_the_fit_reads_moves_no_score_and_no_tier(fit: FitProfile, days: int) -> None:
    table = respelled(days)
    assert of_scores(table, fit, fit).changes == []


@pytest.mark.parametrize("days", [28, 63])
def test_it_would_if_the_fit_were_not_looked_at(fit: FitProfile, days: int) -> None:
    """The same scores, of which nobody says what they rest on: they fall."""
    moved = of_scores(respelled(days), fit, None).changes
    assert {each.measure for each in moved} & {"score", "pipeline_share", "won_share"}


def test_within_the_last_weeks_there_are_no_tiers_and_later_only_those_since(fit: FitProfile) -> None:
    assert of_scores(respelled(21), fit, fit).tiers == []
    later = of_scores(respelled(120), fit, fit)
    score = next(each.score for each in later.figures if each.window_days == 28)
    assert score is not None
    assert 0 < score.n_before < 1_000  # of the 182 days before only those since
    assert score.n == 250


def test_without_a_change_of_the_data_all_scores_are_compared(fit: FitProfile) -> None:
    found = of_scores(weeks_of_deals(STEADY, LATELY), fit, fit)
    assert found.columns == []
    score = next(each.score for each in found.figures if each.window_days == 28)
    assert score is not None
    assert (score.n, score.n_before) == (250, 1_000)


@pytest.mark.parametrize("days", [3, 7, 21, 28, 35, 42, 63, 91, 120])
def test_the_day_it_began_is_the_same_every_week(fit: FitProfile, days: int) -> None:
    """The last day is 29 June: written otherwise since the day after 29 June less so many days."""
    (told,) = of_scores(respelled(days), fit, fit).columns
    began = UNTIL.item() - dt.timedelta(days - 1)
    assert (told.column, told.kind, told.since, told.is_exact) == ("industry", "new_levels", began, True)
    assert told.key == f"industry:new_levels:{began}"
    assert told.level == "SOFTWARE & CO"
    assert told.share == pytest.approx(1.0)
    assert (told.set_aside, told.scored) == (True, True)
