"""How does the year go: week by week, with what happens to its workers and its clock?"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from agent import CATALOGUE
from agent.briefing_result import Briefing
from agent.history.replaying.replay import replay
from agent.history.replaying.replayed import Replayed
from benchmarks.simulated_year.deals import Planted, at_noon, deals_of_week
from benchmarks.simulated_year.mailbox import mailbox
from benchmarks.simulated_year.worker import opened, set_clock
from store.outcomes.ledger import ledger_of
from store.records import Database
from store.records.kept_results import KeptResult
from store.records.recipients import BriefingDelivery
from store.records.runs import OPEN, runs_of
from store.workspace import Workspace
from tools.calls import call, tool_named

ZONE, CRON = "Europe/Berlin", "30 2 * * 0"
RECIPIENTS = ["sales@example.com", "marketing@example.com"]
BEFORE_WEEKS = 26  # of deals that are known when the year begins
PATIENCE_S = 240.0
LOOK_S = 0.1
WORKERS = 2


@dataclass(frozen=True)
class Week:
    """One week: its Sunday, and what happens besides."""

    number: int
    sunday: date
    happens: str = ""  # killed, both_restart, ten_days_off, clock_back_hour, clock_back_days


@dataclass
class WeekTold:
    """What came of one week."""

    week: Week
    due: datetime
    briefings: list[Briefing]
    mails: int
    seconds: float


HAPPENS = {
    6: "killed",
    10: "both_restart",
    14: "clock_back_hour",
    24: "killed",
    31: "ten_days_off",
    40: "clock_back_days",
    47: "killed",
}


def year_plan(weeks: int, first: date) -> list[Week]:
    """The weeks, numbered from 1."""
    return [Week(at, first + timedelta(7 * (at - 1)), HAPPENS.get(at, "")) for at in range(1, weeks + 1)]


class Year:
    """A house with its two workers and its mailbox."""

    def __init__(self, home: Path, plan: list[Week], planted: Planted, seed: int, deals: int) -> None:
        self._home, self._plan, self._planted, self._seed, self._deals = home, plan, planted, seed, deals
        self._workers: list[subprocess.Popen[bytes]] = []
        self._seen: set[str] = set()

    def run(self, say: Callable[[str], None]) -> list[WeekTold]:
        """Every week, one after another."""
        with ExitStack() as stack:
            self._mailbox = stack.enter_context(mailbox())
            stack.callback(self._end_all)
            self._begin()
            told = []
            for week in self._plan:
                told.append(self._one(week))
                last = told[-1]
                words = "; ".join(briefing.headline for briefing in last.briefings)
                say(f"{week.number:2} {week.sunday} {last.mails} mails {last.seconds:5.1f} s  {words}")
            return told

    def replayed(self, briefing: Briefing) -> Replayed:
        """The briefing made again from what it was made from, after all that came later."""
        return replay(self._workspace(), briefing.briefing_id)

    def _begin(self) -> None:
        thursday = datetime.combine(self._plan[0].sunday - timedelta(3), datetime.min.time(), UTC)
        set_clock(self._home, thursday)
        workspace = self._workspace()
        for back in range(BEFORE_WEEKS, 0, -1):
            self._record(workspace, 1 - back, self._plan[0].sunday - timedelta(7 * back + 1))
        asked = {"cron": CRON, "timezone": ZONE, "recipients": RECIPIENTS, "name": "The year"}
        call(tool_named(CATALOGUE, "schedule_briefing"), workspace, asked)
        self._start_all()

    def _record(self, workspace: Workspace, week: int, ends: date) -> None:
        deals = deals_of_week(week, ends, self._deals, self._planted, self._seed)
        ledger_of(workspace.warehouse).record(deals, "account", workspace.now())

    def _one(self, week: Week) -> WeekTold:
        saturday = week.sunday - timedelta(1)
        due = _instant(week.sunday)
        began = time.monotonic()
        if week.happens == "ten_days_off":
            self._end_all()  # the Sunday in between is missed
        if week.happens == "both_restart":
            self._end_all()
            self._start_all()
        set_clock(self._home, at_noon(saturday))
        self._record(self._workspace(), week.number, saturday)
        if week.happens == "ten_days_off":
            set_clock(self._home, due + timedelta(days=4))
            self._start_all()
        else:
            set_clock(self._home, due + timedelta(seconds=30))
        if week.happens == "killed":
            self._kill_whoever_writes()
        self._await(week)
        if week.happens == "clock_back_hour":
            self._turn_back(due, timedelta(hours=1))
        if week.happens == "clock_back_days":
            self._turn_back(due, timedelta(days=3))
        found = self._new_briefings()
        return WeekTold(week, due, found, self._mailbox.taken(), time.monotonic() - began)

    def _turn_back(self, due: datetime, by: timedelta) -> None:
        """The clock goes back, stays so for a while of looking, and is set right again."""
        set_clock(self._home, due - by)
        time.sleep(6)  # workers look for what is due every few seconds
        set_clock(self._home, due + timedelta(minutes=2))
        time.sleep(6)
        self._await(None)

    def _kill_whoever_writes(self) -> None:
        """Kill both workers as soon as one has the job, and start two others."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            running = runs_of(self._workspace().database, "crm", ("running",))
            if running:
                break
            time.sleep(LOOK_S)
        for child in self._workers:
            child.kill()
            child.wait()
        self._workers.clear()
        self._start_all()

    def _await(self, week: Week | None) -> None:
        """Until the briefing of the week is written and every mail has left."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if (week is None or self._written() > len(self._seen)) and not self._open():
                return
            time.sleep(LOOK_S)
        raise RuntimeError(f"week {week.number if week else '-'} came to no end in {PATIENCE_S:g} s")

    def _written(self) -> int:
        return len(_briefing_ids(self._workspace()))

    def _open(self) -> bool:
        database = self._workspace().database
        if runs_of(database, "crm", OPEN):
            return True
        return any(one.status in ("pending", "failed") for one in _deliveries(database))

    def _new_briefings(self) -> list[Briefing]:
        workspace = self._workspace()
        ids = [each for each in _briefing_ids(workspace) if each not in self._seen]
        self._seen.update(ids)
        return [Briefing.model_validate(workspace.artifacts.document("briefing", each)) for each in ids]

    def _workspace(self) -> Workspace:
        if not hasattr(self, "_house"):
            self._house = opened(self._home)
        return self._house.workspace("crm")

    def _start_all(self) -> None:
        for _ in range(WORKERS):
            self._start()

    def _start(self) -> None:
        environment = {
            **os.environ,
            "FIELDMARK_MAIL_SERVER": self._mailbox.url,
            "FIELDMARK_MAIL_FROM": "Fieldmark <briefings@example.com>",
        }
        command = (sys.executable, "-m", "benchmarks.simulated_year.worker", str(self._home))
        self._workers.append(subprocess.Popen(command, env=environment))

    def _end_all(self) -> None:
        for child in self._workers:
            child.terminate()
        for child in self._workers:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._workers.clear()


def _instant(sunday: date) -> datetime:
    """02:30 in Berlin on that day; where it is left out, when the gap ends."""
    local = datetime(sunday.year, sunday.month, sunday.day, 2, 30, tzinfo=ZoneInfo(ZONE))
    return local.astimezone(UTC)


def _briefing_ids(workspace: Workspace) -> list[str]:
    with workspace.database.session() as session:
        found = select(KeptResult.result_id).where(KeptResult.kind == "briefing")
        return list(session.exec(found.order_by(col(KeptResult.created_at))))


def _deliveries(database: Database) -> list[BriefingDelivery]:
    with database.session() as session:
        return list(session.exec(select(BriefingDelivery)))
