"""Which worker is this, and whose jobs did a killed one leave?"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO


class Slot:
    """A worker's name on this machine, held by a lock that the system lets go of when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self._lock = next(filter(None, map(self._taken, count(1))))

    def _taken(self, number: int) -> tuple[str, IO[str]] | None:
        name = f"worker-{number}"
        lock = _locked(self._folder / f"{name}.lock")
        return (name, lock) if lock else None

    @contextmanager
    def left_behind(self) -> Iterator[list[str]]:
        """Names of workers that are gone; nobody takes them within the block."""
        locks = {path.stem: _locked(path) for path in sorted(self._folder.glob("worker-*.lock"))}
        try:
            yield [name for name, lock in locks.items() if lock]
        finally:
            for lock in filter(None, locks.values()):
                lock.close()

    def leave(self) -> None:
        """Let go of the name."""
        self._lock.close()


def _locked(path: Path) -> IO[str] | None:
    """The file, locked until it is closed; None when another process, or this one, has it."""
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
