"""How does who stands before the routes read a body, and hand it on?"""

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


async def whole(receive: Receive) -> bytes:
    """The body of a request. Raises HTTPException where it breaks off."""
    parts = list[bytes]()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HTTPException(400, "The request ended before its body did")
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def again(body: bytes, receive: Receive) -> Receive:
    """Receives the body that was read once more, then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
