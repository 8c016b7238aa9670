"""May this request go on to a route? Its body must be JSON that everything behind can hold."""

import re
from itertools import chain
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from api.request_body import again, whole
from api.rest.form.problems import http_problem, refusal_answer
from store.errors import BadInput, ToolRefused

DEEPEST = 100
SHORT = 8 << 10  # bytes, read within a millisecond or so: less than a thread takes to have its turn
WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
JSON = b"application/json"
# `curl -d '{…}'` says that it sends a form.
READ_AS_JSON = re.compile(rb"application/(json|[a-z0-9.-]+\+json|x-www-form-urlencoded|octet-stream)")
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# What some route here answers with; `*/*` and no Accept at all are everything.
GIVEN = re.compile(
    r"\*/\*|(application|text)/\*|application/(problem\+|openapi\+)?(json|x-ndjson)"
    r"|text/(html|event-stream|csv|plain|markdown|css|javascript)|application/openmetrics-text|image/.*"
)


class JsonBodies:
    """Refuses what is not JSON (RFC 8259), and what is but would break something behind."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1"):
            await self._app(scope, receive, send)
            return
        try:
            _require_plain_address(scope)
            _require_acceptable(scope)
            if scope["method"] in WITH_BODY:
                scope, receive = await _with_json(scope, receive)
        except ToolRefused as refusal:
            await refusal_answer(refusal)(scope, receive, send)
        except HTTPException as error:
            await http_problem(error)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _with_json(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The request with its body read and checked, which says that it is JSON."""
    headers = dict(scope["headers"])
    body = await whole(receive)
    if not body:
        return scope, again(body, receive)
    kind = headers.get(b"content-type", JSON).split(b";")[0].strip().lower()
    if not READ_AS_JSON.fullmatch(kind):
        raise HTTPException(415, "The body is to be JSON: send `Content-Type: application/json`")
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        raise HTTPException(415, "The body is to be sent as it is, without a Content-Encoding")
    if len(body) <= SHORT:
        require_json(body)
    else:
        await run_in_threadpool(require_json, body)
    others = [pair for pair in scope["headers"] if pair[0] != b"content-type"]
    return {**scope, "headers": [*others, (b"content-type", JSON)]}, again(body, receive)


def require_json(body: bytes) -> None:
    """Raise BadInput for what is not JSON, is too deep, or holds a NUL character."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput(
            f"The body is not JSON: at line {error.lineno}, column {error.colno}",
            where="body",
            instead="Send one JSON document in UTF-8; NaN, Infinity and lone surrogates are no JSON.",
        ) from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(found):
        raise BadInput(f"The body is nested over {DEEPEST} deep", where="body", instead="Send it flatter.")
    if NUL.search(body):
        raise BadInput("A text in the body holds a NUL character", where="body", instead="Leave it out.")


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in level)
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _require_plain_address(scope: Scope) -> None:
    if "\x00" in scope["path"]:
        raise HTTPException(404, "Not Found")
    if b"%00" in scope["query_string"]:
        raise BadInput("A parameter holds a NUL character", where="query", instead="Leave it out.")


def _require_acceptable(scope: Scope) -> None:
    wanted = [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept"]
    kinds = [part.split(";")[0].strip().lower() for part in ",".join(wanted).split(",")]
    if any(kinds) and not any(GIVEN.fullmatch(kind) for kind in kinds if kind):
        raise HTTPException(406, "Not Acceptable: answers are JSON, or what the route says")
