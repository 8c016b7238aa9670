"""How DuckDB is started to read files, and how its errors are told without a cell in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from store.errors import BadFile, NoRoom


def name_sql(name: str) -> str:
    """The name of a column, quoted."""
    return '"' + name.replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"


def connect(memory_limit: str, temp: Path) -> duckdb.DuckDBPyConnection:
    """A connection that spills into `temp`, loads nothing from a network and counts time in UTC."""
    connection = duckdb.connect(
        config={
            "memory_limit": memory_limit,
            "temp_directory": str(temp),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # It makes a join of every list after IN: with a list or two a column, minutes and gigabytes.
            "disabled_optimizers": "in_clause",
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn DuckDB's errors into refusals that name the place and never repeat the file's text."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise NoRoom(
            "Reading needs more memory or temporary space than it was given",
            where=where,
            instead="Raise the memory limit, free disk space, or write smaller rows or row groups.",
        ) from None
    except duckdb.Error as error:
        raise BadFile(
            f"The file cannot be read to its end ({type(error).__name__})",
            where=where,
            instead="Check that it was copied whole and is not being written, or export it again.",
        ) from None
