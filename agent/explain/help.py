"""What can be asked for, with examples that work."""

import re
from functools import cache

from pydantic import BaseModel, Field

from agent.explain.matching import by_words, words_of
from agent.markdown import bullets, told
from agent.planner.requests import Help
from prompts import page
from store.workspace import Workspace
from tools.declaration import ToolResult

TOPIC = re.compile(
    r"^## (?P<name>.+)\nTools: (?P<tools>.+)\.\n\n(?P<says>.+)\n\n(?P<examples>(?:- .+\n?)+)", re.MULTILINE
)
FILE = " (with a file)"


class Topic(BaseModel):
    """One kind of thing that can be asked for."""

    name: str
    tools: list[str]
    says: str
    examples: list[str] = Field(description="Sentences that work as they are.")
    with_file: list[str] = Field(description="Sentences that work when a file of customers is sent along.")


class HelpResult(ToolResult):
    """What can be asked for."""

    text: str = Field(description="Markdown.")
    topics: list[Topic]


def help(workspace: Workspace, query: Help) -> HelpResult:
    """What can be asked for in words, by topic, with examples that work as they are."""
    chosen = _about(query.topic or "") or list(topics())
    text = "\n\n".join(map(_told, chosen))
    return HelpResult(text=text, topics=chosen)


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, as it is written."""
    return tuple(_topic(found) for found in TOPIC.finditer(page("help")))


def _topic(found: re.Match[str]) -> Topic:
    lines = [line.removeprefix("- ") for line in found["examples"].splitlines()]
    return Topic(
        name=found["name"],
        tools=found["tools"].split(", "),
        says=found["says"],
        examples=[line for line in lines if not line.endswith(FILE)],
        with_file=[line.removesuffix(FILE) for line in lines if line.endswith(FILE)],
    )


def _about(topic: str) -> list[Topic]:
    texts = [" ".join([one.name, one.says, *one.examples, *one.with_file, *one.tools]) for one in topics()]
    return [topics()[place] for place in by_words(texts, words_of(topic))]


def _told(topic: Topic) -> str:
    lines = [told("help_example_file", example=sentence) for sentence in topic.with_file]
    lines += [told("help_example", example=sentence) for sentence in topic.examples]
    return f"**{topic.name}.** {topic.says}\n\n{bullets(lines)}"
