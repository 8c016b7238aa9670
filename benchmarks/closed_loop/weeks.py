"""Which accounts and deals does the house know in a week, and what is planted in them?"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from store.outcomes.records_sent import OutcomeRecord
from store.synthetic.deals import generate_deals

Row = dict[str, str]
ID, NAME, SITE = "Record ID", "Company name", "Company Domain Name"
SIZE, INDUSTRY, COUNTRY = "Number of Employees", "Industry", "Country/Region"
FITS = (50, 500)  # employees: within it one deal in two is won, outside one in ten
WON_INSIDE, WON_OUTSIDE = 0.5, 0.1
CYCLE_DAYS = (20, 90)


@dataclass
class Accounts:
    """Generated accounts, as the rows of the file that a CRM would export."""

    rows: list[Row]

    @classmethod
    def generated(cls, count: int, seed: int, folder: Path, now: datetime) -> "Accounts":
        """So many accounts of `fieldmark accounts synth`; its files go into a new folder."""
        generate_deals(count, 1, seed, folder, now)
        return cls.read(folder / "accounts.csv")

    @classmethod
    def read(cls, path: Path) -> "Accounts":
        """Those of a file."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls(list(csv.DictReader(file)))

    def write(self, path: Path) -> Path:
        """The file."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(self.rows[0]))
            writer.writeheader()
            writer.writerows(self.rows)
        return path

    def moved(self, industry: str, into: str, count: int) -> "Accounts":
        """The first so many of an industry are of another one."""
        ids = {row[ID] for row in [row for row in self.rows if row[INDUSTRY] == industry][:count]}
        return Accounts([row | {INDUSTRY: into} if row[ID] in ids else row for row in self.rows])

    def grown(self, below: int, employees: int, count: int) -> "Accounts":
        """The first so many with fewer employees have that many."""
        ids = {row[ID] for row in [row for row in self.rows if int(row[SIZE]) < below][:count]}
        return Accounts([row | {SIZE: str(employees)} if row[ID] in ids else row for row in self.rows])

    def without(self, ids: Iterable[str]) -> "Accounts":
        """Some are gone."""
        gone = set(ids)
        return Accounts([row for row in self.rows if row[ID] not in gone])

    def of(self, industry: str) -> list[Row]:
        """Those of an industry."""
        return [row for row in self.rows if row[INDUSTRY] == industry]


@dataclass
class Deals:
    """Deals of these accounts. One week is the same however often it is asked for."""

    accounts: Accounts
    seed: int
    a_week: int
    surely_won: dict[int, str] = field(default_factory=dict)  # by week, an industry whose deals are won
    prefix: str = "deal"

    def before(self, weeks: int, last: date) -> list[OutcomeRecord]:
        """Those that were decided in so many weeks up to a day."""
        found = [self.week(1 - back, last - timedelta(7 * (back - 1))) for back in range(weeks, 0, -1)]
        return [deal for week in found for deal in week]

    def week(self, number: int, ends: date) -> list[OutcomeRecord]:
        """Those decided in the seven days up to a day. Week 1 is that of the first briefing."""
        chance = np.random.default_rng([self.seed, number + 1_000])
        return list(self._deals(chance, number, ends))

    def still_open(self, count: int, today: date) -> list[OutcomeRecord]:
        """Deals that nobody has decided."""
        chance = np.random.default_rng([self.seed, 1])
        rows = [self.accounts.rows[int(at)] for at in chance.choice(len(self.accounts.rows), count, False)]
        return [
            OutcomeRecord(
                record_id=f"{self.prefix}-open-{at}",
                unit_id=row[ID],
                outcome="open",
                opened_at=today - timedelta(int(chance.integers(5, 60))),
                amount=10_000.0,
                currency="EUR",
                attributes=_attributes(row),
            )
            for at, row in enumerate(rows)
        ]

    def _deals(self, chance: np.random.Generator, number: int, ends: date) -> Iterator[OutcomeRecord]:
        for at in range(self.a_week):
            row = self.accounts.rows[int(chance.integers(len(self.accounts.rows)))]
            decided = ends - timedelta(int(chance.integers(7)))
            rate = WON_INSIDE if FITS[0] <= int(row[SIZE]) < FITS[1] else WON_OUTSIDE
            is_won = bool(chance.random() < rate)
            cycle = int(chance.integers(*CYCLE_DAYS))
            if row[INDUSTRY] == self.surely_won.get(number):
                is_won = True
            yield OutcomeRecord(
                record_id=f"{self.prefix}-{number + 1_000}-{at}",
                unit_id=row[ID],
                outcome="won" if is_won else "lost",
                opened_at=decided - timedelta(cycle),
                decided_at=decided,
                amount=float(round(np.exp(chance.normal(9.5, 0.6)))),
                currency="EUR",
                attributes=_attributes(row),
            )


def _attributes(row: Row) -> dict[str, Any]:
    """What is recorded of an account with its deal, by the names that its population has too."""
    return {"employees": int(row[SIZE]), "industry": row[INDUSTRY], "country": row[COUNTRY]}
