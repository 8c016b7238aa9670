"""Who does the jobs of a served house: workers that it starts beside itself, again when they die."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

LOG = logging.getLogger("fieldmark.workers")
COMMAND = (sys.executable, "-c", "from api.cli import main; main()", "worker", "--with-parent")
SHORTEST, LONGEST = 1.0, 60.0  # seconds before a worker that died is started again, twice as long each time
STEADY = 60.0  # a worker that lived so long did not die of its beginning
LOOK = 0.2  # seconds between two looks at whether one lives
PATIENCE = 15.0  # seconds that workers have to bring the step they are in to its end


class Children:
    """So many workers, as processes. They end with this one, killed or not: their stdin does then."""

    def __init__(
        self,
        count: int,
        environment: Mapping[str, str],
        command: Sequence[str] = COMMAND,
        shortest: float = SHORTEST,
    ) -> None:
        self._environment = {**os.environ, **environment}
        self._command, self._shortest = command, shortest
        self._ending = threading.Event()
        self._living: dict[int, subprocess.Popen[bytes]] = {}
        self._keepers = [
            threading.Thread(target=self._keep, args=(number,), name=f"worker-{number}", daemon=True)
            for number in range(1, count + 1)
        ]

    def start(self) -> None:
        """Start them."""
        for keeper in self._keepers:
            keeper.start()

    def pids(self) -> list[int]:
        """The ids of those that live."""
        return [child.pid for child in list(self._living.values()) if child.poll() is None]

    def end(self) -> None:
        """Ask them to end, wait, and kill what is left: its jobs are gone on with by the next worker."""
        self._ending.set()
        for keeper in self._keepers:
            keeper.join(PATIENCE + self._shortest)

    def _keep(self, number: int) -> None:
        pause = self._shortest
        while not self._ending.is_set():
            began = time.monotonic()
            child = self._begun(number)
            status = self._watched(child)
            if child.stdin is not None:
                child.stdin.close()
            if self._ending.is_set():
                return
            if time.monotonic() - began > STEADY:
                pause = self._shortest
            LOG.warning("Worker %d ended with status %d; another one begins", number, status)
            self._ending.wait(pause)
            pause = min(LONGEST, pause * 2)

    def _begun(self, number: int) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=self._environment
        )
        self._living[number] = child
        return child

    def _watched(self, child: "subprocess.Popen[bytes]") -> int:
        """The status with which it ended, of itself or because it was asked to."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                return child.wait(LOOK)
            if self._ending.is_set():
                child.terminate()
                return self._awaited(child)

    def _awaited(self, child: "subprocess.Popen[bytes]") -> int:
        try:
            return child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()
