"""Alerts leave the house only for what is new, not again within the cool-down; readers keep their news."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from agent.briefing_result import Briefing
from agent.changes.briefing.earlier import Earlier, known_keys, last_of, quiet_until_over
from agent.changes.judged import Candidate, _varied
from agent.changes.result import ToldChange
from agent.requests import RunBriefing
from agent.run_briefing import BRIEFING, start_briefing
from store.errors import NotFound
from store.records.kept_results import KeptResult
from store.records.newest import newest
from store.records.recipients import BriefingDelivery, recipients_for
from store.records.schedules import Schedule
from store.workspace import Workspace
from tests.agent.changes.conftest import Club, first_members, people, with_wine_lovers
from tests.conftest import Clock

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)


def scheduled(workspace: Workspace, kind: str, addresses: list[str], cron: str = "0 8 * * 1") -> str:
    schedule = Schedule(
        schedule_id=f"sch_{kind}",
        warehouse=workspace.warehouse.name,
        kind=kind,
        cron=cron,
        timezone="UTC",
        recipient_ids=recipients_for(workspace, addresses),
        cooldown_hours=24,
        counts_from=workspace.now(),
        created_at=workspace.now(),
    )
    workspace.database.add(schedule)
    return f"sch_{kind}"


def sent(workspace: Workspace, schedule_id: str, purpose: str = "briefing") -> Briefing:
    asked = {"send": True, "schedule_id": schedule_id, "purpose": purpose}
    return start_briefing(workspace, RunBriefing.model_validate(asked))


@pytest.fixture
def changed(club: Club) -> Workspace:
    """A club that took to wine between its two analyses."""
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    return workspace


def test_an_alert_is_sent_for_news_once_and_the_next_one_is_not(changed: Workspace, clock: Clock) -> None:
    alerts = scheduled(changed, "alert", ["ann@example.com"], cron="0 8 * * *")
    first = sent(changed, alerts, "alert")
    assert (first.kind, first.recipients) == ("changes", 1)
    clock.advance(days=1)
    second = sent(changed, alerts, "alert")
    assert (second.kind, second.recipients) == ("unchanged", 0)
    assert second.significant_keys == first.significant_keys
    with changed.database.session() as session:
        assert len(list(session.exec(select(BriefingDelivery)))) == 1


def listed(workspace: Workspace) -> list[str]:
    """Ids in the list of briefings, the newest first."""
    at, key = KeptResult.created_at, KeptResult.result_id
    rows = newest(workspace.database, KeptResult, at, key, 100, kind="briefing", warehouse="club")
    return [row.result_id for row in rows]


def test_alerts_that_went_to_nobody_are_not_listed_and_are_found_by_their_id(
    changed: Workspace, clock: Clock
) -> None:
    """Hourly: of three, the first has news."""
    alerts = scheduled(changed, "alert", ["ann@example.com"], cron="0 * * * *")
    found = []
    for _ in range(3):
        found.append(sent(changed, alerts, "alert"))
        clock.advance(hours=1)
    assert [each.recipients for each in found] == [1, 0, 0]
    assert listed(changed) == [found[0].briefing_id]
    quiet = changed.database.get(KeptResult, found[2].briefing_id)
    assert quiet is not None
    assert quiet.kind == "quiet_alert"
    assert BRIEFING.saved(changed, found[2].briefing_id) == found[2]


def test_an_alert_that_nobody_got_takes_no_news_from_a_reader(changed: Workspace, clock: Clock) -> None:
    alerts = scheduled(changed, "alert", [])
    assert sent(changed, alerts, "alert").kind == "changes"
    clock.advance(days=1)
    assert start_briefing(changed, RunBriefing()).kind == "changes"


def test_without_news_no_alert_is_sent(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    for _ in range(2):
        club.analysed(workspace, members)
    found = sent(workspace, scheduled(workspace, "alert", ["ann@example.com"]), "alert")
    assert (found.kind, found.recipients) == ("unchanged", 0)


def test_what_one_team_was_told_is_still_news_to_another(changed: Workspace) -> None:
    start_briefing(changed, RunBriefing())
    first = sent(changed, scheduled(changed, "briefing", ["ann@example.com"]))
    other = start_briefing(changed, RunBriefing(send=True, recipients=["bob@example.com"]))
    again = start_briefing(changed, RunBriefing(send=True, recipients=["ann@example.com"]))
    assert first.kind == other.kind == "changes"
    assert (again.kind, again.changes) == ("unchanged", [])
    assert len(again.continuing) == len(first.significant_keys)


def test_a_daily_schedule_spends_a_365th_of_the_year_and_a_weekly_one_a_52nd(changed: Workspace) -> None:
    weekly = sent(changed, scheduled(changed, "briefing", []))
    daily = sent(changed, scheduled(changed, "alert", [], cron="0 8 * * *"), "alert")
    assert weekly.proof is not None
    assert daily.proof is not None
    assert weekly.proof.level == pytest.approx(0.05 / 52.18, rel=1e-3)
    assert daily.proof.level == pytest.approx(0.05 / 365.25, rel=1e-3)


def test_a_schedule_that_is_gone_is_not_found(changed: Workspace) -> None:
    with pytest.raises(NotFound, match="no such schedule"):
        sent(changed, "sch_none")


def alerted(days: float, *keys: str, recipients: int = 1, purpose: str = "alert") -> Earlier:
    return Earlier(
        briefing_id=f"briefing_{days}",
        created_at=NOW - timedelta(days=days),
        purpose=purpose,
        recipients=recipients,
        significant_keys=list(keys),
    )


def test_within_the_cool_down_nothing_of_the_same_thing_is_sent_again() -> None:
    """`rate:a` went up yesterday and down today; the cool-down is two days; an alert not sent is none."""
    known = [alerted(1, "rate:a:up"), alerted(3, "rate:b:up"), alerted(1, "rate:c:up", recipients=0)]
    keys = ["rate:a:down", "rate:b:down", "rate:c:down", "rate:d:up"]
    assert quiet_until_over(known, keys, NOW, timedelta(days=2)) == keys[1:]


def test_the_last_briefing_is_no_alert_and_keys_of_both_are_known() -> None:
    known = [alerted(1, "a:up"), alerted(7, "b:up", purpose="briefing")]
    last = last_of(known)
    assert last is not None
    assert last.briefing_id == "briefing_7"
    assert known_keys(known) == {"a:up", "b:up"}


def candidate(key: str, thing: str, p: float) -> Candidate:
    return Candidate(told=ToldChange(sentence="s", evidence="e", key=key), short="s", thing=thing, p_value=p)


@pytest.mark.parametrize(
    ("things", "told"),
    [
        ("aaab", [0, 1, 3]),
        ("aaaa", [0, 1]),
        ("abac", [0, 1, 3]),
        ("abcd", [0, 1, 2]),
        ("a", [0]),
        ("", []),
    ],
)
def test_three_levels_of_one_attribute_are_never_told_and_others_come_first(
    things: str, told: list[int]
) -> None:
    new = [candidate(str(at), thing, at / 100) for at, thing in enumerate(things)]
    assert _varied(new) == [new[at] for at in told]


def test_what_only_some_of_its_readers_got_is_news(changed: Workspace) -> None:
    """An alert goes to Ann; a briefing due at the same moment to Ann and Bob, who never heard of it."""
    alert = sent(changed, scheduled(changed, "alert", ["ann@example.com"]), "alert")
    both = sent(changed, scheduled(changed, "briefing", ["ann@example.com", "bob@example.com"]))
    assert (alert.kind, both.kind, both.continuing) == ("changes", "changes", [])
    again = start_briefing(changed, RunBriefing(send=True, recipients=["bob@example.com", "ann@example.com"]))
    assert (again.kind, again.changes) == ("unchanged", [])
