"""How is a job followed: its whole state as an event, whenever its record has changed?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import orjson
from starlette.concurrency import run_in_threadpool

from store.records.runs import OPEN, Run

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
AGAIN = b"retry: 2000\n\n"  # milliseconds until a reader who lost the stream asks again
STILL_HERE = b": still here\n\n"
UNKNOWN = {"status": "unknown"}


@dataclass(frozen=True)
class Pace:
    """How often the record is looked at, and after how long a silence it is said that nothing broke."""

    look_seconds: float = 0.5
    silent_seconds: float = 15.0


async def job_events(
    look: Callable[[], Run | None],
    shown: Callable[[Run], object],
    after: int = -1,
    pace: Pace | None = None,
) -> AsyncIterator[bytes]:
    """`progress` for each state after that number, then `done`; each holds the whole state of the job.

    It reads the record, so it does not matter which process does the job. An unknown job is over.
    """
    pace = pace or Pace()
    told_at = time.monotonic()
    yield AGAIN
    while True:
        run = await run_in_threadpool(look)
        if run is None:
            yield frame("done", UNKNOWN)
            return
        if run.status not in OPEN:
            yield frame("done", shown(run), run.version)
            return
        if run.version > after:
            after, told_at = run.version, time.monotonic()
            yield frame("progress", shown(run), run.version)
        elif time.monotonic() - told_at > pace.silent_seconds:
            told_at = time.monotonic()
            yield STILL_HERE
        await asyncio.sleep(pace.look_seconds)


def frame(kind: str, body: object, number: int | None = None) -> bytes:
    """One event as it goes over the wire."""
    named = b"" if number is None else b"id: %d\n" % number
    return named + b"event: %s\ndata: %s\n\n" % (kind.encode(), orjson.dumps(body))


def number_after(last_event_id: str | None) -> int:
    """The number that a reader has heard, or one below all where they have heard none of ours."""
    if last_event_id and len(last_event_id) < 19 and last_event_id.isascii() and last_event_id.isdecimal():
        return int(last_event_id)
    return -1
