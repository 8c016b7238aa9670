"""MCP over HTTP, each request for itself: as the protocol has it, and as a plain `curl` sends it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import INVALID_REQUEST, PARSE_ERROR, jsonrpc_message_adapter
from pydantic import ValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.visit import Visit
from api.body_limit import MOST_BYTES
from api.mcp.calling import Calls
from api.mcp.server import Asked, McpDoor
from api.request_body import again, whole
from api.rest.form.json_body import require_json
from api.settings import Settings
from store.access import Principal
from store.errors import NotSignedIn, ToolRefused
from store.workspace import House

PATH = "/mcp"
STREAM, JSON, FORM = "text/event-stream", "application/json", "application/x-www-form-urlencoded"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class McpHttp:
    """The ASGI application at `/mcp`. It serves while `running()` is entered."""

    def __init__(self, house: House, settings: Settings, calls: Calls | None = None) -> None:
        self._house, self._settings, self._calls = house, settings, calls or Calls()
        server = McpDoor(self._visit_of, self._calls).server()
        # Who does not listen to a stream is answered with plain JSON.
        self._plain, self._streaming = _manager(server, settings, True), _manager(server, settings, False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve until it ends; then every call ends at its next step."""
        try:
            async with AsyncExitStack() as stack:
                for manager in (self._plain, self._streaming):
                    await stack.enter_async_context(manager.run())
                yield
        finally:
            await anyio.to_thread.run_sync(self._calls.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            # There is no session to end and nothing is told without being asked.
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        body = await whole(receive)
        if (wrong := _what_is_wrong(body)) is not None:
            await wrong(scope, receive, send)
            return
        if STREAM in Headers(scope=scope).get("accept", ""):
            await self._streaming.handle_request(scope, again(body, receive), send)
        else:
            scope = _as_the_protocol_has_it(scope)
            await _while_listened_to(self._plain.handle_request, scope, body, receive, send)

    def _visit_of(self, asked: Asked) -> Visit:
        request: Request | None = asked.request
        principal: Principal | None = getattr(request.state, "principal", None) if request else None
        if principal is None:
            raise NotSignedIn(
                "This needs a credential",
                where="Authorization",
                instead="Send `Authorization: Bearer sk_live_…`; `fieldmark keys create` makes one.",
            )
        return Visit(self._house.of(principal.organisation_id), principal, self._settings)


def _manager(server: Server[Any], settings: Settings, as_json: bool) -> StreamableHTTPSessionManager:
    return StreamableHTTPSessionManager(
        server,
        json_response=as_json,
        stateless=True,
        security_settings=security(settings),
        max_request_body_size=MOST_BYTES,
    )


def security(settings: Settings) -> TransportSecuritySettings:
    """Who may be called how: this machine, and the names under which the house is served.

    Else a page elsewhere could reach this server through a name of its own that it lets resolve to this
    machine (DNS rebinding).
    """
    own = settings.own_hosts()
    hosts = {*LOOPBACK, *own}
    origins = {f"http://{name}" for name in hosts} | {f"https://{name}" for name in own}
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=sorted(hosts | {f"{name}:*" for name in hosts}),
        allowed_origins=sorted(origins | {f"{origin}:*" for origin in origins}),
    )


def _what_is_wrong(body: bytes) -> JSONResponse | None:
    # The SDK would answer with what it read, which can be somebody's.
    try:
        require_json(body)
        jsonrpc_message_adapter.validate_json(body, by_name=False)
    except ToolRefused as refusal:
        return _error(PARSE_ERROR, str(refusal))
    except ValidationError:
        form = '{"jsonrpc": "2.0", "method": "tools/call", "params": {"name": …, "arguments": {…}}, "id": 1}'
        return _error(INVALID_REQUEST, f"The body is not one JSON-RPC 2.0 request. Send {form}")
    return None


def _error(code: int, message: str) -> JSONResponse:
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}, 400)


def _as_the_protocol_has_it(scope: Scope) -> Scope:
    """The request with the headers that a plain client leaves out.

    A form is read as JSON only where no page can have sent it: a browser names the origin of what it posts
    to another site, and asks first for anything that is no form (Fetch standard, "CORS protocol").
    """
    scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    headers.setdefault("accept", JSON)
    sent = headers.get("content-type", FORM).split(";")[0].strip().lower()
    if sent == FORM and "origin" not in headers and "sec-fetch-site" not in headers:
        headers["content-type"] = JSON
    return scope


async def _while_listened_to(app: ASGIApp, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Run the application until its caller goes: its call is cancelled then, as in a stream."""
    async with anyio.create_task_group() as group:

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        async def never() -> Message:
            await anyio.sleep_forever()
            raise AssertionError

        group.start_soon(watch)
        await app(scope, again(body, never), send)
        group.cancel_scope.cancel()
