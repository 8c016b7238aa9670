"""How does a page follow what becomes of a briefing that was sent?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from api.pages.outcomes.jobs.events import AGAIN, STILL_HERE
from api.pages.rendering import frame
from api.rest.work.events import Pace

LONGEST_S = 600.0  # who looks longer than that loads the page again


async def log_events(
    look: Callable[[], tuple[str, bool]],
    whole: Callable[[], str],
    pace: Pace | None = None,
    longest: float = LONGEST_S,
) -> AsyncIterator[str]:
    """`fragment` whenever the rows differ from those before, then `done` with the whole section.

    look: the rows as HTML, and whether anything is due soon. Fragments are made in a thread.
    """
    pace = pace or Pace()
    began = told_at = time.monotonic()
    before = ""
    yield AGAIN
    while time.monotonic() - began < longest:
        rows, is_moving = await run_in_threadpool(look)
        if not is_moving:
            break
        if rows != before:
            before, told_at = rows, time.monotonic()
            yield frame("fragment", rows)
        elif time.monotonic() - told_at > pace.silent_seconds:
            told_at = time.monotonic()
            yield STILL_HERE
        await asyncio.sleep(pace.look_seconds)
    yield frame("done", await run_in_threadpool(whole))
