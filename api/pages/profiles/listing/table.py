"""Which profiles does the table show, and in what order?"""

import math
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from api.access.visit import Visit
from api.pages.profiles.reaching import actor_named, seen_profiles
from store.records.profiles import IcpProfile, revision_of
from tools.profiles.content.document import ProfileDocument

Sort = Literal["name", "-name", "changed", "-changed", "revision", "-revision", "shared", "-shared"]
SORTS: tuple[Sort, ...] = get_args(Sort)
ROWS = 25


class ProfileLine(NamedTuple):
    """A profile in the table."""

    profile_id: str
    name: str
    wants: list[str]  # who they are, in a few words
    basis: str  # written, learned, both or nothing
    criteria: int  # lines that a lead is held against
    shared: bool
    is_mine: bool
    revision: int
    changed_at: datetime
    changed_by: str  # empty: whoever looks


class ProfileTable(NamedTuple):
    """One page of the table."""

    lines: list[ProfileLine]
    total: int  # that match the words
    known: int  # without any words
    page: int
    pages: int


def profile_table(visit: Visit, text: str, sort: Sort, page: int) -> ProfileTable:
    """The profiles whose name holds the words, sorted, a page of them."""
    seen = seen_profiles(visit)
    words = text.casefold().split()
    found = [each for each in seen if all(word in each.name.casefold() for word in words)]
    found.sort(key=_key(sort), reverse=sort.startswith("-"))
    pages = max(1, math.ceil(len(found) / ROWS))
    page = min(page, pages)
    shown = found[(page - 1) * ROWS : page * ROWS]
    return ProfileTable([_line(visit, each) for each in shown], len(found), len(seen), page, pages)


def _key(sort: Sort):  # a function of a profile, whatever sorts it
    keys = {
        "name": lambda each: each.name.casefold(),
        "changed": lambda each: each.changed_at,
        "revision": lambda each: each.revision,
        "shared": lambda each: (each.shared, each.name.casefold()),
    }
    return keys[sort.removeprefix("-")]


def _line(visit: Visit, profile: IcpProfile) -> ProfileLine:
    kept = revision_of(visit.house.database, profile.profile_id, profile.revision)
    document = ProfileDocument.model_validate(kept.document)
    return ProfileLine(
        profile.profile_id,
        profile.name,
        wants_of(document)[:4],
        basis_of(document),
        len(document.written) + len(document.criteria),
        profile.shared,
        profile.creator == visit.principal.actor,
        profile.revision,
        profile.changed_at,
        actor_named(visit, kept.actor),
    )


def wants_of(document: ProfileDocument) -> list[str]:
    """Who they are in a few words: industries, size, places, roles."""
    size = [document.company_size.told] if document.company_size else []
    return [
        *document.industries[:2],
        *size,
        *document.geography[:1],
        *document.roles[:1],
        *document.signals[:1],
    ]


def basis_of(document: ProfileDocument) -> str:
    """What a score rests on: `written`, `learned`, `both` or `nothing`."""
    if document.criteria:
        return "both" if document.written else "learned"
    return "written" if document.written else "nothing"
