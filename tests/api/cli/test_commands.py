"""The command line: data on stdout, the rest on stderr, an exit code for each way to end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.state import Cancelled
from api.cli import app, here
from store.errors import Busy, NoRoom
from store.workspace import Workspace

Fieldmark = Callable[..., Any]
PEOPLE = "person_id,email,hobby [x]\n" + "".join(
    f"{n},p{n}@example.com,{'golf' if n % 3 else 'tennis'}\n" for n in range(60)
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    return file


@pytest.fixture
def golfers(us: Workspace, tmp_path: Path) -> Path:
    """A file of 150 customers who play golf, by person id."""
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = us.population.shards
    file = tmp_path / "golfers.csv"
    ids = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:150]]
    file.write_text("person_id\n" + "\n".join(map(str, ids)) + "\n")
    return file


@pytest.mark.parametrize("command", ["", *(c.name or c.callback.__name__ for c in app.registered_commands)])  # type: ignore[union-attr]  # each has one
def test_each_command_has_help(fieldmark: Fieldmark, command: str) -> None:
    run = fieldmark(*command.split(), "--help")
    assert run.exit_code == 0
    assert "Usage: fieldmark" in run.stdout


def test_load_without_a_mapping_proposes_shows_and_uses_one(
    us: Workspace, fieldmark: Fieldmark, people: Path
) -> None:
    run = fieldmark("load", people, "--warehouse", "club")
    assert run.exit_code == 0, run.stderr
    assert "No mapping was given" in run.stderr
    assert "hobby [x]" in run.stderr
    assert run.stdout.startswith("60 people, ")
    quiet = fieldmark("load", people, "-w", "club", "--json")
    assert json.loads(quiet.stdout)["persons"] == 60
    assert "No mapping" not in quiet.stderr


def test_a_mapping_is_written_and_used(fieldmark: Fieldmark, people: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "mapping.toml"
    run = fieldmark("mapping", people, "--out", out, "--json")
    assert run.exit_code == 0, run.stderr
    assert set(json.loads(run.stdout)["columns"]) == {"person_id", "email", "hobby [x]"}
    assert "hobby [x]" in out.read_text()
    assert fieldmark("load", people, "--mapping", out, "--warehouse", "club").exit_code == 0


def test_ranges_chosen_by_an_outcome_say_so(fieldmark: Fieldmark, tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    rows = [f"{at % 50},{'won' if at % 50 >= 30 else 'lost'}" for at in range(200)]
    file.write_text("size,result\n" + "\n".join(rows) + "\n")
    run = fieldmark("mapping", file, "--bins-by", "result=won")
    assert run.exit_code == 0, run.stderr
    assert "in view" in run.stderr
    told = fieldmark("mapping", file, "--bins-by", "result=won", "--json")
    assert json.loads(told.stdout)["columns"]["size"]["bins"] == [30]
    assert "in view" in told.stderr


def test_snapshots_are_listed_and_put_in_use(fieldmark: Fieldmark, people: Path) -> None:
    ids = [
        json.loads(fieldmark("load", people, "-w", "club", "--json").stdout)["snapshot_id"] for _ in range(2)
    ]
    lines = json.loads(fieldmark("snapshots", "-w", "club", "--json").stdout)
    assert [line["snapshot_id"] for line in lines if line["current"]] == [ids[1]]
    run = fieldmark("snapshots", "-w", "club", "--use", ids[0])
    assert f"→ {ids[0]}" in " ".join(run.stdout.replace("→", "→ ").split())
    assert fieldmark("snapshots", "-w", "club", "--use", "20000101T000000Z").exit_code == 3


def test_an_erased_person_is_not_answered_and_does_not_come_back(fieldmark: Fieldmark, people: Path) -> None:
    fieldmark("load", people, "-w", "club", "--json")
    run = fieldmark("erase", "7", "-w", "club", "--json")
    assert json.loads(run.stdout).items() >= {"person_id": 7, "identifiers": 1}.items()
    people.write_text(PEOPLE.replace("\n7,", "\n700,"))
    fieldmark("load", people, "-w", "club", "--json")
    found = fieldmark("tool", "get_person", '{"person_ids": [7, 700, 8]}', "-w", "club")
    assert json.loads(found.stdout)["not_found"] == ["7", "700"]
    nobody = fieldmark("erase", "123456789", "-w", "club")
    assert nobody.exit_code == 0
    assert "Nobody here has this id" in nobody.stderr


def test_analyze_prints_json_alone_and_its_progress_elsewhere(
    fieldmark: Fieldmark, golfers: Path, tmp_path: Path
) -> None:
    report = tmp_path / "out" / "profile.html"
    run = fieldmark("analyze", golfers, "--json", "--report", report)
    assert run.exit_code == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["match"]["analysed"] == 150
    assert "150 rows; read `person_id`" in run.stderr
    assert "tell" in run.stderr
    assert report.read_text().lower().startswith("<!doctype html>")

    listed = json.loads(fieldmark("analyses", "--json").stdout)
    assert [line["analysis_id"] for line in listed] == [found["analysis_id"]]
    assert found["analysis_id"] in fieldmark("analyses").stdout
    traces = json.loads(fieldmark("traces", found["workflow_id"], "--json").stdout)
    assert [trace["tool"] for trace in traces["calls"]] == ["analyze_customers"]
    assert traces["exports"] == []

    made = fieldmark("audience", "--strategy", "ranked", "--size", "40", "--format", "csv", "--json")
    assert json.loads(made.stdout)["total"] == json.loads(made.stdout)["export"]["rows"] == 40
    shown = fieldmark("audience", "--analysis", found["analysis_id"], "--strategy", "reach")
    assert shown.exit_code == 0, shown.stderr
    assert "of the 150 customers are in it." in shown.stdout
    again = fieldmark("resume", found["analysis_id"], "--json")
    assert json.loads(again.stdout)["lift"] == found["lift"]


def test_analyze_shows_what_sets_them_apart(fieldmark: Fieldmark, golfers: Path) -> None:
    run = fieldmark("analyze", golfers)
    assert run.exit_code == 0, run.stderr
    assert "What sets them apart" in run.stdout
    assert "Their field marks" in run.stdout
    assert "How to reach more of them" in run.stdout
    assert "`--report profile.html` writes this as a page." in run.stderr


def test_analyze_holds_the_findings_against_a_file_of_the_lost(
    fieldmark: Fieldmark, golfers: Path, tmp_path: Path
) -> None:
    lost = tmp_path / "lost.csv"
    lost.write_text("person_id\n" + "\n".join(str(person) for person in range(1, 401)) + "\n")
    found = json.loads(fieldmark("analyze", golfers, "--lost", lost, "--json").stdout)
    assert 200 < found["lift"]["lost"] <= 400
    assert found["lift"]["top_attributes"][0]["lost"]["lost_share"]["value"] < 1
    refused = fieldmark("analyze", golfers, "--lost", tmp_path / "nowhere.csv")
    assert refused.exit_code == 2


def test_an_audience_from_traits_near_a_place(fieldmark: Fieldmark) -> None:
    words = ["--trait", "interested_golf=Yes", "--near", "30.27,-97.74,80km", "--json"]
    found = json.loads(fieldmark("audience", *words).stdout)
    assert found["total"] > 0
    assert fieldmark("audience", "--trait", "interested_golf=Yes", "--near", "Austin").exit_code == 2


def test_feedback_is_listed(fieldmark: Fieldmark) -> None:
    said = '{"workflow_id": "w-1", "kind": "other", "message": "[bold]Well done"}'
    assert fieldmark("tool", "submit_feedback", said).exit_code == 0
    assert "[bold]Well done" in fieldmark("feedback").stdout
    assert json.loads(fieldmark("feedback", "--json").stdout)[0]["message"] == "[bold]Well done"


def test_arguments_are_read_from_stdin(fieldmark: Fieldmark) -> None:
    run = fieldmark("tool", "list_clusters", "-", input='{"domain": "interest", "limit": 2}')
    assert json.loads(run.stdout)["returned"] == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["tool", "no_such_tool"], 3, "The tools are analyze_customers"),
        (["tool", "find_persons", "{"], 2, "The arguments are not JSON"),
        (["tool", "find_persons", "[]"], 2, "The arguments are not a JSON object"),
        (["tool", "find_persons", '{"expression": "("}'], 2, "BadExpression"),
        (["tool", "find_persons", "{}"], 2, "expression"),
        (
            ["tool", "find_persons", '{"expression": "1000000000"}', "-w", "nowhere"],
            3,
            "There is no warehouse",
        ),
        (["analyze"], 2, "a file, --outcome or --recorded"),
        (["analyze", "nowhere.csv"], 2, "nowhere.csv"),
        (["analyze", "--outcome", "nothing=at all"], 3, "No outcome"),
        (["analyze", "--outcome", "interested_golf", "--report", "profile.doc"], 2, "profile.html"),
        (["audience"], 2, "What should the audience be made from?"),
        (["audience", "--trait", "no_such=Yes"], 3, "no_such"),
        (["audience", "--trait", "interested_golf=Yes", "--strategy", "widest"], 2, "strategy"),
        (["audience", "--trait", "interested_golf=Yes", "--point", "3"], 2, "of a whole analysis"),
        (["resume", "icp_unknown"], 3, "There is no such run"),
        (["load", "nowhere.csv", "-w", "club"], 2, "nowhere.csv"),
        (["load", "nowhere.csv", "-w", "No Name"], 2, ""),
        (["mapping", "nowhere.csv"], 2, "nowhere.csv"),
        (["mapping", "pyproject.toml", "--bins-by", "won"], 2, "pyproject.toml"),
        (["snapshots", "-w", "nowhere"], 3, "There is no warehouse"),
        (["erase", "1", "-w", "nowhere"], 3, "There is no warehouse"),
    ],
)
def test_a_refusal_is_told_on_stderr_with_its_exit_code(
    fieldmark: Fieldmark, words: list[str], code: int, told: str
) -> None:
    run = fieldmark(*words)
    assert run.exit_code == code, run.output
    assert run.stdout == ""
    assert told in " ".join(run.stderr.split())
    assert "Traceback" not in run.output


def test_a_refusal_as_json_is_a_problem(fieldmark: Fieldmark) -> None:
    run = fieldmark("snapshots", "-w", "nowhere", "--json")
    assert run.exit_code == 3
    assert json.loads(run.stderr)["status"] == 404


@pytest.mark.parametrize(
    ("error", "code"), [(Busy("Building"), 4), (NoRoom("Full"), 4), (KeyboardInterrupt(), 130)]
)
def test_busy_full_and_interrupted_have_codes_of_their_own(
    fieldmark: Fieldmark, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(here, "call", fail)
    assert fieldmark("tool", "list_clusters").exit_code == code


def test_a_cancelled_run_ends_with_130(
    fieldmark: Fieldmark, golfers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(*_: object) -> None:
        raise Cancelled

    monkeypatch.setitem(here.STARTED, "analyze_customers", cancel)
    run = fieldmark("analyze", golfers)
    assert run.exit_code == 130
    assert "Cancelled" in run.stderr


def test_a_setting_that_does_not_fit_is_named(fieldmark: Fieldmark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDMARK_PROCESSES", "several")
    for words in (["snapshots"], ["serve"]):
        run = fieldmark(*words)
        assert run.exit_code == 2
        assert "FIELDMARK_PROCESSES" in run.stderr
        assert "several" not in run.stderr


def test_the_warehouse_must_be_named_where_there_are_several(
    fieldmark: Fieldmark, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fieldmark("load", people, "-w", "club", "--json")
    run = fieldmark("snapshots")
    assert run.exit_code == 2
    assert "Name one of club, us." in run.stderr
    monkeypatch.setenv("FIELDMARK_WAREHOUSE", "club")
    assert "60" in fieldmark("snapshots").stdout
