"""Who is on the buying committee of an account? Kept with the snapshot: ids and roles, never a name."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, Field

from store.accounts.committees.contact_file import CONTACTS
from store.accounts.committees.features import UsualCommittee
from store.accounts.committees.roles import RANKS
from store.accounts.numbering import account_key, account_number
from store.accounts.rows import table_of
from store.artifacts import written_whole
from store.errors import NotFound
from store.population.source import Source
from store.warehouse import Warehouse

_FILE = "committees.parquet"
_USUAL, _WON = b"usual_departments", b"won_accounts"
_GROUP = 1 << 14  # rows of a row group: what is read to answer for one account


class CommitteeContact(BaseModel):
    """A contact of an account."""

    contact_id: str
    decision_maker: bool | None = Field(default=None, description="Left out where nobody said.")
    last_activity: date | None = None


class CommitteeRole(BaseModel):
    """The contacts of an account in one role."""

    department: str | None = Field(description="Null where no title tells.")
    seniority: str | None
    contacts: list[CommitteeContact]


class Committee(BaseModel):
    """The buying committee of an account, the highest roles first."""

    account_id: str
    size: int
    decision_maker_known: bool | None = Field(description="Null where of no contact it is known.")
    roles: list[CommitteeRole]
    missing_departments: list[str] = Field(
        description="That committees of won accounts have, and this has not."
    )


def write_committees(source: Source, usual: UsualCommittee, warehouse: Warehouse, snapshot_id: str) -> None:
    """Keep the contacts that `read_contacts` read beside the snapshot of their accounts."""
    table = table_of(source, f"SELECT * FROM {CONTACTS} ORDER BY account_key")
    told = {_USUAL: "|".join(usual.departments).encode(), _WON: str(usual.won).encode()}
    path = warehouse.folder / "snapshots" / snapshot_id / _FILE
    with written_whole(path) as beside:
        pq.write_table(table.replace_schema_metadata(told), beside, row_group_size=_GROUP, compression="zstd")


def committee(warehouse: Warehouse, account_id: str) -> Committee:
    """The contacts of an account by role, ids and roles only.

    Raises NotFound where no contacts were loaded, the account was erased, or none of them is of it.
    """
    path = warehouse.folder / "snapshots" / warehouse.current_id / _FILE
    if not path.exists():
        raise NotFound(
            f"No contacts were loaded with the accounts of `{warehouse.name}`",
            where="warehouse",
            instead="Load them: `fieldmark accounts load ACCOUNTS --contacts CONTACTS`.",
        )
    key = account_key(account_id)
    erased = warehouse.erasures.person_ids
    rows = pq.read_table(path, filters=[("account_key", "=", key)])
    if not rows.num_rows or account_number(account_id) in erased:
        raise NotFound(
            "No contact is of this account", where="account id", instead="Give the id as its file has it."
        )
    usual = (rows.schema.metadata or {}).get(_USUAL, b"").decode()
    return _committee(account_id, rows, usual.split("|") if usual else [])


def _committee(account_id: str, rows: pa.Table, usual: list[str]) -> Committee:
    contacts = rows.to_pylist()
    deciding = {one["decision_maker"] for one in contacts} - {None}
    having = {one["department"] for one in contacts}
    return Committee(
        account_id=account_id,
        size=len({one["contact_id"] for one in contacts}),
        decision_maker_known=any(deciding) if deciding else None,
        roles=_roles(contacts),
        missing_departments=[name for name in usual if name not in having],
    )


def _roles(contacts: list[dict]) -> list[CommitteeRole]:
    by_role: dict[tuple[str | None, str | None], list[CommitteeContact]] = {}
    for one in sorted(contacts, key=lambda one: one["contact_id"]):
        active = one["last_activity"]
        by_role.setdefault((one["department"], one["seniority"]), []).append(
            CommitteeContact(
                contact_id=one["contact_id"],
                decision_maker=one["decision_maker"],
                last_activity=None if active is None else date(1970, 1, 1) + timedelta(days=int(active)),
            )
        )
    rank = {name: at for at, name in enumerate(RANKS)}
    order = sorted(by_role, key=lambda role: (rank.get(role[1] or "", len(rank)), role[0] or "~"))
    return [CommitteeRole(department=role[0], seniority=role[1], contacts=by_role[role]) for role in order]
