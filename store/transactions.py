"""Who bought when and for how much? A file of purchases as arrays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from store.errors import BadFile
from store.population.source import Source, open_source
from store.population.source.dates import time_sql
from store.population.source.engine import name_sql, told

Role = Literal["customer", "date", "amount", "quantity"]
ROLES: tuple[Role, ...] = get_args(Role)
# What a column of each kind is called, the likeliest first; compared in lower case without marks.
CALLED: dict[Role, tuple[str, ...]] = {
    "customer": (
        "customerid", "customer", "custid", "clientid", "client", "userid", "user", "userpseudoid",
        "masterid", "personid", "accountid", "account", "buyerid", "memberid", "id",
    ),
    "date": (
        "date", "orderdate", "purchasedate", "transactiondate", "invoicedate", "purchasedat", "orderedat",
        "createdat", "timestamp", "datetime", "day", "time",
    ),
    "amount": (
        "amount", "revenue", "spend", "spent", "sales", "total", "ordertotal", "orderamount", "ordervalue",
        "purchaseamount", "totalamount", "price", "value", "monetaryvalue",
    ),
    "quantity": ("quantity", "qty", "units", "items", "cds", "count"),
}  # fmt: skip
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Transactions:
    """Purchases, by customer, then by day. Refunds are taken off; an amount of 0 is an order all the same."""

    ids: np.ndarray  # str, of each customer; their places are the codes
    customers: np.ndarray  # int32
    days: np.ndarray  # int32, since 1970-01-01
    amounts: np.ndarray  # float64, 0 or above
    quantities: np.ndarray | None  # float64, where the file has them
    notes: tuple[str, ...] = ()  # what was left out or put together, in words

    @property
    def rows(self) -> int:
        return len(self.days)

    def up_to(self, day: int) -> "Transactions":
        """The purchases of this day and before; codes and ids stay."""
        kept = self.days <= day
        quantities = None if self.quantities is None else self.quantities[kept]
        return Transactions(
            self.ids, self.customers[kept], self.days[kept], self.amounts[kept], quantities, self.notes
        )


def read_transactions(
    files: Sequence[Path],
    *,
    columns: Mapping[Role, str] | None = None,
    date_format: str = "",
    repeated: Literal["keep", "drop"] = "keep",
    free: Literal["keep", "drop"] = "keep",
    memory_limit: str = "1GB",
) -> Transactions:
    """The purchases of CSV, JSON Lines or Parquet files, their columns recognised by name unless named.

    date_format: as in strptime, for dates that can be read in two ways; whole numbers of eight digits are
    YYYYMMDD. A negative amount is a refund and lowers that customer's newest purchases before it; a purchase
    that is taken back whole is none. repeated: rows alike in every column are two purchases in most exports
    (two of the same on one day); "drop" keeps one of them. free: purchases of amount 0 are orders too.
    Raises BadFile where a column is missing, cannot be read, or is not given.
    """
    with open_source(files, memory_limit=memory_limit) as source:
        named = _named(source, dict(columns or {}))
        read = _read(source, named, date_format, repeated)
    _refuse_unread(read, named, source)
    return _transactions(read, "quantity" in named, repeated, free)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _named(source: Source, given: dict[Role, str]) -> dict[Role, str]:
    """The column of each role; given ones first, then by the list of names."""
    where = ", ".join(source.columns)
    unknown = [name for name in given.values() if name not in source.columns]
    if unknown:
        raise BadFile(f"There is no column {', '.join(unknown)}", where=where, instead="Name one of these.")
    free = {_plain(name): name for name in source.columns if name not in given.values()}
    for role in ROLES:
        found = next((free.pop(word) for word in CALLED[role] if role not in given and word in free), None)
        if found:
            given[role] = found
    lacking = [role for role in ("customer", "date", "amount") if role not in given]
    if lacking:
        raise BadFile(
            f"No column is recognised as {' and '.join(lacking)}",
            where=where,
            instead="Name the columns of the customer, the date and the amount.",
        )
    return given


def _day_sql(cell: str, date_format: str) -> str:
    """The cell's day since 1970-01-01; NULL where it is no date."""
    text = f"trim(CAST({cell} AS VARCHAR))"
    seconds = f"epoch({time_sql(text, date_format)})"
    plain = f"TRY_CAST({cell} AS DATE)"  # ten characters of a date are by far the most frequent
    compact = f"try_strptime({text}, '%Y%m%d')"
    if date_format:
        return f"CAST(floor({seconds} / {SECONDS_A_DAY}) AS INTEGER)"
    return (
        f"CASE WHEN regexp_full_match({text}, '\\d{{4}}-\\d\\d-\\d\\d') THEN {plain} - DATE '1970-01-01'"
        f" WHEN regexp_full_match({text}, '\\d{{8}}') THEN CAST({compact} AS DATE) - DATE '1970-01-01'"
        f" ELSE CAST(floor({seconds} / {SECONDS_A_DAY}) AS INTEGER) END"
    )


def _read(source: Source, named: dict[Role, str], date_format: str, repeated: str) -> dict[str, Any]:
    cells = {role: name_sql(name) for role, name in named.items()}
    number = "CASE WHEN isfinite(TRY_CAST({0} AS DOUBLE)) THEN TRY_CAST({0} AS DOUBLE) END"
    quantity = number.format(cells["quantity"]) if "quantity" in cells else "CAST(NULL AS DOUBLE)"
    customer = f"nullif(trim(CAST({cells['customer']} AS VARCHAR)), '')"
    selected = (
        f"SELECT {customer} AS customer, {_day_sql(cells['date'], date_format)} AS day,"  # noqa: S608  # names are quoted
        f" {number.format(cells['amount'])} AS amount, {quantity} AS quantity FROM {source.sql}"
    )
    if repeated == "drop":
        columns = ", ".join(name_sql(name) for name in source.columns)
        selected += f" QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY source_row) = 1"
    connection = source.connection
    with told(", ".join(str(part.path) for part in source.parts)):
        connection.execute(f"CREATE TEMP TABLE purchases AS {selected}")
        connection.execute(
            "CREATE TEMP TABLE ids AS SELECT customer, CAST(row_number() OVER (ORDER BY customer) - 1 AS "
            "INTEGER) AS code FROM (SELECT DISTINCT customer FROM purchases WHERE customer IS NOT NULL)"
        )
        rows = connection.execute(
            "SELECT coalesce(code, -1) AS customer, coalesce(day, -2147483648) AS day,"
            " coalesce(amount, 'nan'::DOUBLE) AS amount, coalesce(quantity, 'nan'::DOUBLE) AS quantity"
            " FROM purchases LEFT JOIN ids USING (customer)"
        ).fetchnumpy()
        ids = connection.execute("SELECT customer FROM ids ORDER BY code").fetchnumpy()["customer"]
    return {name: np.ma.getdata(column) for name, column in rows.items()} | {
        "ids": np.asarray(np.ma.getdata(ids), dtype=np.str_),
        "rows": source.rows,
    }


def _refuse_unread(read: dict[str, Any], named: Mapping[Role, str], source: Source) -> None:
    unread: dict[Role, np.ndarray] = {
        "customer": read["customer"] < 0,
        "date": read["day"] == np.iinfo(np.int32).min,
        "amount": np.isnan(read["amount"]),
    }
    if not source.rows:
        raise BadFile("There are no purchases", where=str(source.parts[0].path))
    for role, wrong in unread.items():
        # A few broken rows are told and left out; a column that mostly fails is the wrong one or form.
        if wrong.mean() > 0.5:
            format = "Give its date_format." if role == "date" else "Name the right column."
            raise BadFile(
                f"Most cells of the column {named[role]} cannot be read as {role}: {wrong.sum():,} of "
                f"{len(wrong):,}",
                where=str(source.parts[0].path),
                instead=format,
            )


def _transactions(read: dict[str, Any], has_quantity: bool, repeated: str, free: str) -> Transactions:
    customer, day, amount = read["customer"], read["day"], read["amount"]
    unread = (customer < 0) | (day == np.iinfo(np.int32).min) | np.isnan(amount)
    order = np.lexsort((-amount, day, customer))
    order = order[~unread[order]]
    customer, day, amount = customer[order].astype(np.int32), day[order].astype(np.int32), amount[order]
    quantity = read["quantity"][order] if has_quantity else None
    refunds, nothing = int((amount < 0).sum()), int((amount == 0).sum())
    paid, unmatched = _refunded(customer, amount) if refunds else (amount, 0.0)
    bought = (paid > 0) | ((amount == 0) & (free == "keep"))
    amount = paid
    used = np.unique(customer[bought])
    notes = [
        f"{read['rows'] - len(customer) - int(unread.sum()):,} rows that repeat another were left out"
        if repeated == "drop" else "",
        f"{int(unread.sum()):,} rows without a readable customer, date or amount were left out"
        if unread.any() else "",
        f"{nothing:,} purchases of amount 0 were {'kept' if free == 'keep' else 'left out'}"
        if nothing else "",
        f"{refunds:,} refunds were taken off the purchases before them" if refunds else "",
        f"refunds of {unmatched:,.2f} have no purchase before them and were left out" if unmatched else "",
        f"{len(read['ids']) - len(used):,} customers have no purchase left"
        if len(used) < len(read["ids"]) else "",
    ]  # fmt: skip
    return Transactions(
        ids=read["ids"][used],
        customers=np.searchsorted(used, customer[bought]).astype(np.int32),
        days=day[bought],
        amounts=amount[bought],
        quantities=None if quantity is None else quantity[bought],
        notes=tuple(note for note in notes if note),
    )


def _refunded(customer: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, float]:
    """The amounts after each refund was taken off the customer's newest purchases before it, and the rest.

    Rows are by customer and day, on one day the purchases before the refunds.
    """
    left, unmatched = amount.copy(), 0.0
    for refund in np.flatnonzero(amount < 0):
        owed, at = -amount[refund], refund - 1
        while owed > 0 and at >= 0 and customer[at] == customer[refund]:
            taken = min(owed, max(left[at], 0.0))
            left[at] -= taken
            owed -= taken
            at -= 1
        unmatched += owed
    return left, float(unmatched)
