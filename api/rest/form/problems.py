"""Every error in one shape: problem details (RFC 9457), small, and nothing in them that came in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from store.errors import Busy, TooFast, ToolRefused

MEDIA_TYPE = "application/problem+json"
KIND = "urn:fieldmark:problem:"
LONGEST = {"title": 160, "detail": 900, "where": 300, "instead": 400}  # bytes
SHOWN_PROBLEMS = 5
LONGEST_WORDS = 160
RETRY_SECONDS = 5  # after which it is worth asking again for what somebody else is doing
FIELD_NAME = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*|\d{1,6}")  # of a field or a place in a list
LONGEST_NAME = 40
# What pydantic says of these holds what came in.
SAYS_BACK = {"union_tag_invalid": "it is none of the kinds there are"}


class Problem(BaseModel):
    """What was wrong, where, and what would be right."""

    type: str = Field(description=f"`{KIND}` and the kind of refusal, or `about:blank`.")
    title: str
    status: int
    detail: str = ""
    where: str = ""
    instead: str = ""


def problem(refusal: ToolRefused) -> dict[str, object]:
    """The refusal as problem details."""
    return {
        "type": f"{KIND}{type(refusal).__name__}",
        "title": _clipped("title", type(refusal).__doc__ or ""),
        "status": refusal.status,
        "detail": _clipped("detail", str(refusal)),
        "where": _clipped("where", refusal.where),
        "instead": _clipped("instead", refusal.instead),
    }


def refusal_answer(refusal: ToolRefused, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that is this refusal, with the headers that belong to its status."""
    own: dict[str, str] = {}
    if isinstance(refusal, TooFast):
        own["Retry-After"] = str(refusal.retry_seconds)
    elif isinstance(refusal, Busy):
        own["Retry-After"] = str(RETRY_SECONDS)
    elif refusal.status == 401:
        own["WWW-Authenticate"] = "Bearer"
    return _answer(problem(refusal), refusal.status, own | dict(headers or {}))


def http_problem(error: HTTPException) -> JSONResponse:
    """The answer that is an error of the protocol: no such route, method or form."""
    title = _clipped("title", str(error.detail))
    body = _plain(title, error.status_code, str(error.detail))
    return _answer(body, error.status_code, error.headers)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer refusals, unknown routes, unreadable bodies and failures as problem details."""

    @app.exception_handler(ToolRefused)
    def refused(_: Request, refusal: ToolRefused) -> JSONResponse:
        return refusal_answer(refusal)

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        return http_problem(error)

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> JSONResponse:
        # What went wrong is in the log, where it cannot carry somebody's values to a caller. It is sent past
        # who names the answers, so it names itself.
        named = getattr(request.state, "request_id", None)
        headers = {"X-Request-Id": named} if named else {}
        return _answer(_plain("Something went wrong here", 500), 500, headers)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(_plain("The request does not fit", 422, told(error.errors())), 422)

    @app.exception_handler(ResponseValidationError)
    def misshapen(_: Request, error: ResponseValidationError) -> JSONResponse:
        # Its words hold the answer, which is no business of a log either.
        return _answer(_plain("Something went wrong here", 500), 500)


def told(errors: Sequence[Any]) -> str:
    """What pydantic found, in words without the values that came in: they can be somebody's."""
    shown = "; ".join(f"{_place(each['loc'])}: {_words(each)}" for each in errors[:SHOWN_PROBLEMS])
    return shown + (f"; and {len(errors) - SHOWN_PROBLEMS} more" if len(errors) > SHOWN_PROBLEMS else "")


def _words(error: Mapping[str, Any]) -> str:
    said = SAYS_BACK.get(error["type"]) or str(error["msg"])
    return said if len(said) <= LONGEST_WORDS else f"{said[:LONGEST_WORDS]}…"


def _place(steps: Sequence[int | str]) -> str:
    """Where in the request. A field that is not known is named only if its name is made of words."""
    if steps and steps[0] == "body" and len(steps) == 2 and isinstance(steps[1], int):
        return f"the body at character {steps[1]}"
    names = [str(step) for step in steps]
    if any(len(name) > LONGEST_NAME or not FIELD_NAME.fullmatch(name) for name in names[1:]):
        return f"{names[0]}: a field"
    return ".".join(names)


def _plain(title: str, status: int, detail: str = "") -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": _clipped("detail", detail or title),
    }


def _answer(
    body: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def _clipped(field: str, text: str) -> str:
    """The text, cut where it is too long for its field, and without what cannot be sent."""
    raw = text.encode(errors="replace")
    most = LONGEST[field]
    return raw.decode() if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"
