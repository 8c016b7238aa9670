"""A worker that is killed with no warning at one place of its work, as a process of its own.

`python -m benchmarks.closed_loop.dying_worker HOME PLACE`: `refresh` (a file of a standing audience lies at
its destination, and nothing says so), `queued` (a mail is claimed and not sent), `sent` (the mail server took
a mail, and nothing says so).
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.jobs.worker import Worker
from api.sending import delivering
from api.sending.mail.mailing import Mailing
from api.settings import Settings
from benchmarks.simulated_year.worker import POLL_S, opened
from tools.standing.files import writing

PLACES = ("refresh", "queued", "sent")


def main() -> None:
    """Work until the place is reached."""
    home, place = Path(sys.argv[1]), sys.argv[2]
    if place == "refresh":
        _then_die(writing, "deliver")
    elif place == "queued":
        Mailing.send = lambda *_: _die()  # type: ignore[method-assign]  # whoever would send is gone
    elif place == "sent":
        _dies_of_mails(delivering)
    else:
        raise SystemExit(f"{place} is none of {', '.join(PLACES)}")
    Worker(opened(home), Settings(home=home), poll_seconds=POLL_S).run()


def _then_die(module: Any, name: str) -> None:
    done: Callable[..., Any] = getattr(module, name)

    def last(*given: Any, **more: Any) -> None:
        done(*given, **more)
        _die()

    setattr(module, name, last)


def _dies_of_mails(module: Any) -> None:
    settle = module.settle

    def last(records: Any, claimed: Any, *given: Any) -> None:
        if claimed.recipient is not None and claimed.recipient.channel == "mail":
            _die()
        settle(records, claimed, *given)

    module.settle = last


def _die() -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
