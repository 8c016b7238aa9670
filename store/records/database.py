"""One SQLite file of records, opened when first asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Session, SQLModel, col, func, select

from store.records.model_calls import ModelCall
from store.records.tables import Analysis, Export, Feedback, Trace

Record = TypeVar("Record", bound=SQLModel)


class Database:
    """The records of one FIELDMARK_HOME."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opening = threading.Lock()

    @cached_property
    def _engine(self) -> Engine:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": 30})
        event.listen(engine, "connect", _write_ahead)
        _make_tables(engine)
        return engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits when its block ends well."""
        with self._opening:
            engine = self._engine
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    def add(self, record: SQLModel) -> None:
        """Keep one record."""
        with self.session() as session:
            session.add(record)

    def get(self, table: type[Record], key: str) -> Record | None:
        """The record under this key, or None."""
        with self.session() as session:
            return session.get(table, key)

    def traces(self, workflow_id: str) -> list[Trace]:
        """Every call made under a workflow, in order."""
        with self.session() as session:
            found = select(Trace).where(Trace.workflow_id == workflow_id).order_by(col(Trace.started_at))
            return list(session.exec(found))

    def exports(self, workflow_id: str) -> list[Export]:
        """Every export made under a workflow, in order."""
        with self.session() as session:
            found = select(Export).where(Export.workflow_id == workflow_id).order_by(col(Export.created_at))
            return list(session.exec(found))

    def feedback(self, warehouse: str) -> list[Feedback]:
        """Feedback on a warehouse, newest first."""
        with self.session() as session:
            found = select(Feedback).where(Feedback.warehouse == warehouse)
            return list(session.exec(found.order_by(col(Feedback.created_at).desc())))

    def analyses(self, warehouse: str) -> list[Analysis]:
        """Analyses of a warehouse, newest first."""
        with self.session() as session:
            found = select(Analysis).where(Analysis.warehouse == warehouse)
            return list(session.exec(found.order_by(col(Analysis.created_at).desc())))

    def keep(self, record: SQLModel) -> None:
        """Keep one record in the place of what its key held."""
        with self.session() as session:
            session.merge(record)

    def model_calls(self, run_id: str | None = None, most: int = 50) -> list[ModelCall]:
        """The last requests to a model, of one run or of all, newest first."""
        with self.session() as session:
            found = select(ModelCall).order_by(col(ModelCall.created_at).desc(), col(ModelCall.call_id))
            if run_id:
                found = found.where(ModelCall.run_id == run_id)
            return list(session.exec(found.limit(most)))

    def tokens_spent(self, run_id: str) -> int:
        """Tokens, in and out, that a run has asked a model for."""
        with self.session() as session:
            spent = select(func.sum(ModelCall.tokens_in + ModelCall.tokens_out))
            return int(session.exec(spent.where(ModelCall.run_id == run_id)).one() or 0)

    def close(self) -> None:
        """Let go of the file."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def _make_tables(engine: Engine) -> None:
    # create_all looks first and makes then: of two processes that start together, one would fail.
    with engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))


def _write_ahead(connection: DBAPIConnection, _record: object) -> None:
    # Readers go on while one process writes.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
