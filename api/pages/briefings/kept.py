"""Which briefings were made, and what does each say?"""

from collections import Counter
from typing import NamedTuple

from agent.briefing_result import Briefing
from agent.run_briefing import BRIEFING
from api.rest.form.paging import Page, Turned, page_of
from store.artifacts import Artifacts
from store.errors import NotFound
from store.records import Database
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest
from store.records.recipients import BriefingDelivery
from store.workspace import House

KIND = "briefing"
MOST_SENT = 2_000  # deliveries that are counted for one page of the list


class ListedBriefing(NamedTuple):
    """A briefing in the list; sent: to how many it went, or is on its way."""

    row: KeptResult
    purpose: str
    sent: int


def briefings_of(house: House, warehouse: str, pages: Turned) -> Page[ListedBriefing]:
    """A page of the briefings of a warehouse, newest first."""
    at, key, database = KeptResult.created_at, KeptResult.result_id, house.database
    rows = newest(database, KeptResult, at, key, pages.limit, pages.after, kind=KIND, warehouse=warehouse)
    sent = _sent(database, tuple(row.result_id for row in rows))
    return page_of(
        rows,
        pages.limit,
        lambda row: Place(row.created_at, row.result_id),
        lambda row: ListedBriefing(row, _purpose(house.artifacts, row.result_id), sent[row.result_id]),
    )


def _purpose(artifacts: Artifacts, briefing_id: str) -> str:
    """Its record does not say it; of a briefing that is gone nothing is known."""
    try:
        return artifacts.document(BRIEFING.result_kind, briefing_id).get("purpose", "briefing")
    except NotFound:
        return "briefing"


def _sent(database: Database, briefing_ids: tuple[str, ...]) -> Counter[str]:
    if not briefing_ids:
        return Counter()
    at, key = BriefingDelivery.created_at, BriefingDelivery.delivery_id
    found = newest(database, BriefingDelivery, at, key, MOST_SENT, briefing_id=briefing_ids)
    return Counter(each.briefing_id for each in found if each.status not in ("unsubscribed", "bounced"))


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
