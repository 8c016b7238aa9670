"""How often, how lately and for how much has each customer bought, up to a day?"""

from dataclasses import dataclass

import numpy as np

from store.transactions import Transactions


@dataclass(frozen=True)
class RfmSummary:
    """One row a customer who bought up to the day, in the order of `customers`; times in days.

    The convention of BG/NBD (Fader, Hardie, Lee 2005): purchases of one day are one, the first purchase
    starts the clock and is no repeat, `recency` is the age at the last purchase and not the time since.
    """

    customers: np.ndarray  # int64, codes of the customers
    frequency: np.ndarray  # float64, days with a repeat purchase
    recency: np.ndarray  # float64, from the first to the last purchase
    age: np.ndarray  # float64, from the first purchase to the day
    monetary: np.ndarray  # float64, mean amount of a repeat day; 0 without repeats
    first_amount: np.ndarray  # float64, amount of the first day


@dataclass(frozen=True)
class PurchaseDays:
    """One row a customer and day with a purchase, by customer and then by day."""

    customers: np.ndarray
    days: np.ndarray
    amounts: np.ndarray

    def up_to(self, day: int) -> "PurchaseDays":
        """The purchases of this day and before."""
        kept = self.days <= day
        return PurchaseDays(self.customers[kept], self.days[kept], self.amounts[kept])

    def starts(self) -> np.ndarray:
        """Where each customer's rows begin."""
        return np.flatnonzero(np.diff(self.customers, prepend=-1))


def purchase_days(transactions: Transactions) -> PurchaseDays:
    """The purchases with the amounts of one customer and day added up."""
    customers = transactions.customers.astype(np.int64)
    days = transactions.days.astype(np.int64)
    order = np.lexsort((days, customers))
    customers, days = customers[order], days[order]
    new = np.flatnonzero((np.diff(customers, prepend=-1) != 0) | (np.diff(days, prepend=days[:1] - 1) != 0))
    amounts = np.add.reduceat(transactions.amounts[order], new) if len(new) else np.empty(0)
    return PurchaseDays(customers[new], days[new], amounts)


def rfm_summary(purchases: PurchaseDays, day: int) -> RfmSummary:
    """Frequency, recency, age and mean amount of each customer, of what was known at the end of the day."""
    known = purchases.up_to(day)
    starts = known.starts()
    if not len(starts):
        nothing = np.empty(0)
        return RfmSummary(np.empty(0, np.int64), nothing, nothing, nothing, nothing, nothing)
    ends = np.append(starts[1:], len(known.days))
    first, last = known.days[starts], known.days[ends - 1]
    repeats = (ends - starts - 1).astype(np.float64)
    spent = np.add.reduceat(known.amounts, starts) - known.amounts[starts]
    return RfmSummary(
        customers=known.customers[starts],
        frequency=repeats,
        recency=(last - first).astype(np.float64),
        age=(day - first).astype(np.float64),
        monetary=np.divide(spent, repeats, out=np.zeros_like(spent), where=repeats > 0),
        first_amount=known.amounts[starts],
    )


def spent_between(purchases: PurchaseDays, customers: np.ndarray, after: int, until: int) -> np.ndarray:
    """What each of these customers, sorted, spends after the one day and up to the other."""
    within = (purchases.days > after) & (purchases.days <= until)
    place = np.searchsorted(customers, purchases.customers[within])
    place = np.minimum(place, len(customers) - 1)
    theirs = customers[place] == purchases.customers[within]
    amounts = purchases.amounts[within]
    return np.bincount(place[theirs], weights=amounts[theirs], minlength=len(customers))
