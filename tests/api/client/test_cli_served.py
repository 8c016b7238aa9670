"""Commands that are pointed at a server say the same as on this machine's house."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app as commands
from benchmarks.own_server import OwnServer
from tests.api.rest.test_rest_tools import same

Command = Callable[..., Any]


@pytest.fixture
def there(own_house: OwnServer, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command against the server."""
    monkeypatch.setenv("FIELDMARK_HOME", "/nowhere")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FIELDMARK_SERVER", own_house.url)
            return CliRunner().invoke(commands, list(words))

    return run


def read(run: Any) -> Any:
    assert run.exit_code == 0, run.stderr
    return json.loads(run.stdout)


TRAITS = ["--trait", "interested_golf=Yes", "--trait", "is_home_owner=Yes", "--strategy", "reach", "--json"]


@pytest.mark.parametrize(
    "words",
    [
        ("tools", "--json"),
        ("tool", "list_clusters", '{"domain": "interest", "limit": 3}'),
        ("tool", "help", '{"topic": "segments"}'),
        ("audience", *TRAITS),
        ("analyze", "--outcome", "interested_golf=Yes", "--json"),
        ("plan", "people who love golf", "--json"),
    ],
    ids=lambda words: words[0] + words[1],
)
def test_a_command_says_the_same_there_as_here(
    there: Command, fieldmark: Command, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, us: Any
) -> None:
    answered = read(there(*words))
    monkeypatch.setenv("FIELDMARK_HOME", str(us.home))
    assert same(answered) == same(read(fieldmark(*words)))


def test_a_job_is_asked_for_and_shown_there(there: Command) -> None:
    job = there("submit", "help", '{"topic": "lift"}')
    assert job.exit_code == 0, job.stderr
    run_id = job.stdout.strip()
    shown = read(there("job", run_id, "--json"))
    assert (shown["run_id"], shown["kind"]) == (run_id, "help")
    assert run_id in {each["run_id"] for each in read(there("jobs", "--json"))}


def test_what_was_done_there_is_traced_there(there: Command) -> None:
    found = read(there("tool", "help", "{}"))
    assert found["workflow_id"] in there("trace", found["workflow_id"]).stdout
    assert there("trace", "no-such-workflow").exit_code == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("tool", "find_persons", '{"expression": "("}'), 2),
        (("tool", "no_such_tool", "{}"), 3),
        (("job", "icp_none"), 3),
        (("audience", "--analysis", "icp_none"), 3),
        (("audience", "--trait", "no_such=Yes"), 3),
        (("resume", "icp_none"), 3),
        (("exports", "revoke", "none"), 3),
        (("profiles", "show", "no such profile"), 3),
        (("outcomes", "show"), 3),
        (("outcomes", "learn"), 3),
        (("chat", "--conversation", "none", "--say", "Hello"), 3),
        (("score", "nowhere.csv"), 2),
        (("usage", "--from", "2026-05-01", "--to", "2026-04-01"), 2),
    ],
)
def test_a_refusal_there_has_the_exit_code_of_one_here(
    there: Command, words: tuple[str, ...], code: int
) -> None:
    run = there(*words)
    assert run.exit_code == code, run.stderr
    assert "Traceback" not in run.stderr


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A profile as a file."""
    file = tmp_path / "profile.toml"
    file.write_text('industries = ["Software"]\ngeography = ["Texas"]\n')
    return file


def test_profiles_are_made_changed_and_compared_there(there: Command, written: Path, tmp_path: Path) -> None:
    name = f"Texans {tmp_path.name}"
    made = read(there("profiles", "create", str(written), "--name", name, "--json"))["profile"]
    assert (made["document"]["industries"], made["revision"]) == (["Software"], 1)
    written.write_text('industries = ["Banking"]\n')
    assert there("profiles", "edit", name, str(written)).exit_code == 0
    assert read(there("profiles", "show", name, "--json"))["profile"]["revision"] == 2
    assert there("profiles", "share", name).exit_code == 0
    assert name in there("profiles", "list").stdout
    assert "Banking" in there("profiles", "compare", name, "--revision", "1").stdout
    assert there("profiles", "edit", name, str(written), "--revision", "1").exit_code == 2
    assert len(read(there("profiles", "history", name, "--json"))["revisions"]) >= 2
    assert there("profiles", "delete", name).exit_code == 0
    assert there("profiles", "show", name).exit_code == 3


LEADS = "Record ID,Industry,State\nlead 1,Software,Texas\nlead 2,Banking,Ohio\nlead 3,Software,Ohio\n"


def test_a_file_of_leads_is_scored_there_as_here(
    there: Command,
    fieldmark: Command,
    written: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    us: Any,
) -> None:
    file, out = tmp_path / "leads.csv", tmp_path / "there" / "scored.csv"
    file.write_text(LEADS)
    name = f"Scored {tmp_path.name}"
    words = ("score", str(file), "--profile", name, "--out")
    read(there("profiles", "create", str(written), "--name", name, "--json"))
    found = read(there(*words, str(out), "--json"))
    assert found["sample"][0]["lead"] == "lead 1"
    monkeypatch.setenv("FIELDMARK_HOME", str(us.home))
    read(fieldmark("profiles", "create", written, "--name", name, "--json"))
    mine = read(fieldmark(*words, tmp_path / "here.csv", "--json"))
    for one in (found, mine):  # ids of the two profiles
        for own in ("export", "profile", "profiles"):
            one.pop(own)
    assert same(found) == same(mine)
    assert out.read_text() == (tmp_path / "here.csv").read_text()


def test_customers_known_by_identifiers_are_scored_there_as_people(
    there: Command, golfers: Path, tmp_path: Path
) -> None:
    analysis = read(there("analyze", "--outcome", "interested_golf=Yes", "--json"))["analysis_id"]
    found = read(there("score", str(golfers), "--profile", analysis, "--json"))
    assert 100 < found["scored"] <= 150


def test_a_conversation_is_held_there(there: Command, fieldmark: Command, us: Any) -> None:
    said = read(there("chat", "--say", "How many people like golf?", "--json"))
    here = read(fieldmark("chat", "--say", "How many people like golf?", "--json"))
    own = {"conversation_id", "plan", "results"}
    assert {**same(said[0]), **dict.fromkeys(own)} == {**same(here[0]), **dict.fromkeys(own)}
    more = there("chat", "--conversation", said[0]["conversation_id"], "--say", "What is lift?", "--json")
    assert read(more)[0]["turn"] == 2


def test_a_file_comes_with_a_message_there(there: Command, golfers: Path) -> None:
    said = read(there("chat", "--say", "Who are these customers?", "--file", str(golfers), "--json"))
    assert said[0]["status"] == "done", said[0]["text"]
    assert "analyze_customers" in {each["tool"] for each in said[0]["results"]}
    assert there("chat", "--say", "Hello", "--file", "nowhere.csv").exit_code == 2


def test_an_export_is_written_listed_traced_and_revoked_there(
    there: Command, golf_hash: str, tmp_path: Path
) -> None:
    out = tmp_path / "golf.csv"
    made = read(there("export", "--expression", golf_hash, "--to", "plain", "--out", str(out), "--json"))
    assert len(out.read_text().splitlines()) == made["rows"] + 1
    [file] = made["files"]
    listed = read(there("exports", "list", "--json"))
    assert file["export_id"] in {each["export_id"] for each in listed}
    traced = read(there("traces", made["workflow_id"], "--json"))
    assert [each["tool"] for each in traced["calls"]] == ["export_audience"]
    assert [each["export_id"] for each in traced["exports"]] == [file["export_id"]]
    assert "export_audience" in there("traces", made["workflow_id"]).stdout
    assert there("exports", "revoke", file["export_id"]).exit_code == 0
    assert "revoked" in there("exports", "list").stdout


def test_what_was_used_there_is_told(there: Command, golf_hash: str) -> None:
    found = read(there("tool", "find_persons", json.dumps({"expression": golf_hash, "format": "csv"})))
    used = read(there("usage", "--by", "what", "--json"))
    assert used["total"]["rows_exported"] >= found["export"]["rows"] > 0
    assert there("usage", "--by", "week").exit_code == 2


def test_a_run_that_is_done_there_is_shown_again(there: Command) -> None:
    made = read(there("audience", *TRAITS))
    assert read(there("resume", made["audience_id"], "--json"))["total"] == made["total"]


@pytest.mark.parametrize("words", [("snapshots",), ("models",), ("worker",), ("synth",)])
def test_what_belongs_to_this_machine_is_refused_with_words(there: Command, words: tuple[str, ...]) -> None:
    run = there(*words)
    assert run.exit_code == 2
    if words in (("snapshots",), ("worker",)):
        assert "FIELDMARK_SERVER" in run.stderr


def test_a_server_that_does_not_answer_is_something_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDMARK_SERVER", "http://127.0.0.1:9")
    monkeypatch.setattr("api.client.connection.time.sleep", lambda _: None)
    run = CliRunner().invoke(commands, ["tool", "help", "{}"])
    assert run.exit_code == 4
    assert "does not answer" in run.stderr
