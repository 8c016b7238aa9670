"""Leads are scored by what was learned, with reasons that add up, and chances apart from the fit."""

import csv
from typing import Any

import numpy as np
import pytest

from store.errors import BadInput, NotFound
from store.features import FeatureTable
from store.workspace import Workspace
from tests.agent.learning.planted_deals import Learned, deals, recorded
from tools.calls import call
from tools.declaration import tool
from tools.scoring.leads.given import Leads
from tools.scoring.learned import published_scorer
from tools.scoring.score_leads import ScoredLeads, ScoreLeads, score_leads, scored_leads

IDEAL, POOR = {"id": "ideal", "employees": 200}, {"id": "poor", "employees": 3}


def scored(workspace: Workspace, **asked: Any) -> ScoredLeads:
    found = call(tool(score_leads), workspace, asked)
    assert isinstance(found, ScoredLeads)
    return found


def test_the_ideal_come_first_with_reasons_and_the_poor_last(learned: Learned):
    found = scored(learned.workspace, rows=[POOR, IDEAL, {"id": "unknown"}])
    assert [one.lead for one in found.sample] == ["ideal", "unknown", "poor"]
    ideal, unknown, poor = found.sample
    assert ideal.tier == "A - Excellent Fit"
    assert poor.tier == "D - Poor Fit"
    assert ideal.matched == ["Employees"]
    assert poor.missed == ["Employees"]
    assert unknown.unknown == ["Employees"]
    assert "times as frequent among won deals" in ideal.reasons_for[0].text
    assert poor.to_next_tier is not None
    assert poor.to_next_tier.changes[0].dimension == "Employees"
    assert unknown.match_confidence == "low"
    assert sum(found.tiers.values()) == 3
    assert min(found.tiers["A"], found.tiers["D"]) == 1


def test_the_score_is_the_start_and_the_points_of_its_reasons(learned: Learned):
    """Of a row of which nothing is known the score is the start; every other adds its reasons to it."""
    ideal, unknown = scored(learned.workspace, rows=[IDEAL, {"id": "unknown"}]).sample
    points = sum(reason.points for reason in (*ideal.reasons_for, *ideal.reasons_against))
    assert unknown.score + points == pytest.approx(ideal.score, abs=0.1)


def test_chances_are_figures_of_their_own_beside_the_fit(learned: Learned):
    ideal, poor = scored(learned.workspace, rows=[IDEAL, POOR]).sample
    assert ideal.win_chance is not None
    assert poor.win_chance is not None
    assert ideal.win_chance.low > poor.win_chance.high
    assert ideal.win_chance.low <= ideal.win_chance.value <= ideal.win_chance.high
    assert ideal.expected_value is not None
    assert 500 < ideal.expected_value.value < 10_000


def test_filters_keep_the_best_and_tiers_count_all(learned: Learned):
    rows = [{"id": str(at), "employees": size} for at, size in enumerate([3, 200, 4_000, 120, 300])]
    found = scored(learned.workspace, rows=rows, tier="B", top=2)
    assert found.total == 2
    assert found.scored == 5
    assert sum(found.tiers.values()) == 5
    assert {one.lead for one in found.sample} <= {"1", "3", "4"}
    assert scored(learned.workspace, rows=rows, min_score=80).total == found.tiers["A"]


def test_a_file_of_them_holds_every_lead_and_no_formula(learned: Learned):
    rows = [{"id": f"=lead{at}", "employees": 10 * at} for at in range(1, 40)]
    found = scored(learned.workspace, rows=rows, format="csv")
    assert found.export is not None
    name = found.export.url.split("/v1/exports/")[1].split("?")[0]
    with (learned.workspace.home / "exports" / name).open(newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == found.export.rows == 39
    assert {row["lead"][:6] for row in written} == {"'=lead"}
    scores = [float(row["score"]) for row in written]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= float(row["win_chance"]) <= 1 for row in written)
    assert all(row["reasoning"] for row in written)


def test_leads_without_any_column_of_the_profile_are_refused(learned: Learned):
    scorers = [published_scorer(learned.workspace)]
    leads = Leads(FeatureTable(2, ()), ["a", "b"], [])
    with pytest.raises(BadInput, match="none of the columns") as refusal:
        scored_leads(learned.workspace, ScoreLeads(rows=[{}, {}]), leads, scorers)
    assert "employees" in refusal.value.instead


def test_a_number_that_is_none_is_refused_with_its_place_and_not_its_value(learned: Learned):
    with pytest.raises(BadInput) as refusal:
        scored(learned.workspace, rows=[IDEAL, {"employees": "jane@example.com"}])
    assert refusal.value.where == "rows.1.employees"
    assert "jane" not in str(refusal.value)


def test_a_profile_that_is_not_there_is_told_with_those_that_are(crm: Workspace, learned: Learned):
    with pytest.raises(NotFound, match="outcomes learn"):
        scored(recorded(crm, deals(20, 1)), rows=[IDEAL])
    with pytest.raises(NotFound, match="outcomes"):
        scored(learned.workspace, rows=[IDEAL], icp_profiles=["Enterprise"])


def test_the_profile_of_an_analysis_scores_its_customers_above_others(golf):
    """The customers of the analysis, and as many people who are not: learned once, and kept."""
    workspace, analysis = golf.workspace, golf.analysis
    customers = workspace.artifacts.people("customers", analysis.analysis_id)[:200]
    everyone = np.concatenate([np.asarray(shard.person_ids) for shard in workspace.population.shards])
    others = np.setdiff1d(everyone, customers)[:: max(1, len(everyone) // 200)]
    mine, theirs = (
        scored(workspace, person_ids=ids.tolist(), analysis_id=analysis.analysis_id)
        for ids in (customers, others)
    )
    assert mine.criteria > 0
    assert mine.tiers["A"] / mine.scored > 2 * theirs.tiers["A"] / theirs.scored
    assert all(one.win_chance is None for one in mine.sample)
