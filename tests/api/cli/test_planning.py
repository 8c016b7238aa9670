"""`fieldmark plan`: what would be done, in words or as JSON; nothing runs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app

Fieldmark = Callable[..., Any]


def test_steps_are_numbered_and_told_with_their_arguments(fieldmark: Fieldmark) -> None:
    run = fieldmark("plan", "build 50k lookalikes from best.csv as csv", "--file", "best.csv")
    assert run.exit_code == 0, run.stderr
    told = " ".join(run.stdout.split())  # the terminal breaks long lines
    assert "1. Analyze the file `best.csv`." in told
    assert "2. Build an audience of at most 50,000 people from the analysis before, as a CSV file." in told
    assert "target_size: 50000" in run.stdout
    assert "Needs a yes" in run.stdout


def test_clusters_are_told_by_name(fieldmark: Fieldmark) -> None:
    run = fieldmark("plan", "how many homeowners in Texas golf?", "--warehouse", "us")
    assert "expression: is_home_owner=Yes AND state=TX AND interested_golf=Yes" in run.stdout
    found = json.loads(fieldmark("plan", "how many homeowners in Texas golf?", "--json").stdout)
    assert [step["tool"] for step in found["steps"]] == ["find_persons"]
    assert {one["name"] for one in found["understood"]} == {"is_home_owner", "state", "interested_golf"}


def test_questions_and_refusals_are_told(fieldmark: Fieldmark) -> None:
    assert "Question: Which customers should be analyzed?" in fieldmark("plan", "analyze my customers").stdout
    assert fieldmark("plan", "write me a poem").stdout.startswith("No: ")


def test_it_works_without_any_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDMARK_HOME", str(tmp_path / "none"))
    run = CliRunner().invoke(app, ["plan", "how many golfers in Texas?", "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["steps"][0]["arguments"] == {"expression": '"golfers" AND "Texas"'}
    assert not (tmp_path / "none").exists()


def test_an_unknown_warehouse_is_refused(fieldmark: Fieldmark) -> None:
    assert fieldmark("plan", "golfers in Texas", "--warehouse", "nowhere").exit_code == 3
