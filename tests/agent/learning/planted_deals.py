"""Deals that follow a rule which the tests know."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from agent.outcome_analysis import OutcomeAnalysis
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.workspace import House, Workspace

TODAY = date(2026, 3, 2)


class Learned(NamedTuple):
    """A workspace with recorded deals, and what was said of them."""

    workspace: Workspace
    found: OutcomeAnalysis


def deals(
    count: int, seed: int, *, first: date = TODAY - timedelta(700), last: date = TODAY, begin: int = 0
) -> list[OutcomeRecord]:
    """Deals of which one in ten is won, and six in ten where employees are 50 to 500; colour says nothing.

    `handover` is filled in after a deal is won.
    """
    chance = np.random.default_rng(seed)
    span = (last - first).days
    records = []
    for at in range(count):
        employees = int(np.exp(chance.uniform(np.log(5), np.log(5_000))))
        is_won = bool(chance.random() < (0.6 if 50 <= employees < 500 else 0.1))
        decided = first + timedelta(int(span * at / count))
        records.append(
            OutcomeRecord(
                record_id=f"deal-{begin + at}",
                unit_id=f"account-{begin + at}",
                outcome="won" if is_won else "lost",
                opened_at=decided - timedelta(40),
                decided_at=decided,
                amount=1_000.0 + 10 * employees,
                currency="USD",
                attributes={
                    "employees": employees,
                    "colour": ["red", "blue", "green"][int(chance.integers(3))],
                    "handover": "yes" if is_won else "no",
                },
            )
        )
    return records


def recorded(workspace: Workspace, records: list[OutcomeRecord]) -> Workspace:
    """The workspace, with these records of accounts in its ledger."""
    ledger_of(workspace.warehouse).record(records, "account", workspace.now())
    return workspace


def opened(home: Path) -> House:
    ids = itertools.count(1)
    return House(
        home,
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
    )
