"""Who left, and who bought more, among those who were won?"""

from dataclasses import dataclass

import numpy as np

from store.synthetic.deals import plan
from store.synthetic.deals.companies import Companies
from store.synthetic.deals.outcomes import Deals

CHURNED, EXPANDED = 0, 1


@dataclass(frozen=True)
class Customers:
    """Customers, one an account that was won, from their first won deal; and what they did."""

    account: np.ndarray
    deal: np.ndarray  # the first won one
    since: np.ndarray  # the day of the win
    has_churn_driver: np.ndarray
    has_expansion_driver: np.ndarray
    exposure_days: np.ndarray  # under the hazard of churn: until they left, or the last day
    churned: np.ndarray  # bool
    churn_day: np.ndarray
    expanded: np.ndarray
    expansion_day: np.ndarray
    at_risk_days: np.ndarray  # under the hazard of expanding: until they expanded or left, or the last day


def draw_customers(rng: np.random.Generator, companies: Companies, deals: Deals) -> Customers:
    """What became of customers: constant hazards, multiplied by what drives them."""
    deal = np.flatnonzero(deals.won)
    deal = deal[np.argsort(deals.decided[deal], kind="stable")]
    _, first = np.unique(deals.account[deal], return_index=True)
    deal = deal[first]
    account, since, last = deals.account[deal], deals.decided[deal], companies.moments[-1]
    moment = deals.quarter[deal]
    is_small = companies.employees[account, moment] < plan.CHURN_EMPLOYEES
    is_growing = companies.growth()[account, moment] > plan.EXPANSION_GROWTH
    leaves = _after(rng, since, plan.CHURN_RATE, plan.CHURN_FACTOR, is_small)
    expands = _after(rng, since, plan.EXPANSION_RATE, plan.EXPANSION_FACTOR, is_growing)
    churned = leaves <= last
    expanded = (expands <= last) & (expands < leaves)
    return Customers(
        account,
        deal,
        since,
        is_small,
        is_growing,
        np.minimum(leaves, last) - since,
        churned,
        leaves,
        expanded,
        expands,
        np.minimum(np.minimum(expands, leaves), last) - since,
    )


def _after(
    rng: np.random.Generator, since: np.ndarray, rate: float, factor: float, driven: np.ndarray
) -> np.ndarray:
    """The day of an event with this hazard a year."""
    hazard = rate * np.where(driven, factor, 1.0) / 365
    return since + np.ceil(rng.exponential(1.0, len(since)) / hazard)
