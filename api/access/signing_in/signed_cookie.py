"""What a browser keeps for this house while it is elsewhere: signed, with an end."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import orjson

from store.signing import Signer


def sealed(signer: Signer, purpose: str, content: dict[str, Any], ends_at: datetime) -> str:
    """The content as a cookie of this purpose. It can be read by who holds it, and changed by nobody."""
    body = urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")
    return f"{body}.{int(ends_at.timestamp())}.{signer.sign(_name(purpose, body), ends_at)}"


def unsealed(signer: Signer, purpose: str, cookie: str, now: datetime) -> dict[str, Any] | None:
    """The content of a cookie; None where it is not ours, for something else, or over."""
    try:
        body, ends, signature = cookie.split(".")
        ends_at = datetime.fromtimestamp(int(ends), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if now >= ends_at or not signer.is_signed(_name(purpose, body), ends_at, signature):
        return None
    return orjson.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def _name(purpose: str, body: str) -> str:
    return f"cookie/{purpose}/{body}"  # no export has a slash in its name
