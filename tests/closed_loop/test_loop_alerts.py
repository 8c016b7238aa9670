"""An alert between two briefings: told once, quiet within its cool-down, and nothing where nothing is new."""

from datetime import timedelta
from pathlib import Path

from benchmarks.closed_loop.house import ALERT, FIRST_MONDAY, SALES, Loop
from benchmarks.closed_loop.weeks import Accounts, Deals
from store.records.schedules import slots_of

RETAIL = "Retail"
THURSDAY = FIRST_MONDAY + timedelta(weeks=2, days=3)


def test_an_alert_is_sent_once_and_nothing_where_nothing_is_new(loop: Loop, three_weeks: Path) -> None:
    """10:00 newer deals, all of them won: told. 11:00 more of them: the cool-down. 12:00 nothing came."""
    retail = Deals(Accounts(Accounts.read(three_weeks / "accounts.csv").of(RETAIL)), 5, 150, {}, "retail")
    loop.at(THURSDAY + timedelta(hours=1, minutes=30))
    loop.watch()
    for hour, part in ((2, 1), (3, 2), (4, 0)):
        now = loop.at(THURSDAY + timedelta(hours=hour, seconds=30))
        if part:
            retail.surely_won = {part: RETAIL}
            loop.record(retail.week(part, now.date() - timedelta(1)))
        loop.work()

    assert [to for to, _ in loop.mailbox.mails] == [SALES]
    ((_, mail),) = loop.mailbox.mails
    assert str(mail["Subject"]).strip().startswith("Alert: ")
    assert [each.recipients for each in loop.briefings("alert")][:1] == [1]
    assert sum(each.recipients for each in loop.briefings("alert")) == 1
    slots = slots_of(loop.house.database, loop.schedule(ALERT).schedule_id)
    assert [each.status for each in slots] == ["unchanged", "taken", "taken"]
