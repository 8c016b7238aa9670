"""How does the page hear how far the scoring of a list is?"""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from api.pages.profiles.lists.seen import SeenList
from api.pages.rendering import frame

LOOK_S = 0.4
SILENT = 40  # looks after which it is said that nothing broke


async def list_frames(
    look: Callable[[], SeenList | None], progress: Callable[[SeenList], str], whole: Callable[[SeenList], str]
) -> AsyncIterator[str]:
    """A fragment whenever something has changed, and at the end the list itself; each holds all there is."""
    yield "retry: 2000\n\n"
    said, silent = "", 0
    while True:
        found = await run_in_threadpool(look)
        if found is None:
            yield frame("done", "")
            return
        if not found.is_running:
            yield frame("done", await run_in_threadpool(whole, found))
            return
        told = await run_in_threadpool(progress, found)
        silent = silent + 1 if told == said else 0
        if told != said:
            said = told
            yield frame("fragment", told)
        elif silent >= SILENT:
            silent = 0
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_S)
