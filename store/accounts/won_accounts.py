"""Which accounts have a won deal? Read from any export of deals."""

# ruff: noqa: S608  # columns in the SQL are quoted by name_sql

from collections.abc import Sequence
from pathlib import Path

from store.accounts.cells import flag_cell_sql, id_cell_sql, text_cell_sql
from store.accounts.headers import matched
from store.accounts.rows import table_of
from store.errors import BadFile
from store.population.source import open_source

_HEADERS = {
    "account_id": "accountid associatedcompanyids associatedcompanyid companyid unitid"
    " associatedcompanyidsprimary primaryassociatedcompanyid",
    "won": "iswon hsisclosedwon isclosedwon closedwon won",
    "stage": "dealstage stagename stage outcome status result",
}


def won_accounts(files: Sequence[Path], *, memory_limit: str = "1GB") -> frozenset[str]:
    """The ids of accounts with a won deal: by a yes/no column of the won, else by the stage's word.

    Stages are won when they hold the word "won" (Closed Won, closedwon, won). Raises BadFile where no
    column names the accounts, or none says what was won.
    """
    with open_source(list(files), memory_limit=memory_limit) as source:
        wanted = {name: words.split() for name, words in _HEADERS.items()}
        columns = {name: headers[0] for name, headers in matched(source.columns, wanted).items()}
        if "account_id" not in columns or not {"won", "stage"} & set(columns):
            raise BadFile(
                "The deals do not say which accounts were won",
                where=str(source.parts[0].path),
                instead="They need a column `Account ID` (or `Associated Company IDs`), and one of `IsWon`,"
                " `Deal Stage`, `Stage` or `Outcome`.",
            )
        if "won" in columns:
            is_won = flag_cell_sql(columns["won"])
        else:
            is_won = f"contains(lower({text_cell_sql(columns['stage'])}), 'won')"
        account = id_cell_sql(columns["account_id"], source.columns[columns["account_id"]])
        rows = table_of(
            source,
            "SELECT DISTINCT trim(id) AS id FROM"
            f" (SELECT unnest(string_split_regex({account}, '[;|,]')) AS id FROM {source.sql} WHERE {is_won})"
            " WHERE trim(id) <> ''",
        )
    return frozenset(rows.column("id").to_pylist())
