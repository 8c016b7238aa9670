"""Weeks of deals of one house, in which the tests know what changes, and when."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from agent.briefing_result import Briefing
from agent.requests import RunBriefing
from agent.run_briefing import start_briefing
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.workspace import House, Workspace

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
WEEKS_BEFORE = 32
DEALS_A_WEEK = 30


class Weeks:
    """A ledger that grows week by week, and a clock that goes with it.

    One in two deals is won where employees are 50 to 500, one in eight elsewhere, whatever the sector.
    """

    def __init__(self, home: Path) -> None:
        ids = itertools.count(1)
        self.time = FIRST
        self._numbers, self._chance = itertools.count(1), np.random.default_rng(3)
        self.house = House(
            home,
            base_url="http://127.0.0.1:8321",
            now=lambda: self.time,
            new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
        )
        self.workspace: Workspace = self.house.workspace("crm")
        before = (FIRST - timedelta(weeks=week) for week in range(WEEKS_BEFORE, 0, -1))
        self._record([record for monday in before for record in self._deals(monday)])

    def week(self, **planted: Any) -> None:
        """A week passes, with its deals."""
        deals = list(self._deals(self.time, **planted))
        self.time += timedelta(weeks=1)
        self._record(deals)

    def brief(self, **asked: Any) -> Briefing:
        return start_briefing(self.workspace, RunBriefing(**asked))

    def _record(self, deals: list[OutcomeRecord]) -> None:
        ledger_of(self.workspace.warehouse).record(deals, "account", self.time)

    def _deals(
        self, monday: datetime, count: int = DEALS_A_WEEK, logistics: float | None = None, sector: bool = True
    ) -> Iterator[OutcomeRecord]:
        """Deals of a week; logistics: the win rate of its deals; sector: whether it is recorded."""
        for at in range(count):
            number, decided = next(self._numbers), monday.date() + timedelta(at * 7 // count)
            kind = ["logistics", "software", "health"][int(self._chance.integers(3))]
            employees = int(np.exp(self._chance.uniform(np.log(5), np.log(5_000))))
            rate = 0.5 if 50 <= employees < 500 else 0.125
            if kind == "logistics" and logistics is not None:
                rate = logistics
            yield OutcomeRecord(
                record_id=f"deal-{number}",
                unit_id=f"account-{number}",
                outcome="won" if self._chance.random() < rate else "lost",
                opened_at=decided - timedelta(40),
                decided_at=decided,
                amount=1_000.0 + 10 * employees,
                currency="EUR",
                attributes={"employees": employees, **({"sector": kind} if sector else {})},
            )
