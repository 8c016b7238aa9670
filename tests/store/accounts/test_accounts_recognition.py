"""Which column of a file says what of accounts?"""

from collections.abc import Callable

import pytest

from store.accounts.headers import matched, scale_of, spellings
from store.accounts.recognition import Recognition
from store.errors import BadFile

Recognised = Callable[[str], Recognition]


def names(found: Recognition) -> dict[str, str]:
    return {name: one.column for name, one in found.columns.items()}


def test_columns_of_a_hubspot_export_of_companies_are_known_by_their_headers(recognised: Recognised) -> None:
    found = recognised(
        "Record ID,Company name,Company Domain Name,Number of Employees,Annual Revenue,Industry,"
        "Country/Region,State/Region,Total Money Raised,Is Public,Web Technologies,Year Founded,"
        "Number of Pageviews,Time First Seen,Company owner\n"
        "17,Account 17,account-17.example.com,120,12000000,COMPUTER_SOFTWARE,United States,CA,5000000,true,"
        "google_analytics;hubspot,2010,300,2025-09-23 10:11,A\n"
    )
    assert names(found) == {
        "account_id": "Record ID",
        "account_name": "Company name",
        "account_domain": "Company Domain Name",
        "employees": "Number of Employees",
        "revenue": "Annual Revenue",
        "industry": "Industry",
        "country": "Country/Region",
        "region": "State/Region",
        "funding_amount": "Total Money Raised",
        "is_public": "Is Public",
        "technologies": "Web Technologies",
        "founded_year": "Year Founded",
        "page_views": "Number of Pageviews",
        "first_visit": "Time First Seen",
    }
    assert found.plain == ("Company owner",)


def test_names_of_hubspot_properties_mean_the_same_as_their_labels(recognised: Recognised) -> None:
    found = recognised(
        "hs_object_id,name,domain,numberofemployees,annualrevenue,total_money_raised,web_technologies,"
        "founded_year,is_public,hs_analytics_num_page_views,hs_analytics_first_timestamp\n"
        "17,Account 17,account-17.example.com,120,12000000,5000000,hubspot,2010,true,300,2025-09-23\n"
    )
    assert set(found.columns) == {
        "account_id",
        "account_name",
        "account_domain",
        "employees",
        "revenue",
        "funding_amount",
        "technologies",
        "founded_year",
        "is_public",
        "page_views",
        "first_visit",
    }


def test_columns_of_salesforce_accounts_are_known_with_custom_fields(recognised: Recognised) -> None:
    found = recognised(
        "Id,Name,Industry,NumberOfEmployees,AnnualRevenue,BillingCountry,BillingState,Type,Website,"
        "Funding_Stage__c,Intent_Topics__c,Page_Views__c,OwnerId,ParentId\n"
        "0015g00000XyZabAAB,Account 17,Retail,50,1000,US,CA,Prospect,www.account-17.example.com,Seed,CRM,3,"
        "005a,0015g00000XyZac\n"
    )
    assert names(found) == {
        "account_id": "Id",
        "account_name": "Name",
        "industry": "Industry",
        "employees": "NumberOfEmployees",
        "revenue": "AnnualRevenue",
        "country": "BillingCountry",
        "region": "BillingState",
        "account_type": "Type",
        "account_domain": "Website",
        "funding_stage": "Funding_Stage__c",
        "intent_topics": "Intent_Topics__c",
        "page_views": "Page_Views__c",
    }
    assert found.plain == ("OwnerId", "ParentId")


def test_enrichment_exports_are_known_by_prefixes_ranges_and_thousands(recognised: Recognised) -> None:
    found = recognised(
        "ZoomInfo Company ID,Company Name,Website,Revenue (in 000s USD),Employee Range,Primary Industry,"
        "Primary Sub-Industry,Recent Funding Date,metrics.employees_1yr_ago,# Job Postings\n"
        '9,Account 9,https://account-9.example.com/,1500,"1,001 - 5,000",Retail,Shoes,2025-04-01,900,12\n'
    )
    assert found.columns["revenue"].scale == 1_000
    assert found.columns["employees"].column == "Employee Range"
    assert found.columns["sub_industry"].column == "Primary Sub-Industry"
    assert found.columns["funding_date"].column == "Recent Funding Date"
    assert found.columns["employees_1yr_ago"].column == "metrics.employees_1yr_ago"
    assert found.columns["job_postings"].column == "# Job Postings"
    assert found.columns["account_id"].column == "ZoomInfo Company ID"


def test_a_header_is_not_believed_against_its_values(recognised: Recognised) -> None:
    """Three of four cells are no number, so `Employees` is a list of names."""
    found = recognised("Account ID,Employees\n1,many\n2,few\n3,some\n4,12\n")
    assert "employees" not in found.columns
    assert found.plain == ("Employees",)
    assert "1 of 4 cells" in found.notes[0]


def test_ids_of_salesforce_hosts_and_size_ranges_are_known_without_their_headers(
    recognised: Recognised,
) -> None:
    found = recognised(
        "Ref,Where,Bracket\n0015g00000XyZab,account-1.example.com,51-200\n"
        "0015g00000XyZac,account-2.example.com,201-500\n"
    )
    assert names(found) == {"account_id": "Ref", "account_domain": "Where", "employees": "Bracket"}


def test_a_second_id_is_kept_beside_the_first(recognised: Recognised) -> None:
    found = recognised("Record ID,Salesforce Account ID\n1,0015g00000XyZab\n2,0015g00000XyZac\n")
    assert found.columns["account_id"].column == "Record ID"
    assert found.other_ids == ("Salesforce Account ID",)


def test_dates_that_two_readers_would_read_as_two_are_not_read(recognised: Recognised) -> None:
    unclear = recognised("Account ID,First Visit\n1,03/04/2025\n2,05/06/2025\n")
    assert "first_visit" not in unclear.columns
    assert "could be swapped" in unclear.notes[0]
    clear = recognised("Account ID,First Visit\n1,03/04/2025\n2,05/26/2025\n")
    assert clear.columns["first_visit"].format == "%m/%d/%Y"


def test_commas_part_names_only_where_nothing_else_does(recognised: Recognised) -> None:
    commas = recognised('Account ID,Technologies\n1,"Snowflake, Kubernetes"\n')
    assert commas.columns["technologies"].separators == ";|,"
    marked = recognised('Account ID,Technologies\n1,"Snowflake, Inc.;Kubernetes"\n')
    assert marked.columns["technologies"].separators == ";|"


def test_a_file_without_ids_is_refused_with_the_header_that_it_needs(recognised: Recognised) -> None:
    found = recognised("Employees,Mood\n5,good\n6,bad\n")
    with pytest.raises(BadFile, match="Account ID"):
        _ = found.id_column


@pytest.mark.parametrize(
    "header",
    [
        "Number of Employees",
        "number_of_employees",
        "NumberOfEmployees",
        " NUMBER  OF EMPLOYEES ",
        "Number-Of-Employees",
    ],
)
def test_case_spaces_and_underscores_make_no_difference(header: str) -> None:
    assert "numberofemployees" in spellings(header)


def test_the_header_with_fewest_letters_taken_away_wins() -> None:
    wanted = {"industry": ["industry"]}
    assert matched(["Primary Industry", "Industry"], wanted) == {"industry": ["Industry", "Primary Industry"]}


def test_thousands_are_read_from_the_header() -> None:
    assert scale_of("Revenue (in 000s USD)") == 1_000
    assert scale_of("Revenue") == 1
