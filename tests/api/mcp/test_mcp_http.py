"""MCP over HTTP: plain requests, streams, who is let in, and what is refused."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import uvicorn
from mcp import Client
from mcp_types import INVALID_REQUEST, PARSE_ERROR
from starlette.testclient import TestClient

from agent import CATALOGUE
from api.app import application
from api.mcp.http import PATH, security
from api.settings import Settings
from store.access import LOCAL, SCOPES_OF, Principal
from store.workspace import Workspace

PostedTo = Callable[..., AbstractContextManager[TestClient]]
MODERN = "2026-07-28"
VIEWER = Principal(LOCAL, "key_viewer", "viewer", SCOPES_OF["viewer"])
OTHER = Principal("org_other", "key_other", "admin", SCOPES_OF["admin"])
STREAMS = {"accept": "application/json, text/event-stream"}


def request(name: str, arguments: dict[str, Any], id: int = 1) -> dict[str, Any]:
    """A call as the recipes of integrators write it: no handshake, no envelope."""
    return {
        "jsonrpc": "2.0",
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
        "id": id,
    }


def result(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()["result"]


RECIPE: list[tuple[str, dict[str, Any]]] = [
    (
        "resolve_identities",
        {
            "multi_identifiers": [
                {
                    "id_type": "email",
                    "hash_type": "plaintext",
                    "values": ["customer1@example.com", "customer2@example.com", "customer3@example.com"],
                },
                {"id_type": "phone", "hash_type": "plaintext", "values": ["5551234567", "5559876543"]},
            ],
            "format": "json",
        },
    ),
    (
        "resolve_identities",
        {
            "id_type": "email",
            "id_hash": "md5",
            "identifiers": ["5d41402abc4b2a76b9719d911017c592", "098f6bcd4621d373cade4e832627b4f6"],
        },
    ),
    (
        "get_person",
        {
            "person_ids": [12345, 67890, 11111, 22222],
            "domains": [
                *("address", "affinity", "content", "demographic", "email", "employment", "financial"),
                *("household", "id", "intent_category", "intent_topic", "interest", "lifestyle", "maid"),
                *("name", "phone", "political", "purchase"),
            ],
            "format": "none",
        },
    ),
    ("get_person", {"person_ids": ["12345", "12346"], "domains": ["demographic"], "format": "none"}),
    ("list_clusters", {"cluster_names": ["gender", "interested_healthy_living", "interested_fitness"]}),
]


@pytest.mark.parametrize(("name", "arguments"), RECIPE)
def test_the_recipes_of_integrators_work_as_curl_sends_them(
    served: TestClient, name: str, arguments: dict[str, Any]
) -> None:
    body = json.dumps(request(name, arguments, id=7))
    for headers in (
        {"content-type": "application/x-www-form-urlencoded", "accept": "*/*"},  # curl -d
        {"content-type": "application/json"},
    ):
        answer = served.post(PATH, content=body, headers=headers)
        assert answer.json()["id"] == 7
        found = result(answer)
        assert not found.get("isError")
        assert found["structuredContent"]["workflow_id"]
        assert json.loads(found["content"][0]["text"]) == found["structuredContent"]


@pytest.mark.parametrize("joined", ["{a} AND {b}", "{a} or {b}", "({a} AND {b}) OR ({a} AND NOT {b})"])
def test_expressions_of_the_recipes_find_people(served: TestClient, us: Workspace, joined: str) -> None:
    a, b = (
        us.population.catalogue.valued(name, "Yes").cluster_hash  # type: ignore[union-attr]
        for name in ("interested_golf", "interested_fitness")
    )
    asked = {"expression": joined.format(a=a, b=b), "identifier_type": "email"}
    found = result(served.post(PATH, json=request("find_persons", asked)))["structuredContent"]
    assert found["total"] > 0
    assert 0 < len(found["sample"]) <= 10


def test_who_listens_to_streams_gets_one(served: TestClient) -> None:
    answer = served.post(PATH, json=request("help", {}), headers=STREAMS)
    assert answer.headers["content-type"].startswith("text/event-stream")
    (told,) = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    assert json.loads(told.removeprefix("data: "))["result"]["structuredContent"]


def test_the_stateless_protocol_is_spoken(served: TestClient) -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    body = request("help", {"topic": "segments"})
    body["params"]["_meta"] = meta
    headers = STREAMS | {"mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "help"}
    found = result(served.post(PATH, json=body, headers=headers))
    assert found["structuredContent"]["tool_trace_id"]
    assert found["resultType"] == "complete"


def test_an_old_client_may_still_shake_hands(served: TestClient) -> None:
    params = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "x", "version": "1"},
    }
    body = {"jsonrpc": "2.0", "method": "initialize", "params": params, "id": 1}
    answer = served.post(PATH, json=body)
    found = result(answer)
    assert found["serverInfo"]["name"] == "fieldmark"
    assert found["protocolVersion"] == "2025-06-18"
    assert set(found["capabilities"]) == {"tools", "resources", "prompts"}
    assert "mcp-session-id" not in answer.headers
    ready = served.post(PATH, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert ready.status_code == 202


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_listen_to_or_to_end(served: TestClient, method: str) -> None:
    answer = served.request(method, PATH, headers=STREAMS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"secret@example.com"', PARSE_ERROR),
        ("", PARSE_ERROR),
        ('{"secret": NaN}', PARSE_ERROR),
        ('["secret@example.com"]', INVALID_REQUEST),
        ('{"jsonrpc": "2.0", "id": 1, "method": {"secret": 1}}', INVALID_REQUEST),
        ('{"jsonrpc": "1.0", "id": 1, "method": "secret"}', INVALID_REQUEST),
        (f"{'[' * 200}{']' * 200}", PARSE_ERROR),
        ('"secret"', INVALID_REQUEST),
    ],
)
def test_what_is_no_request_is_refused_without_saying_it_again(
    served: TestClient, body: str, code: int
) -> None:
    answer = served.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == code
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"name": "help", "arguments": ["secret@example.com"]}, "nvalid"),
        ({"name": {"secret": 1}}, "nvalid"),
        ({}, "nvalid"),
        ({"name": "no_such_tool"}, "list_clusters"),
    ],
)
def test_wrong_parameters_are_told_as_an_error_of_the_protocol(
    served: TestClient, params: dict[str, Any], told: str
) -> None:
    answer = served.post(PATH, json={"jsonrpc": "2.0", "method": "tools/call", "params": params, "id": 1})
    assert answer.status_code < 500
    assert told in answer.json()["error"]["message"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_an_unknown_method_is_told_so(served: TestClient) -> None:
    answer = served.post(PATH, json={"jsonrpc": "2.0", "method": "tools/guess", "id": 1})
    assert answer.json()["error"]["code"] == -32601


def test_it_lies_at_its_path_exactly(served: TestClient) -> None:
    assert served.post(PATH, json=request("help", {}), follow_redirects=False).status_code == 200
    assert served.post(f"{PATH}x", json=request("help", {})).status_code in (404, 405)


REBOUND = {"host": "attacker.example:8321"}
ELSEWHERE = {"origin": "https://attacker.example"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (REBOUND, 421),
        (ELSEWHERE, 403),
        (ELSEWHERE | {"content-type": "application/x-www-form-urlencoded"}, 400),
        ({"sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded"}, 400),
        ({"content-type": "text/plain"}, 400),
        ({"origin": "http://localhost:3000"}, 200),
        ({"host": "localhost:9000"}, 200),
        ({"host": "[::1]:8321"}, 200),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", STREAMS["accept"]])
def test_a_page_elsewhere_reaches_nothing(
    posted_to: PostedTo, headers: dict[str, str], status: int, accept: str
) -> None:
    body = json.dumps(request("help", {}))
    with posted_to() as http:
        sent = {"content-type": "application/json", "accept": accept} | headers
        assert http.post(PATH, content=body, headers=sent).status_code == status


def test_the_names_under_which_the_house_is_served_are_let_in() -> None:
    known = security(Settings(base_url="https://icp.example.org", allowed_hosts="icp.example.com"))
    for name in ("icp.example.org", "icp.example.com", "127.0.0.1", "localhost"):
        assert {name, f"{name}:*"} <= set(known.allowed_hosts)
    assert {"https://icp.example.org", "https://icp.example.com"} <= set(known.allowed_origins)
    assert known.enable_dns_rebinding_protection


def test_without_a_principal_nothing_is_answered(posted_to: PostedTo) -> None:
    with posted_to(None) as http:
        listing = http.post(PATH, json={"jsonrpc": "2.0", "method": "tools/list", "id": 1}).json()
        assert "credential" in listing["error"]["message"]
        called = result(http.post(PATH, json=request("help", {})))
        assert called["isError"]
        assert "credential" in called["content"][0]["text"]


def test_a_key_sees_and_uses_what_its_scopes_allow(posted_to: PostedTo) -> None:
    with posted_to(VIEWER) as http:
        listing = result(http.post(PATH, json={"jsonrpc": "2.0", "method": "tools/list", "id": 1}))
        names = {tool["name"] for tool in listing["tools"]}
        assert names == {tool.name for tool in CATALOGUE if tool.needs == {"read"}}
        refused = result(http.post(PATH, json=request("get_person", {"person_ids": [1]})))
        assert refused["isError"]
        assert refused["_meta"]["fieldmark/problem"]["status"] == 403


def test_two_organisations_are_served_side_by_side(posted_to: PostedTo) -> None:
    listing = {"jsonrpc": "2.0", "method": "resources/read", "id": 1}
    listing["params"] = {"uri": "fieldmark://warehouses"}
    with posted_to() as ours, posted_to(OTHER) as theirs:
        assert "100,000" in ours.post(PATH, json=listing).text
        assert "100,000" not in theirs.post(PATH, json=listing).text


@pytest.fixture
def url(us: Workspace) -> Iterator[str]:
    """The whole application behind a socket of the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(application(Settings(home=us.home)), log_config=None, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
        finally:
            server.should_exit = True
            thread.join(30)
    assert not thread.is_alive()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_sdks_own_client_works_over_a_socket(url: str, us: Workspace, mode: str) -> None:
    (shard,) = us.population.shards
    people = [int(each) for each in shard.person_ids[:80]]
    heard: list[float] = []

    async def told(progress: float, total: float | None, message: str | None) -> None:
        heard.append(progress)

    async def ask() -> None:
        async with Client(url, mode=mode) as client:
            assert [t.name for t in (await client.list_tools()).tools] == [t.name for t in CATALOGUE]
            found = await client.call_tool("list_clusters", {"domain": "interest", "limit": 2})
            assert found.structured_content["returned"] == 2
            analysis = await client.call_tool(
                "analyze_customers", {"person_ids": people}, progress_callback=told
            )
            assert not analysis.is_error, analysis
            key = analysis.structured_content["analysis_id"]
            read = await client.read_resource(f"fieldmark://analyses/{key}")
            assert len(read.contents) == 2

    asyncio.run(ask())
    assert heard == sorted(set(heard))
    assert heard
