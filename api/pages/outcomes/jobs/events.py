"""How does a page follow a job: its steps as a fragment, whenever its record has changed?"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from api.pages.rendering import frame
from api.rest.work.events import Pace
from store.records.runs import OPEN, Run

AGAIN = "retry: 2000\n\n"  # milliseconds until a browser that lost the stream asks again
STILL_HERE = ": still here\n\n"


async def panel_events(
    look: Callable[[], Run | None],
    steps: Callable[[Run], str],
    whole: Callable[[Run | None], str],
    after: int = -1,
    pace: Pace | None = None,
) -> AsyncIterator[str]:
    """`fragment` with the steps for each state after that number, then `done` with the whole panel.

    It reads the record, so it does not matter which process does the job. An unknown job is over. Fragments
    are made in a thread. `look`, `steps` and `whole` say nothing of a person.
    """
    pace = pace or Pace()
    told_at = time.monotonic()
    yield AGAIN
    while True:
        run = await run_in_threadpool(look)
        if run is None or run.status not in OPEN:
            version = None if run is None else run.version
            yield frame("done", await run_in_threadpool(whole, run), version)
            return
        if run.version > after:
            after, told_at = run.version, time.monotonic()
            yield frame("fragment", await run_in_threadpool(steps, run), run.version)
        elif time.monotonic() - told_at > pace.silent_seconds:
            told_at = time.monotonic()
            yield STILL_HERE
        await asyncio.sleep(pace.look_seconds)
