"""How does a list come in pages: how many at a time, and where does the next page begin?"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from store.errors import BadInput
from store.records.newest import Place

MOST, USUAL = 200, 50
LONGEST_CURSOR = 512
Item = TypeVar("Item")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=LONGEST_CURSOR, description="Where to go on: `next_cursor` of the page before."),
]


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next_cursor: str | None = Field(default=None, description="Where the next page begins; none at the end.")


def cursor_at(place: Place) -> str:
    """The place as an opaque cursor."""
    return urlsafe_b64encode(orjson.dumps([place.at, place.key])).decode().rstrip("=")


def place_of(cursor: str | None) -> Place | None:
    """The place that a cursor says, or None at the beginning. Raises BadInput for one that is not ours."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, key = orjson.loads(urlsafe_b64decode(padded.encode("ascii")))
        place = Place(datetime.fromisoformat(at), key)
        if not isinstance(key, str) or "\x00" in key or place.at.tzinfo is None:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, UnicodeError, OverflowError):
        raise BadInput(
            "The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came, or none."
        ) from None
    return place


class Turned:
    """Which part of a list is asked for. As a parameter: `pages: Pages`."""

    def __init__(self, limit: Limit = USUAL, cursor: Cursor = None) -> None:
        self.limit, self.after = limit, place_of(cursor)


Pages = Annotated[Turned, Depends()]


def page_of(
    rows: Sequence[Row],
    limit: int,
    cursor_of: Callable[[Row], Place],
    shown: Callable[[Row], Any] = lambda row: row,
) -> Page[Any]:
    """The page of these rows, of which one more than the limit was looked for.

    cursor_of: the place of a row, as `newest` orders them. shown: the row as the page has it.
    """
    more = len(rows) > limit
    kept = rows[:limit]
    after = cursor_at(cursor_of(kept[-1])) if more and kept else None
    return Page(items=[shown(row) for row in kept], next_cursor=after)
