"""Who is known at each account?"""

from dataclasses import dataclass

import numpy as np

from store.synthetic.deals.plan import TITLES

_MEAN_CONTACTS = 3.0


@dataclass(frozen=True)
class Contacts:
    """Contacts, those of one account one after another, numbered from 1 within it."""

    account: np.ndarray  # from 0
    number: np.ndarray
    title: np.ndarray  # place in TITLES
    decides: np.ndarray  # bool
    last_activity: np.ndarray  # days since 1970-01-01, NaN where unknown

    def having(self, department: str, accounts: int) -> np.ndarray:
        """Whether each account has a contact in the department, bool."""
        of_it = np.array([told == department for _, told, _, _ in TITLES])[self.title]
        return np.bincount(self.account[of_it], minlength=accounts) > 0


def draw_contacts(rng: np.random.Generator, accounts: int, last_day: int) -> Contacts:
    """Contacts as they are drawn: 3 an account on average, roles independent of one another."""
    counts = rng.poisson(_MEAN_CONTACTS, accounts)
    account = np.repeat(np.arange(accounts), counts)
    shares = np.array([share for _, _, share, _ in TITLES])
    title = rng.choice(len(TITLES), len(account), p=shares / shares.sum())
    deciding = np.array([decides for _, _, _, decides in TITLES])[title]
    active = last_day - np.floor(rng.exponential(120.0, len(account)))
    return Contacts(
        account=account,
        number=np.arange(len(account)) - np.repeat(np.cumsum(counts) - counts, counts) + 1,
        title=title,
        decides=rng.random(len(account)) < deciding,
        last_activity=np.where(rng.random(len(account)) < 0.85, active, np.nan),
    )
