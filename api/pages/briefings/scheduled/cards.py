"""How is a schedule shown: when it comes, to whom, and what became of the last time?"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, NamedTuple

from api.access.visit import Visit
from api.pages.briefings.kept import KIND
from api.pages.briefings.scheduled.people import recipients_named
from api.sending.recipients import RecipientShown
from store.records.kept_results import KeptResult
from store.records.runs import OPEN, Run
from store.records.schedules import Schedule, schedules_of
from tools.schedules.shown import ScheduleShown, SlotShown, schedules_shown

ON_TIME = timedelta(minutes=10)  # a worker looks every few seconds, and is restarted now and then
UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
State = Literal["waits", "runs", "came", "quiet", "unchanged", "refused", "failed", "cancelled", "gone"]


class Late(NamedTuple):
    """By how much it came late: so many minutes, hours or days."""

    many: int
    unit: str


class LastTime(NamedTuple):
    """The last time it was due; briefing: what came of it."""

    slot: SlotShown
    state: State
    late: Late | None
    briefing: KeptResult | None
    why: str


class ScheduleCard(NamedTuple):
    """A schedule on the page; gone: recipients who were removed since."""

    schedule: ScheduleShown
    recipients: list[RecipientShown]
    gone: int
    last: LastTime | None

    @property
    def troubled(self) -> list[RecipientShown]:
        """Those who get nothing though they are recipients."""
        return [each for each in self.recipients if each.status != "active"]

    @property
    def mailed(self) -> bool:
        """Whether any of them is written to by mail."""
        return any(each.channel == "mail" for each in self.recipients)


def cards_of(visit: Visit, warehouse: str) -> list[ScheduleCard]:
    """The schedules of a warehouse, the newest first."""
    return _cards(visit, schedules_of(visit.house.database, warehouse))


def _cards(visit: Visit, schedules: Iterable[Schedule]) -> list[ScheduleCard]:
    shown = schedules_shown(visit.house.database, list(schedules), visit.house.now())
    return [_card(visit, each) for each in shown]


def _card(visit: Visit, schedule: ScheduleShown) -> ScheduleCard:
    recipients = recipients_named(visit, schedule.recipient_ids)
    gone = len(schedule.recipient_ids) - len(recipients)
    last = _last(visit, schedule.last_slot) if schedule.last_slot else None
    return ScheduleCard(schedule, recipients, gone, last)


def _last(visit: Visit, slot: SlotShown) -> LastTime:
    database = visit.house.database
    run = database.get(Run, slot.run_id) if slot.run_id else None
    kept = database.get(KeptResult, slot.run_id) if slot.run_id else None
    briefing = kept if kept is not None and kept.kind == KIND else None
    why = slot.why or (run.message if run and run.status == "refused" else "")
    return LastTime(slot, _state(slot, run, kept), late_of(slot), briefing, why)


def _state(slot: SlotShown, run: Run | None, kept: KeptResult | None) -> State:
    if slot.status in ("unchanged", "refused"):
        return slot.status  # type: ignore[return-value]  # both are states
    if kept is not None:
        return "came" if kept.kind == KIND else "quiet"
    if run is None:
        return "gone"
    if run.status in OPEN:
        return "waits" if run.status == "queued" else "runs"
    return run.status if run.status in ("refused", "failed", "cancelled") else "gone"  # type: ignore[return-value]  # each of them is a state


def late_of(slot: SlotShown) -> Late | None:
    """By how much nobody was there for it; None where it came in time."""
    delay = slot.taken_at - slot.due_at
    if delay <= ON_TIME:
        return None
    seconds = int(delay.total_seconds())
    unit, length = next(each for each in UNITS if seconds >= each[1])
    return Late(round(seconds / length), unit)
