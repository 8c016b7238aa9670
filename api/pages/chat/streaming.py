"""A turn as a stream of fragments: each says where it belongs, and can be put there twice."""

from collections.abc import AsyncIterator

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from agent.conversation.keeping import Keeping
from agent.conversation.turn import Event
from api.access.visit import Visit
from api.live_turns import LiveTurn
from api.pages.chat.seen_turns import TurnSeen
from api.pages.chat.showing import settings_now, shown_turn
from api.pages.rendering import frame, joined, rendered

AGAIN = "retry: 2000\n\n"  # milliseconds until a reader who lost the stream asks again
STILL_HERE = ": still here\n\n"
NOBODY = "<p hidden></p>"


class Frames:
    """The fragments of one turn for one reader."""

    def __init__(self, request: Request, visit: Visit, keeping: Keeping, turn: TurnSeen) -> None:
        self._request, self._visit, self._keeping, self._turn = request, visit, keeping, turn
        self._carded: set[int] = set()

    def frame(self, event: Event) -> str:
        """The event as a frame, after what it changes was taken in."""
        self._turn.hear(event)
        if event.kind == "done":
            return frame("done", self._ended(), event.number)
        parts = {"plan": self._plan, "progress": self._progress, "answer": self._answer}[event.kind]
        return frame("fragment", parts(event), event.number)

    def pass_over(self, event: Event) -> None:
        """Take in what the reader has seen already."""
        self._turn.hear(event)
        if event.kind == "answer":
            self._carded.update(self._turn.card_places)

    def _plan(self, event: Event) -> str:
        return joined([self._part("steps"), self._part("places"), self._part("status")])

    def _progress(self, event: Event) -> str:
        step = next((one for one in self._turn.steps if one.at == event.body["step"]), None)
        if step is None:
            return NOBODY
        return joined([self._part("step", step=step), self._part("status")])

    def _answer(self, event: Event) -> str:
        new = [at for at in self._turn.card_places if at not in self._carded]
        self._carded.update(new)
        stays = [self._part("stays")] if self._turn.results else []
        return joined([*stays, self._part("answer"), *(self._part("card", at=at) for at in new)])

    def _ended(self) -> str:
        """The whole turn as it stays, and one before it whose plan no longer waits."""
        ended = shown_turn(self._visit, self._keeping, self._turn.number)
        ended.text = self._turn.text or ended.text  # as it was told: what is kept holds nobody's values
        parts = [self._whole(ended, "ended")]
        for before in self._keeping.turns():
            if before.status == "waiting" and before.number != ended.number:
                parts.append(self._whole(shown_turn(self._visit, self._keeping, before.number), "settled"))
        return joined(parts)

    def _whole(self, turn: TurnSeen, name: str) -> str:
        settings = settings_now(self._keeping) if turn.waits else []
        return rendered(self._request, f"chat/turn/{name}.html.j2", turn=turn, settings=settings)

    def _part(self, name: str, **words: object) -> str:
        return rendered(self._request, f"chat/turn/{name}.html.j2", turn=self._turn, **words)


async def followed(running: LiveTurn, frames: Frames, after: int) -> AsyncIterator[str]:
    """A turn that runs, from its first event on; those up to `after` are taken in and not sent."""
    yield AGAIN
    async for event in running.following(0):
        if event is None:
            yield STILL_HERE
        elif event.number <= after:
            await run_in_threadpool(frames.pass_over, event)
        else:
            yield await run_in_threadpool(frames.frame, event)


async def replayed(events: list[Event], frames: Frames, after: int) -> AsyncIterator[str]:
    """The same of a turn that is over."""
    yield AGAIN
    for event in events:
        if event.number <= after:
            frames.pass_over(event)
        else:
            yield await run_in_threadpool(frames.frame, event)
