"""What came in and went out: each request told once, by the template of its route."""

import re
import uuid
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.watching import Happening, happening

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
TRACE_HEADERS = (b"traceparent", b"tracestate")
UNMATCHED, ROUTE = "unmatched", "route_template"


class Observed:
    """Tells of every request when it has ended, and gives it an id: the caller's where it is one."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> None:
        self._app, self._new_id = app, new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        about = {"method": method, "request_id": request_id, "status": 500}
        with happening("request", method, _carried(scope), **about) as request:
            sizes = _Sizes(request, request_id)
            try:
                await self._app(scope, sizes.heard(receive), sizes.said(send))
            finally:
                _tell(request, scope, sizes)

    def _request_id(self, scope: Scope) -> str:
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        return given if REQUEST_ID.fullmatch(given) else self._new_id()


def _carried(scope: Scope) -> dict[str, str]:
    """The headers in which a caller names its trace."""
    return {
        name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in TRACE_HEADERS
    }


class _Sizes:
    """Counts what comes and goes of one request."""

    def __init__(self, request: Happening, request_id: str) -> None:
        self.bytes_in = self.bytes_out = 0
        self._request, self._request_id = request, request_id

    def heard(self, receive: Receive) -> Receive:
        async def heard() -> Message:
            message = await receive()
            self.bytes_in += len(message.get("body", b""))
            return message

        return heard

    def said(self, send: Send) -> Send:
        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._request.note(status=message["status"])
                named = (b"x-request-id", self._request_id.encode())
                message = {**message, "headers": [*message.get("headers", []), named]}
            self.bytes_out += len(message.get("body", b""))
            await send(message)

        return said


def _tell(request: Happening, scope: Scope, sizes: _Sizes) -> None:
    route = template_of(scope)
    request.name = f"{request.name} {route}"
    request.note(route=route, bytes_in=sizes.bytes_in, bytes_out=sizes.bytes_out)
    principal = scope["state"].get("principal")
    if principal is not None:
        request.note(organisation=principal.organisation_id, actor=principal.actor)
    status = request.about["status"]
    if isinstance(status, int) and status >= 400:
        request.outcome = "failed" if status >= 500 else "refused"


def template_of(scope: Scope) -> str:
    """The template of the route that was found, `/v1/jobs/{run_id}`: never the path, which holds ids."""
    return scope["state"].get(ROUTE, UNMATCHED)


class Routed:
    """Remembers which route was found: the innermost, since others hand on a copy of what came in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            path = getattr(scope.get("route"), "path", None) or _plain(scope)
            if path:
                scope.setdefault("state", {})[ROUTE] = path


def _plain(scope: Scope) -> str | None:
    """The route or the mount of this very path, where it is none of FastAPI's own and so is not in scope."""
    paths = (getattr(route, "path", None) for route in getattr(scope.get("app"), "routes", ()))
    asked = scope.get("root_path", "") + "/", scope.get("path", "")
    return next((path for path in paths if path and (path == asked[1] or asked[0] == f"{path}/")), None)
