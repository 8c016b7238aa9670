"""Commands that are pointed at a server say the same as on this machine's house."""

import json
from collections.abc import Callable
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
        # Of a job that was refused the record keeps the words, and not which refusal it was.
        (("audience", "--analysis", "icp_none"), 2),
    ],
)
def test_a_refusal_there_has_the_exit_code_of_one_here(
    there: Command, words: tuple[str, ...], code: int
) -> None:
    run = there(*words)
    assert run.exit_code == code, run.stderr
    assert "Traceback" not in run.stderr


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
