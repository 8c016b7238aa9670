"""Turns that run in this process, each as a task of its own, and whoever follows them."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from agent.conversation.open_turn import OpenTurn
from agent.conversation.turn import Event, Reply
from store.errors import Busy

LOG = logging.getLogger("fieldmark.chat")
AT_ONCE, WAITING = 8, 64
STILL_HERE = 15.0  # seconds of silence after which a follower is told that nothing broke


class LiveTurn:
    """One turn that runs: what it has told so far. It tells from a thread; followers are coroutines."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._followers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = Lock()
        self._has_ended = self._is_cancelled = False

    def hear(self, event: Event) -> None:
        """Take in what the turn tells."""
        with self._lock:
            self._events.append(event)
            self._wake()

    def end(self) -> None:
        """There is no more to tell."""
        with self._lock:
            self._has_ended = True
            self._wake()

    def cancel(self) -> None:
        """Let the turn end before its next step."""
        self._is_cancelled = True

    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def _wake(self) -> None:
        for loop, signal in self._followers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(signal.set)

    async def following(self, after: int = 0) -> AsyncIterator[Event | None]:
        """Each event after that number, from the first on; None where nothing was told for a while."""
        signal = asyncio.Event()
        me = (asyncio.get_running_loop(), signal)
        with self._lock:
            self._followers.add(me)
        try:
            while True:
                signal.clear()
                with self._lock:
                    told, has_ended = [e for e in self._events if e.number > after], self._has_ended
                for event in told:
                    after = event.number
                    yield event
                if has_ended:
                    return
                if not told and not await _is_told(signal):
                    yield None
        finally:
            with self._lock:
                self._followers.discard(me)


async def _is_told(signal: asyncio.Event) -> bool:
    """Whether something was told before it was silent for too long."""
    try:
        return await asyncio.wait_for(signal.wait(), STILL_HERE)
    except TimeoutError:
        return False


class LiveTurns:
    """The turns of this process: so many at once, so many that wait."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="turn")
        self._live: dict[str, LiveTurn] = {}
        self._lock = Lock()

    def require_room(self) -> None:
        """Raise Busy where too many turns wait already."""
        if len(self._live) >= AT_ONCE + WAITING:
            raise Busy("Too many questions at once", where="chat", instead="Ask again in a minute.")

    def start(self, turn: OpenTurn) -> LiveTurn:
        """Run the turn, whoever listens or leaves."""
        key, live = _key_of(turn.conversation_id, turn.number), LiveTurn()
        with self._lock:
            self._live[key] = live

        def ended(future: "Future[Reply]") -> None:
            with self._lock:
                self._live.pop(key, None)
            if error := future.exception():
                LOG.error("A turn failed", exc_info=error)
            live.end()

        # What the turn does is told as a part of the request that asked for it.
        here = contextvars.copy_context()
        told = self._threads.submit(here.run, turn.run, live.hear, live.is_cancelled)
        told.add_done_callback(ended)
        return live

    def get(self, conversation_id: str, number: int) -> LiveTurn | None:
        """The turn, while it runs here."""
        with self._lock:
            return self._live.get(_key_of(conversation_id, number))

    def close(self) -> None:
        """Let every turn end before its next step, and wait for it."""
        with self._lock:
            for live in self._live.values():
                live.cancel()
        self._threads.shutdown(wait=True)


def _key_of(conversation_id: str, number: int) -> str:
    return f"{conversation_id}_{number}"
