"""replay and compare: what a run was made from, whether it finds the same, and an exit code that says so."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.records.recipes import Recipe
from store.workspace import Workspace

Fieldmark = Callable[..., Any]


@pytest.fixture
def audiences(us: Workspace, fieldmark: Fieldmark, golf_hash: str) -> list[str]:
    """Ids of two audiences of people who play golf: of all of them, and of 50."""
    asked = {"expression": golf_hash}
    ids = []
    for more in ({}, {"target_size": 50}):
        run = fieldmark("tool", "generate_audience", json.dumps(asked | more), "-w", "us")
        assert run.exit_code == 0, run.stderr
        ids.append(json.loads(run.stdout)["audience_id"])
    return ids


def _ask_for_fewer(us: Workspace, run_id: str) -> None:
    """Change what the recipe says was asked for."""
    recipe = us.database.get(Recipe, run_id)
    assert recipe is not None
    settings = {**recipe.made_from["settings"], "target_size": 7}
    us.database.keep(recipe.model_copy(update={"made_from": {**recipe.made_from, "settings": settings}}))


def test_replay_shows_the_inputs_both_digests_and_that_it_is_the_same(
    us: Workspace, fieldmark: Fieldmark, audiences: list[str]
) -> None:
    run = fieldmark("replay", audiences[0])
    assert run.exit_code == 0, run.stderr
    recipe = us.database.get(Recipe, audiences[0])
    assert recipe is not None
    assert run.stdout.count(recipe.result_hash) == 2
    assert us.warehouse.current_id in run.stdout
    assert "The same." in run.stdout
    answer = json.loads(fieldmark("replay", audiences[0], "--json").stdout)
    assert (answer["same"], answer["hash_now"]) == (True, recipe.result_hash)


def test_replay_of_what_is_not_the_same_shows_where_and_leaves_with_1(
    us: Workspace, fieldmark: Fieldmark, audiences: list[str]
) -> None:
    _ask_for_fewer(us, audiences[0])
    run = fieldmark("replay", audiences[0], "-w", "us")
    assert run.exit_code == 1
    assert "places differ:" in run.stdout
    assert "total" in run.stdout
    run = fieldmark("replay", audiences[0], "--json")
    assert run.exit_code == 1
    (total,) = [each for each in json.loads(run.stdout)["differences"] if each["path"] == "total"]
    assert total["now"] == 7


def test_replay_of_an_unknown_run_is_not_found(us: Workspace, fieldmark: Fieldmark) -> None:
    run = fieldmark("replay", "audience_none")
    assert run.exit_code == 3
    assert "no recipe of this run" in " ".join(run.stderr.split())


def test_compare_of_two_audiences_shows_what_was_asked_and_their_sizes(
    us: Workspace, fieldmark: Fieldmark, audiences: list[str]
) -> None:
    run = fieldmark("compare", *audiences)
    assert run.exit_code == 0, run.stderr
    assert "Not alike: `target_size`, none before and 50 after." in " ".join(run.stdout.split())
    assert "people" in run.stdout
    answer = json.loads(fieldmark("compare", *audiences, "--json").stdout)
    assert (answer["kind"], answer["warehouse"], answer["same_result"]) == ("generate_audience", "us", False)


def test_compare_with_an_unknown_run_is_not_found(
    us: Workspace, fieldmark: Fieldmark, audiences: list[str]
) -> None:
    run = fieldmark("compare", "audience_none", audiences[0])
    assert run.exit_code == 3
    assert "There is no such audience" in run.stderr
