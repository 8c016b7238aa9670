"""How a benchmark is measured: medians of several runs, the peer's in turn with ours."""

import statistics
import time
from collections.abc import Callable

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
