"""Where is it kept how far a run has come: in a SQLite file of the house, or in its Postgres?"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.types import ERROR
from langgraph.checkpoint.sqlite import SqliteSaver

from store.postgres import alone, postgres
from store.workspace import Workspace

_made: set[str] = set()  # the databases whose tables this process has made, or found
_making = threading.Lock()


class _NoErrors(BaseCheckpointSaver):
    """Keeps no error of a step: nothing resumes from it, and its words may hold somebody's values."""

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        kept = [(channel, value) for channel, value in writes if channel != ERROR]
        if kept:
            super().put_writes(config, kept, task_id, task_path)


class _InSqlite(_NoErrors, SqliteSaver):
    pass


@contextmanager
def checkpoints(workspace: Workspace) -> Iterator[BaseCheckpointSaver]:
    """The checkpoints of a house, over a connection of the block's own."""
    if workspace.database_url:
        with _in_postgres(workspace.database_url) as saver:
            yield saver
        return
    workspace.home.mkdir(parents=True, exist_ok=True)
    with _InSqlite.from_conn_string(str(workspace.home / "checkpoints.db")) as saver:
        yield saver


@contextmanager
def _in_postgres(url: str) -> Iterator[BaseCheckpointSaver]:
    from langgraph.checkpoint.postgres import PostgresSaver  # only a house with Postgres pays for it

    class InPostgres(_NoErrors, PostgresSaver):
        pass

    with postgres(url) as connection:
        saver = InPostgres(connection)
        with _making:
            if url not in _made:
                with alone(connection, "fieldmark checkpoints"):
                    saver.setup()
                _made.add(url)
        yield saver
