"""How are cells of accounts read?"""

from collections.abc import Callable

import pytest

Enriched = Callable[..., dict[str, list]]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("120", 120),
        ("1,200", 1_200),
        ("1200.5", 1_200.5),
        ("$1.2M", 1_200_000),
        ("€3 bn", 3e9),
        ("2 million", 2e6),
        ("500k", 500_000),
        ("51-200", 125.5),
        ("1,001 - 5,000", 3_000.5),
        ("51 to 200 employees", 125.5),
        ("10,001+", 10_001),
        ("-5", -5),
        ("1e3", 1_000),
        ("12,5", None),
        ("many", None),
        ("N/A", None),
        ("", None),
        ("inf", None),
    ],
)
def test_amounts_are_read_as_people_write_them(enriched: Enriched, cell: str, number: float | None) -> None:
    """Of a range the middle, (51 + 200) / 2 = 125.5; of an open one its beginning."""
    # Nine plain rows beside it, so that the column is one of numbers.
    rows = "".join(f"{at},{at}\n" for at in range(2, 11))
    found = enriched(f'Account ID,Annual Revenue\n1,"{cell}"\n{rows}')
    assert found["revenue"][0] == number


def test_amounts_in_thousands_are_multiplied(enriched: Enriched) -> None:
    assert enriched("Account ID,Revenue (in 000s USD)\n1,1500\n")["revenue"] == [1_500_000]


def test_websites_are_told_as_hosts(enriched: Enriched) -> None:
    found = enriched(
        "Account ID,Website\n1,https://www.Account-1.example.com/about?x=1\n2,account-2.example.com\n"
        "3,http://account-3.example.com:8080\n4,www.account-4.example.com\n5,account-5.example.com\n"
        "6,none of it\n"
    )
    hosts = [f"account-{number}.example.com" for number in range(1, 6)]
    assert found["account_domain"] == [*hosts, None]


def test_names_lose_days_scores_and_repeats(enriched: Enriched) -> None:
    found = enriched(
        "Account ID,Technologies Added,Intent Topics,Intent Score\n"
        "1,Snowflake (2025-12-05); Kubernetes:2025-11-01;Snowflake,CRM:80;ERP:40,CRM:80;ERP:40\n"
        "2,,,\n"
    )
    assert found["technologies_added"] == [["Kubernetes", "Snowflake"], None]
    assert found["intent_topics"] == [["CRM", "ERP"], None]
    assert found["intent_strength"] == [80, None]


def test_years_come_from_numbers_and_from_dates(enriched: Enriched) -> None:
    found = enriched("Account ID,Founded\n1,2010\n2,1998-05-01\n3,2001.0\n4,1900\n5,1850\n6,20\n")
    assert found["founded_year"] == [2010, 1998, 2001, 1900, 1850, None]


def test_a_leading_zero_stays_part_of_a_code(enriched: Enriched) -> None:
    found = enriched("Account ID,Segment,Rank\n1,007,1\n2,012,2\n")
    assert found["segment"] == ["007", "012"]
    assert found["rank"] == [1, 2]
