"""A conversation: a message becomes a plan, the plan is asked about, declined or run, and answered."""

from collections.abc import Callable
from pathlib import Path

from agent.conversation.keeping import Keeping
from agent.conversation.masking import is_masked, masked
from agent.conversation.open_turn import OpenTurn, Planner
from agent.conversation.turn import Reply, Watch, nobody
from agent.planner.plan import MOST_CHARACTERS, ConversationState, Plan, Uploaded
from store.errors import BadInput, NotFound, TooMany
from store.records.conversations import Turn
from store.uploads import Uploads
from store.workspace import Workspace


def planned(
    message: str, state: ConversationState, file: Uploaded | None, workspace: Workspace | None
) -> Plan:
    """The plan of the planner, which takes a second to import."""
    from agent.planner.planner import plan

    # Without people there are no traits to look up: words stay words.
    return plan(message, state, file, workspace if workspace and workspace.warehouse.exists else None)


class Conversation:
    """One conversation with one warehouse, kept under its id."""

    def __init__(
        self, workspace: Workspace, conversation_id: str | None = None, planner: Planner = planned
    ) -> None:
        """A new conversation, or the one of this id. Raises NotFound."""
        workspace.warehouse.require_loaded()
        self._workspace, self._planner = workspace, planner
        self._keeping = (
            Keeping.known(workspace, conversation_id) if conversation_id else Keeping.new(workspace)
        )

    @property
    def conversation_id(self) -> str:
        return self._keeping.conversation_id

    def say(
        self,
        message: str,
        file: Path | None = None,
        approved: bool | None = None,
        watch: Watch = nobody,
        is_cancelled: Callable[[], bool] = lambda: False,
        held: bool = False,
    ) -> Reply:
        """What comes of a message, with a file or not; watch hears each event as it comes.

        held: the plan is shown and waits, before any of it runs; a yes runs it.

        approved: True says yes to what the message, or a plan that waits, wants approved; False says no.
        Raises TooMany for a message that is too long, BadInput for an empty one, Busy while a turn runs.
        """
        return self.begin(message, file, approved, held).run(watch, is_cancelled)

    def begin(
        self, message: str, file: Path | None = None, approved: bool | None = None, held: bool = False
    ) -> OpenTurn:
        """A turn that holds the conversation until it has run. Raises as `say` does."""
        _require_bounded(message, approved)
        self._keeping.take()
        try:
            return self._opened(message, file, approved, held)
        except BaseException:  # whatever stops it, the conversation stays free
            self._keeping.let_go()
            raise

    def begin_upload(
        self, message: str, name: str, content: bytes, approved: bool | None = None, held: bool = False
    ) -> OpenTurn:
        """A turn with a file that is kept here until it has been read. Raises as `say` does, and BadFile.

        A workbook is read from its first sheet that holds rows.
        """
        return self._begin_with(
            lambda uploads: uploads.save(self.conversation_id, name, content), message, approved, held
        )

    def begin_looked_at(
        self, message: str, upload_id: str, approved: bool | None = None, held: bool = False
    ) -> OpenTurn:
        """A turn with a file that was uploaded before. Raises as `say` does, and NotFound."""
        return self._begin_with(
            lambda uploads: uploads.hand_over(upload_id, self.conversation_id), message, approved, held
        )

    def begin_again(self, number: int) -> OpenTurn:
        """The message of a turn that broke off, said once more, with its file where that is still here.

        Raises NotFound for an unknown turn, BadInput for one whose identifiers were not kept, and Busy.
        """
        before = next((turn for turn in self._keeping.turns() if turn.number == number), None)
        if before is None:
            raise NotFound("There is no such turn", where="number")
        if before.file and self._keeping.uploads.file_of(self.conversation_id) is None:
            raise BadInput(
                "The file is no longer here", where="file", instead="Send it with the message once more."
            )
        if is_masked(before.message):
            raise BadInput(
                "Identifiers in a message are not kept",
                where="message",
                instead="Write the message once more.",
            )
        file = self._keeping.uploads.file_of(self.conversation_id) if before.file else None
        return self.begin(before.message, file, held=before.file != "")

    def _begin_with(
        self, kept: Callable[[Uploads], Path], message: str, approved: bool | None, held: bool
    ) -> OpenTurn:
        _require_bounded(message, approved)
        self._keeping.take()
        try:
            return self._opened(message, kept(self._keeping.uploads), approved, held)
        except BaseException:  # as above
            self._keeping.let_go()
            raise

    def _opened(self, message: str, file: Path | None, approved: bool | None, held: bool) -> OpenTurn:
        number = len(self._keeping.turns()) + 1
        turn = Turn(
            turn_id=self._keeping.turn_id(number),
            conversation_id=self.conversation_id,
            number=number,
            message=masked(message),
            file=masked(file.name) if file else "",
            status="running",
            workflow_id=self._workspace.new_id(),
            started_at=self._workspace.now(),
        )
        self._keeping.keep_memory(self._keeping.memory, turn.message)
        self._keeping.keep_turn(turn)
        return OpenTurn(self._keeping, turn, message, file, approved, self._planner, held)


def _require_bounded(message: str, approved: bool | None) -> None:
    if len(message) > MOST_CHARACTERS:
        raise TooMany(
            f"The message has {len(message):,} characters; {MOST_CHARACTERS:,} is the most",
            where="message",
            instead="Send a long list as a file.",
        )
    if not message.strip() and approved is None:
        raise BadInput("The message is empty", where="message", instead="Say what you would like to know.")
