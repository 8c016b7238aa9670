"""What do all doors share of conversations: turns that run, what is kept of them, files that wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import NamedTuple

from fastapi import FastAPI

from agent.conversation.keeping import Keeping
from agent.conversation.turn import Event
from api.access.visit import Visit
from api.live_turns import LiveTurn, LiveTurns
from store.access import LOCAL
from store.errors import NotFound
from store.records.conversations import Conversation as ConversationRecord
from store.records.newest import Place, newest
from store.uploads import Uploads
from store.workspace import House

KEPT = timedelta(days=1)  # how long a file waits that nobody goes on with


class Talk(NamedTuple):
    """One conversation of whoever asks."""

    record: ConversationRecord
    keeping: Keeping


@asynccontextmanager
async def talking(app: FastAPI) -> AsyncIterator[None]:
    """While the house is open: one set of turns that run, for every door; files left behind are swept."""
    turns = live_turns(app)
    sweep_uploads(app.state.house)
    yield
    turns.close()


def live_turns(app: FastAPI) -> LiveTurns:
    """The turns that run in this process."""
    state = app.state
    if not hasattr(state, "live_turns"):
        state.live_turns = LiveTurns()
    return state.live_turns


def sweep_uploads(house: House) -> None:
    """Remove uploaded files of every organisation that nobody went on with for a day."""
    others = sorted((house.root / "organisations").glob("org_*"))
    for one in [house.of(LOCAL), *(house.of(folder.name) for folder in others)]:
        Uploads(one.home).sweep(one.now() - KEPT)


def known_talk(visit: Visit, conversation_id: str) -> Talk:
    """The conversation of this id. Raises NotFound."""
    record = visit.house.database.get(ConversationRecord, conversation_id)
    if record is None:
        raise NotFound(
            "There is no such conversation",
            where="conversation_id",
            instead="`GET /v1/chat` lists those there are.",
        )
    return Talk(record, Keeping(visit.workspace(record.warehouse), conversation_id))


def is_known(visit: Visit, conversation_id: str) -> bool:
    """Whether whoever asks has this conversation."""
    return visit.house.database.get(ConversationRecord, conversation_id) is not None


def running_turn(app: FastAPI, visit: Visit, conversation_id: str, number: int) -> LiveTurn | None:
    """The turn, where it runs in this process and is theirs."""
    return live_turns(app).get(conversation_id, number) if is_known(visit, conversation_id) else None


def kept_events(visit: Visit, conversation_id: str, number: int, after: int) -> list[Event]:
    """What is kept of a turn after an event; of one that is unknown, that it is over."""
    try:
        keeping = known_talk(visit, conversation_id).keeping
    except NotFound:
        return [over("unknown", conversation_id, number)]
    keeping.mend()
    told = keeping.events(number, after)
    if told or any(turn.number == number for turn in keeping.turns()):
        return told
    return [over("unknown", conversation_id, number)]


def over(status: str, conversation_id: str, number: int) -> Event:
    """That a turn is over, where it has no event of its own that says so."""
    return Event(0, "done", {"status": status, "conversation_id": conversation_id, "turn": number})


def conversations(
    visit: Visit, limit: int, after: Place | None, warehouse: str | None = None
) -> list[ConversationRecord]:
    """Conversations, the one spoken in last first; one more than the limit where there are more."""
    table = ConversationRecord
    return newest(
        visit.house.database, table, table.spoken_at, table.conversation_id, limit, after, warehouse=warehouse
    )


def place_of_conversation(one: ConversationRecord) -> Place:
    """Where a conversation stands in the list."""
    return Place(one.spoken_at, one.conversation_id)
