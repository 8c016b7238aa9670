"""Conversations: a message in, events out, and what was said before."""

import base64
import binascii
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from agent.conversation.conversation import Conversation
from agent.conversation.open_turn import OpenTurn
from agent.conversation.revising import PlanChanges
from agent.conversation.turn import Event
from agent.conversation.waiting import revise
from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.live_turns import LiveTurn
from api.rest.form.paging import Page, Pages, page_of
from api.rest.work.events import number_after
from api.talking import (
    conversations,
    kept_events,
    known_talk,
    live_turns,
    place_of_conversation,
    running_turn,
)
from store.errors import BadInput
from store.records.conversations import Conversation as ConversationRecord
from store.records.conversations import Turn
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
    hold: bool = Field(
        default=False,
        description="Show the plan and run nothing of it; `approve`, or a yes, runs it. `PUT "
        "/v1/chat/{conversation_id}/plan` changes it before.",
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
    router = APIRouter(prefix="/v1/chat", tags=["chat"])

    @router.post("", response_class=StreamingResponse, responses={200: {"content": {MEDIA_TYPE: {}}}})
    def say(visit: PeopleRunner, request: Request, said: Said) -> StreamingResponse:
        """The turn as events: `plan`, `progress`, `answer` with the whole text so far, `done`.

        Its id and number are in the headers Fieldmark-Conversation and Fieldmark-Turn.
        """
        live = live_turns(request.app)
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
        rows = conversations(visit, pages.limit, pages.after, warehouse)
        return page_of(rows, pages.limit, place_of_conversation, _line)

    @router.get("/{conversation_id}")
    def show_conversation(visit: PeopleReader, conversation_id: str) -> dict[str, Any]:
        """A conversation with its turns; identifiers in messages are masked."""
        record, keeping = known_talk(visit, conversation_id)
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
        request: Request,
        conversation_id: str,
        number: Number,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """The events of a turn after Last-Event-ID; an unknown turn is told as `done`."""
        after = max(0, number_after(last_event_id))
        running = running_turn(request.app, visit, conversation_id, number)
        if running is not None:
            return _streamed(_followed(running, after))
        return _streamed(_replayed(kept_events(visit, conversation_id, number, after)))

    @router.post("/{conversation_id}/turns/{number}/cancel")
    def cancel_turn(
        visit: PeopleRunner, request: Request, conversation_id: str, number: Number
    ) -> dict[str, bool]:
        """Whether the turn was running here; it ends before its next step."""
        running = running_turn(request.app, visit, conversation_id, number)
        if running is not None:
            running.cancel()
        return {"cancelled": running is not None}

    @router.put("/{conversation_id}/plan")
    def revise_plan(visit: PeopleRunner, conversation_id: str, changes: PlanChanges) -> dict[str, Any]:
        """The turn whose plan waits, its plan changed as asked; each step still fits its tool.

        A step that is left out takes along those that need what it gives.
        """
        workspace = known_talk(visit, conversation_id).keeping.workspace
        turn = revise(workspace, conversation_id, changes)
        visit.note("plan.revised", conversation_id, steps=len(changes.changes))
        return _shown(turn)

    return router


def _begun(visit: Visit, said: Said) -> OpenTurn:
    talk = Conversation(_workspace(visit, said), said.conversation_id)
    if said.file is not None:
        return talk.begin_upload(said.message, said.file.name, said.file.decoded(), said.approve, said.hold)
    return talk.begin(said.message, approved=said.approve, held=said.hold)


def _workspace(visit: Visit, said: Said) -> Workspace:
    """The workspace that is named, or that the conversation is about."""
    if said.warehouse is None and said.conversation_id is not None:
        return known_talk(visit, said.conversation_id).keeping.workspace
    return visit.workspace(said.warehouse)


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
