"""Which deals are opened, and what becomes of them?"""

from dataclasses import dataclass

import numpy as np

from store.synthetic.deals import plan
from store.synthetic.deals.companies import Companies
from store.synthetic.deals.contacts import Contacts
from store.synthetic.deals.plan import INDUSTRIES, QUARTER_DAYS, QUARTERS, REASONS

# Places of the conditions in `Deals.holds`.
CONDITIONS = (
    "size",
    "industry",
    "technology",
    "growth",
    "department",
    "anti_pattern",
    "emerging",
    "small",
    "rival",
)


@dataclass(frozen=True)
class Deals:
    """Deals in the order of their opening. Days are since 1970-01-01."""

    account: np.ndarray  # from 0
    quarter: np.ndarray  # of the opening, 0 the first: the moment whose attributes were known then
    opened: np.ndarray
    decided: np.ndarray  # of an open one in the future
    is_open: np.ndarray
    won: np.ndarray  # bool; of an open one false
    chance: np.ndarray  # of a win, as it was drawn
    holds: np.ndarray  # (deals, conditions), bool, at the opening
    dark: np.ndarray
    reason: np.ndarray  # of a lost one, place in REASONS
    last_activity: np.ndarray
    amount: np.ndarray
    product: np.ndarray
    source: np.ndarray
    kickoff_attendees: np.ndarray  # the leak: only who has bought has a kick-off

    @property
    def count(self) -> int:
        return len(self.account)

    def having(self, condition: str) -> np.ndarray:
        """Whether the condition held when each deal was opened, bool."""
        return self.holds[:, CONDITIONS.index(condition)]


def draw_deals(rng: np.random.Generator, companies: Companies, contacts: Contacts, deals: int) -> Deals:
    """Deals of these accounts over the quarters; what is planted depends on the account at the opening."""
    first, last = companies.moments[0], companies.moments[-1]
    opened = np.sort(rng.integers(int(first), int(last), deals)).astype(float)
    quarter = np.minimum((opened - first) // QUARTER_DAYS, QUARTERS - 1).astype(np.int64)
    account = _accounts(rng, companies, opened, last)
    holds = _holds(companies, contacts, account, quarter, opened)
    chance = _chance(holds, quarter)
    employees = companies.employees[account, quarter]
    cycle = _cycle(rng, holds, employees)
    decided = opened + cycle
    is_open = decided > last
    won = (rng.random(deals) < chance) & ~is_open
    dark = _dark(rng, holds, cycle) & ~won & ~is_open
    return Deals(
        account,
        quarter,
        opened,
        decided,
        is_open,
        won,
        chance,
        holds,
        dark,
        _reasons(rng, holds),
        _last_activity(rng, opened, np.minimum(decided, last), dark),
        np.round(40 * employees**0.6 * rng.lognormal(4.6, 0.6, deals), -2),
        rng.integers(0, len(plan.PRODUCTS), deals),
        rng.integers(0, len(plan.SOURCES), deals),
        np.where(won, 1 + rng.poisson(3, deals), 0),
    )


def _accounts(rng: np.random.Generator, companies: Companies, opened: np.ndarray, last: float) -> np.ndarray:
    """An account for each deal; in the last months those of the new kind are likelier."""
    weight = rng.gamma(2.0, 1.0, companies.count)
    is_new = companies.industry == list(INDUSTRIES).index(plan.NEW_INDUSTRY)
    is_new &= companies.uses(plan.NEW_TECHNOLOGY, companies.moments[0])
    lately = opened > last - plan.NEW_DAYS
    account = np.empty(len(opened), dtype=np.int64)
    for rows, weights in ((~lately, weight), (lately, np.where(is_new, plan.NEW_VOLUME_FACTOR, 1) * weight)):
        account[rows] = rng.choice(companies.count, int(rows.sum()), p=weights / weights.sum())
    return account


def _holds(
    companies: Companies, contacts: Contacts, account: np.ndarray, quarter: np.ndarray, opened: np.ndarray
) -> np.ndarray:
    """Whether each condition holds for each deal, as the account was known at the opening."""
    names = list(INDUSTRIES)
    moment = companies.moments[quarter]
    employees = companies.employees[account, quarter]
    industry = companies.industry[account]
    emerging = (industry == names.index(plan.NEW_INDUSTRY)) & companies.uses(
        plan.NEW_TECHNOLOGY, moment, account
    )
    return np.column_stack(
        [
            (employees >= plan.EMPLOYEES_LOW) & (employees <= plan.EMPLOYEES_HIGH),
            np.isin(industry, [names.index(name) for name in plan.GOOD_INDUSTRIES]),
            companies.uses(plan.GOOD_TECHNOLOGY, moment, account),
            companies.growth()[account, quarter] > plan.GOOD_GROWTH,
            contacts.having(plan.GOOD_DEPARTMENT, companies.count)[account],
            (industry == names.index(plan.BAD_INDUSTRY)) & (employees > plan.BAD_EMPLOYEES),
            emerging & (opened > companies.moments[-1] - plan.NEW_DAYS),
            employees < plan.SMALL_EMPLOYEES,
            companies.competitor[account] >= 0,
        ]
    )


def _chance(holds: np.ndarray, quarter: np.ndarray) -> np.ndarray:
    """The chance of a win of each deal, with the base rate on average."""
    effects = (
        plan.SIZE_EFFECT,
        plan.INDUSTRY_EFFECT,
        plan.TECHNOLOGY_EFFECT,
        plan.GROWTH_EFFECT,
        plan.DEPARTMENT_EFFECT,
    )
    logit = holds[:, : len(effects)] @ np.array(effects) + plan.DRIFT * quarter
    bad, new = holds[:, CONDITIONS.index("anti_pattern")], holds[:, CONDITIONS.index("emerging")]

    def chances(base: float) -> np.ndarray:
        usual = 1 / (1 + np.exp(-(base + logit)))
        return np.where(bad, plan.BAD_WIN_RATE, np.where(new, plan.NEW_WIN_RATE, usual))

    low, high = -15.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chances(middle).mean() < plan.BASE_WIN_RATE else (low, middle)
    return chances((low + high) / 2)


def _cycle(rng: np.random.Generator, holds: np.ndarray, employees: np.ndarray) -> np.ndarray:
    """Days from opening to decision. They do not depend on the outcome, so that open deals hide neither."""
    days = plan.CYCLE_DAYS * rng.lognormal(0.0, plan.CYCLE_SPREAD, len(holds))
    days *= np.clip(1 + 0.15 * np.log10(employees / 100), 0.7, 1.6)
    days *= np.where(holds[:, CONDITIONS.index("anti_pattern")], plan.BAD_CYCLE_FACTOR, 1.0)
    days *= np.where(holds[:, CONDITIONS.index("emerging")], plan.NEW_CYCLE_FACTOR, 1.0)
    return np.maximum(np.round(days), plan.LEAST_CYCLE_DAYS)


def _dark(rng: np.random.Generator, holds: np.ndarray, cycle: np.ndarray) -> np.ndarray:
    bad = holds[:, CONDITIONS.index("anti_pattern")]
    share = np.where(bad, plan.BAD_DARK_SHARE, plan.DARK_SHARE)
    # Who goes dark was there before.
    return (rng.random(len(cycle)) < share) & (cycle > plan.DARK_DAYS + 5)


def _last_activity(
    rng: np.random.Generator, opened: np.ndarray, ended: np.ndarray, dark: np.ndarray
) -> np.ndarray:
    silent = np.where(
        dark, plan.DARK_DAYS + rng.integers(0, 30, len(opened)), rng.integers(0, 15, len(opened))
    )
    return np.maximum(ended - silent, opened)


def _reasons(rng: np.random.Generator, holds: np.ndarray) -> np.ndarray:
    """Why each deal would be lost: small ones by the price, those with a competitor's tool by it."""
    names, shares = list(REASONS), list(REASONS.values())
    found = rng.choice(len(names), len(holds), p=shares)
    for condition, reason, share in (
        ("rival", plan.RIVAL_REASON, plan.RIVAL_REASON_SHARE),
        ("small", plan.SMALL_REASON, plan.SMALL_REASON_SHARE),
    ):
        rows = holds[:, CONDITIONS.index(condition)]
        others = np.array([0.0 if name == reason else part for name, part in REASONS.items()])
        shift = np.where(
            np.arange(len(names)) == names.index(reason), share, (1 - share) * others / others.sum()
        )
        found[rows] = rng.choice(len(names), int(rows.sum()), p=shift)
    return found
