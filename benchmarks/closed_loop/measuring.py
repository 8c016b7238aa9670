"""What does a weekly run cost, with as many accounts and deals as a house has?"""

import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.closed_loop.house import Loop
from store.accounts.preparing import prepared_accounts
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import ledger_of
from store.synthetic.deals import generate_deals


class Cost(NamedTuple):
    """Of one run, by the wall and by the processor."""

    what: str
    seconds: float
    cpu_seconds: float


def weekly_runs(loop: Loop, folder: Path, accounts: int, deals: int) -> list[Cost]:
    """A first briefing, one on unchanged data, and one after a week's newer accounts and deals.

    The accounts and deals are those of `fieldmark accounts synth`, with what was known of each account when
    its deal was opened: some thirty columns.
    """
    for week, days in ((1, 7), (2, 0)):
        now = loop.house.now()
        generate_deals(accounts, deals, 0, folder / f"week-{week}", now - timedelta(days))
    _load(loop, folder / "week-1")
    loop.sets_up()
    costs = [_timed("first", loop, 1), _timed("nothing newer", loop, 2)]
    loop.monday(3)
    _load(loop, folder / "week-2")
    return [*costs, _timed("newer accounts and deals", loop, 3)]


def _timed(what: str, loop: Loop, week: int) -> Cost:
    loop.monday(week)
    wall, cpu = time.monotonic(), time.process_time()
    loop.work()
    return Cost(what, time.monotonic() - wall, time.process_time() - cpu)


def _load(loop: Loop, files: Path) -> None:
    workspace = loop.workspace
    with prepared_accounts([files / "accounts.csv"], loop.house.now().date(), loop.home) as prepared:
        given = [prepared.path], prepared.mapping, loop.house.now()
        workspace.warehouse.load(*given, progress=lambda *_: None, processes=1)
    history = files / "accounts_history.parquet"
    ledger_of(workspace.warehouse).load(
        files / "deals_hubspot.csv", IntakeQuery(), loop.house.now(), history=history
    )
