"""Conversations whose plans are made by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.conversation.conversation import Conversation
from agent.planner.plan import ConversationState, Plan, PlanStep, Uploaded
from store.workspace import Workspace


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
