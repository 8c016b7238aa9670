"""Slots become jobs: one each, whatever the clock does and however many schedulers look."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.jobs import scheduling
from api.jobs.queue import submit
from api.jobs.scheduling import Scheduler, run_now
from api.settings import Settings
from store.access import LOCAL
from store.errors import NotFound
from store.records import Database, Run, Schedule
from store.records.access.organisations import Organisation, keep_organisation
from store.records.runs import change_run, runs_of
from store.records.schedules import (
    add_schedule,
    change_schedule,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    schedule_named,
    slots_of,
)
from store.workspace import House
from tests.conftest import Clock

Look = Callable[[], int]


@pytest.fixture
def settings(limits: Settings) -> Settings:
    return limits.model_copy(update={"jobs_queued": 10_000})


@pytest.fixture
def look(farm: House, settings: Settings) -> Look:
    return Scheduler(farm, settings).tick


def planned(house: House, name: str = "s1", **columns: Any) -> str:
    """A schedule of Mondays at 08:00 in UTC, made now: Monday 2 March 2026, 08:00."""
    given = {"warehouse": "small", "cron": "0 8 * * mon", "timezone": "UTC", **columns}
    at = {"created_at": house.now(), "counts_from": house.now()}
    add_schedule(house.database, Schedule(schedule_id=f"sched_{name}", **{**at, **given}))
    return f"sched_{name}"


def jobs(house: House) -> list[Run]:
    return runs_of(house.everywhere, most=None)


def slots(house: House, schedule_id: str) -> list[tuple[str, str]]:
    return [(slot.slot, slot.status) for slot in slots_of(house.database, schedule_id, 1_000)]


def request(house: House, run: Run) -> dict[str, Any]:
    return house.artifacts.document("request", run.run_id)


def test_a_slot_that_is_due_becomes_one_job_for_its_recipients(farm: House, look: Look, clock: Clock) -> None:
    schedule = planned(farm, sync=True)
    assert look() == 0  # the slot of this very moment was before it was made
    clock.advance(days=6, hours=23)
    assert look() == 0
    clock.advance(hours=1, seconds=4)
    assert look() == 1
    assert look() == 0
    (run,) = jobs(farm)
    assert (run.kind, run.warehouse, run.actor) == ("run_briefing", "small", "schedule")
    assert run.idempotency_key == f"{schedule}:2026-03-09T08:00"
    asked = request(farm, run)
    said = {name: asked[name] for name in ("send", "purpose", "schedule_id", "slot", "missed", "sync")}
    assert said == {
        "send": True,
        "purpose": "briefing",
        "schedule_id": schedule,
        "slot": "2026-03-09T08:00",
        "missed": 0,
        "sync": "yes",
    }
    (slot,) = slots_of(farm.database, schedule)
    assert (slot.status, slot.run_id, slot.due_at) == ("taken", run.run_id, clock() - timedelta(seconds=4))


@pytest.mark.parametrize(
    ("zone", "day", "instants"),
    [
        ("Europe/Berlin", "2026-03-28", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]),
        ("Europe/Berlin", "2026-10-24", ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]),
        ("Australia/Lord_Howe", "2026-10-02", ["2026-10-02T16:00", "2026-10-03T15:30", "2026-10-04T15:30"]),
    ],
)
def test_every_night_has_one_briefing_where_clocks_are_changed(
    farm: House, look: Look, clock: Clock, zone: str, day: str, instants: list[str]
) -> None:
    """Daily at 02:30. In Berlin it is left out on 29 March (the gap ends at 01:00 UTC), and comes twice on
    25 October (00:30 and 01:30 UTC). Lord Howe skips 02:00 to 02:30 on 4 October, so 02:30 is there, at the
    instant of the change: 15:30 UTC."""
    clock.time = datetime.fromisoformat(day).replace(tzinfo=UTC)
    schedule = planned(farm, cron="30 2 * * *", timezone=zone)
    taken = []
    while clock.time < datetime.fromisoformat(instants[-1]).replace(tzinfo=UTC) + timedelta(hours=9):
        clock.advance(minutes=10)
        if look():
            taken.append(clock.time.strftime("%Y-%m-%dT%H:%M"))
    assert taken == instants
    assert len(jobs(farm)) == len(slots(farm, schedule)) == 3


def test_52_weeks_with_two_schedulers_are_52_briefings(farm: House, settings: Settings, clock: Clock) -> None:
    """In New York, over both changes, with looks at odd times, outages, and a clock that slips back."""
    schedule = planned(farm, timezone="America/New_York")
    two = Scheduler(farm, settings), Scheduler(farm, settings)
    end = clock() + timedelta(weeks=52)
    taken, n = 0, 0
    while clock.time < end:
        n += 1
        taken += two[n % 2].tick() + two[(n + 1) % 2].tick()
        if n % 37 == 0:
            clock.advance(days=2, minutes=n % 53)  # nobody was there; a slot is late by two days at most
        elif n % 23 == 0:
            clock.advance(hours=-5)
        else:
            clock.advance(hours=13, minutes=n % 47)
    assert taken == 52
    assert len(jobs(farm)) == len({run.idempotency_key for run in jobs(farm)}) == 52
    assert {status for _, status in slots(farm, schedule)} == {"taken"}
    assert sum(slot.missed for slot in slots_of(farm.database, schedule, 100)) == 0
    weekdays = {datetime.fromisoformat(slot).strftime("%a %H:%M") for slot, _ in slots(farm, schedule)}
    assert weekdays == {"Mon 08:00"}


def test_ten_days_off_are_one_briefing_that_says_how_many_were_missed(
    farm: House, look: Look, clock: Clock
) -> None:
    """Daily at 08:00, from Monday 2 March: 3 to 11 March are missed, the 12th is made up for at 09:00."""
    schedule = planned(farm, cron="0 8 * * *")
    clock.advance(days=10, hours=1)
    assert (look(), look()) == (1, 0)
    (run,) = jobs(farm)
    assert (request(farm, run)["slot"], request(farm, run)["missed"]) == ("2026-03-12T08:00", 9)
    kept = slots(farm, schedule)
    assert kept[0] == ("2026-03-12T08:00", "taken")
    assert kept[1:] == [(f"2026-03-{day:02d}T08:00", "skipped") for day in range(11, 2, -1)]
    clock.advance(hours=23)
    assert look() == 1


def test_of_many_missed_slots_the_newest_are_kept_and_all_are_counted(
    farm: House, look: Look, clock: Clock
) -> None:
    schedule = planned(farm, cron="0 * * * *")
    clock.advance(days=10)
    assert look() == 1
    assert request(farm, jobs(farm)[0])["missed"] == 239
    assert len(slots(farm, schedule)) == 61


def test_a_slot_that_passes_during_a_pause_is_not_made_up_for(farm: House, look: Look, clock: Clock) -> None:
    schedule = planned(farm)
    pause_schedule(farm.database, schedule)
    clock.advance(days=8)
    assert look() == 0
    assert resume_schedule(farm.database, schedule, clock()).is_paused is False
    assert look() == 0
    clock.advance(days=6)
    assert look() == 1
    assert request(farm, jobs(farm)[0])["missed"] == 0
    assert slots(farm, schedule) == [("2026-03-16T08:00", "taken")]


def test_resuming_what_runs_changes_nothing(farm: House, look: Look, clock: Clock) -> None:
    schedule = planned(farm)
    clock.advance(days=7, minutes=1)
    resume_schedule(farm.database, schedule, clock())
    assert look() == 1


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=3)])
@pytest.mark.parametrize("cron", ["0 8 * * mon", "0 8 * * *", "0 * * * *"])
def test_a_clock_that_goes_back_begins_no_slot_again(
    farm: House, look: Look, clock: Clock, back: timedelta, cron: str
) -> None:
    planned(farm, cron=cron)
    for _ in range(9):
        clock.advance(days=1)
        look()
    before, now = len(jobs(farm)), clock.time
    clock.time -= back
    while clock.time <= now:
        assert look() == 0
        clock.advance(minutes=30)
    assert len(jobs(farm)) == before


def test_a_clock_that_went_back_by_months_begins_nothing_of_before_the_schedule(
    farm: House, look: Look, clock: Clock
) -> None:
    """What it shows then is the present: a slot that it reaches is begun, and none of days before."""
    planned(farm, cron="0 8 * * *")
    clock.advance(days=1)
    assert look() == 1
    clock.advance(days=-300, hours=4)
    assert look() == 0
    clock.advance(days=300)
    assert look() == 0


def test_a_clock_that_ran_to_2030_and_came_back_goes_on_with_the_present_slots(
    farm: House, look: Look, clock: Clock
) -> None:
    """One briefing is made while the clock is in 2030; the others of 2026, and of 2029 when it comes, are not
    lost."""
    schedule = planned(farm)
    clock.advance(days=7)
    assert look() == 1
    present = clock.time
    clock.time = datetime(2030, 1, 8, tzinfo=UTC)
    assert (look(), look()) == (1, 0)
    clock.time = present
    assert look() == 0
    for _ in range(3):
        clock.advance(days=7)
        assert (look(), look()) == (1, 0)
    assert [slot for slot, status in slots(farm, schedule) if status == "taken"] == [
        "2030-01-07T08:00",
        *(f"2026-03-{day:02d}T08:00" for day in (30, 23, 16, 9)),
    ]
    # It was skipped by the clock that had run ahead; here the slot comes in truth.
    clock.time = datetime(2029, 12, 24, 7, tzinfo=UTC)
    assert look() == 1
    clock.time = datetime(2029, 12, 24, 8, tzinfo=UTC)
    assert (look(), look()) == (1, 0)
    assert dict(slots(farm, schedule))["2029-12-24T08:00"] == "taken"


def test_a_schedule_made_while_the_clock_was_in_2030_begins_when_it_is_set_right(
    farm: House, look: Look, clock: Clock
) -> None:
    present = clock.time
    clock.time = datetime(2030, 1, 8, tzinfo=UTC)
    schedule = planned(farm)
    clock.time = present + timedelta(days=1)
    assert look() == 0  # no slot of a day ago
    clock.time = present + timedelta(days=7, minutes=5)
    assert (look(), look()) == (1, 0)
    assert slots(farm, schedule) == [("2026-03-09T08:00", "taken")]


def test_a_clock_that_starts_in_1970_begins_nothing_and_loses_nothing(
    farm: House, look: Look, clock: Clock
) -> None:
    planned(farm)
    clock.advance(days=1)
    present, clock.time = clock.time, datetime(1970, 1, 1, tzinfo=UTC)
    assert look() == 0
    clock.time = datetime(1999, 12, 31, tzinfo=UTC)
    assert look() == 0
    clock.time = present
    assert look() == 0
    clock.advance(days=6)
    assert look() == 1


def test_a_scheduler_killed_between_job_and_slot_leaves_nothing_to_do_twice(
    farm: House, look: Look, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = planned(farm)

    def killed(*_: object) -> bool:
        raise SystemExit  # as a kill would, it goes past what is caught

    clock.advance(days=7)
    with monkeypatch.context() as patch:
        patch.setattr(scheduling, "take_slots", killed)
        with pytest.raises(SystemExit):
            look()
    assert (len(jobs(farm)), slots(farm, schedule)) == (1, [])
    # Even if the schedule was changed since: the job is the one that was asked for.
    change_schedule(farm.database, schedule, sync=True)
    assert (look(), look()) == (1, 0)
    (run,) = jobs(farm)
    (slot,) = slots_of(farm.database, schedule)
    assert (slot.status, slot.run_id) == ("taken", run.run_id)


def test_a_job_without_its_slot_is_not_counted_as_missed(
    farm: House, look: Look, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = planned(farm)
    clock.advance(days=7)
    with monkeypatch.context() as patch:
        patch.setattr(scheduling, "take_slots", lambda *_: False)
        look()
    clock.advance(days=14)
    assert look() == 1
    assert slots(farm, schedule) == [
        ("2026-03-23T08:00", "taken"),
        ("2026-03-16T08:00", "skipped"),
        ("2026-03-09T08:00", "taken"),
    ]
    assert request(farm, jobs(farm)[0])["missed"] == 1


def test_a_full_queue_is_tried_again(farm: House, settings: Settings, clock: Clock) -> None:
    schedule = planned(farm)
    full = settings.model_copy(update={"jobs_queued": 1})
    submit(farm, settings, "run_briefing", {}, "small")
    clock.advance(days=7)
    look = Scheduler(farm, full).tick
    assert (look(), slots(farm, schedule)) == (0, [])
    change_run(farm.database, jobs(farm)[0].run_id, ("queued",), status="cancelled")
    clock.advance(minutes=3)
    assert look() == 1
    assert slots(farm, schedule) == [("2026-03-09T08:00", "taken")]


def test_a_warehouse_that_is_gone_is_told_in_the_slot_and_the_others_go_on(
    farm: House, look: Look, clock: Clock
) -> None:
    gone, there = planned(farm, "a", warehouse="gone"), planned(farm, "b")
    clock.advance(days=7)
    assert look() == 2
    (slot,) = slots_of(farm.database, gone)
    assert (slot.status, slot.run_id) == ("refused", "")
    assert "There is no warehouse `gone`" in slot.why
    assert slots(farm, there) == [("2026-03-09T08:00", "taken")]
    assert look() == 0


def test_a_schedule_that_cannot_be_read_does_not_keep_the_others_waiting(
    farm: House, look: Look, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    planned(farm, "a", timezone="No/Where")
    planned(farm, "b")
    clock.advance(days=7)
    assert look() == 1
    assert "sched_a failed: ZoneInfoNotFoundError" in caplog.text


def test_each_organisation_has_its_own_jobs(farm: House, look: Look, clock: Clock, load: Any) -> None:
    keep_organisation(farm.everywhere, Organisation(organisation_id="org_1", name="One", created_at=clock()))
    other = farm.of("org_1")
    mine, theirs = planned(farm, "mine"), planned(other, "theirs")
    clock.advance(days=7)
    assert look() == 2
    assert slots(farm, mine) == [("2026-03-09T08:00", "taken")]
    assert slots(other, theirs) == [("2026-03-09T08:00", "refused")]  # it has no such warehouse
    assert {run.organisation_id for run in jobs(farm)} == {LOCAL}
    with pytest.raises(NotFound):
        schedule_named(farm.database, theirs)


def test_an_alert_is_looked_for_only_when_something_was_loaded(
    farm: House, look: Look, clock: Clock, load: Any
) -> None:
    schedule = planned(farm, kind="alert", cron="0 * * * *")
    clock.advance(hours=1)
    assert look() == 1
    (run,) = jobs(farm)
    assert request(farm, run)["purpose"] == "alert"
    clock.advance(hours=5)
    assert (look(), look()) == (1, 0)
    load("id,age\n1,31\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})
    clock.advance(hours=1)
    assert look() == 1
    assert len(jobs(farm)) == 2
    assert slots(farm, schedule) == [
        ("2026-03-02T15:00", "taken"),
        ("2026-03-02T14:00", "unchanged"),
        ("2026-03-02T09:00", "taken"),
    ]


def test_an_alert_whose_job_failed_is_looked_for_again(farm: House, look: Look, clock: Clock) -> None:
    planned(farm, kind="alert", cron="0 * * * *")
    clock.advance(hours=1)
    look()
    change_run(farm.database, jobs(farm)[0].run_id, ("queued",), status="failed")
    clock.advance(hours=1)
    look()
    assert len(jobs(farm)) == 2


def test_hours_without_an_alert_do_not_pile_up(farm: House, look: Look, clock: Clock) -> None:
    schedule = planned(farm, kind="alert", cron="0 * * * *")
    for _ in range(80):
        clock.advance(hours=1)
        look()
    assert len(jobs(farm)) == 1
    assert len(slots(farm, schedule)) == 61


def test_running_now_is_a_job_beside_the_slots_however_often(farm: House, settings: Settings) -> None:
    schedule = planned(farm, is_paused=True)
    first, second = (run_now(farm, settings, schedule, "key_1") for _ in range(2))
    assert first.run_id != second.run_id
    assert (first.actor, request(farm, first)["slot"]) == ("key_1", None)
    assert str(first.idempotency_key).startswith(f"{schedule}:now:")
    assert slots(farm, schedule) == []
    with pytest.raises(NotFound):
        run_now(farm, settings, "sched_none")


def test_a_removed_schedule_is_due_no_more(farm: House, look: Look, clock: Clock) -> None:
    schedule = planned(farm)
    clock.advance(days=7)
    look()
    remove_schedule(farm.database, schedule)
    clock.advance(days=7)
    assert look() == 0
    assert slots_of(farm.database, schedule) == []
    assert len(jobs(farm)) == 1


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_of_schedulers_that_look_at_the_same_moment_one_takes_the_slot(
    farm: House, settings: Settings, clock: Clock, where: str, request: pytest.FixtureRequest
) -> None:
    if where == "postgres":
        farm.database = Database(farm.home / "none.db", request.getfixturevalue("postgres_database"))
    schedule = planned(farm)
    found: list[int] = []
    for week in range(6):
        clock.advance(days=7 if week < 4 else 14)
        start = threading.Barrier(4)

        def look(start: threading.Barrier = start) -> None:
            start.wait()
            found.append(Scheduler(farm, settings).tick())

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    kept = slots_of(farm.database, schedule, 100)
    if where == "postgres":
        everything = jobs(farm)
        farm.database.close()
    else:
        everything = jobs(farm)
    assert len(found) == 24
    assert sum(found) == len(everything) == 6
    assert [slot.status for slot in kept].count("taken") == 6
    assert [slot.status for slot in kept].count("skipped") == 2


def test_there_may_be_no_end_of_slots(farm: House, look: Look, clock: Clock) -> None:
    """29 February: nothing for two years, and then once."""
    schedule = planned(farm, cron="0 8 29 2 *")
    clock.time = datetime(2028, 2, 29, 8, tzinfo=UTC)
    assert (look(), look()) == (1, 0)
    assert slots(farm, schedule) == [("2028-02-29T08:00", "taken")]


def test_a_worker_looks_at_the_schedules(farm: House, work: Callable[[], None], clock: Clock) -> None:
    schedule = planned(farm, warehouse="gone")
    clock.advance(days=7)
    work()
    assert slots(farm, schedule) == [("2026-03-09T08:00", "refused")]
