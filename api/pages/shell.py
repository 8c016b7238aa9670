"""What holds for every page: what it may load, and that a refusal reads like a page."""

import re
from urllib.parse import quote

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages.rendering import GO, is_fragment, rendered
from api.rest.form.problems import MEDIA_TYPE

OTHER_DOORS = re.compile(r"/(v1|mcp|docs|openapi\.json|healthz|readyz|metrics)(/.*)?")
STATIC, SIGN_IN = "/static/", "/sign-in"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FAILED = orjson.dumps(
    {"title": "Something went wrong here", "status": 500, "detail": "Something went wrong here"}
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Shell:
    """Gives pages their headers, and tells problems as pages to browsers, as fragments to the script."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or OTHER_DOORS.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        answer = _Answer(request, send)
        try:
            await self._app(scope, receive, answer.send)
        except Exception:  # whatever it was: it is told, and raised on
            await answer.fail()
            raise


class _Answer:
    """One answer on its way to a browser; a problem is held until it is whole, and then told."""

    def __init__(self, request: Request, send: Send) -> None:
        self._request, self._send = request, send
        self._problem: Message | None = None
        self._body = b""
        self._has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._has_begun = True
            headers = Headers(raw=message["headers"])
            if headers.get("content-type", "").startswith(MEDIA_TYPE) and _wants_page(self._request):
                self._problem = message
                return
            await self._send(_with_headers(self._request, message))
        elif self._problem is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._tell(self._problem)

    async def fail(self) -> None:
        """Tell that something went wrong here, where nothing was said yet; the log has what."""
        if not self._has_begun and _wants_page(self._request):
            self._body = FAILED
            await self._tell({"type": "http.response.start", "status": 500, "headers": []})

    async def _tell(self, start: Message) -> None:
        status, body, own = _told(self._request, start["status"], self._body)
        dropped = (b"content-type", b"content-length", b"www-authenticate")
        kept = [pair for pair in start["headers"] if pair[0] not in dropped]
        kept += [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(body)), *own]
        await self._send(_with_headers(self._request, {**start, "status": status, "headers": kept}))
        await self._send({"type": "http.response.body", "body": body})


def _told(request: Request, status: int, problem: bytes) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Status, page and headers of a problem. Who is nobody is shown the way in, and back afterwards."""
    found = {"where": "", "instead": "", **orjson.loads(problem)}
    if status == 401 and request.url.path != SIGN_IN:
        at = request.url.path if request.method == "GET" and not is_fragment(request) else "/"
        asked = f"?{request.url.query}" if request.url.query and at != "/" else ""
        way_in = f"{SIGN_IN}?next={quote(at + asked, safe='')}".encode()
        if is_fragment(request):
            return 401, b"", [(GO.lower().encode(), way_in)]
        return 303, b"", [(b"location", way_in)]
    template = "templates/problem_part.html.j2" if is_fragment(request) else "templates/problem.html.j2"
    return status, rendered(request, template, problem=found, screen="problem").encode(), []


def _wants_page(request: Request) -> bool:
    return is_fragment(request) or "text/html" in request.headers.get("accept", "")


def _with_headers(request: Request, start: Message) -> Message:
    start = {**start, "headers": list(start["headers"])}
    headers = MutableHeaders(raw=start["headers"])
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    is_file = request.url.path.startswith(STATIC) and start["status"] == 200
    kept = "public, max-age=31536000, immutable" if is_file else "no-store"
    headers.setdefault("Cache-Control", kept)
    headers.add_vary_header("Accept-Language")
    return start
