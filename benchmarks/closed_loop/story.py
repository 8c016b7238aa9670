"""What happens in the first three weeks: nothing to compare with, nothing new, and a planted change."""

from datetime import timedelta
from pathlib import Path

from benchmarks.closed_loop.house import Loop
from benchmarks.closed_loop.weeks import ID, Accounts, Deals, Row
from store.accounts.numbering import account_number
from store.outcomes.records_sent import OutcomeRecord

PLANTED = "Logistics"  # whose deals are all won in the third week
MORE = 40  # deals of it in that week
JOINED, LEFT, GREW = 3, 1, 6  # accounts of the newer file: into the audience, out of the house, into tier A
ACCOUNTS, A_WEEK, SEED = 300, 24, 1


class Story:
    """The weeks of one house."""

    def __init__(self, loop: Loop, folder: Path, accounts: int = ACCOUNTS, a_week: int = A_WEEK) -> None:
        self.loop = loop
        self.accounts = Accounts.generated(accounts, SEED, folder, loop.house.now())
        self.deals = Deals(self.accounts, SEED, a_week, {3: PLANTED})

    def begin(self) -> None:
        """What is known before the first Monday."""
        self.loop.begin(self.accounts, self.deals)

    def week(self, number: int) -> None:
        """The week's data comes, and what is due is done."""
        monday = self.loop.monday(number)
        if number == 3:
            self.loop.load(self.newer())
            self.loop.record(self.deals.week(3, monday.date() - timedelta(1)))
            self.loop.record(self.more_of(PLANTED, 3))
        self.loop.work()

    def newer(self) -> Accounts:
        """The accounts of the third week."""
        grown = self.accounts.grown(40, 200, GREW)
        return grown.moved("Retail", "Software", JOINED).without(self.leaving)

    @property
    def leaving(self) -> list[str]:
        """The ids of those who are not in the file of the third week."""
        return [row[ID] for row in self.accounts.of("Software")[:LEFT]]

    @staticmethod
    def number_of(row: Row) -> int:
        """The number that an account has in a population."""
        return account_number(row[ID])

    def more_of(self, industry: str, week: int, count: int = MORE) -> list[OutcomeRecord]:
        """Deals of one industry alone, all of them won, decided by the day before now."""
        of_it = Deals(Accounts(self.accounts.of(industry)), SEED, count, {week: industry}, f"more-{industry}")
        return of_it.week(week, self.loop.house.now().date() - timedelta(1))
