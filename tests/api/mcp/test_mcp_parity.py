"""MCP is a door as the others are: every tool gives through it the answer that it gives."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, TextContent

from agent import CATALOGUE
from store.access import LOCAL, SCOPES_OF, Principal
from store.workspace import Workspace
from tests.api.rest.test_rest_tools import REQUESTS, afresh, fitted, same
from tools.calls import call, tool_named

Connect = Callable[..., Client]


def asked(connect: Connect, name: str, arguments: dict[str, Any]) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with connect() as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def fitted_to(us: Workspace, name: str) -> dict[str, Any]:
    request = fitted(us, REQUESTS[name])
    return {"cluster_hash": request["cluster"]} if name == "get_cluster" else request


@pytest.mark.parametrize("name", REQUESTS)
def test_a_tool_answers_over_mcp_as_it_does_itself(connect: Connect, us: Workspace, name: str) -> None:
    request = fitted_to(us, name)
    afresh(us, name)
    called = call(tool_named(CATALOGUE, name), us, dict(request))
    expected = called.model_dump(mode="json", exclude_none=True, warnings=False)
    afresh(us, name)
    result = asked(connect, name, request | {"warehouse": "us"})
    assert not result.is_error, result.content
    assert same(result.structured_content) == same(json.loads(json.dumps(expected)))
    (text,) = [block.text for block in result.content if isinstance(block, TextContent)]
    assert json.loads(text) == result.structured_content


def uris(connect: Connect, who: Principal, page: int) -> list[str]:
    async def ask() -> list[str]:
        async with connect(who, page=page) as client:
            shown = await client.list_resources()
            found = list(shown.resources)
            while shown.next_cursor:
                shown = await client.list_resources(cursor=shown.next_cursor)
                found += shown.resources
            return [str(each.uri) for each in found]

    return asyncio.run(ask())


@pytest.mark.parametrize("page", [1, 2, 50])
def test_the_profiles_that_a_key_may_see_are_listed_after_the_analyses(
    connect: Connect, us: Workspace, page: int
) -> None:
    """Two analyses, three profiles of the owner of which one is shared: another key sees 1 + 2 + 1."""
    fitted(us, REQUESTS["compare_analyses"])
    for number in range(3):
        visibility = "shared" if number == 1 else "private"
        given = {"name": f"Profile {number}", "industries": ["Retail"], "visibility": visibility}
        call(tool_named(CATALOGUE, "create_icp_profile"), us, given)
    own = uris(connect, Principal(LOCAL, us.actor, "admin", SCOPES_OF["admin"]), page)
    others = uris(connect, Principal(LOCAL, "key_other", "viewer", SCOPES_OF["viewer"]), page)
    kinds = ["warehouses", "analyses", "analyses", *["icp-profiles"] * 3]
    assert [uri.removeprefix("fieldmark://").split("/")[0] for uri in own] == kinds
    assert len(set(own)) == len(own)
    assert len(others) == 4
    assert set(others) < set(own)
