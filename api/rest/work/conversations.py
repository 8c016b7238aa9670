"""Conversations: a message in, events out, and what was said before."""

import base64
import binascii
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from agent.conversation.conversation import Conversation
from agent.conversation.keeping import Keeping
from agent.conversation.open_turn import OpenTurn
from agent.conversation.turn import Event
from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.live_turns import LiveTurn, LiveTurns
from api.rest.form.paging import Page, Pages, page_of
from api.rest.work.events import number_after
from store.errors import BadInput, NotFound
from store.records.conversations import Conversation as ConversationRecord
from store.records.conversations import Turn
from store.records.newest import Place, newest
from store.workspace import Workspace

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
Number = Annotated[int, Path(ge=1, lt=1 << 31, description="Of the turn, from 1.")]
AGAIN = "retry: 2000\n\n"  # milliseconds until a reader who lost the stream asks again


class SentFile(BaseModel):
    """A file of customers that comes with the message. It is removed when it has been read."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=255)
    content: str = Field(description="The file in base64.")

    def decoded(self) -> bytes:
        """The bytes of the file. Raises BadInput."""
        try:
            return base64.b64decode(self.content, validate=True)
        except binascii.Error:
            raise BadInput("The file is not in base64", where="file.content") from None


class Said(BaseModel):
    """A message, in a conversation or as the first of one."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(default="", description="At most 8,000 characters; may be left out with `approve`.")
    conversation_id: str | None = Field(default=None, max_length=60)
    file: SentFile | None = None
    warehouse: str | None = Field(default=None, description="The warehouse; the only one when left out.")
    approve: bool | None = Field(
        default=None, description="True says yes to what the message, or the plan that waits, wants approved."
    )


class ConversationLine(BaseModel):
    """A conversation, as a list shows it."""

    conversation_id: str
    warehouse: str
    title: str
    created_at: datetime
    spoken_at: datetime


def conversation_routes() -> APIRouter:
    """`/v1/chat`: to say something, to follow a turn, to read what was said."""
    live = LiveTurns()

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        yield
        live.close()

    router = APIRouter(prefix="/v1/chat", tags=["chat"], lifespan=lifespan)

    @router.post("", response_class=StreamingResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
    def say(visit: PeopleRunner, said: Said) -> StreamingResponse:
        """The turn as events: `plan`, `progress`, `answer` with the whole text so far, `done`.

        Its id and number are in the headers Fieldmark-Conversation and Fieldmark-Turn.
        """
        live.require_room()
        turn = _begun(visit, said)
        headers = {"Fieldmark-Conversation": turn.conversation_id, "Fieldmark-Turn": str(turn.number)}
        return _streamed(_followed(live.start(turn), 0), headers)

    @router.get("")
    def list_conversations(
        visit: PeopleReader,
        pages: Pages,
        warehouse: Annotated[str | None, Query(max_length=63, description="Only with this one.")] = None,
    ) -> Page[ConversationLine]:
        """Conversations, the one spoken in last first."""
        table = ConversationRecord
        rows = newest(
            visit.house.database,
            table,
            table.spoken_at,
            table.conversation_id,
            pages.limit,
            pages.after,
            warehouse=warehouse,
        )
        return page_of(rows, pages.limit, lambda one: Place(one.spoken_at, one.conversation_id), _line)

    @router.get("/{conversation_id}")
    def show_conversation(visit: PeopleReader, conversation_id: str) -> dict[str, Any]:
        """A conversation with its turns; identifiers in messages are masked."""
        record, keeping = _known(visit, conversation_id)
        keeping.mend()
        return record.model_dump(mode="json", exclude={"memory"}) | {
            "turns": [_shown(turn) for turn in keeping.turns()]
        }

    @router.get(
        "/{conversation_id}/turns/{number}/events",
        response_class=StreamingResponse,
        responses={200: {"content": {MEDIA_TYPE: {}}}},
    )
    def follow_turn(
        visit: PeopleReader,
        conversation_id: str,
        number: Number,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """The events of a turn after Last-Event-ID; an unknown turn is told as `done`."""
        after = max(0, number_after(last_event_id))
        running = live.get(conversation_id, number) if _is_known(visit, conversation_id) else None
        if running is not None:
            return _streamed(_followed(running, after))
        return _streamed(_replayed(_kept(visit, conversation_id, number, after)))

    @router.post("/{conversation_id}/turns/{number}/cancel")
    def cancel_turn(visit: PeopleRunner, conversation_id: str, number: Number) -> dict[str, bool]:
        """Whether the turn was running here; it ends before its next step."""
        running = live.get(conversation_id, number) if _is_known(visit, conversation_id) else None
        if running is not None:
            running.cancel()
        return {"cancelled": running is not None}

    return router


def _begun(visit: Visit, said: Said) -> OpenTurn:
    talk = Conversation(_workspace(visit, said), said.conversation_id)
    if said.file is not None:
        return talk.begin_upload(said.message, said.file.name, said.file.decoded(), said.approve)
    return talk.begin(said.message, approved=said.approve)


def _workspace(visit: Visit, said: Said) -> Workspace:
    """The workspace that is named, or that the conversation is about."""
    if said.warehouse is None and said.conversation_id is not None:
        return _known(visit, said.conversation_id)[1].workspace
    return visit.workspace(said.warehouse)


def _known(visit: Visit, conversation_id: str) -> tuple[ConversationRecord, Keeping]:
    record = visit.house.database.get(ConversationRecord, conversation_id)
    if record is None:
        raise NotFound(
            "There is no such conversation",
            where="conversation_id",
            instead="`GET /v1/chat` lists those there are.",
        )
    return record, Keeping(visit.workspace(record.warehouse), conversation_id)


def _is_known(visit: Visit, conversation_id: str) -> bool:
    return visit.house.database.get(ConversationRecord, conversation_id) is not None


def _kept(visit: Visit, conversation_id: str, number: int, after: int) -> list[Event]:
    """What is kept of a turn; of one that is unknown, that it is over."""
    try:
        keeping = _known(visit, conversation_id)[1]
    except NotFound:
        return [_over("unknown", conversation_id, number)]
    keeping.mend()
    told = keeping.events(number, after)
    if told or any(turn.number == number for turn in keeping.turns()):
        return told
    return [_over("unknown", conversation_id, number)]


def _over(status: str, conversation_id: str, number: int) -> Event:
    return Event(0, "done", {"status": status, "conversation_id": conversation_id, "turn": number})


def _line(one: ConversationRecord) -> ConversationLine:
    return ConversationLine(**one.model_dump(include=set(ConversationLine.model_fields)))


def _shown(turn: Turn) -> dict[str, Any]:
    return turn.model_dump(mode="json", exclude={"turn_id", "conversation_id"})


def _streamed(frames: AsyncIterator[str], headers: dict[str, str] | None = None) -> StreamingResponse:
    return StreamingResponse(frames, media_type=MEDIA_TYPE, headers=HEADERS | (headers or {}))


async def _followed(turn: LiveTurn, after: int) -> AsyncIterator[str]:
    yield AGAIN
    async for event in turn.following(after):
        yield frame(event) if event else ": still here\n\n"


async def _replayed(events: list[Event]) -> AsyncIterator[str]:
    yield AGAIN
    for event in events:
        yield frame(event)


def frame(event: Event) -> str:
    """One event as it goes over the wire."""
    number = f"id: {event.number}\n" if event.number else ""
    return f"{number}event: {event.kind}\ndata: {json.dumps(event.body, ensure_ascii=False)}\n\n"
