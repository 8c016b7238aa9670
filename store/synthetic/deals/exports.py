"""How do generated deals and customers read as exports of a CRM?"""

import numpy as np
import pyarrow as pa

from store.synthetic.deals import plan
from store.synthetic.deals.customers import Customers
from store.synthetic.deals.outcomes import Deals
from store.synthetic.deals.tables import account_ids, account_names
from store.synthetic.deals.text import days, named, numbered, whole

CURRENCY = "USD"
HUBSPOT_LEAK, SALESFORCE_LEAK = "Kickoff Attendees", "Kickoff_Attendees__c"
_HUBSPOT_OPEN = ("Appointment Scheduled", "Qualified To Buy", "Contract Sent")
_SALESFORCE_OPEN = ("Prospecting", "Proposal/Price Quote", "Negotiation/Review")


def hubspot_deals(deals: Deals) -> pa.Table:
    """The deals with the headers of a HubSpot export."""
    at = np.arange(deals.count)
    lost = ~deals.won & ~deals.is_open
    return pa.table(
        {
            "Record ID": pa.array(at + 10_000_001),
            "Deal Name": numbered("Deal {}", at + 1),
            "Pipeline": named(np.zeros(deals.count, dtype=int), ("Sales Pipeline",)),
            "Deal Stage": _stage(deals, _HUBSPOT_OPEN),
            "Amount": whole(deals.amount),
            "Create Date": days(deals.opened),
            "Close Date": days(deals.decided),
            "Closed Lost Reason": named(np.where(lost, deals.reason, -1), list(plan.REASONS)),
            "Closed Won Reason": named(np.where(deals.won, at % len(plan.WON_REASONS), -1), plan.WON_REASONS),
            "Deal Type": named(np.zeros(deals.count, dtype=int), ("New Business",)),
            "Original Traffic Source": named(deals.source, plan.SOURCES),
            "Product": named(deals.product, plan.PRODUCTS),
            "Last Activity Date": days(deals.last_activity),
            "Associated Company IDs": account_ids(deals.account),
            "Associated Company": account_names(deals.account),
            HUBSPOT_LEAK: whole(deals.kickoff_attendees.astype(float)),
        }
    )


def salesforce_opportunities(deals: Deals) -> pa.Table:
    """The same deals with the names of the fields of Salesforce's opportunities."""
    at = np.arange(deals.count)
    lost = ~deals.won & ~deals.is_open
    flags = ("false", "true")
    return pa.table(
        {
            "Id": numbered("0065g{}", at + 1, width=10),
            "Name": numbered("Deal {}", at + 1),
            "AccountId": account_ids(deals.account),
            "StageName": _stage(deals, _SALESFORCE_OPEN),
            "IsClosed": named((~deals.is_open).astype(int), flags),
            "IsWon": named(deals.won.astype(int), flags),
            "Amount": whole(deals.amount),
            "CloseDate": days(deals.decided),
            "CreatedDate": days(deals.opened),
            "Type": named(np.zeros(deals.count, dtype=int), ("New Business",)),
            "LeadSource": named(deals.source, plan.SOURCES),
            "Loss_Reason__c": named(np.where(lost, deals.reason, -1), list(plan.REASONS)),
            "LastActivityDate": days(deals.last_activity),
            "CurrencyIsoCode": named(np.zeros(deals.count, dtype=int), (CURRENCY,)),
            SALESFORCE_LEAK: whole(deals.kickoff_attendees.astype(float)),
        }
    )


def customer_records(rng: np.random.Generator, deals: Deals, customers: Customers) -> pa.Table:
    """A row for each customer who left or bought more, by the day; `opened_at` is the day they were won."""
    events = [
        (customers.churned, customers.churn_day, "churned", plan.CHURN_REASONS),
        (customers.expanded, customers.expansion_day, "expanded", plan.TRIGGERS),
    ]
    parts = []
    for happened, day, outcome, reasons in events:
        deal = customers.deal[happened]
        grown = rng.uniform(0.2, 0.8, len(deal)) if outcome == "expanded" else np.ones(len(deal))
        parts.append(
            pa.table(
                {
                    "account_id": account_ids(customers.account[happened]),
                    "outcome": named(np.zeros(len(deal), dtype=int), (outcome,)),
                    "opened_at": days(customers.since[happened]),
                    "decided_at": days(day[happened]),
                    "amount": whole(np.round(deals.amount[deal] * grown, -2)),
                    "currency": named(np.zeros(len(deal), dtype=int), (CURRENCY,)),
                    "reason": named(rng.integers(0, len(reasons), len(deal)), reasons),
                    "product": named(deals.product[deal], plan.PRODUCTS),
                }
            )
        )
    table = pa.concat_tables(parts).sort_by([("decided_at", "ascending"), ("account_id", "ascending")])
    return table.add_column(0, "record_id", numbered("customer-{}", np.arange(table.num_rows) + 1))


def _stage(deals: Deals, open_stages: tuple[str, ...]) -> pa.Array:
    last = np.arange(deals.count) % len(open_stages) + 2
    code = np.where(deals.is_open, last, np.where(deals.won, 0, 1))
    return named(code, ("Closed Won", "Closed Lost", *open_stages))
