"""Briefings of generated deals, schedules, recipients and deliveries of every state, put into a house."""

from datetime import timedelta
from typing import NamedTuple

from agent.briefing_result import Briefing
from agent.runs.remembering import remember
from benchmarks.planted_briefings import changed_briefing, first_briefing, unchanged_briefing
from store.records.briefing_deliveries import Claimed, Settled, claim_due, settle
from store.records.recipients import queue_briefing, recipients_for, set_status
from store.records.schedules import Schedule, Slot, add_schedule, take_slots
from store.workspace import House, Workspace

BRIEFINGS = {
    "changed": changed_briefing,
    "unchanged": unchanged_briefing,
    "first": first_briefing,
    "alert": changed_briefing,
}
ADDRESSES = (
    "ann@example.com",
    "ben@example.com",
    "cleo@example.com",
    "slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
)


class Planted(NamedTuple):
    """What is in the house: ids by name."""

    workspace: Workspace
    briefings: dict[str, str]
    recipients: dict[str, str]
    schedules: dict[str, str]


def plant(house: House, warehouse: str) -> Planted:
    """Four briefings, four recipients of whom one unsubscribed and one bounced, four schedules, and a log."""
    workspace = house.workspace(warehouse)
    briefings = {name: _kept(workspace, name, at) for at, name in enumerate(BRIEFINGS)}
    ids = recipients_for(workspace, ADDRESSES, channels=True)
    recipients: dict[str, str] = dict(zip(("ann", "ben", "cleo", "slack"), ids, strict=True))
    set_status(house.database, recipients["ben"], "unsubscribed", house.now())
    schedules = _schedules(house, warehouse, recipients, briefings)
    _log(house, warehouse, briefings["changed"], ids)
    set_status(house.database, recipients["cleo"], "bounced", house.now())
    return Planted(workspace, briefings, recipients, schedules)


def _kept(workspace: Workspace, name: str, at: int) -> str:
    number = f"00000000-0000-4000-8000-{at + 901:012d}"
    purpose = "alert" if name == "alert" else "briefing"
    made: Briefing = BRIEFINGS[name]()
    found = made.model_copy(
        update={
            "briefing_id": f"briefing_{number}",
            "workflow_id": number,
            "warehouse": workspace.warehouse.name,
            "purpose": purpose,
            "created_at": workspace.now(),
        }
    )
    workspace.artifacts.save_document("briefing", found.briefing_id, found.model_dump(mode="json"))
    remember(workspace, found.briefing_id, found)
    return found.briefing_id


def _schedules(
    house: House, warehouse: str, recipients: dict[str, str], briefings: dict[str, str]
) -> dict[str, str]:
    now, ids = house.now(), list(recipients.values())
    given = {
        "late": {"recipient_ids": ids, "sync": True},
        "alert": {"kind": "alert", "name": "Watch for alerts", "cron": "0 * * * *", "cooldown_hours": 24},
        "paused": {"cron": "30 9 * * mon-fri", "is_paused": True, "recipient_ids": ids[:1]},
        "refused": {"name": "Monthly", "cron": "0 8 1 * *", "recipient_ids": [*ids[:1], "rcp_gone"]},
    }
    for at, (name, columns) in enumerate(given.items()):
        known = {"cron": "0 8 * * mon", "timezone": "Europe/Berlin", **columns}
        made_at = now - timedelta(days=14, seconds=at)
        add_schedule(
            house.database,
            Schedule(
                schedule_id=f"sched_{name}",
                warehouse=warehouse,
                created_at=made_at,
                counts_from=made_at,
                **known,
            ),
        )
    slots = {
        "late": {
            "status": "taken",
            "run_id": briefings["changed"],
            "taken_at": now - timedelta(hours=10),
            "missed": 1,
        },
        "alert": {"status": "unchanged", "taken_at": now - timedelta(hours=12)},
        "refused": {"status": "refused", "why": "There is no such profile", "taken_at": now},
    }
    for name, columns in slots.items():
        due = now - timedelta(hours=12) if name != "refused" else now
        slot = Slot(
            slot_id=f"slot_{name}",
            schedule_id=f"sched_{name}",
            slot="2026-03-02T08:00",
            due_at=due,
            **columns,
        )
        take_slots(house.database, [slot], now)
    return {name: f"sched_{name}" for name in given}


def _log(house: House, warehouse: str, briefing_id: str, ids: list[str]) -> None:
    """One delivery of each state: sent, unsubscribed, bounced, dead."""
    queue_briefing(house.database, briefing_id, warehouse, ids, house.now(), house.new_id)
    hows = {
        "a": Settled("sent", 250),
        "c": Settled("bounced", 550, "bounced"),
        "s": Settled("dead", 404, "refused"),
    }
    for is_mail in (True, False):
        while found := claim_due(house.database, house.now(), house.new_id(), 1, mail=is_mail):
            _settle(house, found[0], hows)


def _settle(house: House, claimed: Claimed, hows: dict[str, Settled]) -> None:
    assert claimed.recipient is not None
    settle(house.database, claimed, house.now(), hows[claimed.recipient.shown[0].lower()])
