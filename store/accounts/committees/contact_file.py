"""Who is known at which account? A file of contacts, read without names, addresses or phones."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from store.accounts.cells import day_cell_sql, flag_cell_sql, id_cell_sql, text_cell_sql
from store.accounts.committees.roles import role_of
from store.accounts.headers import matched
from store.accounts.numbering import key_sql
from store.accounts.rows import done, one_row, table_of
from store.errors import BadFile
from store.population.mapping.model import day_number
from store.population.source import Source
from store.population.source.engine import name_sql

CONTACTS = "contacts_of_accounts"  # the table of them, one row a contact and account
_HEADERS = {
    "account_id": "accountid associatedcompanyids associatedcompanyid companyid primaryassociatedcompanyid"
    " primarycompanyid accountids associatedaccountid salesforceaccountid hubspotcompanyid"
    " associatedcompanyidsprimary associatedcompanyidprimary",
    "contact_id": "contactid recordid id hsobjectid personid hubspotcontactid salesforcecontactid contact",
    "title": "jobtitle title position role contacttitle",
    "department": "department jobfunction hsjobfunction function contactdepartment",
    "seniority": "seniority hsseniority seniorities level joblevel managementlevel contactseniority",
    "decision_maker": "decisionmaker isdecisionmaker economicbuyer isprimarydecisionmaker",
    "buying_role": "buyingrole hsbuyingrole opportunityrole contactrole buyingroles",
    "last_activity": "lastactivitydate lastactivity lastactive lastactivityat lastengagementdate"
    " noteslastupdated lastseen dateoflastactivity hslastactivitydate lastcontacted",
}


@dataclass(frozen=True)
class ContactFile:
    """The contacts of a source: `columns` says which of its columns were read, by what they mean."""

    columns: dict[str, str]
    contacts: int  # rows of the file
    without_account: int  # contacts that name no account


def read_contacts(source: Source, as_of: date) -> ContactFile:
    """Make the table of contacts in the source's connection; what happened after the day is left out.

    Its columns: account_key, contact_id, department, seniority, role, decision_maker, last_activity (days
    since 1970-01-01). A contact of several accounts ("17;18") has a row for each. Ids that are e-mail
    addresses are not kept: such a contact is called by its row. Raises BadFile where no column names the
    accounts.
    """
    wanted = {name: words.split() for name, words in _HEADERS.items()}
    columns = {name: headers[0] for name, headers in matched(source.columns, wanted).items()}
    if "account_id" not in columns:
        raise BadFile(
            "No column names the accounts of the contacts",
            where=str(source.parts[0].path),
            instead="Call it `Account ID` or `Associated Company IDs`.",
        )
    _register_roles(source, columns)
    done(source, f"CREATE OR REPLACE TEMP TABLE {CONTACTS} AS {_contacts_sql(source, columns, as_of)}")
    nameless = f"SELECT count(*) FROM {source.sql} WHERE {text_cell_sql(columns['account_id'])} IS NULL"
    return ContactFile(columns, source.rows, one_row(source, nameless)[0])


def _register_roles(source: Source, columns: dict[str, str]) -> None:
    """A table of every title, department and seniority that occurs, with the role that they tell."""
    cells = ", ".join(f"{_text(columns, name)} AS {name}" for name in ("title", "department", "seniority"))
    found = table_of(source, f"SELECT DISTINCT {cells} FROM {source.sql}")
    given = [found.column(name).to_pylist() for name in ("title", "department", "seniority")]
    roles = [role_of(*words) for words in zip(*given, strict=True)]
    table = found
    for name, values in (
        ("told_department", [role.department for role in roles]),
        ("told_seniority", [role.seniority for role in roles]),
        ("role", [role.told for role in roles]),
    ):
        table = table.append_column(name, pa.array(values, pa.string()))
    source.connection.register("roles_of_titles", table)


def _text(columns: dict[str, str], name: str) -> str:
    return f"coalesce({text_cell_sql(columns[name])}, '')" if name in columns else "''"


def _contacts_sql(source: Source, columns: dict[str, str], as_of: date) -> str:
    cells = {name: _text(columns, name) for name in ("title", "department", "seniority")}
    account = columns["account_id"]
    if source.columns[account] == "list":
        accounts = f"CAST({name_sql(account)} AS VARCHAR[])"
    else:
        accounts = f"string_split_regex({id_cell_sql(account, source.columns[account])}, '[;|,]')"
    read = ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
    rows = (
        f"SELECT source_row, unnest({accounts}) AS account, {_contact_id_sql(source, columns)} AS contact_id,"
        f" {_decides_sql(columns)} AS decision_maker,"
        f" {_active_sql(columns, day_number(as_of))} AS last_activity, {read} FROM {source.sql}"
    )
    return (
        f"SELECT DISTINCT {key_sql('trim(r.account)')} AS account_key, r.contact_id,"
        " t.told_department AS department, t.told_seniority AS seniority, t.role, r.decision_maker,"
        f" r.last_activity FROM ({rows}) r JOIN roles_of_titles t USING (title, department, seniority)"
        " WHERE trim(r.account) <> '' ORDER BY account_key, r.source_row"
    )


def _contact_id_sql(source: Source, columns: dict[str, str]) -> str:
    by_row = "'row ' || source_row"
    if "contact_id" not in columns:
        return by_row
    cell = id_cell_sql(columns["contact_id"], source.columns[columns["contact_id"]])
    return f"CASE WHEN {cell} IS NULL OR contains({cell}, '@') THEN {by_row} ELSE {cell} END"


def _decides_sql(columns: dict[str, str]) -> str:
    """Whether the contact decides: as its own column says, else whether its buying role is to decide."""
    told = [flag_cell_sql(columns["decision_maker"])] if "decision_maker" in columns else []
    if "buying_role" in columns:
        cell = text_cell_sql(columns["buying_role"])
        told.append(f"regexp_matches(lower({cell}), 'decision|economic|budget')")
    return f"coalesce({', '.join(told)})" if told else "CAST(NULL AS BOOLEAN)"


def _active_sql(columns: dict[str, str], day: float) -> str:
    if "last_activity" not in columns:
        return "CAST(NULL AS DOUBLE)"
    cell = day_cell_sql(columns["last_activity"])
    return f"CASE WHEN {cell} <= {day!r} THEN {cell} END"
