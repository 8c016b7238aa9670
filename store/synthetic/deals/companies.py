"""What is each account like, quarter by quarter?"""

from dataclasses import dataclass

import numpy as np

from store.synthetic.deals.plan import (
    COMPETITOR_SHARE,
    COMPETITORS,
    COUNTRIES,
    FUNDING_STAGES,
    INDUSTRIES,
    KEYWORDS,
    QUARTER_DAYS,
    QUARTERS,
    SUB_INDUSTRIES,
    TECHNOLOGIES,
    TOPICS,
    YEAR_QUARTERS,
)

NEVER = np.inf
_MOMENTS = QUARTERS + 1  # at which attributes are told: the beginnings of the quarters, and the last day


@dataclass(frozen=True)
class Companies:
    """Accounts, numbered from 1. Codes point into the plan's names; days are since 1970-01-01.

    Arrays of two dimensions have a row an account and a column a moment, the last of them the last day.
    """

    moments: np.ndarray  # the days of the moments
    industry: np.ndarray
    sub_industry: np.ndarray
    country: np.ndarray
    founded_year: np.ndarray
    employees: np.ndarray  # (accounts, moments), whole numbers
    employees_1yr_ago: np.ndarray
    revenue: np.ndarray  # NaN where unknown
    funding_stage: np.ndarray  # -1 where unknown
    funding_amount: np.ndarray
    funding_day: np.ndarray  # NaN where unknown
    adopted: np.ndarray  # (accounts, technologies): the day, -inf for always, inf for never
    competitor: np.ndarray  # -1 for none
    views_a_day: np.ndarray
    first_visit: np.ndarray  # NaN for never
    downloads: np.ndarray
    events: np.ndarray
    trials: np.ndarray
    traffic: np.ndarray  # (accounts, moments), NaN where unknown
    traffic_1yr_ago: np.ndarray
    topics: np.ndarray  # (accounts, moments, topics), bool
    intent_score: np.ndarray  # (accounts, moments), NaN without a topic
    job_postings: np.ndarray
    reviews: np.ndarray
    keywords: np.ndarray  # (accounts, keywords), bool

    @property
    def count(self) -> int:
        return len(self.industry)

    def growth(self) -> np.ndarray:
        """Growth velocity, (accounts, moments)."""
        return (self.employees - self.employees_1yr_ago) / self.employees_1yr_ago

    def uses(self, technology: str, days: np.ndarray, accounts: np.ndarray | None = None) -> np.ndarray:
        """Whether the technology is in use on each of the days, by the accounts or by all of them."""
        column = self.adopted[:, list(TECHNOLOGIES).index(technology)]
        return (column if accounts is None else column[accounts]) <= days

    def page_views(self, moment: int) -> np.ndarray:
        """Page views until the moment, NaN before the first visit."""
        days = self.moments[moment] - self.first_visit
        return np.where(days >= 0, np.floor(self.views_a_day * days), np.nan)


def draw_companies(rng: np.random.Generator, accounts: int, last_day: int) -> Companies:
    """Accounts as they are drawn: sizes lognormal, growth by account, technologies taken up over time."""
    moments = last_day - QUARTER_DAYS * np.arange(QUARTERS, -1, -1.0)
    industry = rng.choice(len(INDUSTRIES), accounts, p=list(INDUSTRIES.values())).astype(np.int32)
    employees, before = _employees(rng, industry)
    topics = rng.random((accounts, _MOMENTS, len(TOPICS))) < 0.12
    score = np.where(topics.any(axis=2), rng.integers(20, 101, (accounts, _MOMENTS)), np.nan)
    traffic, traffic_before = _traffic(rng, employees)
    first_visit = _visited(rng, accounts, last_day)
    funding_day = np.where(rng.random(accounts) < 0.35, last_day - rng.integers(0, 2_000, accounts), np.nan)
    funded = ~np.isnan(funding_day)
    return Companies(
        moments=moments,
        industry=industry,
        sub_industry=np.where(rng.random(accounts) < 0.9, rng.integers(0, len(SUB_INDUSTRIES), accounts), -1),
        country=rng.choice(len(COUNTRIES), accounts, p=list(COUNTRIES.values())),
        founded_year=1970 + last_day // 365 - 2 - np.floor(rng.gamma(2.0, 9.0, accounts)),
        employees=employees,
        employees_1yr_ago=before,
        revenue=_some(rng, 0.85, employees * 1_000 * np.round(rng.lognormal(4.9, 0.5, (accounts, 1)))),
        funding_stage=np.where(funded, rng.integers(0, len(FUNDING_STAGES), accounts), -1),
        funding_amount=np.where(funded, np.round(rng.lognormal(15.5, 1.0, accounts), -4), np.nan),
        funding_day=funding_day,
        adopted=_adopted(rng, accounts, moments),
        competitor=np.where(
            rng.random(accounts) < COMPETITOR_SHARE, rng.integers(0, len(COMPETITORS), accounts), -1
        ),
        views_a_day=rng.lognormal(-1.5, 1.0, accounts),
        first_visit=first_visit,
        downloads=rng.poisson(1.2, accounts).astype(float),
        events=rng.poisson(0.5, accounts).astype(float),
        trials=np.where(rng.random(accounts) < 0.15, rng.poisson(12, accounts), 0).astype(float),
        traffic=traffic,
        traffic_1yr_ago=traffic_before,
        topics=topics,
        intent_score=score,
        job_postings=rng.poisson(0.02 * employees).astype(float),
        reviews=rng.poisson(0.8, accounts).astype(float),
        keywords=rng.random((accounts, len(KEYWORDS))) < 0.1,
    )


def _employees(rng: np.random.Generator, industry: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Employees at each moment and a year before it; public bodies are larger."""
    accounts = len(industry)
    median = np.where(industry == list(INDUSTRIES).index("Public sector"), 600.0, 110.0)
    first = median * rng.lognormal(0.0, 1.5, accounts)
    yearly = np.clip(rng.normal(0.08, 0.2, accounts), -0.4, 1.2)
    steps = np.arange(-YEAR_QUARTERS, _MOMENTS) / YEAR_QUARTERS
    path = first[:, None] * (1 + yearly[:, None]) ** steps * rng.lognormal(0, 0.02, (accounts, len(steps)))
    whole = np.maximum(np.round(path), 2.0)
    return whole[:, YEAR_QUARTERS:], whole[:, :-YEAR_QUARTERS]


def _adopted(rng: np.random.Generator, accounts: int, moments: np.ndarray) -> np.ndarray:
    """The day on which each account took up each technology: four in five of them long ago."""
    shape = (accounts, len(TECHNOLOGIES))
    uses = rng.random(shape) < np.array(list(TECHNOLOGIES.values()))
    lately = rng.integers(int(moments[0]) + 1, int(moments[-1]) + 1, shape)
    return np.where(uses, np.where(rng.random(shape) < 0.8, -NEVER, lately), NEVER)


def _traffic(rng: np.random.Generator, employees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    accounts = len(employees)
    now = np.round(employees * rng.lognormal(3.0, 0.8, (accounts, 1)))
    before = np.round(now / (1 + np.clip(rng.normal(0.1, 0.3, now.shape), -0.6, 3.0)))
    known = rng.random((accounts, 1)) < 0.8
    return np.where(known, now, np.nan), np.where(known, before, np.nan)


def _visited(rng: np.random.Generator, accounts: int, last_day: int) -> np.ndarray:
    day = last_day - rng.integers(1, 1_400, accounts)
    return np.where(rng.random(accounts) < 0.75, day, np.nan)


def _some(rng: np.random.Generator, share: float, values: np.ndarray) -> np.ndarray:
    """The values, unknown for all but this share of the accounts."""
    return np.where(rng.random((len(values), 1)) < share, values, np.nan)
