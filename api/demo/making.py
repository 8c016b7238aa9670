"""Who makes the examples of a new house? A process of its own, beside the one that serves."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

from api.demo.progress import Kept, is_making, making_lock, read_progress
from api.settings import Settings
from store.errors import ToolRefused
from store.warehouse import warehouse_names
from store.workspace import House

LOG = logging.getLogger("fieldmark.demo")
COMMAND = (sys.executable, "-c", "from api.demo.making import main; main()")
PATIENCE = 5.0  # seconds that it has to end; a step that was not finished is made anew next time


def is_wanted(settings: Settings) -> bool:
    """Whether this house should get examples: nothing was ever loaded, or they were begun and not ended."""
    known = read_progress(settings.own_home)
    if known is None:
        return not warehouse_names(settings.own_home)
    return not known.is_done and not is_making(settings.own_home)


def make_demo(settings: Settings, hear: Callable[[Kept], None] = lambda kept: None) -> Kept | None:
    """Make what is left to be made; None where somebody else is at it. A step that is refused is told.

    Nothing here hides a bug: what is no refusal ends this process, and the step is tried again next time.
    """
    lock = making_lock(settings.own_home)
    if not lock.taken():
        return None
    house = settings.house()
    try:
        return _made(house, settings, hear)
    finally:
        house.close()
        lock.let_go()


def _made(house: House, settings: Settings, hear: Callable[[Kept], None]) -> Kept:
    from api.demo.steps import Making  # brings the tools, which take a second to import

    kept = Kept(settings.own_home)
    kept.write()
    making = Making(house, settings, kept)
    for name, make in making.steps.items():
        if kept.step(name).state in ("done", "failed"):
            continue
        kept.move(name, "running")
        try:
            make(lambda share, name=name: kept.tell(name, share))
            kept.move(name, "done")
        except ToolRefused as refusal:
            LOG.warning("An example could not be made: %s: %s", name, refusal)
            kept.move(name, "failed")
        hear(kept)
    return kept


class Maker:
    """The process that makes them. It ends with this one, killed or not: its stdin does then."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin."""
        self._child = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=self._environment
        )

    def end(self) -> None:
        """Let it end, wherever it is."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.terminate()
        try:
            self._child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def main() -> None:
    """Make the examples of the settings' house, until stdin ends."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    os.nice(10)  # who looks at the pages comes first
    make_demo(Settings.read())


def _leave_with_parent() -> None:
    while os.read(0, 1024):  # not through sys.stdin, whose lock a daemon thread must not hold at the end
        pass
    os._exit(0)
