"""Files of accounts, opened: recognised, enriched, with their contacts."""

# ruff: noqa: S608  # columns and texts in the SQL are quoted by name_sql and text_sql

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from store.accounts.committees.contact_file import ContactFile, read_contacts
from store.accounts.committees.features import (
    COMMITTEE,
    OF_USUAL,
    CommitteeQuery,
    UsualCommittee,
    committee_features,
    usual_committee,
)
from store.accounts.enrichment import COMMITTEES, Enriched, enrich
from store.accounts.recognition import recognise
from store.accounts.rows import one_row
from store.population.source import Source, open_source


@dataclass(frozen=True)
class AccountOptions:
    """What goes with the files of accounts."""

    contacts: Sequence[Path] = ()
    won: frozenset[str] | None = None  # ids of accounts with a won deal
    query: CommitteeQuery = field(default_factory=CommitteeQuery)
    memory_limit: str = "1GB"
    temp: Path | None = None  # where copies and spilled rows go


@dataclass(frozen=True)
class OpenedAccounts:
    """Accounts of opened files, with their contacts where there are any."""

    enriched: Enriched
    contact_source: Source | None = None
    contact_file: ContactFile | None = None
    usual: UsualCommittee = field(default_factory=UsualCommittee)
    unknown_contacts: int = 0  # rows of contacts whose account is not in the file

    @property
    def notes(self) -> list[str]:
        """What a reader should know of how the files were read."""
        notes = list(self.enriched.recognition.notes)
        if self.contact_file and self.contact_file.without_account:
            notes.append(f"{self.contact_file.without_account:,} contacts name no account.")
        if self.unknown_contacts:
            notes.append(f"{self.unknown_contacts:,} contacts name an account that is not in the file.")
        return notes


@contextmanager
def opened_accounts(
    files: Sequence[Path], as_of: date, options: AccountOptions | None = None
) -> Iterator[OpenedAccounts]:
    """The accounts of these files as of a day; closed afterwards. Raises BadFile for what cannot be read."""
    how = options or AccountOptions()
    with open_source(files, memory_limit=how.memory_limit, temp=how.temp) as source:
        recognition = recognise(source)
        if not how.contacts:
            yield OpenedAccounts(enrich(source, recognition, as_of))
            return
        with open_source(list(how.contacts), memory_limit=how.memory_limit, temp=how.temp) as contacts:
            known = read_contacts(contacts, as_of)
            usual = usual_committee(contacts, how.won, how.query) if how.won is not None else UsualCommittee()
            table = committee_features(contacts, as_of, how.query, usual)
            source.connection.register(COMMITTEES, table)
            told = [each.name for each in COMMITTEE if usual.departments or each.name not in OF_USUAL]
            enriched = enrich(source, recognition, as_of, told)
            yield OpenedAccounts(enriched, contacts, known, usual, _unknown(enriched))


def _unknown(enriched: Enriched) -> int:
    """Contacts whose account is not in the file."""
    (found,) = one_row(
        enriched.source,
        f"SELECT coalesce(sum(committee_size), 0) FROM {COMMITTEES}"
        f" WHERE account_key NOT IN (SELECT key FROM {enriched.sql})",
    )
    return int(found)
