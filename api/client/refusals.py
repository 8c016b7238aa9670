"""What did the server refuse, as the exception that the house itself raised?"""

from typing import Any

import httpx2

from store.errors import (
    BadInput,
    Busy,
    Changed,
    Conflict,
    Expired,
    NoRoom,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooFast,
    ToolRefused,
    TooMany,
    Unconditional,
)

URN = "urn:fieldmark:problem:"
STATUSES: tuple[type[ToolRefused], ...] = (
    BadInput,
    TooMany,
    Unconditional,
    NotSignedIn,
    NotAllowed,
    NotFound,
    Expired,
    Conflict,
    Changed,
    TooFast,
    NoRoom,
)
BY_STATUS = {each.status: each for each in STATUSES} | dict.fromkeys((502, 503, 504), Busy)


class Unreachable(Busy):
    """The server does not answer, or only in part; try again later."""


class ServerFailed(Exception):  # noqa: N818  # named as the refusals are
    """The server failed: a bug or an outage there, and nothing that another request would mend."""


def refusal_of(response: httpx2.Response) -> Exception:
    """The exception that this answer is: of the type its problem names, else of its status.

    A 5xx that is no refusal is ServerFailed. The body must have been read.
    """
    told = _problem(response)
    kind = _kinds().get(str(told.get("type", "")).removeprefix(URN)) or BY_STATUS.get(response.status_code)
    if kind is None and not 400 <= response.status_code < 500:
        return ServerFailed(f"The server answered {response.status_code}{_request_id(response)}.")
    where, instead = str(told.get("where") or ""), str(told.get("instead") or "")
    detail = str(told.get("detail") or told.get("title") or f"The server answered {response.status_code}")
    refusal = (kind or BadInput)(_what(detail, where, instead), where=where, instead=instead)
    if isinstance(refusal, TooFast) and (seconds := retry_after(response)) is not None:
        refusal.retry_seconds = round(seconds)
    return refusal


def retry_after(response: httpx2.Response) -> float | None:
    """Seconds that the answer asks to wait; None where it does not say, or says it as a date."""
    said = response.headers.get("retry-after", "").strip()
    return float(said) if said.isdecimal() and len(said) < 10 else None


def _problem(response: httpx2.Response) -> dict[str, Any]:
    if "json" not in response.headers.get("content-type", ""):
        return {}  # of a proxy: its page is nothing to show
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def refusal_named(name: str) -> type[ToolRefused]:
    """The kind of refusal of this name; BadInput for one that is not known here."""
    return _kinds().get(name, BadInput)


def _kinds() -> dict[str, type[ToolRefused]]:
    """Every refusal there is, by its name."""
    found: dict[str, type[ToolRefused]] = {}
    left = [ToolRefused]
    while left:
        kind = left.pop()
        found[kind.__name__] = kind
        left += kind.__subclasses__()
    return found


def _what(detail: str, where: str, instead: str) -> str:
    """What was wrong, without the other two: a refusal says all three in its text."""
    if instead:
        detail = detail.removesuffix(f" {instead}")
    detail = detail.removesuffix(".")
    return detail.removesuffix(f" ({where})") if where else detail


def _request_id(response: httpx2.Response) -> str:
    named = response.headers.get("x-request-id", "")
    return f" (request {named})" if named else ""
