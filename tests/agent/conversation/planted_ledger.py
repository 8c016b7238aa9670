"""What came of the deals of a made-up seller: who buys, leaves and grows is planted."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from agent.analyze_outcomes import start_outcomes
from agent.outcome_analysis import OutcomeAnalysis
from agent.requests import AnalyzeOutcomes
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.workspace import House, Workspace
from tests.conftest import lend_us

LAST_DAY = date(2026, 2, 20)
INDUSTRIES = ("Software", "Health", "Retail", "Travel")
STACK = ("Snowflake", "Excel", "SAP")


def planted_records(deals: int = 360, seed: int = 5) -> list[OutcomeRecord]:
    """Deals of two years: companies of 50-499 in software and health are won, small ones lost for the price.

    Customers with a weak product use leave, those with Snowflake buy more.
    """
    rng = np.random.default_rng(seed)
    records: list[OutcomeRecord] = []
    for account in range(deals):
        known = _known(rng)
        decided = LAST_DAY - timedelta(days=int(720 * (1 - account / deals)))
        won = rng.random() < _win_rate(known)
        about: dict[str, Any] = {"unit_id": str(account), "attributes": known}
        opened = decided - timedelta(days=int(rng.integers(20, 60 if won else 120)))
        reasons = [] if won else [_reason(known, rng)]
        records.append(
            _record("won" if won else "lost", decided, about, opened_at=opened, reasons=reasons, rng=rng)
        )
        records += _later(decided, about, known, rng) if won else []
    records += [
        OutcomeRecord(
            outcome="open",
            unit_id=f"o{at}",
            record_id=f"open-{at}",
            opened_at=LAST_DAY - timedelta(days=at + 1),
            amount=10_000,
            currency="EUR",
            attributes=_known(rng),
        )
        for at in range(40)
    ]
    return records


def record_planted(workspace: Workspace, deals: int = 360, seed: int = 5) -> None:
    """Put them into the ledger of the warehouse."""
    ledger_of(workspace.warehouse).record(planted_records(deals, seed), "account", workspace.now())


def _known(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "employees": float(np.round(np.exp(rng.uniform(np.log(5), np.log(5_000))))),
        "industry": str(rng.choice(INDUSTRIES)),
        "technologies": [one for one in STACK if rng.random() < 0.4],
        "weekly_users": float(rng.integers(0, 30)),
        "trial": bool(rng.random() < 0.5),
    }


def _win_rate(known: dict[str, Any]) -> float:
    rate = 0.1
    rate += 0.4 if 50 <= known["employees"] < 500 else 0
    rate += 0.3 if known["industry"] in ("Software", "Health") else 0
    return rate + (0.1 if known["trial"] else 0)


def _reason(known: dict[str, Any], rng: np.random.Generator) -> str:
    if known["employees"] < 50 and rng.random() < 0.7:
        return "Price"
    return str(rng.choice(["No decision", "Competitor"]))


def _later(
    decided: date, about: dict[str, Any], known: dict[str, Any], rng: np.random.Generator
) -> list[OutcomeRecord]:
    """What became of a customer: left, bought more, or neither yet."""
    found = []
    for what, likely in (
        ("churned", known["weekly_users"] < 8),
        ("expanded", "Snowflake" in known["technologies"]),
    ):
        day = decided + timedelta(days=int(rng.integers(60, 300)))
        if rng.random() < (0.6 if likely else 0.1) and day <= LAST_DAY:
            found.append(_record(what, day, about, opened_at=decided, reasons=[], rng=rng))
    return found


def _record(
    outcome: Any,
    day: date,
    about: dict[str, Any],
    *,
    opened_at: date,
    reasons: list[str],
    rng: np.random.Generator,
) -> OutcomeRecord:
    return OutcomeRecord(
        outcome=outcome,
        record_id=f"{outcome}-{about['unit_id']}",
        decided_at=day,
        opened_at=opened_at,
        amount=float(np.round(rng.lognormal(9, 0.5))),
        currency="EUR",
        reasons=reasons,
        last_activity=day - timedelta(days=int(rng.integers(1, 60))),
        **about,
    )


def learned_home(consumers: Path) -> Path:
    """A house with the generated population, the planted deals, and what was learned from them; read only.

    It is made once for all test processes.
    """
    home = consumers.parent / "learned-home"
    with FileLock(str(home) + ".lock"):
        if not (home / "done").exists():
            lend_us(consumers, home)
            house = house_at(home)
            workspace = house.workspace("us")
            record_planted(workspace)
            found = start_outcomes(workspace, AnalyzeOutcomes())
            house.close()
            (home / "done").write_text(found.outcome_analysis_id)
    return home


def analysis_learned(home: Path) -> OutcomeAnalysis:
    """What the house of `learned_home` learned."""
    house = house_at(home)
    run_id = (home / "done").read_text()
    found = house.workspace("us").artifacts.document("outcome_analysis", run_id)
    house.close()
    return OutcomeAnalysis.model_validate(found)


def house_at(home: Path) -> House:
    """The house in this folder, on a fixed day and with ids in order."""
    ids = itertools.count(1)
    return House(
        home,
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC),
        new_id=lambda: f"{home.name[:8].ljust(8, '0')}-0000-4000-8000-{next(ids):012d}",
    )
