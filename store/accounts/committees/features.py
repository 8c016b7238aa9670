"""What do an account's contacts say of it: how many, of which roles, who is missing, who is active?"""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from store.accounts.committees.contact_file import CONTACTS
from store.accounts.meanings import Form, Group
from store.accounts.numbering import account_key
from store.accounts.rows import one_row, table_of
from store.population.domains import Domain
from store.population.mapping.model import day_number
from store.population.source import Source


class CommitteeQuery(BaseModel):
    """How committees are read."""

    model_config = ConfigDict(extra="forbid")

    active_days: int = Field(
        default=90, ge=1, le=3_650, description="A contact is active who did something in so many days."
    )
    least_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="A department belongs to a committee when at least this share of the won accounts with"
        " contacts have it.",
    )
    least_won: int = Field(
        default=20,
        ge=1,
        le=100_000,
        description="Won accounts with contacts, below which nothing is missing.",
    )


@dataclass(frozen=True)
class CommitteeColumn:
    """A column of the committee; `unknown` is what an account without contacts has instead of NULL."""

    name: str
    form: Form
    group: Group
    domain: Domain
    label: str
    phrase: str
    unknown: str | None = None
    unit: str = ""


COMMITTEE: tuple[CommitteeColumn, ...] = (
    CommitteeColumn(
        "committee_size", "number", "firmographic", "employment", "Contacts known",
        "have {value} contacts known", "0.0",
    ),
    CommitteeColumn(
        "committee_departments", "names", "firmographic", "employment", "Departments among the contacts",
        "have a contact in {value}",
    ),
    CommitteeColumn(
        "committee_seniorities", "names", "firmographic", "employment", "Seniorities among the contacts",
        "have a contact of the seniority {value}",
    ),
    CommitteeColumn(
        "committee_roles", "names", "firmographic", "employment", "Roles among the contacts",
        "have a contact who is {value}",
    ),
    CommitteeColumn(
        "has_decision_maker", "flag", "firmographic", "employment", "Decision maker known",
        "have a decision maker among the contacts / have no decision maker among the contacts",
    ),
    CommitteeColumn(
        "active_contacts", "number", "behavioural", "content", "Contacts active lately",
        "have {value} contacts active lately",
    ),
    CommitteeColumn(
        "missing_departments", "names", "firmographic", "employment", "Departments missing",
        "lack a contact in {value}",
    ),
    CommitteeColumn(
        "missing_department_count", "number", "firmographic", "employment", "Number of departments missing",
        "lack {value} departments",
    ),
)  # fmt: skip


OF_USUAL = frozenset({"missing_departments", "missing_department_count"})  # take a usual committee


@dataclass(frozen=True)
class UsualCommittee:
    """The departments that committees of won accounts have, and of how many accounts that was read."""

    departments: tuple[str, ...] = ()
    won: int = 0


def committee_features(
    source: Source, as_of: date, query: CommitteeQuery, usual: UsualCommittee | None = None
) -> pa.Table:
    """A row an account with contacts: account_key and the columns of COMMITTEE.

    The source's contacts were read by `read_contacts`. A department is missing where the usual committee
    has it and the account has not; where no usual committee is known, what is missing is unknown.
    """
    expected = usual.departments if usual else ()
    active = f"last_activity > {day_number(as_of) - query.active_days!r}"
    expected_list = "[" + ", ".join(f"'{name}'" for name in expected) + "]::VARCHAR[]"
    departments = "list_sort(list(DISTINCT department) FILTER (department IS NOT NULL))"
    has = "coalesce(list_contains(committee_departments, x), false)"
    missing = f"list_filter({expected_list}, lambda x: NOT {has})"
    grouped = (
        "SELECT account_key, CAST(count(DISTINCT contact_id) AS DOUBLE) AS committee_size,"
        f" {departments} AS committee_departments,"
        " list_sort(list(DISTINCT seniority) FILTER (seniority IS NOT NULL)) AS committee_seniorities,"
        " list_sort(list(DISTINCT role) FILTER (role IS NOT NULL)) AS committee_roles,"
        " bool_or(decision_maker) AS has_decision_maker,"
        " CASE WHEN count(last_activity) > 0 THEN"
        f" CAST(count(DISTINCT contact_id) FILTER ({active}) AS DOUBLE) END AS active_contacts"
        f" FROM {CONTACTS} GROUP BY account_key"
    )
    told = "CASE WHEN len(missing) > 0 THEN missing END AS missing_departments"
    count = f"CASE WHEN {len(expected)} > 0 THEN CAST(len(missing) AS DOUBLE) END AS missing_department_count"
    return table_of(
        source,
        f"SELECT * EXCLUDE (missing), {told}, {count}"
        f" FROM (SELECT *, {missing} AS missing FROM ({grouped})) ORDER BY account_key",
    )


def usual_committee(source: Source, won: Collection[str], query: CommitteeQuery) -> UsualCommittee:
    """The departments that at least `least_share` of the won accounts with contacts have, sorted.

    `won` are ids of accounts with a won deal; where fewer than `least_won` of them have contacts, no
    department is usual.
    """
    keys = pa.table({"account_key": pa.array(sorted({account_key(each) for each in won}), pa.string())})
    source.connection.register("won_accounts", keys)
    among = f"{CONTACTS} JOIN won_accounts USING (account_key)"
    (total,) = one_row(source, f"SELECT count(DISTINCT account_key) FROM {among}")
    rows = table_of(
        source,
        f"SELECT department, count(DISTINCT account_key) AS accounts FROM {among}"
        " WHERE department IS NOT NULL GROUP BY department",
    ).to_pylist()
    enough = total >= query.least_won
    having = sorted(
        row["department"] for row in rows if enough and row["accounts"] >= query.least_share * total
    )
    return UsualCommittee(tuple(having), total)
