"""Conversations whose plans are made by hand."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.conversation.conversation import Conversation
from agent.outcome_analysis import OutcomeAnalysis
from agent.planner.plan import ConversationState, Plan, PlanStep, Uploaded
from store.workspace import Workspace
from tests.agent.conversation.planted_ledger import analysis_learned, house_at, learned_home


def step(tool: str, in_words: str = "", **arguments: Any) -> PlanStep:
    return PlanStep(tool=tool, arguments=arguments, in_words=in_words or tool.replace("_", " "))


class Plans:
    """A planner that knows what each message means, and remembers what it was given."""

    def __init__(self) -> None:
        self.known: dict[str, Plan] = {}
        self.heard: list[tuple[str, ConversationState, Uploaded | None]] = []

    def means(self, message: str, *steps: PlanStep, **more: Any) -> None:
        self.known[message] = Plan(steps=list(steps), **more)

    def __call__(
        self, message: str, state: ConversationState, file: Uploaded | None, workspace: Workspace | None
    ) -> Plan:
        self.heard.append((message, state.model_copy(deep=True), file))
        return self.known[message].model_copy(deep=True)


@pytest.fixture
def plans() -> Plans:
    return Plans()


@pytest.fixture
def talk(us: Workspace, plans: Plans) -> Conversation:
    return Conversation(us, planner=plans)


@pytest.fixture
def stored(us: Workspace) -> Callable[[], str]:
    """Every byte that the house keeps of conversations: the records, and the requests that wait."""

    def read() -> str:
        files = [us.home / "fieldmark.db", us.home / "fieldmark.db-wal", *us.home.glob("artifacts/request/*")]
        return "\n".join(file.read_bytes().decode("utf-8", "replace") for file in files if file.exists())

    return read


@pytest.fixture(scope="session")
def outcomes_home(consumers: Path) -> Path:
    return learned_home(consumers)


@pytest.fixture(scope="session")
def learned(outcomes_home: Path) -> OutcomeAnalysis:
    """What was learned from the planted deals; nobody changes it."""
    return analysis_learned(outcomes_home)


@pytest.fixture
def learned_us(outcomes_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The population with planted deals that were learned from, in a house of the test's own."""
    home = shutil.copytree(outcomes_home, tmp_path / "own-home", symlinks=True)
    house = house_at(home)
    yield house.workspace("us")
    house.close()
