"""What was planted in generated deals, and how it came out? The form of truth.json."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from pydantic import BaseModel, Field

from store.synthetic.deals import plan
from store.synthetic.deals.customers import Customers
from store.synthetic.deals.outcomes import Deals


class Clause(BaseModel):
    """One part of a condition: a number between bounds, one of several values, or a day after another."""

    attribute: str
    over: float | None = Field(default=None, description="The number is greater than this.")
    at_least: float | None = None
    at_most: float | None = None
    under: float | None = None
    values: list[str] | None = Field(default=None, description="It is one of these, or has one of them.")
    is_known: bool | None = Field(default=None, description="It is known, whatever it is.")


class PlantedCondition(BaseModel):
    """A condition on the account when a deal was opened, and what came of the deals that were decided."""

    name: str
    clauses: list[Clause] = Field(description="All must hold.")
    log_odds: float | None = Field(default=None, description="What it adds to the log odds of a win.")
    deals: int
    won: int
    win_rate: float
    expected_won: float = Field(description="The chances with which these deals were drawn, summed.")
    expected_spread: float = Field(description="Standard deviation of the won by those chances.")
    median_cycle_days: float
    dark_share: float = Field(description="Of the lost, those who stopped answering.")


class PlantedReason(BaseModel):
    """A reason that losses of a kind are given more often."""

    clauses: list[Clause]
    reason: str
    planted_share: float
    lost: int
    share: float
    share_elsewhere: float = Field(description="Of the other losses.")


class PlantedDriver(BaseModel):
    """What makes customers leave or buy more; rates are events a year of exposure."""

    outcome: str
    clauses: list[Clause]
    planted_factor: float
    events: int
    rate: float
    rate_elsewhere: float


class QuarterWins(BaseModel):
    """Deals opened in a quarter and decided since."""

    begins: date
    deals: int
    won: int
    win_rate: float


class DealsTruth(BaseModel):
    """The answers to generated deals."""

    accounts: int
    deals: int
    decided: int
    won: int
    win_rate: float
    base_win_rate: float = Field(description="As it was planted, over all deals.")
    seed: int
    last_day: date
    conditions: list[PlantedCondition] = Field(description="That raise the win rate.")
    anti_pattern: PlantedCondition
    emerging: PlantedCondition = Field(description="Only of deals opened in the last days that it names.")
    emerging_days: int
    loss_reasons: list[PlantedReason]
    drivers: list[PlantedDriver]
    drift_log_odds: float = Field(description="Added with every quarter.")
    quarters: list[QuarterWins]
    leaks: dict[str, str] = Field(description="Columns that are known only afterwards, by file.")


CLAUSES: dict[str, list[Clause]] = {
    "size": [Clause(attribute="employees", at_least=plan.EMPLOYEES_LOW, at_most=plan.EMPLOYEES_HIGH)],
    "industry": [Clause(attribute="industry", values=list(plan.GOOD_INDUSTRIES))],
    "technology": [Clause(attribute="technologies", values=[plan.GOOD_TECHNOLOGY])],
    "growth": [Clause(attribute="growth_velocity", over=plan.GOOD_GROWTH)],
    "department": [Clause(attribute="committee_departments", values=[plan.GOOD_DEPARTMENT])],
    "anti_pattern": [
        Clause(attribute="industry", values=[plan.BAD_INDUSTRY]),
        Clause(attribute="employees", over=plan.BAD_EMPLOYEES),
    ],
    "emerging": [
        Clause(attribute="industry", values=[plan.NEW_INDUSTRY]),
        Clause(attribute="technologies", values=[plan.NEW_TECHNOLOGY]),
    ],
    "small": [Clause(attribute="employees", under=plan.SMALL_EMPLOYEES)],
    "rival": [
        Clause(attribute="competitor_tools", is_known=True),
        Clause(attribute="employees", at_least=plan.SMALL_EMPLOYEES),
    ],
}
_EFFECTS = {
    "size": plan.SIZE_EFFECT,
    "industry": plan.INDUSTRY_EFFECT,
    "technology": plan.TECHNOLOGY_EFFECT,
    "growth": plan.GROWTH_EFFECT,
    "department": plan.DEPARTMENT_EFFECT,
}


def told_truth(
    deals: Deals,
    customers: Customers,
    accounts: int,
    seed: int,
    moments: np.ndarray,
    leaks: Mapping[str, str],
) -> DealsTruth:
    """The answers, counted from what was drawn."""
    decided = ~deals.is_open
    return DealsTruth(
        accounts=accounts,
        deals=deals.count,
        decided=int(decided.sum()),
        won=int(deals.won.sum()),
        win_rate=_share(deals.won, decided),
        base_win_rate=plan.BASE_WIN_RATE,
        seed=seed,
        last_day=_day(moments[-1]),
        conditions=[_condition(deals, name) for name in _EFFECTS],
        anti_pattern=_condition(deals, "anti_pattern"),
        emerging=_condition(deals, "emerging"),
        emerging_days=plan.NEW_DAYS,
        loss_reasons=_reasons(deals),
        drivers=_drivers(customers),
        drift_log_odds=plan.DRIFT,
        quarters=[_quarter(deals, at, day) for at, day in enumerate(moments[:-1])],
        leaks=dict(leaks),
    )


def _condition(deals: Deals, name: str) -> PlantedCondition:
    rows = deals.having(name) & ~deals.is_open
    lost = rows & ~deals.won
    chance = deals.chance[rows]
    days = (deals.decided - deals.opened)[rows]
    return PlantedCondition(
        name=name,
        clauses=CLAUSES[name],
        log_odds=_EFFECTS.get(name),
        deals=int(rows.sum()),
        won=int(deals.won[rows].sum()),
        win_rate=_share(deals.won, rows),
        expected_won=float(chance.sum()),
        expected_spread=float(np.sqrt((chance * (1 - chance)).sum())),
        median_cycle_days=float(np.median(days)) if len(days) else 0.0,
        dark_share=_share(deals.dark, lost),
    )


def _reasons(deals: Deals) -> list[PlantedReason]:
    lost = ~deals.is_open & ~deals.won
    small = deals.having("small")
    kinds = (
        ("small", small, plan.SMALL_REASON, plan.SMALL_REASON_SHARE),
        ("rival", deals.having("rival") & ~small, plan.RIVAL_REASON, plan.RIVAL_REASON_SHARE),
    )
    found = []
    for name, rows, reason, share in kinds:
        given = deals.reason == list(plan.REASONS).index(reason)
        found.append(
            PlantedReason(
                clauses=CLAUSES[name],
                reason=reason,
                planted_share=share,
                lost=int((lost & rows).sum()),
                share=_share(given, lost & rows),
                share_elsewhere=_share(given, lost & ~rows),
            )
        )
    return found


def _drivers(customers: Customers) -> list[PlantedDriver]:
    kinds = (
        ("churned", customers.churned, customers.exposure_days, customers.has_churn_driver, plan.CHURN_FACTOR,
         Clause(attribute="employees", under=plan.CHURN_EMPLOYEES)),
        ("expanded", customers.expanded, customers.at_risk_days, customers.has_expansion_driver,
         plan.EXPANSION_FACTOR, Clause(attribute="growth_velocity", over=plan.EXPANSION_GROWTH)),
    )  # fmt: skip
    return [
        PlantedDriver(
            outcome=outcome,
            clauses=[clause],
            planted_factor=factor,
            events=int(happened[driven].sum()),
            rate=_rate(happened, days, driven),
            rate_elsewhere=_rate(happened, days, ~driven),
        )
        for outcome, happened, days, driven, factor, clause in kinds
    ]


def _quarter(deals: Deals, at: int, begins: float) -> QuarterWins:
    rows = (deals.quarter == at) & ~deals.is_open
    return QuarterWins(
        begins=_day(begins),
        deals=int(rows.sum()),
        won=int(deals.won[rows].sum()),
        win_rate=_share(deals.won, rows),
    )


def _share(of: np.ndarray, rows: np.ndarray) -> float:
    return float(of[rows].mean()) if rows.any() else 0.0


def _rate(happened: np.ndarray, days: np.ndarray, rows: np.ndarray) -> float:
    years = float(days[rows].sum()) / 365
    return float(happened[rows].sum()) / years if years else 0.0


def _day(number: float) -> date:
    return date(1970, 1, 1).fromordinal(date(1970, 1, 1).toordinal() + int(number))
