"""Small files of accounts, read as the store reads them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from store.accounts.account_file import AccountOptions, opened_accounts
from store.accounts.recognition import Recognition, recognise
from store.accounts.rows import table_of
from store.population.source import open_source

DAY = date(2026, 1, 1)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file of text and gives its path."""

    def write(text: str, name: str = "accounts.csv") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def recognised(written: Callable[..., Path]) -> Callable[[str], Recognition]:
    """What the columns of a CSV say of accounts."""

    def read(text: str) -> Recognition:
        with open_source([written(text)]) as source:
            return recognise(source)

    return read


@pytest.fixture
def enriched(written: Callable[..., Path]) -> Callable[..., dict[str, list[Any]]]:
    """The enriched columns of a CSV of accounts, by name, as of 2026-01-01."""

    def read(text: str, options: AccountOptions | None = None, as_of: date = DAY) -> dict[str, list[Any]]:
        with opened_accounts([written(text)], as_of, options) as opened:
            return table_of(opened.enriched.source, f"SELECT * FROM {opened.enriched.sql}").to_pydict()

    return read


@pytest.fixture
def with_contacts(written: Callable[..., Path]) -> Callable[..., AccountOptions]:
    """Options with a CSV of contacts."""

    def options(text: str, won: Sequence[str] | None = None, **more: Any) -> AccountOptions:
        path = written(text, "contacts.csv")
        return AccountOptions(contacts=[path], won=None if won is None else frozenset(won), **more)

    return options
