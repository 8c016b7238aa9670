"""What follows from an account's columns on a day?"""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.accounts.derived import DERIVED, DERIVED_OF, derivable, derived_sql
from store.population.mapping.model import day_number

Enriched = Callable[..., dict[str, list]]
DAY = day_number(date(2026, 1, 1))

HEADER = (
    "Account ID,Employees,Employees 1 Year Ago,Annual Revenue,Founded,Last Funding Date,Technologies,"
    "Technology Added Date,Technology Removed Date,Page Views,First Visit Date,Web Traffic,"
    "Web Traffic 1 Year Ago,Job Postings,Intent Topics,Intent Score\n"
)


def test_each_figure_is_what_it_is_by_hand(enriched: Enriched) -> None:
    """As of 2026-01-01 an account of 120 employees, 100 a year ago, and 3 technologies:

    growth 20 / 100 = 0.2; size: 120 has 3 digits, so bucket 3; 3 / 3 = 1 technology a step; revenue per
    employee 12,000,000 / 120 = 100,000; founded 2010: 16 years; funded on 2025-10-01: 31 + 30 + 31 = 92 days;
    last change of technology 2025-12-31 (the removal was before): 1 day; first visit on 2025-09-23: 100 days,
    300 / 100 = 3 views a day; traffic (1500 - 1000) / 1000 = 0.5; 6 / 120 = 0.05 jobs an employee; 2 topics.
    """
    found = enriched(
        HEADER
        + "17,120,100,12000000,2010,2025-10-01,Snowflake;Kubernetes;SAP,2025-12-31,2025-12-01,300,2025-09-23,"
        "1500,1000,6,CRM;ERP,75\n"
    )
    told = {name: values[0] for name, values in found.items() if name in DERIVED_OF}
    assert told == pytest.approx(
        {
            "growth_velocity": 0.2,
            "company_size_bucket": 3,
            "revenue_per_employee": 100_000,
            "age_years": 16,
            "funding_recency_days": 92,
            "technology_count": 3,
            "tech_complexity": 1,
            "tech_change_days": 1,
            "traffic_growth": 0.5,
            "days_since_first_visit": 100,
            "engagement_intensity": 3,
            "hiring_intensity": 0.05,
            "intent_topic_count": 2,
            "intent_strength": 75,
        }
    )
    assert set(told) == {each.name for each in DERIVED}


def test_what_is_unknown_stays_unknown(enriched: Enriched) -> None:
    row = "2,10,8,1,2000,2025-01-01,A,2025-01-01,2025-01-01,1,2025-01-01,2,1,1,A,1\n"
    found = enriched(HEADER + "1,,,,,,,,,,,,,,,\n" + row)
    assert all(found[each.name][0] is None for each in DERIVED)
    assert all(found[each.name][1] is not None for each in DERIVED)


def test_what_would_be_divided_by_zero_is_unknown(enriched: Enriched) -> None:
    """No employees, none a year ago, no traffic before, and a first visit on the very day."""
    row = "2,10,8,1,2000,2025-01-01,A,2025-01-01,2025-01-01,1,2025-01-01,2,1,1,A,1\n"
    found = enriched(HEADER + "1,0,0,5,2000,,A,,,9,2026-01-01,10,0,3,,\n" + row)
    zeros = ("growth_velocity", "company_size_bucket", "revenue_per_employee", "tech_complexity",
             "engagement_intensity", "traffic_growth", "hiring_intensity")  # fmt: skip
    assert [found[name][0] for name in zeros] == [None] * len(zeros)
    assert found["days_since_first_visit"][0] == 0


def test_nothing_after_the_day_is_known(enriched: Enriched) -> None:
    """On 2026-01-01 the visit, funding and technology of 2026-02-01 have not happened yet."""
    text = (
        "Account ID,First Visit Date,Page Views,Last Funding Date,Technology Added Date,Founded\n"
        "1,2026-02-01,50,2026-02-01,2026-02-01,2027\n"
        "2,2025-12-02,60,2025-12-02,2025-12-02,2000\n"
    )
    early = enriched(text)
    for name in ("first_visit", "funding_date", "technology_added_on", "engagement_intensity", "age_years",
                 "funding_recency_days", "tech_change_days"):  # fmt: skip
        assert early[name][0] is None, name
    assert early["engagement_intensity"][1] == 2
    later = enriched(text, as_of=date(2026, 3, 2))
    assert later["funding_recency_days"] == [29, 90]


@pytest.mark.parametrize(
    ("employees", "bucket"), [(1, 1), (9, 1), (10, 2), (99, 2), (100, 3), (999, 3), (1_000, 4), (10_000, 5)]
)
def test_company_size_rises_a_step_with_each_power_of_ten(
    enriched: Enriched, employees: int, bucket: int
) -> None:
    assert enriched(f"Account ID,Employees\n1,{employees}\n")["company_size_bucket"] == [bucket]


def test_only_what_the_columns_allow_is_derived() -> None:
    assert [each.name for each in derivable(["employees"])] == ["company_size_bucket"]
    assert [each.name for each in derivable(["technology_removed_on"])] == ["tech_change_days"]
    assert derivable([]) == []


COUNTS = st.one_of(st.none(), st.integers(0, 10**6))


@settings(max_examples=25)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=20))
def test_growth_is_the_plain_formula_or_unknown(pairs: list[tuple[int | None, int | None]]) -> None:
    sql = derived_sql(DERIVED_OF["growth_velocity"], ["employees", "employees_1yr_ago"], DAY)
    now, before = ([None if pair[at] is None else float(pair[at]) for pair in pairs] for at in (0, 1))
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {sql} FROM"
            " (SELECT unnest(?::DOUBLE[]) AS employees, unnest(?::DOUBLE[]) AS employees_1yr_ago)",
            [now, before],
        ).fetchall()
    expected = [None if one is None or not two else (one - two) / two for one, two in pairs]
    assert [found for (found,) in rows] == pytest.approx(expected)
