"""Audiences and files from profiles: written by hand, and learned from an analysis."""

import csv
import io
from typing import Any

import pytest

from agent import CATALOGUE
from store.errors import BadInput
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.calls import call, tool_named


def ask(workspace: Workspace, name: str, /, **given: Any) -> Any:
    return call(tool_named(CATALOGUE, name), workspace, given)


def people_with(workspace: Workspace, *traits: tuple[str, str]) -> set[int]:
    """Ids of the people who have all of these traits, counted person by person."""
    found: list[set[int]] = []
    for name, value in traits:
        cluster = workspace.population.catalogue.valued(name, value)
        assert cluster is not None
        found.append(
            {
                int(shard.person_ids[number])
                for shard in workspace.population.shards
                for number in shard.bitmaps[cluster.code]
            }
        )
    return set.intersection(*found)


@pytest.fixture(scope="module")
def written(own_us: Workspace) -> str:
    """Who plays golf, and does not hunt."""
    held = {"name": "Golfers", "signals": ["interested_golf=Yes"]}
    held["disqualifiers"] = ["interested_hunting=Yes"]
    return ask(own_us, "create_icp_profile", **held).icp_profile_id


def test_a_written_profile_gives_whom_it_asks_for_without_who_is_ruled_out(own_us, written):
    golfers = people_with(own_us, ("interested_golf", "Yes"))
    hunters = people_with(own_us, ("interested_hunting", "Yes"))
    found = ask(own_us, "generate_audience", icp_profile_id=written, strategy="reach")
    assert found.total == len(golfers - hunters)
    assert "Golfers" in found.why


def test_a_ranked_audience_of_it_holds_the_best_scores(own_us, written):
    found = ask(
        own_us, "generate_audience", icp_profile_id=written, strategy="ranked", target_size=50, format="csv"
    )
    assert found.total == 50
    golfers = people_with(own_us, ("interested_golf", "Yes"))
    hunters = people_with(own_us, ("interested_hunting", "Yes"))
    assert {one["person_id"] for one in found.sample} <= golfers - hunters
    path = own_us.exports.path(found.export)
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert len(rows) == 50


def test_people_who_are_found_are_exported_with_their_scores(own_us, written):
    golf = own_us.population.catalogue.valued("interested_golf", "Yes")
    asked = {"expression": golf.cluster_hash, "icp_profile_id": written}
    found = ask(own_us, "find_persons", **asked, format="csv")
    rows = list(csv.DictReader(io.StringIO(own_us.exports.path(found.export).read_text())))
    assert len(rows) == found.total
    hunters = people_with(own_us, ("interested_hunting", "Yes"))
    for row in rows[:200]:
        most = 39 if int(row["person_id"]) in hunters else 100
        assert float(row["fit_score"]) == most
        assert row["tier"] == ("D - Poor Fit" if most == 39 else "A - Excellent Fit")


@pytest.fixture(scope="module")
def learned(golf: Analysed) -> str:
    """The profile of an analysis of customers who play golf."""
    proposed = ask(golf.workspace, "propose_icp_profile", analysis_id=golf.analysis.analysis_id)
    assert proposed.document.criteria
    assert proposed.document.origin.kind == "analysis"
    document = proposed.document.model_dump(mode="json") | {"name": "Learned"}
    return ask(golf.workspace, "create_icp_profile", document=document).icp_profile_id


def test_an_analysis_becomes_a_profile_at_once(golf: Analysed):
    made = ask(
        golf.workspace, "create_icp_profile", name="At once", analysis_id=golf.analysis.analysis_id
    ).profile
    weights = [each.weight for each in made.document.criteria]
    assert weights == sorted(weights, reverse=True)
    assert made.document.origin.about == golf.analysis.analysis_id


@pytest.mark.parametrize("strategy", ["precision", "hybrid", "reach", "ranked"])
def test_a_learned_profile_gives_an_audience_by_each_strategy(golf: Analysed, learned: str, strategy: str):
    found = ask(golf.workspace, "generate_audience", icp_profile_id=learned, strategy=strategy)
    assert found.total > 0
    assert "Learned" in found.why


def test_a_wider_strategy_of_it_holds_more_people(golf: Analysed, learned: str):
    totals = [
        ask(golf.workspace, "generate_audience", icp_profile_id=learned, strategy=each).total
        for each in ("precision", "hybrid", "reach")
    ]
    assert totals == sorted(totals)


def test_customers_of_the_analysis_it_was_made_from_are_left_out(golf: Analysed, learned: str):
    customers = set(golf.workspace.artifacts.people("customers", golf.analysis.analysis_id).tolist())
    asked = {"icp_profile_id": learned, "strategy": "reach"}
    everybody = ask(golf.workspace, "generate_audience", **asked)
    without = ask(golf.workspace, "generate_audience", **asked, exclude=["customers"])
    assert everybody.total > without.total >= everybody.total - len(customers)


def test_the_customers_of_a_written_profile_are_not_known(own_us: Workspace, written: str):
    with pytest.raises(BadInput, match=r"customers"):
        ask(own_us, "generate_audience", icp_profile_id=written, exclude=["customers"])
