"""Where a conversation is kept: its turns as records without anybody's values, what waits as an artifact."""

from pathlib import Path
from typing import Any

from agent.conversation.memory import Memory, Pending
from agent.conversation.turn import Event
from store.errors import Busy, NotFound
from store.locks import Lock
from store.records.conversations import Conversation as ConversationRecord
from store.records.conversations import Turn, TurnEvent, events_of, turns_of
from store.uploads import Uploads
from store.workspace import Workspace

LONGEST_TITLE = 80
PREFIX = "chat_"  # how the ids of conversations begin
KIND = "request"  # of the artifacts that hold identifiers, and are removed once they have served


class Keeping:
    """The records, the lock and the pending plans of one conversation."""

    def __init__(self, workspace: Workspace, conversation_id: str) -> None:
        self.workspace, self.conversation_id = workspace, conversation_id
        self.uploads = Uploads(workspace.home)
        self._lock = Lock(workspace.home / "conversations" / f"{conversation_id}.lock")

    @classmethod
    def new(cls, workspace: Workspace) -> "Keeping":
        """A conversation that begins; it is recorded with its first turn."""
        return cls(workspace, f"{PREFIX}{workspace.new_id()}")

    @classmethod
    def known(cls, workspace: Workspace, conversation_id: str) -> "Keeping":
        """The conversation of this id. Raises NotFound, also for one with another warehouse."""
        record = workspace.database.get(ConversationRecord, conversation_id)
        if record is None or record.warehouse != workspace.warehouse.name:
            raise NotFound(
                "There is no such conversation here",
                where="conversation_id",
                instead="Leave it out to begin one, or name the warehouse that it is about.",
            )
        return cls(workspace, conversation_id)

    def take(self) -> None:
        """Hold the conversation for one turn. Raises Busy while another turn runs."""
        if not self._lock.taken():
            raise Busy(
                "The turn before is still running",
                where="conversation_id",
                instead="Wait for its answer, or cancel it; another conversation can go on beside it.",
            )
        self._end_broken()

    def let_go(self) -> None:
        """Let the next turn begin."""
        self._lock.let_go()

    def mend(self) -> None:
        """End turns whose process died; those that run are left alone."""
        if self._lock.taken():
            try:
                self._end_broken()
            finally:
                self._lock.let_go()

    def _end_broken(self) -> None:
        for turn in self.turns():
            if turn.status == "running":
                last = max((event.number for event in self.events(turn.number)), default=0)
                body = {"status": "failed", "turn": turn.number, "conversation_id": self.conversation_id}
                self.keep_event(turn.turn_id, Event(last + 1, "done", body))
                turn.status, turn.ended_at = "failed", self.workspace.now()
                self.workspace.database.keep(turn)

    @property
    def memory(self) -> Memory:
        """What the conversation has in mind."""
        record = self.workspace.database.get(ConversationRecord, self.conversation_id)
        return Memory.model_validate(record.memory) if record else Memory()

    def keep_memory(self, memory: Memory, title: str) -> None:
        """Keep what it has in mind; the title is that of its first message."""
        database, now = self.workspace.database, self.workspace.now()
        record = database.get(ConversationRecord, self.conversation_id) or ConversationRecord(
            conversation_id=self.conversation_id,
            warehouse=self.workspace.warehouse.name,
            title=_title(title),
            created_at=now,
            spoken_at=now,
        )
        record.memory = memory.model_dump(mode="json", exclude={"state": {"asked"}})
        record.spoken_at = now
        database.keep(record)

    @property
    def pending(self) -> Pending:
        """What waits for somebody."""
        try:
            kept = self.workspace.artifacts.document(KIND, self._pending_key)
        except NotFound:
            return Pending()
        return Pending.model_validate(kept)

    def keep_pending(self, pending: Pending) -> None:
        """Keep what waits; nothing of it stays once nothing does."""
        if pending.is_empty:
            self.workspace.artifacts.remove(KIND, self._pending_key, "json")
        else:
            self.workspace.artifacts.save_document(KIND, self._pending_key, pending.model_dump(mode="json"))

    @property
    def _pending_key(self) -> str:
        return f"{self.conversation_id}_pending"

    def forget_file(self, file: str | None) -> None:
        """Remove a file that has been read, where it was uploaded."""
        if file is not None and self.uploads.has(Path(file)):
            self.uploads.remove(self.conversation_id)

    def turns(self) -> list[Turn]:
        """The turns, in order."""
        return turns_of(self.workspace.database, self.conversation_id)

    def turn_id(self, number: int) -> str:
        return f"{self.conversation_id}_{number}"

    def keep_turn(self, turn: Turn) -> None:
        """Keep a turn as it stands."""
        self.workspace.database.keep(turn)

    def keep_event(self, turn_id: str, event: Event) -> None:
        """Keep one thing that was told."""
        self.workspace.database.keep(
            TurnEvent(
                event_id=f"{turn_id}_{event.number}",
                turn_id=turn_id,
                number=event.number,
                kind=event.kind,
                body=event.body,
            )
        )

    def events(self, number: int, after: int = 0) -> list[Event]:
        """What was told of a turn after an event; empty for a turn that is not there."""
        kept = events_of(self.workspace.database, self.turn_id(number), after)
        return [Event(one.number, _kind(one.kind), one.body) for one in kept]


def _title(message: str) -> str:
    """The beginning of a message, up to the end of a word."""
    line = " ".join(message.split())
    if len(line) <= LONGEST_TITLE:
        return line
    cut = line[: LONGEST_TITLE - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


def _kind(text: str) -> Any:
    return text
