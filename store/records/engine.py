"""Where do the records lie, and how is it reached? A SQLite file, or Postgres."""

import threading
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError

from store.errors import BadInput
from store.records.schema import bring_up_to_date

WAIT_S = 30  # for whoever writes
KEPT_OPEN, AT_MOST = 10, 50  # a thread that serves a request needs one


class Records:
    """The records of one FIELDMARK_HOME, opened and brought up to date when first asked."""

    def __init__(self, path: Path, url: str = "") -> None:
        self._path, self._url = path, url
        self._opening = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """The engine. Raises BadInput when a server does not answer, or a newer Fieldmark made the tables."""
        with self._opening:
            if self._engine is None:
                engine = self._postgres() if self._url else self._file()
                try:
                    bring_up_to_date(engine)
                except BaseException:  # also on an interrupt no connection stays open
                    engine.dispose()
                    raise
                self._engine = engine
        return self._engine

    def _file(self) -> Engine:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            f"sqlite:///{self._path}",
            connect_args={"timeout": WAIT_S},
            pool_size=KEPT_OPEN,
            max_overflow=AT_MOST - KEPT_OPEN,
        )
        event.listen(engine, "connect", _write_ahead)
        return engine

    def _postgres(self) -> Engine:
        engine = create_engine(
            self._url.replace("postgresql://", "postgresql+psycopg://", 1),
            connect_args={"connect_timeout": 10},
            pool_pre_ping=True,
            pool_size=KEPT_OPEN,
            max_overflow=AT_MOST - KEPT_OPEN,
        )
        try:
            engine.connect().close()
        except OperationalError:
            raise BadInput(
                "The database does not answer",
                where="FIELDMARK_DATABASE_URL",
                instead="Start it, or correct the URL: postgresql://user:password@host:port/name.",
            ) from None
        return engine

    def close(self) -> None:
        """Let go of the file or the server."""
        if self._engine is not None:
            self._engine.dispose()


def _write_ahead(connection: DBAPIConnection, _record: object) -> None:
    # Readers go on while one process writes.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
