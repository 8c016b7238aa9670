"""Whoever closes the connection has cancelled what was asked for, in a stream and without one."""

import asyncio
import json
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from agent.state import Cancelled
from api.mcp.http import PATH, McpHttp
from api.settings import Settings
from store.access import LOCAL_OWNER
from store.workspace import House
from tools.declaration import Tool

LONG = 30.0
MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
HEADERS = {"host": "127.0.0.1:8321", "content-type": "application/json"}
STREAM = {"accept": "application/json, text/event-stream"}
NEW = {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "help"}


@pytest.mark.parametrize("headers", [{}, STREAM, NEW, NEW | STREAM], ids=["plain", "stream", "new", "both"])
def test_a_connection_that_is_closed_ends_its_call_at_the_next_step(
    us_house: House, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    began, ended = Event(), Event()

    def stepping(tool: Tool, *given: Any) -> None:
        is_cancelled: Callable[[], bool] = given[-1]
        began.set()
        waits = Event()
        for _ in range(int(LONG * 100)):
            if is_cancelled():
                ended.set()
                raise Cancelled
            waits.wait(0.01)

    monkeypatch.setattr("api.mcp.server.called", stepping)
    params: dict[str, Any] = {"name": "help", "arguments": {"warehouse": "us"}}
    if headers.get("mcp-method"):
        params["_meta"] = MODERN
    body = json.dumps({"jsonrpc": "2.0", "method": "tools/call", "params": params, "id": 1}).encode()

    async def go() -> list[Any]:
        sent: list[Any] = []
        heard = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            for message in heard:
                return message
            await asyncio.to_thread(began.wait, LONG)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "headers": [(name.encode(), value.encode()) for name, value in (HEADERS | headers).items()],
            "query_string": b"",
            "state": {"principal": LOCAL_OWNER},
        }
        mcp = McpHttp(us_house, Settings(home=us_house.home))
        async with mcp.running():
            await asyncio.wait_for(mcp(scope, receive, send), LONG)
            assert await asyncio.to_thread(ended.wait, LONG)
        return sent

    sent = asyncio.run(go())
    assert not any(b"structuredContent" in message.get("body", b"") for message in sent)
