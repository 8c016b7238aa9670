"""Which part of a list does a cursor ask for?"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from store.errors import BadInput

PAGE = 50
LONGEST = 512  # characters of a cursor of ours
Item = TypeVar("Item")


def page_of(
    items: Sequence[Item], cursor: str | None, key: Callable[[Item], str], size: int = PAGE
) -> tuple[list[Item], str | None]:
    """The items after the cursor, and the cursor of what is left. Raises BadInput for one of no list."""
    begin = 0 if cursor is None else _place(items, _key(cursor), key) + 1
    page = list(items[begin : begin + size])
    more = begin + size < len(items)
    return page, _cursor(key(page[-1])) if more else None


def _place(items: Sequence[Item], after: str, key: Callable[[Item], str]) -> int:
    for place, item in enumerate(items):
        if key(item) == after:
            return place
    raise _unknown()


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        if len(cursor) > LONGEST:
            raise _unknown()
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise _unknown() from None


def _unknown() -> BadInput:
    return BadInput(
        "The cursor is not one of this list",
        where="cursor",
        instead="Use `nextCursor` of the page before, as it came; without a cursor the list begins.",
    )
