"""How is a tool called beside other requests: in a thread, watched, and stopped when its caller goes?"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Lock
from typing import Any, TypeVar

from agent.state import Progress, RunContext
from store.errors import Busy
from store.workspace import Workspace
from tools.calls import call
from tools.declaration import Tool, ToolResult

AT_ONCE, WAITING = 8, 64
IsCancelled = Callable[[], bool]
Told = Callable[[str], Awaitable[None]]  # hears each step of a workflow as it begins and ends
Found = TypeVar("Found")


def called(
    tool: Tool, workspace: Workspace, arguments: dict[str, Any], progress: Progress, is_cancelled: IsCancelled
) -> ToolResult:
    """The tool's answer. A workflow tells its steps, and ends at its next one when it is cancelled.

    Raises ToolRefused and Cancelled.
    """
    from agent.conversation.steps import STARTS  # takes seconds to import

    start = STARTS.get(tool.name)
    if start is None:
        return call(tool, workspace, arguments)
    context = RunContext(workspace, is_cancelled)
    watched = replace(tool, run=lambda house, query: start(house, query, progress, context))
    return call(watched, workspace, arguments)


class Calls:
    """The calls of this process: so many at once, so many that wait."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="mcp")
        self._most, self._lock = at_once + waiting, Lock()
        self._live: set[Event] = set()  # of each call, set when nobody waits for it any more

    async def run(self, work: Callable[[Progress, IsCancelled], Found], tell: Told) -> Found:
        """What the work comes to, in a thread; `tell` hears its steps in order.

        When the caller is cancelled, so is the work, at its next step. Raises Busy.
        """
        stopped, told = Event(), asyncio.Queue[str | None]()
        loop = asyncio.get_running_loop()

        def progress(step: str, done: int, of: int) -> None:
            if not stopped.is_set():
                loop.call_soon_threadsafe(told.put_nowait, f"{step} {done}/{of}")

        ended = asyncio.wrap_future(self._begun(lambda: work(progress, stopped.is_set), stopped))
        ended.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (line := await told.get()) is not None:
                await tell(line)
            return ended.result()
        finally:
            stopped.set()
            ended.cancel()  # one that waits never begins; what one that runs comes to is not heard

    def _begun(self, work: Callable[[], Found], stopped: Event) -> Any:
        with self._lock:
            if len(self._live) >= self._most:
                raise Busy("Too many calls at once", where="mcp", instead="Call again in a minute.")
            self._live.add(stopped)
        begun = self._threads.submit(work)
        begun.add_done_callback(lambda _: self._ended(stopped))
        return begun

    def _ended(self, stopped: Event) -> None:
        with self._lock:
            self._live.discard(stopped)

    def close(self) -> None:
        """Let every call end at its next step, and wait for it."""
        with self._lock:
            for stopped in self._live:
                stopped.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
