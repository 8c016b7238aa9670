"""The records of one organisation, or of all; what is asked of them most."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, func, select

from store.access import LOCAL
from store.records.engine import Records
from store.records.model_calls import ModelCall
from store.records.tables import Analysis, Export, Feedback, Trace
from store.records.tenancy import ORGANISATION, Owned, OwnedSession
from store.records.together import Together

Record = TypeVar("Record", bound=SQLModel)


class Database:
    """The records of one FIELDMARK_HOME, as one organisation sees them: its own."""

    def __init__(self, path: Path, url: str = "", organisation_id: str | None = LOCAL) -> None:
        self._records, self.organisation_id = Records(path, url), organisation_id
        self._together = Together(partial(_session, self._records, None))

    def of(self, organisation_id: str | None) -> "Database":
        """The same records as another organisation sees them; None sees all of them."""
        other = object.__new__(Database)
        other._records, other.organisation_id = self._records, organisation_id
        other._together = self._together
        return other

    def session(self) -> AbstractContextManager[Session]:
        """A session that commits when its block ends well."""
        return _session(self._records, self.organisation_id)

    def add(self, record: SQLModel) -> None:
        """Keep one record; those of several threads in one transaction."""
        self._together.add(self._own(record))

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
            session.merge(self._own(record))

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
        """Let go of the file or the server, for every organisation."""
        self._records.close()

    def _own(self, record: SQLModel) -> SQLModel:
        if self.organisation_id is not None and isinstance(record, Owned):
            record.organisation_id = self.organisation_id
        return record


@contextmanager
def _session(records: Records, organisation_id: str | None) -> Iterator[Session]:
    own = {ORGANISATION: organisation_id}
    with OwnedSession(records.engine(), expire_on_commit=False, info=own) as session:
        yield session
        session.commit()
