"""People of a population are found and ranked by a profile that is written."""

from typing import Any

import numpy as np
import pytest

from tests.tools.conftest import Town
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import keep_new
from tools.profiles.scoring.persons import person_scores
from tools.profiles.scoring.traits import joined, traits_of
from tools.scoring.lookalike import fit_score


@pytest.fixture(scope="module")
def profile_id(town: Town) -> str:
    """Who plays golf, and no one in green."""
    document = ProfileDocument(name="Golfers", signals=["plays golf"], disqualifiers=["green"])
    return keep_new(town.workspace, document, how="made").icp_profile_id


def test_people_who_are_found_come_scored_with_tier_and_reasons(town: Town, profile_id: str, ask: Any):
    red, green = town.cluster("color", "red"), town.cluster("color", "green")
    found = ask(town.workspace, "find_persons", expression=f"{red} OR {green}", icp_profile_id=profile_id)
    golfers = town.having("plays_golf", "Yes")
    greens = town.having("color", "green")
    for person in found["sample"]:
        plays = person["person_id"] in golfers
        if person["person_id"] in greens:
            assert person["fit_score"] <= 39
        elif plays:
            assert (person["fit_score"], person["tier"]) == (100, "A - Excellent Fit")
            assert person["reasons"] == "Signal plays golf"
        assert {"fit_score", "tier", "reasons"} <= set(person)


def test_log_odds_of_a_score_give_the_score_back(town: Town, profile_id: str):
    scores = person_scores(town.workspace, profile_id)
    shard = town.workspace.population.shards[0]
    numbers = np.arange(20)
    told = scores.figures(shard, numbers)["fit_score"]
    assert np.round(fit_score(scores.margins(shard, numbers)), 1) == pytest.approx(told, abs=0.05)


def test_a_profile_becomes_the_traits_that_a_population_has(town: Town, profile_id: str):
    scored = person_scores(town.workspace, profile_id).profile
    found = traits_of(scored.document, scored.learned, town.workspace.population.catalogue)
    assert [(each.name, each.value) for each in found.wanted[0].clusters] == [("plays_golf", "Yes")]
    assert [each.value for each in found.ruled_out] == ["green"]
    assert joined(found, "precision") is not None
