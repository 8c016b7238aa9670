"""Over which SQLite does the queue of jobs keep its file?"""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event

from store.errors import BadInput

OLDEST = (3, 42)  # DBOS asks for more than older ones can


def queue_engine(path: Path) -> Engine:
    """An engine over this file, whose writers queue up. Raises BadInput where SQLite is too old for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", module=_sqlite(), connect_args={"timeout": 30})
    event.listen(engine, "connect", _writers_queue_up)
    return engine


def _sqlite() -> ModuleType:
    if sqlite3.sqlite_version_info >= OLDEST:
        return sqlite3
    try:
        from pysqlite3 import dbapi2  # a newer SQLite than this Python's own
    except ImportError:
        raise BadInput(
            f"SQLite {sqlite3.sqlite_version} is too old for jobs, which need {'.'.join(map(str, OLDEST))}",
            where="worker",
            instead="Set FIELDMARK_DATABASE_URL to a Postgres, or use a newer Python.",
        ) from None
    return dbapi2


def _writers_queue_up(connection: Any, _record: object) -> None:
    # A transaction that began as a reader cannot wait for a writer; one that begins as a writer can.
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
