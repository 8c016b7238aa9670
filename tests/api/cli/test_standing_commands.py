"""The commands for standing audiences, over a house of their own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli.house import standing
from store.destinations import Destination, Destinations, Keys
from store.workspace import Workspace

COLUMNS = {
    "id": {"kind": "person_id", "domain": "id"},
    "plan": {"kind": "category", "domain": "purchase"},
    "email": {"kind": "identifier", "identifier": "email"},
}
Run = Callable[..., Any]


@pytest.fixture
def crowd(load: Callable[..., Workspace], tmp_path: Path) -> Workspace:
    workspace = load("id,plan,email\n1,Pro,a@example.org\n2,Free,\n", COLUMNS, warehouse="crowd")
    made = Destination(name="ads", url=f"file://{tmp_path / 'out'}", created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys(), [tmp_path])
    return workspace


@pytest.fixture
def run(crowd: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FIELDMARK_HOME", str(crowd.home))
    monkeypatch.setenv("COLUMNS", "200")
    commands = typer.Typer()
    standing.add_commands(commands)

    def invoke(*words: str, code: int = 0) -> Any:
        found = CliRunner().invoke(commands, ["standing", *words])
        assert found.exit_code == code, found.output
        return found

    return invoke


def test_an_audience_is_kept_refreshed_paused_and_removed(
    run: Run, crowd: Workspace, load: Callable[..., Workspace], tmp_path: Path
) -> None:
    pro = crowd.population.catalogue.valued("plan", "Pro")
    assert pro is not None
    words = run("add", "best", "--expression", pro.cluster_hash, "--destination", "ads").stdout
    assert words.startswith("Kept `best`: 1 person")
    assert "would be made anew" in run("refresh", "--dry-run").stdout
    assert not list((tmp_path / "out").glob("*"))
    assert "written to ads" in run("refresh").stdout
    load("id,plan,email\n2,Pro,b@example.org\n3,Pro,\n", COLUMNS, warehouse="crowd")
    told = run("refresh", "best").stdout
    assert "made anew, 2 people (was 1), written to ads" in told
    assert "+ 1 new in the population" in told
    assert "+ 1 a trait changed" in told
    assert "- 1 no longer in the population" in told
    found = json.loads(run("history", "best", "--json").stdout)
    assert [(each["people"], each["entered"], each["left"]) for each in found] == [(2, 2, 1), (1, 0, 0)]
    assert "no longer in the population" in run("history", "best").stdout
    run("pause", "best")
    assert "paused" in run("list").stdout
    assert "best: paused." in run("refresh").stdout
    run("resume", "best")
    assert json.loads(run("list", "--json").stdout)["audiences"][0]["people"] == 2
    run("remove", "best")
    assert json.loads(run("list", "--json").stdout)["audiences"] == []


def test_one_that_is_not_there_is_not_found(run: Run) -> None:
    assert "no such standing audience" in run("pause", "x", code=3).output
    assert "no such standing audience" in run("refresh", "x", code=3).output
    assert "give it" not in run("add", "x", code=2).output
