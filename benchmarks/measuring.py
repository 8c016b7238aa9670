"""How a benchmark is measured: medians of several runs, the peer's in turn with ours."""

import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

RUNS = 5


class Row(BaseModel):
    """One measurement. ratio is the peer's time / ours."""

    work: str
    size: str
    ours_s: float
    peer_name: str = "–"
    peer_s: float | None = None
    ratio: float | None = None
    note: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def timed(work: Callable[..., Any], *arguments: object) -> tuple[Any, float]:
    """What one call gives, and how long it takes."""
    began = time.perf_counter()
    found = work(*arguments)
    return found, time.perf_counter() - began


def alone(work: Callable[..., Any], *arguments: object) -> tuple[Any, float]:
    """What the work gives in a process of its own, and the most memory that this had, in MB.

    Without the pages of mapped files, which the system takes back when it needs them; read from /proc
    every few milliseconds.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_watched, (work, arguments))


def _watched(work: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[Any, float]:
    over, most = threading.Event(), [0]

    def watch() -> None:
        while not over.wait(0.005):
            most[0] = max(most[0], _own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        found = work(*arguments)
    finally:
        over.set()
        watcher.join()
    return found, most[0] / 1_000


def _own_memory() -> int:
    """kB of this process that are of no file."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))


def side_by_side(
    work: str,
    size: str,
    ours: Callable[[], object],
    peer_name: str = "–",
    peer: Callable[[], object] | None = None,
    *,
    runs: int = RUNS,
    note: str = "",
) -> Row:
    """Medians after one warm-up each; ours and the peer's take turns, so that a slow minute slows both."""
    ours()
    if peer:
        peer()
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        mine.append(seconds(ours))
        if peer:
            theirs.append(seconds(peer))
    ours_s = statistics.median(mine)
    peer_s = statistics.median(theirs) if theirs else None
    return Row(
        work=work,
        size=size,
        ours_s=ours_s,
        peer_name=peer_name,
        peer_s=peer_s,
        ratio=peer_s / ours_s if peer_s else None,
        note=note,
    )
