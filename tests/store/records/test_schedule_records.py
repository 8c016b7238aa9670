"""Schedules and their slots as they are kept, on SQLite and on Postgres."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.errors import NotFound
from store.records import Database, Schedule, Slot
from store.records.schedules import (
    KEPT_PASSED,
    add_schedule,
    change_schedule,
    done_until,
    last_slots,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    running_schedules,
    schedule_named,
    schedules_of,
    slots_of,
    take_slots,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def kept(database: Database, schedule_id: str, **columns: Any) -> Schedule:
    given = {"warehouse": "small", "cron": "0 8 * * *", "timezone": "UTC", "created_at": NOW, **columns}
    add_schedule(database, Schedule(schedule_id=schedule_id, counts_from=NOW, **given))
    return schedule_named(database, schedule_id)


def slot(day: int, status: str = "taken", *, taken_at: datetime | None = None, name: str = "") -> Slot:
    due = NOW + timedelta(days=day)
    return Slot(
        slot_id=f"slot_{name}{day}_{status}",
        schedule_id="sched_1",
        slot=due.strftime("%Y-%m-%dT%H:%M"),
        due_at=due,
        status=status,
        taken_at=taken_at or due,
    )


def test_a_schedule_is_kept_changed_paused_resumed_and_removed(database: Database) -> None:
    kept(database, "sched_1", recipient_ids=["rcp_1"])
    assert change_schedule(database, "sched_1", cron="0 9 * * *").cron == "0 9 * * *"
    assert pause_schedule(database, "sched_1").is_paused
    assert running_schedules(database) == []
    later = NOW + timedelta(days=9)
    resumed = resume_schedule(database, "sched_1", later)
    assert (resumed.is_paused, resumed.counts_from, resumed.recipient_ids) == (False, later, ["rcp_1"])
    take_slots(database, [slot(10)], later)
    remove_schedule(database, "sched_1")
    assert (schedules_of(database), slots_of(database, "sched_1")) == ([], [])
    for gone in ("sched_1", "a\x00b", "x" * 500):
        with pytest.raises(NotFound):
            schedule_named(database, gone)


def test_schedules_are_those_of_one_organisation(database: Database) -> None:
    kept(database, "sched_1")
    other = database.of("org_2")
    assert schedules_of(other) == []
    with pytest.raises(NotFound):
        change_schedule(other, "sched_1", cron="0 9 * * *")
    kept(other, "sched_2")
    assert [each.schedule_id for each in running_schedules(database.of(None))] == ["sched_1", "sched_2"]


def test_schedules_come_in_pages(database: Database) -> None:
    for n in range(3):
        kept(database, f"sched_{n}", created_at=NOW + timedelta(minutes=n), warehouse="ab"[n % 2])
    assert [each.schedule_id for each in schedules_of(database, limit=1)] == ["sched_2", "sched_1"]
    assert [each.schedule_id for each in schedules_of(database, "a")] == ["sched_2", "sched_0"]


def test_a_slot_is_taken_once_and_those_before_it_with_it(database: Database) -> None:
    first = [slot(3), slot(2, "skipped"), slot(1, "skipped")]
    assert take_slots(database, first, NOW + timedelta(days=3))
    again = [slot(3, name="b"), slot(2, "skipped", name="b"), slot(1, "skipped", name="b")]
    assert not take_slots(database, again, NOW + timedelta(days=3))
    assert [(each.slot_id, each.status) for each in slots_of(database, "sched_1")] == [
        ("slot_3_taken", "taken"),
        ("slot_2_skipped", "skipped"),
        ("slot_1_skipped", "skipped"),
    ]


def test_slots_that_are_there_already_do_not_keep_the_others_from_being_kept(database: Database) -> None:
    take_slots(database, [slot(1)], NOW + timedelta(days=1))
    many = [slot(3), slot(2, "skipped"), slot(1, "skipped")]
    assert take_slots(database, many, NOW + timedelta(days=3))
    assert [each.status for each in slots_of(database, "sched_1")] == ["taken", "skipped", "taken"]


def test_what_a_clock_skipped_that_had_run_ahead_can_be_taken(database: Database) -> None:
    ahead = NOW + timedelta(days=400)
    take_slots(database, [slot(400), slot(2, "skipped", taken_at=ahead)], ahead)
    assert take_slots(database, [slot(2, name="b")], NOW + timedelta(days=2))
    assert not take_slots(database, [slot(400, name="b")], NOW + timedelta(days=2))
    assert [each.slot_id for each in slots_of(database, "sched_1")] == ["slot_400_taken", "slot_b2_taken"]


def test_what_is_done_with_is_what_no_clock_kept_that_had_run_ahead(database: Database) -> None:
    assert done_until(database, NOW) == {}
    take_slots(database, [slot(2)], NOW + timedelta(days=2))
    take_slots(database, [slot(400)], NOW + timedelta(days=400))
    for now in (NOW, NOW + timedelta(days=3)):
        assert done_until(database, now) == {"sched_1": NOW + timedelta(days=2)}
    assert done_until(database, NOW + timedelta(days=395)) == {"sched_1": NOW + timedelta(days=400)}


def test_the_last_slot_is_the_newest_that_was_not_skipped(database: Database) -> None:
    take_slots(database, [slot(3), slot(2, "skipped")], NOW)
    take_slots(database, [slot(4, "refused")], NOW)
    assert {name: each.slot_id for name, each in last_slots(database, ["sched_1", "sched_2"]).items()} == {
        "sched_1": "slot_4_refused"
    }
    assert last_slots(database, []) == {}


def test_of_slots_without_a_job_the_newest_are_kept(database: Database) -> None:
    take_slots(database, [slot(0)], NOW)
    for day in range(1, KEPT_PASSED + 6):
        take_slots(database, [slot(day, "unchanged")], NOW)
    found = slots_of(database, "sched_1", 200)
    assert (len(found), found[-1].status) == (KEPT_PASSED + 1, "taken")
    assert found[-2].slot_id == "slot_6_unchanged"
