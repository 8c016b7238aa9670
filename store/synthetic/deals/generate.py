"""How do generated accounts and deals come about? All from one seed, written as the exports they would be."""

import errno
import shutil
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from pydantic import BaseModel, Field

from store.errors import BadInput, NoRoom
from store.population.mapping.model import day_number
from store.synthetic.deals.companies import Companies, draw_companies
from store.synthetic.deals.contacts import draw_contacts
from store.synthetic.deals.customers import draw_customers
from store.synthetic.deals.exports import (
    HUBSPOT_LEAK,
    SALESFORCE_LEAK,
    customer_records,
    hubspot_deals,
    salesforce_opportunities,
)
from store.synthetic.deals.outcomes import draw_deals
from store.synthetic.deals.tables import account_table, company_export, contact_export, history_table
from store.synthetic.deals.truth import told_truth

MOST_ACCOUNTS, MOST_DEALS = 2_000_000, 5_000_000
MOST_SEED = 2**63 - 1
ACCOUNTS, HISTORY, CONTACTS = "accounts.csv", "accounts_history.parquet", "contacts.csv"
HUBSPOT, SALESFORCE, CUSTOMERS = "deals_hubspot.csv", "deals_salesforce.csv", "customers.csv"
TRUTH = "truth.json"


class DealsReport(BaseModel):
    """What was generated. Paths are within `folder`."""

    folder: Path
    files: list[str]
    accounts: int
    contacts: int
    deals: int
    won: int
    lost: int
    still_open: int
    churned: int
    expanded: int
    last_day: date = Field(description="As of which the accounts are told.")


def generate_deals(accounts: int, deals: int, seed: int, out: Path, now: datetime) -> DealsReport:
    """Write accounts, their history, contacts, deals in two forms, customers and planted truth.

    The same arguments give the same bytes of text. Deals lie in the two years before `now`; every file
    calls an account by the same id. Raises BadInput for a size, seed or folder that cannot be used, NoRoom
    when the disk is full; after any failure nothing is left behind.
    """
    _check(accounts, deals, seed, out)
    was_there = out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _generate(accounts, deals, seed, out, now)
    except BaseException as error:
        shutil.rmtree(out, ignore_errors=True)
        if was_there:
            out.mkdir()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise NoRoom("The disk is full", where=str(out), instead="Free some room.") from error
        raise


def _generate(accounts: int, deals: int, seed: int, out: Path, now: datetime) -> DealsReport:
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(5)]
    last_day = int(day_number(now.date()))
    companies = draw_companies(streams[0], accounts, last_day)
    contacts = draw_contacts(streams[1], accounts, last_day)
    drawn = draw_deals(streams[2], companies, contacts, deals)
    customers = draw_customers(streams[3], companies, drawn)
    pacsv.write_csv(company_export(account_table(companies, len(companies.moments) - 1)), out / ACCOUNTS)
    _write_history(companies, out / HISTORY)
    pacsv.write_csv(contact_export(contacts), out / CONTACTS)
    pacsv.write_csv(hubspot_deals(drawn), out / HUBSPOT)
    pacsv.write_csv(salesforce_opportunities(drawn), out / SALESFORCE)
    pacsv.write_csv(customer_records(streams[4], drawn, customers), out / CUSTOMERS)
    leaks = {HUBSPOT: HUBSPOT_LEAK, SALESFORCE: SALESFORCE_LEAK}
    truth = told_truth(drawn, customers, accounts, seed, companies.moments, leaks)
    (out / TRUTH).write_text(truth.model_dump_json(indent=1, exclude_none=True), encoding="utf-8")
    return DealsReport(
        folder=out,
        files=[ACCOUNTS, HISTORY, CONTACTS, HUBSPOT, SALESFORCE, CUSTOMERS, TRUTH],
        accounts=accounts,
        contacts=len(contacts.account),
        deals=deals,
        won=truth.won,
        lost=truth.decided - truth.won,
        still_open=deals - truth.decided,
        churned=int(customers.churned.sum()),
        expanded=int(customers.expanded.sum()),
        last_day=truth.last_day,
    )


def _write_history(companies: Companies, path: Path) -> None:
    """A row an account and moment, a moment at a time."""
    writer = None
    try:
        for moment in range(len(companies.moments)):
            table: pa.Table = history_table(companies, moment)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer:
            writer.close()


def _check(accounts: int, deals: int, seed: int, out: Path) -> None:
    for name, asked, most in (("accounts", accounts, MOST_ACCOUNTS), ("deals", deals, MOST_DEALS)):
        if not 1 <= asked <= most:
            raise BadInput(
                f"{asked:,} {name} cannot be generated", where=name, instead=f"Ask for 1 to {most:,}."
            )
    if not 0 <= seed <= MOST_SEED:
        raise BadInput(f"The seed {seed} cannot be used", where="seed", instead=f"Give 0 to {MOST_SEED}.")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BadInput("The folder is not empty", where=str(out), instead="Name a new or an empty folder.")
