"""Which briefings did the same readers get before?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from store.errors import NotFound
from store.records.kept_results import KeptResult
from store.records.newest import newest
from store.records.recipients import BriefingDelivery
from store.workspace import Workspace

WEEKS = 13  # what was significant within so many is not new
STILL = timedelta(weeks=4, hours=12)  # so long a change of the data is said to be still so
MOST_EARLIER = 3_000  # briefings looked at: more than hourly alerts make in that time
MOST_DELIVERED = 20_000


class Earlier(BaseModel):
    """What is remembered of a briefing by the next ones."""

    briefing_id: str
    created_at: datetime
    purpose: str = "briefing"
    schedule_id: str = ""
    recipients: int = 0
    significant_keys: list[str] = Field(default_factory=list)
    data_keys: list[str] = Field(default_factory=list)
    outcome_analysis_id: str | None = None
    made_from: dict[str, Any] = Field(default_factory=dict)


def earlier_ones(workspace: Workspace, but: str, weeks: int = WEEKS) -> list[Earlier]:
    """The briefings of this warehouse within so many weeks, newest first, without the one that is made."""
    oldest = workspace.now() - timedelta(weeks=weeks)
    rows = newest(
        workspace.database,
        KeptResult,
        KeptResult.created_at,
        KeptResult.result_id,
        MOST_EARLIER,
        kind="briefing",
        warehouse=workspace.warehouse.name,
    )
    ids = [row.result_id for row in rows if row.created_at >= oldest and row.result_id != but]
    return [found for each in ids if (found := _read(workspace, each))]


def _read(workspace: Workspace, briefing_id: str) -> Earlier | None:
    try:
        kept = workspace.artifacts.document("briefing", briefing_id)
    except NotFound:
        return None  # it was removed since
    return Earlier.model_validate({name: kept[name] for name in Earlier.model_fields if name in kept})


def heard(
    workspace: Workspace,
    earlier: Sequence[Earlier],
    schedule_id: str,
    recipient_ids: Sequence[str],
    sent: bool,
) -> list[Earlier]:
    """Those of the earlier ones that the readers of this one know.

    Of one that is sent: the briefings of its schedule, and what was sent to every one of its recipients: what
    only some of them got is news to the others. What was only shown to somebody takes no news from those who
    get it. Of one that is only shown: all, but what was
    only shown today too, so that asked twice it answers the same.
    """
    if not sent:
        today = workspace.now().date()
        return [each for each in earlier if each.recipients or each.created_at.date() != today]
    theirs = _delivered(workspace, recipient_ids)
    return [
        each
        for each in earlier
        if each.briefing_id in theirs
        or (schedule_id and each.schedule_id == schedule_id and each.purpose == "briefing")
    ]


def _delivered(workspace: Workspace, recipient_ids: Sequence[str]) -> set[str]:
    if not recipient_ids:
        return set()
    at, key = BriefingDelivery.created_at, BriefingDelivery.delivery_id
    wanted = tuple(recipient_ids)
    rows = newest(workspace.database, BriefingDelivery, at, key, MOST_DELIVERED, recipient_id=wanted)
    got: dict[str, set[str]] = {}
    for row in rows:
        got.setdefault(row.briefing_id, set()).add(row.recipient_id)
    return {briefing_id for briefing_id, readers in got.items() if readers >= set(wanted)}


def known_keys(known: Sequence[Earlier]) -> set[str]:
    """What was significant in any of them."""
    return {key for each in known for key in each.significant_keys}


def data_keys_of(known: Sequence[Earlier], now: datetime) -> tuple[list[str], list[str]]:
    """Changes of the data that these told of, and those of them that were told first in the last weeks."""
    first: dict[str, datetime] = {}
    for each in known:
        for key in each.data_keys:
            first[key] = min(each.created_at, first.get(key, each.created_at))
    return sorted(first), sorted(key for key, when in first.items() if now - when < STILL)


def last_of(known: Sequence[Earlier]) -> Earlier | None:
    """The last briefing, which is no alert."""
    return next((each for each in known if each.purpose == "briefing"), None)


def quiet_until_over(
    known: Sequence[Earlier], keys: Sequence[str], now: datetime, cooldown: timedelta
) -> list[str]:
    """The keys of which no alert was sent within the cool-down, whatever its direction."""
    recent = {
        thing_of(key)
        for each in known
        if each.purpose == "alert" and each.recipients and now - each.created_at < cooldown
        for key in each.significant_keys
    }
    return [key for key in keys if thing_of(key) not in recent]


def thing_of(key: str) -> str:
    """What a key is about, without the direction in which it moved."""
    return key.rpartition(":")[0]
