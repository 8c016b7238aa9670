"""How do files of accounts become one that a warehouse loads?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, Field

from store.accounts.account_file import AccountOptions, OpenedAccounts, opened_accounts
from store.accounts.account_mapping import account_mapping
from store.accounts.derived import DERIVED_OF
from store.accounts.enrichment import Enriched, write_parquet
from store.accounts.meanings import MEANING_OF
from store.population.mapping import Mapping
from store.population.source import open_source

TEMPORARY = "fieldmark-accounts-"


class AccountColumn(BaseModel):
    """A column of accounts, as it was understood."""

    name: str = Field(description="As models and clusters call it.")
    label: str
    group: str = Field(description="firmographic, technographic, behavioural or intent.")
    column: str | None = Field(default=None, description="Of the file; null where it was derived.")


@dataclass(frozen=True)
class Prepared:
    """Accounts as one Parquet file, with the mapping by which they are loaded."""

    path: Path
    mapping: Mapping
    columns: list[AccountColumn]
    plain: list[str]  # columns of the file that are kept as they are
    notes: list[str]
    opened: OpenedAccounts


@contextmanager
def prepared_accounts(
    files: Sequence[Path],
    as_of: date,
    home: Path,
    options: AccountOptions | None = None,
    mapping: Mapping | None = None,
) -> Iterator[Prepared]:
    """The accounts of these files as of a day, enriched and written to a folder that goes afterwards.

    The mapping is proposed where none is given. Raises BadFile for what cannot be read.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=TEMPORARY, dir=home) as folder,
        opened_accounts(files, as_of, options) as opened,
    ):
        path = Path(folder) / f"{files[0].stem}.parquet"
        write_parquet(opened.enriched, path)
        known, notes = mapping, list(opened.notes)
        if known is None:
            with open_source([path]) as source:
                proposal = account_mapping(source, opened.enriched)
            known = proposal.mapping
            notes += proposal.notes
        yield Prepared(path, known, told_columns(opened.enriched), list(opened.enriched.plain), notes, opened)


def told_columns(enriched: Enriched) -> list[AccountColumn]:
    """What was recognised, then what was derived from it."""
    found = enriched.recognition.columns
    told = [
        AccountColumn(name=name, label=one.meaning.label, group=one.meaning.group, column=one.column)
        for name, one in sorted(found.items(), key=lambda pair: list(MEANING_OF).index(pair[0]))
    ]
    return told + [
        AccountColumn(name=name, label=DERIVED_OF[name].label, group=DERIVED_OF[name].group)
        for name in enriched.derived
    ]
