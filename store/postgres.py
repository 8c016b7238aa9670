"""How is Postgres reached, and how does one process at a time make its tables?"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from store.errors import BadInput

if TYPE_CHECKING:
    from psycopg import Connection

WAIT_S = 0.05
CONNECT_S = 10


@contextmanager
def postgres(url: str) -> "Iterator[Connection[dict[str, Any]]]":
    """A connection whose statements commit one by one and whose rows are dictionaries.

    Raises BadInput when the server does not answer; the URL, which may hold a password, is not told.
    """
    from psycopg import Connection, OperationalError  # only a house with Postgres pays for it
    from psycopg.rows import dict_row

    try:
        connection = Connection[dict[str, Any]].connect(
            url, autocommit=True, prepare_threshold=0, row_factory=dict_row, connect_timeout=CONNECT_S
        )
    except OperationalError:
        raise BadInput(
            "The database does not answer",
            where="FIELDMARK_DATABASE_URL",
            instead="Start it, or correct the URL: postgresql://user:password@host:port/name.",
        ) from None
    with connection:
        yield connection


@contextmanager
def alone(connection: "Connection[dict[str, Any]]", name: str) -> Iterator[None]:
    """A block that one process at a time is in, for this name and database."""
    key = {"name": name}
    # Asked again and again: a waiting statement holds a snapshot, and CREATE INDEX CONCURRENTLY waits for it.
    while not _one(connection, "SELECT pg_try_advisory_lock(hashtext(%(name)s)) AS got", key)["got"]:
        time.sleep(WAIT_S)
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%(name)s))", key)


def _one(connection: "Connection[dict[str, Any]]", sql: Any, values: dict[str, str]) -> dict[str, Any]:
    return connection.execute(sql, values).fetchone() or {}
