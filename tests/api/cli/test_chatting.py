"""The command `chat`: scripted, typed, and refused."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step

Fieldmark = Callable[..., Any]


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The planner of this process, made by hand."""
    known = Plans()
    monkeypatch.setitem(sys.modules, "agent.planner.planner", SimpleNamespace(plan=known))  # type: ignore[arg-type]  # all that is imported of it
    known.means("help", step("help"))
    return known


def test_a_scripted_conversation_prints_its_answers(
    fieldmark: Fieldmark, plans: Plans, golf_hash: str
) -> None:
    plans.means("count golfers", step("find_persons", expression=golf_hash))
    run = fieldmark("chat", "--say", "help", "--say", "count golfers")
    assert run.exit_code == 0, run.stderr
    assert run.stdout.startswith("**Know your customers.**")
    assert "of the population, follow golf." in run.stdout
    assert "→ Build an audience of people who follow golf" in run.stderr
    assert "> count golfers" in run.stderr


def test_answers_come_as_json_too_and_a_conversation_goes_on(
    fieldmark: Fieldmark, plans: Plans, golf_hash: str, us: Workspace
) -> None:
    plans.means("golfers as csv", step("find_persons", expression=golf_hash, format="csv"))
    (reply,) = json.loads(fieldmark("chat", "--say", "golfers as csv", "--json").stdout)
    assert reply["status"] == "waiting"
    again = fieldmark("chat", "--conversation", reply["conversation_id"], "--say", "yes", "--json")
    assert json.loads(again.stdout)[0]["status"] == "done"
    assert json.loads(again.stdout)[0]["turn"] == 2
    approved = fieldmark("chat", "--approve", "--say", "golfers as csv", "--json")
    assert json.loads(approved.stdout)[0]["status"] == "done"
    assert len([*us.home.glob("exports/*.csv")]) == 2


def test_a_file_comes_with_the_first_message(fieldmark: Fieldmark, plans: Plans, golfers: Path) -> None:
    plans.means("analyse", step("analyze_customers", file="golfers.csv"))
    run = fieldmark("chat", "--file", golfers, "--say", "analyse", "--say", "help")
    assert run.exit_code == 0, run.stderr
    assert "among your 150 customers" in run.stdout
    assert "analyze customers: mine" in run.stderr


def test_messages_are_asked_for_until_the_end(fieldmark: Fieldmark, plans: Plans) -> None:
    run = fieldmark("chat", input=f"\nhelp\n{'x' * 8_001}\nhelp\nbye\nhelp\n")
    assert run.exit_code == 0, run.stderr
    assert run.stdout.count("**Know your customers.**") == 2
    assert "8,000 is the most" in run.stderr
    ended = fieldmark("chat", input="help\n")
    assert ended.exit_code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--say", "x" * 8_001], 2),
        (["--file", "nowhere.csv", "--say", "help"], 2),
        (["--conversation", "chat_unknown", "--say", "help"], 3),
        (["--warehouse", "nowhere", "--say", "count"], 3),
    ],
)
def test_a_refusal_ends_a_script_with_its_code(
    fieldmark: Fieldmark, plans: Plans, words: list[str], code: int
) -> None:
    plans.means("count", step("find_persons", expression='"golf"'))
    run = fieldmark("chat", *words)
    assert run.exit_code == code, run.output
    assert "Traceback" not in run.output
