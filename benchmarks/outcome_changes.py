"""How often does a year of weekly briefings without a change tell one, and how soon is a planted one told?

python -m benchmarks.outcome_changes --years 200 --trials 40 --seed 0
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from store.features import FeatureTable, category, number, sets
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable
from tools.outcomes.changes.outcome_changes import OutcomeChanges, OutcomeChangesQuery, outcome_changes

FIRST_DAY = np.datetime64("2024-01-01", "D")
BEFORE_WEEKS, YEAR_WEEKS = 39, 52
INDUSTRIES = ("Software", "Logistics", "Health", "Retail", "Energy", "Media", "Legal", "Food")
SHARES = (0.25, 0.20, 0.15, 0.12, 0.10, 0.08, 0.06, 0.04)
LEVELS = (3, 4, 5, 6)  # of columns that tell nothing
BASE_RATE = 0.22
MOST_WEEKS = 26  # after a change, in which it may be told


class Planted(NamedTuple):
    """The win rate of logistics from a week on."""

    rate: float
    week: int


def deals(
    seed: int,
    weeks: int,
    per_week: float,
    repeated: float = 0.0,
    planted: Planted | None = None,
) -> tuple[OutcomeTable, np.ndarray]:
    """Decided deals of one process, oldest first, and a score of each that knows part of the chances.

    repeated: share of the deals that are of an account with others; the deals of one have its industry, its
    size and its luck.
    """
    rng = np.random.default_rng(seed)
    rows = int(rng.poisson(per_week * weeks))
    days = np.sort(rng.integers(0, 7 * weeks, rows))
    accounts = _accounts(rng, rows, repeated)
    industry = rng.choice(len(SHARES), rows, p=SHARES)[accounts]
    employees = np.maximum(np.round(rng.lognormal(4.5, 1.2, rows)[accounts] * (1 + 0.3 * (industry == 0))), 1)
    luck = np.where(np.bincount(accounts, minlength=rows)[accounts] > 1, rng.normal(size=rows)[accounts], 0.0)
    margin = 0.5 * (industry == 0) - 0.4 * (industry == 3) + 0.25 * (np.log(employees) - 4.5) + 0.8 * luck
    chance = 1 / (1 + np.exp(-(np.log(BASE_RATE / (1 - BASE_RATE)) + margin)))
    if planted:
        logistics = industry == 1
        chance = np.where(logistics, BASE_RATE, chance)
        chance = np.where(logistics & (days >= 7 * planted.week), planted.rate, chance)
    won = rng.random(rows) < chance
    cycle = np.round(rng.lognormal(4.0, 0.6, rows))
    decided = FIRST_DAY + days
    table = OutcomeTable(
        unit="account",
        record_ids=np.arange(rows).astype(str),
        unit_ids=np.char.add("account ", accounts.astype(str)),
        outcomes=np.where(won, OUTCOMES.index("won"), OUTCOMES.index("lost")).astype(np.int8),
        decided_at=decided,
        opened_at=decided - cycle.astype("timedelta64[D]"),
        amounts=np.round(40 * employees**0.6 * rng.lognormal(4.6, 0.6, rows), -2),
        cycle_days=cycle,
        went_dark=np.full(rows, np.nan),
        reasons=sets("reasons", [[]] * rows),
        products=sets("products", [[]] * rows),
        features=FeatureTable(rows, tuple(_columns(rng, industry, employees, accounts))),
        currency="EUR",
    )
    score = 100 / (1 + np.exp(-(1.5 * margin + rng.normal(0, 1, rows)[accounts])))
    return table, score


def _accounts(rng: np.random.Generator, rows: int, repeated: float) -> np.ndarray:
    """The account of each deal: mostly its own, else one of a third as many as are repeated."""
    own = np.arange(rows)
    again = rng.random(rows) < repeated
    return np.where(again, rng.integers(0, max(1, int(rows * repeated / 3)), rows), own)


def _columns(
    rng: np.random.Generator, industry: np.ndarray, employees: np.ndarray, accounts: np.ndarray
) -> list:
    rows = len(industry)
    found = [
        category("industry", np.array(INDUSTRIES)[industry], label="Industry"),
        number("employees", np.where((rng.random(rows) < 0.05)[accounts], np.nan, employees)),
        number("growth", rng.normal(size=rows)[accounts]),
        number("offices", rng.geometric(0.4, rows)[accounts].astype(float)),
        category("subscribed", np.where(rng.random(rows) < 0.3, "Yes", "No")[accounts]),
        sets("technologies", _technologies(rng, rows, accounts)),
    ]
    return found + [
        category(f"group_{count}", rng.integers(0, count, rows)[accounts].astype(str)) for count in LEVELS
    ]


def _technologies(rng: np.random.Generator, rows: int, accounts: np.ndarray) -> list[list[str]]:
    used = rng.random((rows, 5)) < (0.6, 0.4, 0.3, 0.2, 0.1)
    return [[f"technology {at}" for at in np.flatnonzero(used[account])] for account in accounts]


def week_of(
    table: OutcomeTable, scores: np.ndarray | None, week: int, query: OutcomeChangesQuery
) -> OutcomeChanges:
    """What a briefing at the end of this week, counted from 0, would be told."""
    until = (FIRST_DAY + 7 * (week + 1) - 1).item()
    return outcome_changes(table, query.model_copy(update={"until": until}), None, scores)


def false_alarms(
    years: int, per_week: float, repeated: float, seed: int, query: OutcomeChangesQuery
) -> tuple[int, Counter[str], int]:
    """Years with a false alarm of customers, what it was, and years that tell or set aside data alone."""
    with_one, told, data = 0, Counter[str](), 0
    for year in range(years):
        table, scores = deals(seed + year, BEFORE_WEEKS + YEAR_WEEKS, per_week, repeated)
        found = [week_of(table, scores, BEFORE_WEEKS + week, query) for week in range(YEAR_WEEKS)]
        keys = {change.key for each in found for change in (*each.changes, *each.carried)}
        told.update(key.split(":")[0] for key in keys)
        with_one += bool(keys)
        data += not keys and any(each.data or each.set_aside for each in found)
    return with_one, told, data


def weeks_until_told(
    trials: int, per_week: float, rate: float, seed: int, query: OutcomeChangesQuery
) -> list[int | None]:
    """Weeks from the change to the first briefing that tells it, 1 the first; None if none of 26 does."""
    found: list[int | None] = []
    for trial in range(trials):
        planted = Planted(rate, BEFORE_WEEKS)
        table, _ = deals(seed + trial, BEFORE_WEEKS + MOST_WEEKS, per_week, 0.0, planted)
        weeks = range(MOST_WEEKS)
        told = (
            week + 1
            for week in weeks
            if "win_rate:industry=Logistics:up"
            in week_of(table, None, BEFORE_WEEKS + week, query).significant_keys
        )
        found.append(next(told, None))
    return found


def _alarm_rows(arguments: argparse.Namespace, query: OutcomeChangesQuery) -> None:
    print(
        "| deals a week | of repeated accounts | years | with a false alarm | of data alone | CPU ms a week |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for per_week, repeated in ((60.0, 0.0), (120.0, 0.0), (90.0, 0.4)):
        began = time.process_time()
        count, told, data = false_alarms(arguments.years, per_week, repeated, arguments.seed, query)
        spent = (time.process_time() - began) / arguments.years / YEAR_WEEKS
        kinds = ", ".join(f"{name} {times}" for name, times in told.most_common()) or "none"
        share = f"{count} ({count / arguments.years:.1%}; {kinds})"
        cells = (f"{per_week:.0f}", f"{repeated:.0%}", arguments.years, share, data, f"{1000 * spent:.0f}")
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def _power_rows(arguments: argparse.Namespace, query: OutcomeChangesQuery) -> None:
    print(f"\nLogistics ({SHARES[1]:.0%} of the deals) from {BASE_RATE:.0%}; weeks until it is told:\n")
    print("| to | deals a week | told within 4 | within 8 | within 26 | median week |")
    print("| --- | --- | --- | --- | --- | --- |")
    for rate in (0.31, 0.45, 0.60):
        for per_week in (60.0, 120.0, 300.0):
            found = weeks_until_told(arguments.trials, per_week, rate, arguments.seed, query)
            print(f"| {rate:.0%} | {per_week:.0f} | {_told(found)} |", flush=True)


def _told(found: Sequence[int | None]) -> str:
    weeks = np.array([np.inf if each is None else each for each in found])
    shares = " | ".join(f"{np.mean(weeks <= most):.0%}" for most in (4, 8, MOST_WEEKS))
    middle = float(np.median(weeks))
    return f"{shares} | {'not told' if np.isinf(middle) else f'{middle:.0f}'}"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=200, help="Years without a change, each of 52 weeks.")
    parser.add_argument("--trials", type=int, default=40, help="Planted changes of each kind.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--windows", default="7,28,91", help="Days of the windows.")
    arguments = parser.parse_args()
    query = OutcomeChangesQuery(windows_days=tuple(int(each) for each in arguments.windows.split(",")))
    if arguments.years:
        _alarm_rows(arguments, query)
    if arguments.trials:
        _power_rows(arguments, query)


if __name__ == "__main__":
    main()
