"""Workers beside a server: they live as long as it does, and begin again when they die."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.children import Children

# Writes its process id to a pipe, then lives until its stdin ends.
LIVES = "import os, sys; os.write({pipe}, b'%d\\n' % os.getpid()); sys.stdin.buffer.read()"


class Heard:
    """Process ids, as they come through a named pipe."""

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self.pipe = pipe
        self._file = os.fdopen(os.open(pipe, os.O_RDWR))  # for writing too: it has no end while nobody writes

    def next(self) -> int:
        """The next one; a test that hears none is ended by its alarm."""
        return int(self._file.readline())

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    listening = Heard(tmp_path / "pids")
    alarm = threading.Timer(60, lambda: os.kill(os.getpid(), signal.SIGINT))
    alarm.start()
    yield listening
    alarm.cancel()
    listening.close()


def children(heard: Heard, count: int) -> Children:
    script = LIVES.format(pipe=f"os.open({str(heard.pipe)!r}, os.O_WRONLY)")
    return Children(count, {}, (sys.executable, "-c", script), shortest=0.01)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_as_many_live_as_are_wanted_and_end_when_they_are_told(heard: Heard) -> None:
    beside = children(heard, 2)
    beside.start()
    pids = {heard.next(), heard.next()}
    assert set(beside.pids()) == pids
    beside.end()
    assert not any(map(is_alive, pids))
    assert beside.pids() == []


def test_one_that_is_killed_begins_again(heard: Heard) -> None:
    beside = children(heard, 1)
    beside.start()
    first = heard.next()
    os.kill(first, signal.SIGKILL)
    second = heard.next()
    assert second != first
    assert is_alive(second)
    beside.end()
    assert not is_alive(second)


def test_none_is_none() -> None:
    beside = Children(0, {})
    beside.start()
    assert beside.pids() == []
    beside.end()
