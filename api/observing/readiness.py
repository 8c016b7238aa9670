"""Can this house serve now? Each thing that it needs, looked at, with why where it cannot."""

import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, Field

from store.records.counting import oldest_queued
from store.records.database import Database

PATIENCE = timedelta(seconds=60)  # that a job may wait before somebody must be there to do it
GOOD_FOR_S = 1.0  # an answer; whoever asks, and however often, looks at the disk so seldom


class Check(BaseModel):
    """One thing that is needed."""

    ok: bool
    why: str = Field(default="", description="What is wrong, in words that tell nothing of the machine.")


class Readiness(BaseModel):
    """Whether requests should come here, and what stands against it."""

    ready: bool
    checks: dict[str, Check]


class Looker:
    """Looks at what a house needs."""

    def __init__(
        self,
        home: Path,
        everywhere: Database,
        now: Callable[[], datetime],
        floor_bytes: int,
        since: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home, self._everywhere, self._now = home, everywhere, now
        self._floor, self._since = floor_bytes, since
        self._lock = threading.Lock()
        self._last: tuple[float, Readiness] | None = None
        self._has_embedding = False

    def look(self) -> Readiness:
        """What is so now, or was a second ago."""
        with self._lock:
            if self._last is None or self._since() - self._last[0] >= GOOD_FOR_S:
                self._last = self._since(), self._looked()
            return self._last[1]

    def _looked(self) -> Readiness:
        looks: dict[str, Callable[[], str]] = {
            "records": self._records,
            "home": self._home_is_writable,
            "disk": self._disk,
            "embedding": self._embedding,
            "worker": self._worker,
        }
        found = {name: _checked(look) for name, look in looks.items()}
        return Readiness(ready=all(check.ok for check in found.values()), checks=found)

    def _records(self) -> str:
        oldest_queued(self._everywhere)  # opening them migrates them, or refuses
        return ""

    def _home_is_writable(self) -> str:
        self._home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._home) as file:
            file.write(b"\0")
            file.flush()
        return ""

    def _disk(self) -> str:
        there = next(path for path in (self._home, *self._home.parents) if path.exists())
        return "" if shutil.disk_usage(there).free >= self._floor else "too little of the disk is free"

    def _embedding(self) -> str:
        if not self._has_embedding:
            from tools.clusters.meaning import embedder  # half a second, once

            embedder().encode(["ready"])
            self._has_embedding = True
        return ""

    def _worker(self) -> str:
        waiting = oldest_queued(self._everywhere)
        if waiting is None or self._now() - waiting <= PATIENCE or has_worker(self._home):
            return ""
        return "jobs wait and no worker is here"


def _checked(look: Callable[[], str]) -> Check:
    try:
        why = look()
    except Exception as error:  # noqa: BLE001  # whatever it is, it stands against being ready
        # Neither its words nor a path: strangers may ask.
        why = f"it does not work ({type(error).__name__})"
    return Check(ok=not why, why=why)


def has_worker(home: Path) -> bool:
    """Whether a worker of this machine is alive: it holds the lock of its name as long as it lives."""
    return any(_is_held(lock) for lock in sorted((home / "workers").glob("worker-*.lock")))


def _is_held(lock: Path) -> bool:
    number = os.open(lock, os.O_RDONLY)
    try:
        # Shared, so that two who look do not take each other for a worker.
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(number)
