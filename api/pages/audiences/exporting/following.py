"""How is a job followed on a page: a fragment whenever its record has changed?"""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from api.pages.rendering import frame
from api.rest.work.events import AGAIN, Pace
from store.records.runs import OPEN, Run


async def job_fragments(
    look: Callable[[], Run | None], told: Callable[[Run | None], str], after: int, pace: Pace | None = None
) -> AsyncIterator[bytes]:
    """A `fragment` for each state after that number, then `done`; each tells the whole state."""
    pace = pace or Pace()
    yield AGAIN
    while True:
        run = await run_in_threadpool(look)
        if run is None or run.status not in OPEN:
            yield frame("done", told(run), run.version if run else None).encode()
            return
        if run.version > after:
            after = run.version
            yield frame("fragment", told(run), run.version).encode()
        await asyncio.sleep(pace.look_seconds)
