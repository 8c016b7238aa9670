"""Which briefings were made, and what does each say?"""

from typing import NamedTuple

from agent.briefing_result import Briefing
from agent.run_briefing import BRIEFING
from api.rest.form.paging import Page, Turned, page_of
from store.artifacts import Artifacts
from store.errors import NotFound
from store.records import Database
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest
from store.workspace import House

KIND = "briefing"


class ListedBriefing(NamedTuple):
    """A briefing in the list; sent: to how many it was given."""

    row: KeptResult
    purpose: str
    sent: int


def briefings_of(house: House, warehouse: str, pages: Turned) -> Page[ListedBriefing]:
    """A page of the briefings of a warehouse, newest first."""
    at, key, database = KeptResult.created_at, KeptResult.result_id, house.database
    rows = newest(database, KeptResult, at, key, pages.limit, pages.after, kind=KIND, warehouse=warehouse)
    return page_of(
        rows,
        pages.limit,
        lambda row: Place(row.created_at, row.result_id),
        lambda row: _listed(house.artifacts, row),
    )


def _listed(artifacts: Artifacts, row: KeptResult) -> ListedBriefing:
    """What its record does not say is read from the briefing; one that is gone is listed nevertheless."""
    try:
        said = artifacts.document(BRIEFING.result_kind, row.result_id)
    except NotFound:
        said = {}
    return ListedBriefing(row, said.get("purpose", "briefing"), said.get("recipients", 0))


def newest_briefing(database: Database, warehouse: str) -> KeptResult | None:
    """The last briefing of a warehouse."""
    at, key = KeptResult.created_at, KeptResult.result_id
    found = newest(database, KeptResult, at, key, 1, kind=KIND, warehouse=warehouse)
    return found[0] if found else None


def briefing_named(artifacts: Artifacts, briefing_id: str) -> Briefing:
    """The briefing of this id, whole. Raises NotFound."""
    try:
        return Briefing.model_validate(artifacts.document(BRIEFING.result_kind, briefing_id))
    except NotFound:
        raise NotFound(
            "There is no such briefing", where="id", instead="The page of briefings lists those there are."
        ) from None
