"""Records on SQLite and on Postgres: every test here that opens some is run on both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.records import Database


@pytest.fixture(params=["sqlite", "postgres"])
def records_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of the test's own; empty for a SQLite file."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres_database")


@pytest.fixture
def open_database(tmp_path: Path, records_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the same records as often as a test wants, as another process would, and closes them."""
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(Database(tmp_path / "home" / "fieldmark.db", records_url))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    return open_database()
