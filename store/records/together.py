"""How do many threads write at once into records that one can write at a time? Together."""

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlmodel import Session, SQLModel

AT_ONCE = 100  # records of one transaction, so that nobody waits long for the others'


class _Waiting:
    """One record that is to be kept, and how that ended."""

    def __init__(self, record: SQLModel) -> None:
        self.record, self.is_done = record, False
        self.error: Exception | None = None


class Together:
    """Keeps records: whoever comes to write commits for all who wait, and each returns when its own is kept.

    A file of SQLite makes its writers wait by sleeping, in steps of up to 100 ms; here they wait for a lock.
    """

    def __init__(self, session: Callable[[], AbstractContextManager[Session]]) -> None:
        self._session, self._writing = session, threading.Lock()
        self._queue: deque[_Waiting] = deque()

    def add(self, record: SQLModel) -> None:
        """Keep one record; it is committed when this returns. Raises what its own commit raises."""
        mine = _Waiting(record)
        self._queue.append(mine)
        with self._writing:
            while not mine.is_done:
                self._write([self._queue.popleft() for _ in range(min(AT_ONCE, len(self._queue)))])
        if mine.error is not None:
            raise mine.error

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            if self._error_of(batch) is not None:  # which one's it is shows when each is alone
                for one in batch:
                    one.error = self._error_of([one])
        except BaseException:  # this thread is stopped: the others' records are theirs to write
            self._queue.extendleft(reversed(batch))
            raise
        for one in batch:
            one.is_done = True

    def _error_of(self, batch: list[_Waiting]) -> Exception | None:
        try:
            with self._session() as session:
                session.add_all([one.record for one in batch])
        except Exception as error:  # noqa: BLE001  # it is raised by the thread whose record it is
            return error
        return None
