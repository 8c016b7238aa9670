"""Help names every tool, and shows sentences that work."""

from agent import CATALOGUE
from agent.explain.help import HelpResult, topics
from store.workspace import Workspace
from tools.calls import call, tool_named


def helped(us: Workspace, topic: str | None = None) -> HelpResult:
    found = call(tool_named(CATALOGUE, "help"), us, {"topic": topic})
    assert isinstance(found, HelpResult)
    return found


def test_every_tool_belongs_to_a_topic() -> None:
    assert {tool for topic in topics() for tool in topic.tools} == {tool.name for tool in CATALOGUE}


def test_a_topic_is_found_by_its_words(us: Workspace) -> None:
    assert [topic.name for topic in helped(us, "export an audience").topics] == ["Find more of them"]
    assert len(helped(us).topics) == len(helped(us, "xylophone").topics) == len(topics())


def test_every_topic_has_examples(us: Workspace) -> None:
    text = helped(us).text
    for topic in topics():
        assert topic.examples or topic.with_file
        assert all(f"“{example}”" in text for example in topic.examples)
