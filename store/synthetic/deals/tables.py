"""How do generated accounts and contacts read as tables?"""

import numpy as np
import pyarrow as pa

from store.synthetic.deals import plan
from store.synthetic.deals.companies import Companies
from store.synthetic.deals.contacts import Contacts
from store.synthetic.deals.text import days, joined, listed, named, numbered, whole

ID_FORM, ID_WIDTH = "0015g{}", 10  # 15 letters, as Salesforce writes ids of accounts
# What the history calls its columns, and what a file of companies with enrichment calls them.
HEADERS = {
    "account_id": "Record ID",
    "account_name": "Company name",
    "account_domain": "Company Domain Name",
    "industry": "Industry",
    "sub_industry": "Sub-industry",
    "country": "Country/Region",
    "employees": "Number of Employees",
    "employees_1yr_ago": "Employees 1 Year Ago",
    "revenue": "Annual Revenue",
    "founded_year": "Year Founded",
    "funding_stage": "Funding Stage",
    "funding_amount": "Total Money Raised",
    "funding_date": "Last Funding Date",
    "technologies": "Web Technologies",
    "technologies_added": "Technologies Added",
    "technology_added_on": "Technology Added Date",
    "competitor_tools": "Competitor Tools",
    "page_views": "Website Page Views",
    "first_visit": "First Visit Date",
    "content_downloads": "Content Downloads",
    "event_attendance": "Events Attended",
    "trial_activity": "Trial Activity",
    "web_traffic": "Monthly Web Traffic",
    "web_traffic_1yr_ago": "Web Traffic 1 Year Ago",
    "intent_topics": "Intent Topics",
    "intent_score": "Intent Score",
    "job_postings": "Job Postings",
    "review_activity": "Review Site Visits",
    "search_keywords": "Search Keywords",
}


def account_ids(accounts: np.ndarray) -> pa.Array:
    """The ids of accounts, which are numbered from 0."""
    return numbered(ID_FORM, accounts + 1, width=ID_WIDTH)


def account_names(accounts: np.ndarray) -> pa.Array:
    """`Account 17`."""
    return numbered("Account {}", accounts + 1)


def account_table(companies: Companies, moment: int) -> pa.Table:
    """The accounts as they were known at the moment, under the names that HEADERS has."""
    day = companies.moments[moment]
    at = np.arange(companies.count)
    technologies = companies.adopted <= day
    lately = np.where(technologies & np.isfinite(companies.adopted), companies.adopted, -np.inf)
    added_on = lately.max(axis=1)
    funded = companies.funding_day <= day
    return pa.table(
        {
            "account_id": account_ids(at),
            "account_name": account_names(at),
            "account_domain": numbered("account-{}.example.com", at + 1),
            "industry": named(companies.industry, list(plan.INDUSTRIES)),
            "sub_industry": named(companies.sub_industry, plan.SUB_INDUSTRIES),
            "country": named(companies.country, list(plan.COUNTRIES)),
            "employees": whole(companies.employees[:, moment]),
            "employees_1yr_ago": whole(companies.employees_1yr_ago[:, moment]),
            "revenue": whole(companies.revenue[:, moment]),
            "founded_year": whole(companies.founded_year),
            "funding_stage": named(np.where(funded, companies.funding_stage, -1), plan.FUNDING_STAGES),
            "funding_amount": whole(np.where(funded, companies.funding_amount, np.nan)),
            "funding_date": days(np.where(funded, companies.funding_day, np.nan)),
            "technologies": listed(technologies, list(plan.TECHNOLOGIES)),
            "technologies_added": listed(
                (lately == added_on[:, None]) & np.isfinite(added_on)[:, None], list(plan.TECHNOLOGIES)
            ),
            "technology_added_on": days(added_on),
            "competitor_tools": listed(
                companies.competitor[:, None] == np.arange(len(plan.COMPETITORS)), plan.COMPETITORS
            ),
            "page_views": whole(companies.page_views(moment)),
            "first_visit": days(np.where(companies.first_visit <= day, companies.first_visit, np.nan)),
            "content_downloads": whole(companies.downloads),
            "event_attendance": whole(companies.events),
            "trial_activity": whole(companies.trials),
            "web_traffic": whole(companies.traffic[:, moment]),
            "web_traffic_1yr_ago": whole(companies.traffic_1yr_ago[:, moment]),
            "intent_topics": listed(companies.topics[:, moment], plan.TOPICS),
            "intent_score": whole(companies.intent_score[:, moment]),
            "job_postings": whole(companies.job_postings[:, moment]),
            "review_activity": whole(companies.reviews),
            "search_keywords": listed(companies.keywords, plan.KEYWORDS),
        }
    )


def company_export(table: pa.Table) -> pa.Table:
    """The accounts as a CRM with enrichment exports them: its headers, lists as texts."""
    columns = [
        joined(column.combine_chunks()) if pa.types.is_list(column.type) else column
        for column in table.columns
    ]
    return pa.table(dict(zip([HEADERS[name] for name in table.column_names], columns, strict=True)))


def history_table(companies: Companies, moment: int) -> pa.Table:
    """The attributes of every account as of the moment, with its growth velocity; what a model may know."""
    table = account_table(companies, moment).drop_columns(["account_name", "account_domain"])
    as_of = days(np.full(companies.count, companies.moments[moment]))
    growth = pa.array(companies.growth()[:, moment])
    return table.add_column(1, "as_of", as_of).append_column("growth_velocity", growth)


def contact_export(contacts: Contacts) -> pa.Table:
    """The contacts as a CRM exports them, without names."""
    account, number = contacts.account + 1, contacts.number
    return pa.table(
        {
            "Contact ID": numbered("contact-{}-{}", account, number),
            "Email": contact_emails(account, number),
            "Associated Company IDs": account_ids(contacts.account),
            "Job Title": named(contacts.title, [title for title, _, _, _ in plan.TITLES]),
            "Department": named(contacts.title, [department for _, department, _, _ in plan.TITLES]),
            "Decision Maker": named(contacts.decides.astype(int), ("No", "Yes")),
            "Last Activity Date": days(contacts.last_activity),
        }
    )


def contact_emails(account: np.ndarray, number: np.ndarray) -> pa.Array:
    """`contact-17-2@account-17.example.com`."""
    return numbered("contact-{}-{}@account-{}.example.com", account, number, account)
