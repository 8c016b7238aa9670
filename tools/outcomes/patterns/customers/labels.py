"""Who is a customer since when, and to whom of them did it happen in time?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from store.errors import TooFewCustomers
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.measures.span import DAY, days_between, last_day
from tools.outcomes.patterns.queries import CustomerQuery

__all__ = ["CustomerLabel", "CustomerQuery", "Customers", "churn_label", "customers_of", "expansion_label"]

NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class CustomerLabel:
    """Customers observed for the whole horizon, and whether it happened to them within it.

    rows: int64, the record of each customer. happened: bool. at: datetime64[D], the day from which the answer
    was known of everybody won on the same day: being won + the horizon, for both answers, so that a division
    by time takes no cohort apart. left_out: customers not observed for long enough, or of unknown start.
    """

    rows: np.ndarray
    happened: np.ndarray
    at: np.ndarray
    left_out: int


@dataclass(frozen=True)
class Customers:
    """Persons or accounts that were won. rows: the record of each; since: NaT where it is not told.

    churned, expanded: the first such day from `since` on, NaT for never.
    """

    rows: np.ndarray
    since: np.ndarray
    churned: np.ndarray
    expanded: np.ndarray
    now: np.datetime64

    def __len__(self) -> int:
        return len(self.rows)


def customers_of(outcomes: OutcomeTable, query: CustomerQuery | None = None) -> Customers:
    """Each person or account that was won, once, by its first won record.

    Where a table has one record a customer, which says churned or expanded instead of won, that record stands
    for the customer, who began on the day it was opened. Records after now take no part.
    """
    query = query or CustomerQuery()
    now = last_day(outcomes, query.now)
    units = np.unique(outcomes.unit_ids, return_inverse=True)[1]
    total, past = int(units.max(initial=-1)) + 1, ~(outcomes.decided_at > now)
    won, since = _first(units, total, outcomes.decided_at, outcomes.are("won") & past)
    later = outcomes.are("churned", "expanded") & past
    other, opened = _first(units, total, outcomes.opened_at, later)
    rows = np.where(won >= 0, won, other)
    since = np.where(won >= 0, since, opened)
    customers = np.flatnonzero(rows >= 0)
    known = past & (outcomes.decided_at >= since[units])
    churned, expanded = (
        _first(units, total, outcomes.decided_at, outcomes.are(kind) & known)[1][customers]
        for kind in ("churned", "expanded")
    )
    return Customers(rows[customers], since[customers], churned, expanded, now)


def churn_label(outcomes: OutcomeTable, query: CustomerQuery | None = None) -> CustomerLabel:
    """Customers won at least the horizon ago, and whether they churned within it. See customers_of.

    Those won later are left out, the churned among them too: of them only the ones to whom it happened early
    could be known. Raises TooFewCustomers when nobody was observed for long enough.
    """
    return _label(outcomes, "churned", query or CustomerQuery())


def expansion_label(outcomes: OutcomeTable, query: CustomerQuery | None = None) -> CustomerLabel:
    """Customers won at least the horizon ago, and whether they expanded within it: as churn_label.

    A customer who churned first counts as one who did not expand.
    """
    return _label(outcomes, "expanded", query or CustomerQuery())


def _label(
    outcomes: OutcomeTable, kind: Literal["churned", "expanded"], query: CustomerQuery
) -> CustomerLabel:
    customers = customers_of(outcomes, query)
    end = customers.since + query.horizon_days * DAY
    observed = end <= customers.now  # False of an unknown start
    if not observed.any():
        observed_days = days_between(customers.since, customers.now)
        longest = np.max(observed_days[~np.isnan(observed_days)], initial=0)
        raise TooFewCustomers(
            f"No customer was observed for {query.horizon_days:,} days",
            where=f"{len(customers):,} customers, the longest {longest:,.0f} days",
            instead="Give a shorter horizon_days, or records of earlier customers.",
        )
    happened = customers.churned <= end
    if kind == "expanded":
        happened = (customers.expanded <= end) & ~(customers.churned < customers.expanded)
    happened = happened[observed]
    return CustomerLabel(customers.rows[observed], happened, end[observed], int((~observed).sum()))


def _first(
    units: np.ndarray, total: int, days: np.ndarray, among: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The earliest of these records of each unit, -1 for none, and its day; a known day before an unknown."""
    rows = np.flatnonzero(among)
    # NaT sorts last, so that backwards the earliest known day is written last.
    order = rows[np.argsort(days[rows], kind="stable")][::-1]
    found = np.full(total, -1, dtype=np.int64)
    found[units[order]] = order
    day = np.full(total, NEVER)
    day[found >= 0] = days[found[found >= 0]]
    return found, day
