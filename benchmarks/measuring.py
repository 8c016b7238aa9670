"""How a benchmark is measured: medians of several runs, the peer's in turn with ours."""

import multiprocessing
import resource
import statistics
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
    """What the work gives in a process of its own, and the most memory that this took, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(work, arguments)
        return found, pool.apply(_peak) / 1_000


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


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
