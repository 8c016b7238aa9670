"""compare and brief: words for people on stdout, JSON for programs, files where they were asked for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.workspace import Workspace

Fieldmark = Callable[..., Any]


@pytest.fixture
def analysed(us: Workspace, fieldmark: Fieldmark, tmp_path: Path) -> list[str]:
    """Ids of two analyses: of 150 golfers, and of these with 100 who own their home."""
    (shard,) = us.population.shards
    people: list[int] = []
    ids = []
    for name, count in (("interested_golf", 150), ("is_home_owner", 100)):
        cluster = us.population.catalogue.valued(name, "Yes")
        assert cluster is not None
        people += [int(shard.person_ids[number]) for number in list(shard.bitmaps[cluster.code])[:count]]
        file = tmp_path / "customers.csv"
        file.write_text("person_id\n" + "\n".join(map(str, dict.fromkeys(people))) + "\n")
        run = fieldmark("analyze", file, "--json", "-w", "us")
        assert run.exit_code == 0, run.stderr
        ids.append(json.loads(run.stdout)["analysis_id"])
    return ids


def test_compare_tells_what_changed(fieldmark: Fieldmark, analysed: list[str]) -> None:
    run = fieldmark("compare", *analysed, "-w", "us")
    assert run.exit_code == 0, run.stderr
    assert "customers, 150 before:" in run.stdout
    assert "0 left" in run.stdout
    found = json.loads(fieldmark("compare", "-w", "us", "--json").stdout)
    assert [found["before"]["analysis_id"], found["after"]["analysis_id"]] == analysed
    assert found["headline"].split(":")[0] in " ".join(run.stdout.split())


def test_compare_of_an_unknown_analysis_is_not_found(fieldmark: Fieldmark, analysed: list[str]) -> None:
    run = fieldmark("compare", "icp_none", analysed[1], "-w", "us")
    assert run.exit_code == 3
    assert "There is no such analysis in `us`" in run.stderr


def test_brief_writes_markdown_and_json(fieldmark: Fieldmark, analysed: list[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    run = fieldmark("brief", "--warehouse", "us", "--out", out)
    assert run.exit_code == 0, run.stderr
    kept = json.loads((out / "briefing.json").read_text())
    assert (out / "briefing.md").read_text() == kept["markdown"]
    assert kept["compared_with"] == analysed[0]
    assert sorted(path.name for path in out.iterdir()) == ["briefing.json", "briefing.md"]


def test_brief_answers_as_json(fieldmark: Fieldmark, analysed: list[str]) -> None:
    run = fieldmark("brief", "-w", "us", "--json", "--analysis", analysed[1])
    assert run.exit_code == 0, run.stderr
    assert json.loads(run.stdout)["analysis_id"] == analysed[1]


def test_brief_without_an_analysis_is_not_found(us: Workspace, fieldmark: Fieldmark) -> None:
    run = fieldmark("brief", "-w", "us")
    assert run.exit_code == 3
    assert "Begin with `fieldmark analyze`" in " ".join(run.stderr.split())


def test_brief_with_nobody_to_send_it_to_says_so(fieldmark: Fieldmark, analysed: list[str]) -> None:
    run = fieldmark("brief", "-w", "us", "--send")
    assert run.exit_code == 0, run.stderr
    assert "It was given to nobody" in " ".join(run.stderr.split())


def test_brief_to_an_address_is_queued_for_it_and_does_not_show_it(
    fieldmark: Fieldmark, analysed: list[str]
) -> None:
    run = fieldmark("brief", "-w", "us", "--to", "somebody@example.com")
    assert run.exit_code == 0, run.stderr
    assert "It goes to 1 recipient;" in run.stdout
    assert "example.com" not in run.stdout + run.stderr
