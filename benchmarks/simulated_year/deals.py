"""Which deals are decided in a week, and what is planted in them?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from store.outcomes.records_sent import OutcomeRecord

INDUSTRIES = ("Software", "Logistics", "Retail", "Manufacturing", "Health")
REGIONS = ("North", "South", "East", "West")
SOURCES = ("Referral", "Search", "Event", "Outbound")
# Log-odds of winning: about one deal in four.
BASE, MIDSIZE, SOFTWARE, SNOWFLAKE = -1.9, 1.0, 0.6, 0.7
CYCLE_DAYS = (20, 90)


@dataclass(frozen=True)
class Planted:
    """What is hidden in the year. Weeks are counted from 1; 0: never."""

    logistics_week: int = 0  # from then on logistics deals are won more often
    logistics_odds: float = 5.0  # by so much, in log-odds: of nearly every one
    respelled_week: int = 0  # from then on the CRM writes its industries otherwise


def deals_of_week(week: int, ends: date, count: int, planted: Planted, seed: int) -> list[OutcomeRecord]:
    """The deals decided in the seven days up to `ends`; the same for the same arguments.

    week: 1 is the first of the year; those of the time before are 0 and less.
    """
    rng = np.random.default_rng([seed, week + 1_000])
    return [_deal(rng, week, at, ends - timedelta(int(rng.integers(7))), planted) for at in range(count)]


def _deal(rng: np.random.Generator, week: int, at: int, decided: date, planted: Planted) -> OutcomeRecord:
    employees = int(np.exp(rng.uniform(np.log(5), np.log(5_000))))
    industry = INDUSTRIES[int(rng.integers(len(INDUSTRIES)))]
    has_snowflake = bool(rng.random() < 0.3)
    odds = BASE + MIDSIZE * (50 <= employees < 500) + SOFTWARE * (industry == "Software")
    odds += SNOWFLAKE * has_snowflake
    if planted.logistics_week and week >= planted.logistics_week and industry == "Logistics":
        odds += planted.logistics_odds
    is_won = bool(rng.random() < 1 / (1 + np.exp(-odds)))
    attributes: dict[str, Any] = {
        "industry": _spelled(industry, week, planted),
        "region": REGIONS[int(rng.integers(len(REGIONS)))],
        "source": SOURCES[int(rng.integers(len(SOURCES)))],
        "employees": employees,
        "uses_snowflake": "yes" if has_snowflake else "no",
    }
    number = f"{'before' if week <= 0 else 'week'}-{abs(week)}-{at}"
    return OutcomeRecord(
        record_id=f"deal-{number}",
        unit_id=f"account-{number}",
        outcome="won" if is_won else "lost",
        opened_at=decided - timedelta(int(rng.integers(*CYCLE_DAYS))),
        decided_at=decided,
        amount=float(round(np.exp(rng.normal(9.5, 0.6)))),
        currency="EUR",
        attributes=attributes,
    )


def _spelled(industry: str, week: int, planted: Planted) -> str:
    is_respelled = planted.respelled_week and week >= planted.respelled_week
    return f"{industry.upper()} & CO" if is_respelled else industry


def at_noon(day: date) -> datetime:
    """Noon of a day, UTC."""
    return datetime.combine(day, time(12), UTC)
