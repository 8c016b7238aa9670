"""What follows from an account's columns on a given day: growth, complexity, intensity, recency.

Unknown stays unknown, and what would be divided by zero is unknown. The day is an argument, never the clock.
"""

from collections.abc import Collection
from dataclasses import dataclass

from store.accounts.meanings import Group
from store.population.domains import Domain

# 1 for 1-9 employees, 2 for 10-99, 3 for 100-999, 4 for 1,000-9,999 and so on: a step each power of ten.
_SIZE = "CASE WHEN employees >= 1 THEN floor(log10(employees)) + 1 END"
_CHANGED = "greatest(technology_added_on, technology_removed_on)"
DAY = "$day"  # stands for the day as of which is derived, in days since 1970-01-01


@dataclass(frozen=True)
class Derived:
    """A figure that follows from others; `needs` are columns that must all be there."""

    name: str
    sql: str
    needs: tuple[str, ...]
    group: Group
    domain: Domain
    label: str
    phrase: str
    unit: str = ""
    any_of: tuple[str, ...] = ()  # of these, one is enough; those that lack are NULL


DERIVED: tuple[Derived, ...] = (
    Derived(
        "growth_velocity",
        "CASE WHEN employees_1yr_ago > 0 THEN (employees - employees_1yr_ago) / employees_1yr_ago END",
        ("employees", "employees_1yr_ago"),
        "firmographic",
        "employment",
        "Growth of employees in a year",
        "have grown by {value} in a year",
    ),
    Derived(
        "company_size_bucket",
        _SIZE,
        ("employees",),
        "firmographic",
        "employment",
        "Company size (digits of employees)",
        "are of company size {value}",
    ),
    Derived(
        "revenue_per_employee",
        "CASE WHEN employees > 0 THEN revenue / employees END",
        ("revenue", "employees"),
        "firmographic",
        "financial",
        "Revenue per employee",
        "make {value} of revenue per employee",
    ),
    Derived(
        "age_years",
        f"CASE WHEN founded_year <= year(DATE '1970-01-01' + CAST({DAY} AS INTEGER))"
        f" THEN year(DATE '1970-01-01' + CAST({DAY} AS INTEGER)) - founded_year END",
        ("founded_year",),
        "firmographic",
        "employment",
        "Company age",
        "are {value} old",
        "years",
    ),
    Derived(
        "funding_recency_days",
        f"{DAY} - funding_date",
        ("funding_date",),
        "firmographic",
        "financial",
        "Since the last funding",
        "raised money {value} ago",
        "days",
    ),
    Derived(
        "technology_count",
        "CAST(len(technologies) AS DOUBLE)",
        ("technologies",),
        "technographic",
        "lifestyle",
        "Number of technologies",
        "use {value} technologies",
    ),
    Derived(
        "tech_complexity",
        f"len(technologies) / ({_SIZE})",
        ("technologies", "employees"),
        "technographic",
        "lifestyle",
        "Technologies for the company's size",
        "use {value} technologies per step of company size",
    ),
    Derived(
        "tech_change_days",
        f"{DAY} - {_CHANGED}",
        (),
        "technographic",
        "lifestyle",
        "Since the last change of technology",
        "changed a technology {value} ago",
        "days",
        any_of=("technology_added_on", "technology_removed_on"),
    ),
    Derived(
        "traffic_growth",
        "CASE WHEN web_traffic_1yr_ago > 0"
        " THEN (web_traffic - web_traffic_1yr_ago) / web_traffic_1yr_ago END",
        ("web_traffic", "web_traffic_1yr_ago"),
        "behavioural",
        "content",
        "Growth of web traffic in a year",
        "have web traffic that has grown by {value} in a year",
    ),
    Derived(
        "days_since_first_visit",
        f"{DAY} - first_visit",
        ("first_visit",),
        "behavioural",
        "content",
        "Since the first visit",
        "first visited {value} ago",
        "days",
    ),
    Derived(
        "engagement_intensity",
        f"CASE WHEN {DAY} > first_visit THEN page_views / ({DAY} - first_visit) END",
        ("page_views", "first_visit"),
        "behavioural",
        "content",
        "Page views a day since the first visit",
        "view {value} pages a day",
    ),
    Derived(
        "hiring_intensity",
        "CASE WHEN employees > 0 THEN job_postings / employees END",
        ("job_postings", "employees"),
        "intent",
        "intent_category",
        "Jobs open per employee",
        "have {value} jobs open per employee",
    ),
    Derived(
        "intent_topic_count",
        "CAST(len(intent_topics) AS DOUBLE)",
        ("intent_topics",),
        "intent",
        "intent_topic",
        "Number of intent topics",
        "research {value} topics",
    ),
    Derived(
        "intent_strength",
        "intent_scores",
        ("intent_scores",),
        "intent",
        "intent_topic",
        "Strongest intent score",
        "have a strongest intent score of {value}",
    ),
)
DERIVED_OF: dict[str, Derived] = {each.name: each for each in DERIVED}
# Columns of which only what is derived is kept.
INPUTS_ONLY = frozenset({"intent_scores"})


def derivable(columns: Collection[str]) -> list[Derived]:
    """What can be derived from these columns."""
    return [
        each
        for each in DERIVED
        if all(name in columns for name in each.needs)
        and (not each.any_of or any(name in columns for name in each.any_of))
    ]


def derived_sql(derived: Derived, columns: Collection[str], day: float) -> str:
    """The SQL of a derived figure over these columns, dates in days since 1970-01-01; DOUBLE.

    The formulas are those of growth velocity, technical complexity and engagement intensity as the engine
    that learns from outcomes defines them, and ratios of the same kind.
    """
    sql = derived.sql.replace(DAY, f"{day!r}")
    for name in derived.any_of:
        if name not in columns:
            sql = sql.replace(name, "NULL")
    return f"CAST({sql} AS DOUBLE)"
