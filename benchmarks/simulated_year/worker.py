"""One worker of the simulated year, as a process of its own, whose clock is a file."""

import signal
import sys
import uuid
from datetime import datetime
from pathlib import Path

from api.jobs.worker import Worker
from api.settings import Settings
from store.workspace import House

POLL_S = 0.1


def main() -> None:
    """`python -m benchmarks.simulated_year.worker HOME`: work until it is told to end."""
    home = Path(sys.argv[1])
    settings = Settings(home=home)
    worker = Worker(opened(home), settings, poll_seconds=POLL_S)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


def opened(home: Path) -> House:
    """The house, whose time is what its clock's file says."""
    clock = home / "clock"
    return House(
        home,
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime.fromisoformat(clock.read_text()),
        new_id=lambda: str(uuid.uuid4()),
    )


def set_clock(home: Path, now: datetime) -> None:
    """Move the clock of everybody in this home; whole, or not at all."""
    beside = home / "clock.part"
    beside.write_text(now.isoformat())
    beside.replace(home / "clock")


if __name__ == "__main__":
    main()
