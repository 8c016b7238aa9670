"""What became of briefings that were sent: when, which, to whom, how often it was tried, why not."""

from datetime import timedelta
from typing import Any, NamedTuple, get_args

from api.access.visit import Visit
from api.pages.briefings.kept import KIND
from api.rest.form.paging import Turned, page_of
from api.sending.recipients import BriefingSent, deliveries_shown
from store.records.briefing_deliveries import DeliveryStatus, deliveries_of
from store.records.kept_results import KeptResult
from store.records.newest import Place, newest
from store.records.recipients import Recipient

STATUSES: tuple[DeliveryStatus, ...] = get_args(DeliveryStatus)
A_PAGE = 50
SOON = timedelta(minutes=2)  # a next attempt that is worth waiting for on the page
CHIPS = {"sent": "good", "dead": "bad", "bounced": "bad", "failed": "warn", "unsubscribed": "warn"}
# What is told of an attempt that failed; another kind of failure has no words.
WHYS = (
    *("no_answer", "tls", "login", "sender", "deferred", "refused", "bounced", "delayed", "gone"),
    *("redirected", "no_mail_server", "settings", "secret", "removed", "unsubscribed", "killed", "failed"),
)


class SentLine(NamedTuple):
    """One delivery; headline: of its briefing; may_retry: whether trying now would do anything."""

    sent: BriefingSent
    headline: str
    chip: str
    why: str
    may_retry: bool


class SentLog(NamedTuple):
    """A page of the log, newest first."""

    lines: list[SentLine]
    next_cursor: str | None
    is_moving: bool  # something is due within two minutes
    only: str

    @property
    def found(self) -> dict[str, Any]:
        """As the links to older pages want it."""
        return {"next_cursor": self.next_cursor}


def log_of(
    visit: Visit,
    pages: Turned | None = None,
    *,
    briefing_id: str | None = None,
    warehouse: str | None = None,
    status: DeliveryStatus | None = None,
) -> SentLog:
    """The deliveries of one briefing, or of a warehouse."""
    turned = pages or Turned(A_PAGE)
    only: dict[str, Any] = {"briefing_id": briefing_id, "warehouse": warehouse, "status": status}
    rows = deliveries_of(visit.house.database, turned.limit, turned.after, **only)
    found = page_of(rows, turned.limit, lambda row: Place(row.created_at, row.delivery_id))
    shown = deliveries_shown(visit.house, found.items)
    headlines = _headlines(visit, {each.briefing_id for each in shown})
    active = {each.recipient_id for each in shown if _is_active(visit, each.recipient_id)}
    soon = visit.house.now() + SOON
    return SentLog(
        [_line(each, headlines, active) for each in shown],
        found.next_cursor,
        any(each.next_attempt_at is not None and each.next_attempt_at <= soon for each in shown),
        status or "",
    )


def _line(sent: BriefingSent, headlines: dict[str, str], active: set[str]) -> SentLine:
    return SentLine(
        sent,
        headlines.get(sent.briefing_id, ""),
        CHIPS.get(sent.status, ""),
        sent.last_error if sent.last_error in WHYS else "",
        sent.status in ("dead", "failed") and sent.recipient_id in active,
    )


def _headlines(visit: Visit, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    at, key = KeptResult.created_at, KeptResult.result_id
    kept = newest(visit.house.database, KeptResult, at, key, len(ids), kind=KIND, result_id=tuple(ids))
    return {each.result_id: each.headline for each in kept}


def _is_active(visit: Visit, recipient_id: str) -> bool:
    found = visit.house.database.get(Recipient, recipient_id)
    return found is not None and bool(found.sealed) and found.status == "active"
