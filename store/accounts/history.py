"""What was known of accounts on several days? One row an account and day."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.accounts.account_file import AccountOptions, opened_accounts
from store.accounts.enrichment import Enriched
from store.accounts.rows import table_of
from store.artifacts import written_whole
from store.errors import BadInput
from store.population.source.engine import name_sql

_IDENTITY = ("account_name", "account_domain")


def write_history(
    deliveries: Sequence[tuple[Path, date]], out: Path, options: AccountOptions | None = None
) -> int:
    """Write `account_id`, `as_of` and the attributes of each delivery to a Parquet file; returns the rows.

    Every delivery is read as of its own day, so nothing that came later is in its rows. A column that a
    delivery lacks is unknown there. Raises BadInput for no delivery, or two of one day.
    """
    days = [day for _, day in deliveries]
    if not days or len(set(days)) < len(days):
        raise BadInput(
            "A history takes one delivery a day, and at least one",
            where="as_of",
            instead="Give each file the day on which it was exported.",
        )
    tables = [_rows(path, day, options) for path, day in sorted(deliveries, key=lambda pair: pair[1])]
    whole = pa.concat_tables(tables, promote_options="permissive")
    with written_whole(out) as beside:
        pq.write_table(whole, beside, compression="zstd")
    return whole.num_rows


def _rows(path: Path, day: date, options: AccountOptions | None) -> pa.Table:
    with opened_accounts([path], day, options) as opened:
        names = ["account_id", *_attributes(opened.enriched)]
        listed = ", ".join(name_sql(name) for name in names)
        table = table_of(opened.enriched.source, f"SELECT {listed} FROM {opened.enriched.sql}")  # noqa: S608  # quoted
    as_of = pa.array([day] * table.num_rows, pa.date32())
    return table.add_column(1, "as_of", as_of)


def _attributes(enriched: Enriched) -> list[str]:
    left_out = {*_IDENTITY, "as_of", *enriched.other_ids.values()}
    return [name for name in enriched.columns if name not in left_out]
