"""Schedules are made, changed, paused, shown and removed, as they are spoken of."""

from collections.abc import Callable
from typing import Any

import pytest

from store.errors import BadInput, Conflict, NotFound, ToolRefused
from store.records import schedules as records
from store.records.access.audit import entries_of
from store.records.schedules import schedule_named, schedules_of
from store.workspace import House, Workspace
from tests.conftest import Clock
from tools.calls import call
from tools.profiles import catalogue as profiles
from tools.schedules.catalogue import LIST, REMOVE, SCHEDULE

Ask = Callable[..., Any]


@pytest.fixture
def team(load: Callable[..., Workspace]) -> Workspace:
    return load("id,age\n1,30\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})


@pytest.fixture
def schedule(team: Workspace) -> Ask:
    return lambda **said: call(SCHEDULE, team, said)


def kept(workspace: Workspace) -> list[tuple[str, str, str]]:
    found = schedules_of(workspace.database, workspace.warehouse.name)
    return [(each.name, each.cron, each.timezone) for each in found]


def test_nothing_said_is_mondays_at_eight(schedule: Ask) -> None:
    """The clock stands at Monday 2 March 2026, 08:00 UTC: that slot is before it was made."""
    made = schedule()
    assert (made.what, made.schedule.cron, made.schedule.timezone) == ("begun", "0 8 * * mon", "UTC")
    assert made.says == (
        "It comes every Monday at 08:00 (UTC), to nobody yet. The next times: "
        "Monday 9 March 2026, 08:00 (UTC); Monday 16 March 2026, 08:00 (UTC); "
        "Monday 23 March 2026, 08:00 (UTC)."
    )


def test_what_was_said_in_a_sentence_is_kept(schedule: Ask, team: Workspace) -> None:
    made = schedule(
        weekday="tuesday",
        at="16:00",
        timezone="europe/paris",
        recipients=["a@example.com", "b@example.com", "a@example.com"],
    )
    assert (made.schedule.cron, made.schedule.timezone) == ("0 16 * * tue", "Europe/Paris")
    assert made.says.startswith("It comes every Tuesday at 16:00 (Europe/Paris), to 2 recipients.")
    assert made.schedule.next_times[0].slot == "2026-03-03T16:00"
    assert len(schedule_named(team.database, made.schedule_id).recipient_ids) == 2


def test_over_the_change_of_clocks_the_time_on_the_wall_stays(schedule: Ask, clock: Clock) -> None:
    clock.advance(days=21)
    times = schedule(timezone="Europe/Berlin").schedule.next_times
    assert [each.due_at.isoformat()[:16] for each in times] == [
        "2026-03-30T06:00",
        "2026-04-06T06:00",
        "2026-04-13T06:00",
    ]


def test_asking_again_changes_the_one_there_is_and_keeps_what_is_left_out(
    schedule: Ask, team: Workspace
) -> None:
    first = schedule(weekday="thursday", at="10:30", recipients=["a@example.com"])
    moved = schedule(at="16:00")
    assert (moved.what, moved.schedule_id, moved.schedule.cron) == (
        "changed",
        first.schedule_id,
        "0 16 * * thu",
    )
    assert moved.schedule.recipient_ids == first.schedule.recipient_ids
    assert schedule(at="16:00").what == "unchanged"
    assert schedule(weekday="friday").schedule.cron == "0 16 * * fri"
    assert kept(team) == [("", "0 16 * * fri", "UTC")]


def test_a_change_of_times_begins_with_the_next_slot(schedule: Ask, team: Workspace, clock: Clock) -> None:
    made = schedule(at="12:00")
    clock.advance(days=7, hours=1)
    schedule(at="08:30")
    assert schedule_named(team.database, made.schedule_id).counts_from == clock()


def test_another_name_another_profile_and_another_are_schedules_of_their_own(
    schedule: Ask, team: Workspace
) -> None:
    profile = call(profiles.CREATE, team, {"name": "Enterprise", "industries": ["Software"]})
    call(profiles.SHARE, team, {"icp_profile": "Enterprise"})
    first = schedule(name="Sales")
    second = schedule(name="sales ", at="09:00")
    assert second.schedule_id == first.schedule_id
    assert schedule(name="Marketing").what == "begun"
    about = schedule(icp_profile="enterprise")
    assert (about.what, about.schedule.icp_profile) == ("begun", profile.icp_profile_id)
    assert schedule(icp_profile=profile.icp_profile_id).what == "unchanged"
    assert schedule(another=True).what == "begun"
    with pytest.raises(BadInput, match="Several schedules fit"):
        schedule(at="07:00")
    assert len(kept(team)) == 4


def test_a_private_profile_and_one_that_is_not_there_are_refused(schedule: Ask, team: Workspace) -> None:
    call(profiles.CREATE, team, {"name": "Mine", "industries": ["Software"]})
    with pytest.raises(BadInput, match="The profile is private"):
        schedule(icp_profile="Mine")
    with pytest.raises(NotFound, match="no such profile"):
        schedule(icp_profile="Nobody's")
    with pytest.raises(BadInput, match="no such analysis"):
        schedule(icp_profile="icp_1")
    assert kept(team) == []


def test_pausing_and_resuming_as_one_says_it(schedule: Ask, team: Workspace, clock: Clock) -> None:
    made = schedule()
    stopped = schedule(paused=True)
    assert (stopped.what, stopped.schedule.next_times) == ("paused", [])
    assert stopped.says == "It is paused: nothing is due until it is resumed."
    assert schedule(paused=True).what == "unchanged"
    # By its id it stays paused until that is said; in a sentence it is to be sent.
    assert schedule(schedule_id=made.schedule_id, at="09:00").schedule.is_paused
    clock.advance(days=30)
    assert schedule().what == "resumed"
    assert schedule_named(team.database, made.schedule_id).counts_from == clock()


def test_what_is_not_there_cannot_be_paused_or_changed(schedule: Ask, team: Workspace) -> None:
    with pytest.raises(NotFound, match="no schedule to pause"):
        schedule(paused=True)
    with pytest.raises(NotFound, match="no such schedule in `small`"):
        schedule(schedule_id="sched_1", at="09:00")
    assert kept(team) == []


def test_a_schedule_of_another_warehouse_is_told_apart(schedule: Ask, house: House, team: Workspace) -> None:
    made = schedule()
    other = house.workspace("other")
    with pytest.raises(NotFound, match="of another warehouse"):
        REMOVE.run(other, REMOVE.query(schedule_id=made.schedule_id))  # type: ignore[call-arg]


def test_an_alert_is_looked_at_every_hour(schedule: Ask) -> None:
    made = schedule(kind="alert").schedule
    assert (made.kind, made.cron, made.when, made.cooldown_hours) == ("alert", "0 * * * *", "every hour", 24)
    assert schedule(kind="alert", cooldown_hours=6).what == "changed"
    assert schedule().what == "begun"  # a briefing is another
    with pytest.raises(BadInput, match="of the kind `alert`"):
        schedule(schedule_id=made.schedule_id, kind="briefing")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"cron": "*/5 * * * *"}, "oftener than once an hour"),
        ({"cron": "0 8 * * mon", "at": "09:00"}, "`cron` takes the place"),
        ({"at": "25:00"}, "no such time of the day"),
        ({"timezone": "Mars/Olympus"}, "no such time zone"),
        ({"every": "day", "weekday": "monday"}, "no day of the week"),
        ({"every": "year"}, "`every`"),
        ({"recipients": ["not an address"]}, r"recipients\[0\]"),
        ({"name": "a\x00b"}, "`name`"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_keeps_nothing(
    schedule: Ask, team: Workspace, said: dict[str, Any], told: str
) -> None:
    with pytest.raises(ToolRefused, match=told) as refused:
        schedule(**said)
    assert "not an address" not in str(refused.value)
    assert kept(team) == []


def test_there_are_not_endlessly_many(schedule: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_SCHEDULES", 2)
    schedule(another=True)
    schedule(another=True)
    with pytest.raises(Conflict, match="2 schedules already"):
        schedule(another=True)


def test_schedules_are_listed_with_their_next_times(schedule: Ask, team: Workspace, clock: Clock) -> None:
    schedule(name="First")
    clock.advance(minutes=1)
    schedule(name="Second", paused=False, cron="0 8 1 * *")
    schedule(kind="alert")
    listed = call(LIST, team, {"kind": "briefing"}).schedules  # type: ignore[attr-defined]
    assert [(each.name, each.when, each.last_slot) for each in listed] == [
        ("Second", "on day 1 of every month at 08:00", None),
        ("First", "every Monday at 08:00", None),
    ]
    assert listed[0].next_times[0].says == "Wednesday 1 April 2026, 08:00 (UTC)"
    assert len(call(LIST, team, {}).schedules) == 3  # type: ignore[attr-defined]


def test_a_schedule_is_removed_by_its_id_or_name(schedule: Ask, team: Workspace) -> None:
    schedule(name="Sales")
    other = schedule(name="Marketing")
    assert call(REMOVE, team, {"schedule_id": "sales"}).name == "Sales"  # type: ignore[attr-defined]
    call(REMOVE, team, {"schedule_id": other.schedule_id})
    assert kept(team) == []
    with pytest.raises(NotFound):
        call(REMOVE, team, {"schedule_id": "Sales"})


def test_every_change_is_in_the_audit_once(schedule: Ask, team: Workspace, clock: Clock) -> None:
    made = schedule(recipients=["a@example.com"])
    for said in ({"at": "09:00"}, {"at": "09:00"}, {"paused": True}, {}):
        clock.advance(seconds=1)
        schedule(**said)
    clock.advance(seconds=1)
    call(REMOVE, team, {"schedule_id": made.schedule_id})
    actions = [(each.action, each.about) for each in entries_of(team.database, 20)]
    assert [action for action, about in reversed(actions) if about == made.schedule_id] == [
        "schedule.added",
        "schedule.changed",
        "schedule.paused",
        "schedule.resumed",
        "schedule.removed",
    ]


@pytest.mark.parametrize(
    ("cron", "when"),
    [
        ("30 7 * * *", "every day at 07:30"),
        ("0 8 * * 1-5", "every weekday at 08:00"),
        ("0 8 * * 0", "every Sunday at 08:00"),
        ("0 8 * * thu#2", "on the second Thursday of every month at 08:00"),
        ("15 * * * *", "every hour at minute 15"),
        ("0 8,16 * * mon", "at the times of `0 8,16 * * mon`"),
        ("0 8 1 1 *", "at the times of `0 8 1 1 *`"),
    ],
)
def test_when_it_comes_is_told_in_words(schedule: Ask, cron: str, when: str) -> None:
    assert schedule(cron=cron).schedule.when == when
