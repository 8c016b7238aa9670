"""Workers that are killed with no warning between a file and its record, a queue and its mail, a mail and its
record: one briefing, one change, one mail to each, but for the window that is told.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from benchmarks.closed_loop.dying_worker import PLACES
from benchmarks.closed_loop.house import FIRST_MONDAY, MARKETING, SALES, Loop
from benchmarks.closed_loop.weeks import Accounts
from store.records.outbox import OutboxMessage
from store.records.runs import runs_of

ROOT = Path(__file__).parents[2]
SECONDS = 120  # of one worker's life, on a slow machine
CLAIM = timedelta(minutes=6)  # a claim of a killed deliverer runs out after five


def _die(loop: Loop, place: str) -> None:
    command = [sys.executable, "-m", "benchmarks.closed_loop.dying_worker", str(loop.home), place]
    environment = {**os.environ, **loop.environment, "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, timeout=SECONDS, check=False)
    assert ended.returncode == -signal.SIGKILL


def test_killed_at_three_places_it_tells_once(loop: Loop, three_weeks: Path) -> None:
    accounts = Accounts.read(three_weeks / "accounts.csv").moved("Media", "Software", 2)
    now = loop.at(FIRST_MONDAY + timedelta(weeks=3, seconds=30))
    loop.load(accounts)
    for place in PLACES:
        _die(loop, place)
        now = loop.at(now + CLAIM)
    loop.work()

    assert [run.status for run in runs_of(loop.house.database, "accounts")] == ["done"] * 4
    assert [each.slot for each in loop.briefings()][-1] == "2026-03-23T08:00"
    assert len(loop.briefings()) == 4
    synced = [each for each in _outbox(loop) if each.event == "audience.synced"]
    assert len(synced) == 3  # of three changes: weeks 1, 3 and 4
    (audience,) = loop.briefings()[-1].audiences
    assert sum(each.people for each in audience.entered) == 2
    _mailed_once_but_for_the_window(loop)


def _mailed_once_but_for_the_window(loop: Loop) -> None:
    """Whose mail the server had taken when the worker died gets it again: the same mail, byte for byte."""
    many = Counter(to for to, _ in loop.mailbox.mails)
    assert sorted(many.values()) == [1, 2]
    assert set(many) == {SALES, MARKETING}
    twice = next(to for to, count in many.items() if count == 2)
    one, other = (mail.as_bytes() for to, mail in loop.mailbox.mails if to == twice)
    assert one == other
    last = loop.briefings()[-1].briefing_id
    log = Counter(each.status for each in loop.deliveries() if each.briefing_id == last)
    assert log["sent"] == 2  # each mail once in the log; the channel was the three weeks' own, and is gone
    assert log["unsubscribed"] == 1


def _outbox(loop: Loop) -> list[OutboxMessage]:
    from sqlmodel import select

    with loop.house.database.session() as session:
        return list(session.exec(select(OutboxMessage)))
