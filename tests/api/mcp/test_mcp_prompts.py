"""The prompts name tools that there are, in words that are all used."""

import asyncio
import re
from collections.abc import Callable
from importlib.resources import files

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, TextContent

from agent import CATALOGUE
from api.mcp.prompts import LONGEST, TASKS, filled
from store.errors import BadInput, NotFound

TOOLS = [tool.name for tool in CATALOGUE]


def words(name: str, **given: str) -> str:
    (message,) = filled(name, given).messages
    assert isinstance(message.content, TextContent)
    return message.content.text


def wanted(name: str) -> dict[str, str]:
    (task,) = [task for task in TASKS if task.name == name]
    return {blank.name: f"<{blank.name}>" for blank in task.blanks if blank.usual is None}


def test_every_text_belongs_to_a_prompt_and_every_prompt_has_one() -> None:
    there = {file.name.removesuffix(".md") for file in files("prompts").joinpath("mcp").iterdir()}
    assert there == {task.name for task in TASKS}


@pytest.mark.parametrize("name", [task.name for task in TASKS])
def test_each_step_begins_with_a_tool_that_there_is_and_takes_arguments_that_it_has(name: str) -> None:
    text = words(name, **wanted(name))
    steps = re.findall(r"^(\d+)\. `(\w+)`", text, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 3
    fields: set[str] = set()
    for _, tool in steps:
        assert tool in TOOLS
        declared = CATALOGUE[TOOLS.index(tool)]
        fields |= set(declared.query.model_fields) | set(declared.result.model_fields)
    for said in re.findall(r"`([a-z]+(?:_[a-z]+)+)[`:]", text):
        assert said in fields | set(TOOLS) | {"cluster_hash"}, said


@pytest.mark.parametrize("name", [task.name for task in TASKS])
def test_every_blank_is_filled_with_what_was_given(name: str) -> None:
    (task,) = [task for task in TASKS if task.name == name]
    text = words(name, **{blank.name: f"<the {blank.name} & $more>" for blank in task.blanks})
    assert all(f"<the {blank.name} & $more>" in text for blank in task.blanks)
    assert not re.search(r"\$(?!more)", text)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "customers is wanted"),
        ({"customers": "a", "secret": "b"}, "It takes"),
        ({"customers": "x" * (LONGEST + 1)}, "20,000"),
    ],
)
def test_arguments_that_do_not_fit_are_named_and_not_repeated(given: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput) as refusal:
        filled("analyze_best_customers", given)
    assert told in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "xxx" not in str(refusal.value)


def test_an_unknown_prompt_is_told_which_there_are() -> None:
    with pytest.raises(NotFound, match="weekly_briefing"):
        filled("weekly", {})


def test_a_client_lists_and_gets_them(connect: Callable[..., Client]) -> None:
    async def ask() -> None:
        async with connect(page=2) as client:
            first = await client.list_prompts()
            second = await client.list_prompts(cursor=first.next_cursor)
            assert [p.name for p in (*first.prompts, *second.prompts)] == [task.name for task in TASKS]
            required = {a.name for a in first.prompts[0].arguments or [] if a.required}
            assert required == {"customers"}
            got = await client.get_prompt("build_audience", {"wanted": "homeowners who golf"})
            assert "homeowners who golf" in got.messages[0].model_dump_json()
            with pytest.raises(MCPError) as error:
                await client.get_prompt("build_audience", {})
            assert error.value.code == INVALID_PARAMS
            assert "wanted" in error.value.message

    asyncio.run(ask())
