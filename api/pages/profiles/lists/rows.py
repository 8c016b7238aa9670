"""What does one page of a list's rows show?"""

import math
from typing import Any, NamedTuple
from urllib.parse import urlencode

from api.access.visit import Visit
from api.pages.profiles.lists.seen import SeenList, erased_from, lead_shown, lists_of
from store.errors import BadInput
from store.scored_lists.asking import RowsQuery, found_rows, tier_counts

BY_ITSELF = ("win_chance", "expected_value", "expansion_chance", "churn_chance")


class RowLine(NamedTuple):
    """A lead in the table."""

    row: int
    lead: str
    place: int
    score: float
    tier: str
    confidence: str
    reasoning: str
    ruled_out: str | None
    others: list[float]  # scores by the other profiles
    figures: dict[str, float | None]


class RowsShown(NamedTuple):
    """A page of them."""

    lines: list[RowLine]
    query: RowsQuery
    total: int
    pages: int
    tiers: dict[str, int]
    others: list[tuple[int, str]]  # place and name of the other profiles
    figures: list[str]
    address: str  # of this view without sort and page, ready to be gone on with


def rows_query(visit: Visit, given: RowsQuery) -> RowsQuery:
    """The query, as far as whoever asks may ask it. Raises BadInput."""
    if given.sort.removeprefix("-") == "lead" and not visit.principal.may("people"):
        raise BadInput(
            "Names are not told here, so they cannot sort", where="sort", instead="Sort by `score`."
        )
    return given


def rows_shown(visit: Visit, seen: SeenList, query: RowsQuery) -> RowsShown:
    """One page of the rows that pass. A page behind the last one is the last one."""
    path, without = lists_of(visit).rows(seen.kept), erased_from(visit, seen.kept)
    found = found_rows(path, query, without)
    pages = max(1, math.ceil(found.total / query.limit))
    if query.page > pages:
        query = query.model_copy(update={"page": pages})
        found = found_rows(path, query, without)
    others = [(at, each.name) for at, each in enumerate(seen.kept.against) if at != query.profile]
    figures = [name for name in seen.kept.figures if name in BY_ITSELF]
    return RowsShown(
        [_line(visit, row, query, others, figures) for row in found.rows],
        query,
        found.total,
        pages,
        tier_counts(path, query, without),
        others,
        figures,
        address_of(seen.kept.list_id, query),
    )


def _line(
    visit: Visit, row: dict[str, Any], query: RowsQuery, others: list[tuple[int, str]], figures: list[str]
) -> RowLine:
    at = query.profile
    return RowLine(
        row["row"],
        lead_shown(visit, row["lead"]),
        row["place"],
        row[f"score_{at}"],
        row[f"tier_{at}"],
        row[f"confidence_{at}"],
        row[f"reasoning_{at}"],
        row[f"disqualifier_{at}"],
        [row[f"score_{other}"] for other, _ in others],
        {name: row[name] for name in figures},
    )


def address_of(list_id: str, query: RowsQuery, **more: object) -> str:
    """The address of this view of a list, to which more can be added."""
    said = {"profile": query.profile or "", "tier": query.tier, "text": query.text, **more}
    told = urlencode({name: value for name, value in said.items() if value != ""})
    return f"/profiles/lists/{list_id}?{told}{'&' if told else ''}"
