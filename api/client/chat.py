"""What does a served house answer to a message, as it comes?"""

import base64
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2

from agent.conversation.turn import Event, Reply, Watch, nobody
from store.errors import BadFile, ToolRefused

if TYPE_CHECKING:
    from api.client.fieldmark import Fieldmark


class Chat:
    """One conversation with a server."""

    def __init__(self, fieldmark: "Fieldmark", conversation_id: str | None = None) -> None:
        """conversation_id: of one to go on with; the first answer names a new one."""
        self._fieldmark, self._connection = fieldmark, fieldmark.connection
        self.conversation_id, self._turn = conversation_id or "", 0

    def say(
        self,
        message: str,
        file: Path | None = None,
        approved: bool | None = None,
        watch: Watch = nobody,
    ) -> Reply:
        """What comes of a message, with a file or not; watch hears each event as it comes.

        A stream that breaks is taken up after the last event that was heard; whoever interrupts it
        cancels the turn. Raises as the house does.
        """
        told: dict[str, dict[str, Any]] = {}
        self._turn = 0
        try:
            for event in self._events(self._said(message, file, approved)):
                told[event.kind] = event.body
                watch(event)
        except KeyboardInterrupt:
            self._cancel()
            raise
        return _reply(told)

    def _said(self, message: str, file: Path | None, approved: bool | None) -> dict[str, Any]:
        said: dict[str, Any] = {"message": message, "approve": approved}
        if self.conversation_id:
            said["conversation_id"] = self.conversation_id
        elif self._fieldmark.warehouse:
            said["warehouse"] = self._fieldmark.warehouse
        if file is not None:
            said["file"] = {"name": file.name, "content": base64.b64encode(_read(file)).decode()}
        return said

    def _events(self, said: dict[str, Any]) -> Iterator[Event]:
        heard, attempt = 0, 0
        while True:
            try:
                for event in self._stream(said, heard):
                    heard, attempt = event.number or heard, 0
                    yield event
                    if event.kind == "done":
                        return
                error: Exception = self._connection.unreachable()  # closed by something between
            except httpx2.TransportError as broken:
                error = broken
            if not self._turn:  # whether it was heard is not known, and saying it twice does it twice
                raise self._connection.unreachable() from error
            attempt += 1
            self._connection.rest(attempt, None, error)

    def _stream(self, said: dict[str, Any], heard: int) -> Iterator[Event]:
        if not self._turn:
            asked = self._connection.events("POST", "/v1/chat", said)
        else:
            headers = {"Last-Event-ID": str(heard)} if heard else {}
            asked = self._connection.events("GET", f"{self._path}/events", headers=headers)
        with asked as (response, events):
            self.conversation_id = response.headers.get("fieldmark-conversation", self.conversation_id)
            self._turn = int(response.headers.get("fieldmark-turn", self._turn))
            for event in events:
                if event.data:
                    yield Event(int(event.id or 0), event.event, event.json())  # type: ignore[arg-type]  # as told there

    @property
    def _path(self) -> str:
        return f"/v1/chat/{quote(self.conversation_id, safe='')}/turns/{self._turn}"

    def _cancel(self) -> None:
        if self._turn:
            with suppress(ToolRefused):  # whoever leaves does not wait for a server that is gone
                self._connection.ask("POST", f"{self._path}/cancel")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise BadFile(
            "The file cannot be read", where=file.name, instead="Give the path of a file."
        ) from None


def _reply(told: dict[str, dict[str, Any]]) -> Reply:
    answer, done = told.get("answer", {}), told["done"]
    return Reply(
        conversation_id=done["conversation_id"],
        turn=done["turn"],
        status=done["status"],
        text=answer.get("text", ""),
        follow_ups=answer.get("follow_ups", []),
        plan=told.get("plan", {}),
        results=answer.get("results", []),
        workflow_id=done.get("workflow_id", ""),
    )
