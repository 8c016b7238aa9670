"""The tools over MCP are the catalogue's: names, words, schemas, answers, and who may use them."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, ResourceLink, TextContent

from agent import CATALOGUE
from api.mcp.answers import PROBLEM
from store.access import LOCAL, SCOPES_OF, Principal
from store.workspace import Workspace
from tools.calls import call, tool_named

Connect = Callable[..., Client]
VIEWER = Principal(LOCAL, "key_viewer", "viewer", SCOPES_OF["viewer"])
TAKING_AWAY = {"delete_icp_profile", "remove_schedule", "decide_feedback"}
TAKING_AWAY |= {"split_match", "merge_persons", "undo_correction"}
VARY = {"workflow_id", "tool_trace_id", "feedback_id", "analysis_id", "audience_id", "created_at", "report"}


def asked(connect: Connect, name: str, arguments: dict[str, Any], *who: Principal) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with connect(*who) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def text(result: CallToolResult) -> str:
    (told,) = [block.text for block in result.content if isinstance(block, TextContent)]
    return told


def same(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: same(value) for name, value in answer.items() if name not in VARY}
    return [same(value) for value in answer] if isinstance(answer, list) else answer


def listed(connect: Connect, *who: Principal, **options: Any) -> list[Any]:
    async def ask() -> list[Any]:
        async with connect(*who, **options) as client:
            page = await client.list_tools()
            found = list(page.tools)
            while page.next_cursor:
                page = await client.list_tools(cursor=page.next_cursor)
                found += page.tools
            return found

    return asyncio.run(ask())


@pytest.mark.parametrize("options", [{}, {"mode": "legacy"}, {"page": 3}])
def test_the_tools_are_those_of_the_catalogue_in_both_eras_and_in_pages(
    connect: Connect, options: dict[str, Any]
) -> None:
    shown = listed(connect, **options)
    assert [tool.name for tool in shown] == [tool.name for tool in CATALOGUE]
    for tool, declared in zip(shown, CATALOGUE, strict=True):
        schema = dict(tool.input_schema)
        properties = dict(schema["properties"])
        assert properties.pop("warehouse")["type"] == "string"
        assert schema | {"properties": properties} == declared.input_schema
        assert "warehouse" not in schema.get("required", [])
        assert tool.output_schema == declared.output_schema
        assert tool.description.startswith(declared.description)
        assert all(f"`{scope}`" in tool.description.splitlines()[-1] for scope in declared.needs)
        assert tool.annotations.read_only_hint is declared.reads_only
        assert tool.annotations.destructive_hint is (tool.name in TAKING_AWAY)
        assert tool.annotations.open_world_hint is False
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)


def test_no_tool_has_a_warehouse_of_its_own() -> None:
    assert [tool.name for tool in CATALOGUE if "warehouse" in tool.query.model_fields] == []


REQUESTS: dict[str, dict[str, Any]] = {
    "resolve_identities": {
        "multi_identifiers": [
            {"id_type": "email", "hash_type": "plaintext", "values": ["nobody@example.com", "no address"]},
            {"id_type": "phone", "hash_type": "plaintext", "values": ["5551234567"]},
        ]
    },
    "get_person": {"person_ids": ["1", 2], "domains": ["interest", "email"]},
    "list_clusters": {"cluster_names": ["gender", "interested_golf"]},
    "find_persons": {"expression": "GOLF", "identifier_type": "email"},
    "get_cluster": {"cluster_hash": "GOLF"},
    "submit_feedback": {"workflow_id": "w-1", "kind": "other", "message": "Well done."},
    "help": {"topic": "segments"},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_is_the_tools_own_as_structured_content_and_as_text(
    connect: Connect, us: Workspace, golf_hash: str, name: str
) -> None:
    request = {key: golf_hash if value == "GOLF" else value for key, value in REQUESTS[name].items()}
    expected = call(tool_named(CATALOGUE, name), us, dict(request))
    result = asked(connect, name, request | {"warehouse": "us"})
    assert not result.is_error
    structured = result.structured_content
    assert same(structured) == same(expected.model_dump(mode="json", exclude_none=True, warnings=False))
    assert json.loads(text(result)) == structured
    assert structured["workflow_id"]
    assert structured["tool_trace_id"].startswith("trace_")


def test_a_workflow_id_is_echoed(connect: Connect) -> None:
    result = asked(connect, "help", {"workflow_id": "550e8400-e29b-41d4-a716-446655440000"})
    assert result.structured_content["workflow_id"] == "550e8400-e29b-41d4-a716-446655440000"


def test_an_export_comes_as_a_link_too(connect: Connect, golf_hash: str) -> None:
    result = asked(connect, "find_persons", {"expression": golf_hash, "format": "csv"})
    export = result.structured_content["export"]
    (link,) = [block for block in result.content if isinstance(block, ResourceLink)]
    assert link.uri == export["url"]
    assert link.name.endswith(".csv")
    assert link.mime_type == "text/csv"
    assert link.size == export["size_bytes"]
    assert export["expires_at"] in (link.description or "")


def test_lists_and_objects_that_came_as_their_json_text_are_read(connect: Connect, golf_hash: str) -> None:
    as_text = {
        "multi_identifiers": '[{"id_type": "email", "hash_type": "plaintext", "values": ["a@example.com"]}]'
    }
    resolved = asked(connect, "resolve_identities", as_text)
    assert resolved.structured_content["stats"]["requested"] == 1
    near = '{"latitude": 40.7, "longitude": -74.0, "radius": 25, "unit": "miles"}'
    found = asked(connect, "find_persons", {"expression": golf_hash, "location": near})
    assert not found.is_error


def test_what_may_be_text_stays_text(connect: Connect, us: Workspace) -> None:
    said = {"workflow_id": "w-text", "kind": "other", "message": '["as it is"]'}
    assert not asked(connect, "submit_feedback", said).is_error
    assert [f.message for f in us.database.feedback("us")] == ['["as it is"]']


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an argument is missing": ("find_persons", {}, "`expression`"),
    "an argument is unknown": ("help", {"topics": "x"}, "It takes"),
    "a hash is mistyped": ("find_persons", {"expression": f"{'f' * 32} AND 1000000001"}, "f" * 32),
    "there are too many ids": ("get_person", {"person_ids": list(range(1001))}, "1,000"),
    "a list is broken text": ("get_person", {"person_ids": "[1, 2"}, "`person_ids`"),
    "there is no such warehouse": ("help", {"warehouse": "nowhere"}, "warehouse"),
    "the warehouse is no name": ("help", {"warehouse": 7}, "name"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_refusal_is_an_error_in_words_that_teach(connect: Connect, why: str) -> None:
    name, arguments, told = REFUSED[why]
    result = asked(connect, name, arguments)
    assert result.is_error
    assert told in text(result)
    problem = (result.meta or {})[PROBLEM]
    assert problem["detail"] == text(result)
    assert problem["status"] in (404, 413, 422)
    assert result.structured_content is None


def test_a_refusal_tells_no_identifier(connect: Connect) -> None:
    wrong = {"id_type": "email", "identifiers": [{"secret@example.com": 1}], "secret@example.com": 2}
    result = asked(connect, "resolve_identities", wrong)
    assert result.is_error
    assert "secret" not in result.model_dump_json()


def test_an_unknown_tool_is_told_which_there_are(connect: Connect) -> None:
    async def ask() -> MCPError:
        async with connect() as client:
            with pytest.raises(MCPError) as error:
                await client.call_tool("resolve_identity", {})
            return error.value

    error = asyncio.run(ask())
    assert error.code == INVALID_PARAMS
    assert "resolve_identities" in error.message


def test_a_bug_is_told_without_its_inside(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    value = "secret@example.com"

    def broken(*_: Any) -> None:
        raise RuntimeError(value)

    monkeypatch.setattr("api.mcp.server.called", broken)
    result = asked(connect, "help", {})
    assert result.is_error
    assert value not in result.model_dump_json() + caplog.text
    assert "RuntimeError" in caplog.text


def test_who_may_only_read_sees_and_calls_no_other_tools(connect: Connect) -> None:
    allowed = [tool.name for tool in CATALOGUE if tool.needs == {"read"}]
    assert [tool.name for tool in listed(connect, VIEWER)] == allowed
    refused = asked(connect, "get_person", {"person_ids": [1]}, VIEWER)
    assert refused.is_error
    assert "`people`" in text(refused)
    assert (refused.meta or {})[PROBLEM]["status"] == 403


def test_another_organisation_has_none_of_this_ones_warehouses(connect: Connect) -> None:
    other = Principal("org_other", "key_other", "admin", SCOPES_OF["admin"])
    told = text(asked(connect, "list_clusters", {"domain": "interest", "warehouse": "us"}, other))
    never = text(asked(connect, "list_clusters", {"domain": "interest", "warehouse": "vs"}, other))
    assert told.replace("us", "vs") == never.replace("us", "vs")
    assert "20,000" not in told


def test_the_trace_of_a_call_says_who_asked(connect: Connect, us: Workspace) -> None:
    asked(connect, "help", {"workflow_id": "who-asked"}, VIEWER)
    (trace,) = us.database.traces("who-asked")
    assert trace.actor == "key_viewer"


def test_the_answers_of_a_whole_job_fit_their_schemas(connect: Connect, us: Workspace) -> None:
    """The client holds each answer against the tool's output schema, and raises where it does not fit."""
    (shard,) = us.population.shards
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:150]]

    async def ask() -> list[CallToolResult]:
        async with connect() as client:
            first = await client.call_tool("analyze_customers", {"person_ids": people})
            second = await client.call_tool("analyze_customers", {"person_ids": people[:120]})
            before, after = (each.structured_content["analysis_id"] for each in (first, second))
            asked = [
                ("generate_audience", {"analysis_id": after, "exclude": ["customers"], "format": "jsonl"}),
                ("compare_analyses", {"before": before, "after": after}),
                ("score_leads", {"person_ids": people[:20], "analysis_id": after}),
                ("explain", {"about": "term", "subject": "lift"}),
            ]
            return [first, second, *[await client.call_tool(name, given) for name, given in asked]]

    results = asyncio.run(ask())
    assert [text(result) for result in results if result.is_error] == []
    assert any(isinstance(block, ResourceLink) for block in results[2].content)
