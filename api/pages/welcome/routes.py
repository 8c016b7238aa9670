"""The first visit: how far the examples are, live, and a file to try."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.access.visit import Reader, Visit
from api.demo.progress import BEST_CUSTOMERS
from api.pages.rendering import frame, page, rendered
from api.pages.welcome.shown import Welcome, example_file, welcome_of
from api.rest.work.events import AGAIN, HEADERS, MEDIA_TYPE, STILL_HERE
from store.errors import NotFound

LOOK, SILENT = 0.5, 15.0  # seconds between two looks, and after which it is said that nothing broke
LONGEST = 3600.0  # seconds of one stream; the browser asks again


def welcome_pages() -> APIRouter:
    """`/welcome`, its events, and the example file."""
    router = APIRouter(prefix="/welcome")

    @router.get("")
    def welcome(visit: Reader, request: Request) -> HTMLResponse:
        """A fragment for a screen that has nothing to show yet; it follows what is being made."""
        return page(request, "welcome/welcome.html.j2", welcome=welcome_of(visit))

    @router.get("/events")
    async def events(visit: Reader, request: Request, waits: bool = False) -> StreamingResponse:
        """The same whenever it changed, until all is made; `waits`: until there is a warehouse to ask."""
        return StreamingResponse(_events(request, visit, waits), media_type=MEDIA_TYPE, headers=HEADERS)

    @router.get(f"/{BEST_CUSTOMERS}", response_class=FileResponse)
    def best_customers(visit: Reader) -> FileResponse:
        """2,000 customers of the generated people, 40 of them with a broken e-mail, to be dropped."""
        path = example_file(visit)
        if path is None:
            raise NotFound("The example file is not made yet", where=BEST_CUSTOMERS)
        return FileResponse(path, media_type="text/csv", filename=BEST_CUSTOMERS)

    return router


async def _events(request: Request, visit: Visit, waits: bool) -> AsyncIterator[str]:
    yield AGAIN.decode()
    shown: Welcome | None = None
    began = told_at = time.monotonic()
    while time.monotonic() - began < LONGEST:
        found = await run_in_threadpool(welcome_of, visit)
        is_over = found.is_usable if waits else found.stand != "making"
        # What is loaded then follows the rest by itself.
        begins = waits and is_over and visit.principal.may("people")
        if found != shown or is_over:
            shown, told_at = found, time.monotonic()
            html = await run_in_threadpool(
                rendered, request, "welcome/stand.html.j2", welcome=found, begins=begins
            )
            yield frame("done" if is_over else "fragment", html)
            if is_over:
                return
        elif time.monotonic() - told_at > SILENT:
            told_at = time.monotonic()
            yield STILL_HERE.decode()
        await asyncio.sleep(LOOK)
