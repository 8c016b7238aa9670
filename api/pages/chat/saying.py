"""A message is sent, a turn is cancelled, or one that broke off is said again."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse

from agent.conversation.conversation import Conversation
from agent.conversation.open_turn import OpenTurn
from agent.planner.plan import MOST_CHARACTERS
from api.access.visit import PeopleRunner, Visit
from api.pages.chat.showing import shown_turn
from api.pages.here import Chosen, workspace_here
from api.pages.rendering import gone_to, page
from api.pages.words import text
from api.talking import known_talk, live_turns, running_turn
from store.workspace import Workspace

Number = Annotated[int, Path(ge=1, lt=1 << 31)]
LONGEST_ID = 80
LONGEST_FIELD = 4 * MOST_CHARACTERS  # the conversation says what is too long, in a better way


def saying_routes() -> APIRouter:
    """`POST /chat`, and what can be done with a turn."""
    router = APIRouter()

    @router.post("/chat")
    def say(
        visit: PeopleRunner,
        request: Request,
        chosen: Chosen,
        message: Annotated[str, Form(max_length=LONGEST_FIELD)] = "",
        suggested: Annotated[str, Form(max_length=LONGEST_FIELD)] = "",
        conversation_id: Annotated[str, Form(max_length=LONGEST_ID)] = "",
        upload: Annotated[str, Form(max_length=LONGEST_ID)] = "",
        hold: Annotated[bool, Form()] = False,
        analysis: Annotated[str, Form(max_length=LONGEST_ID)] = "",
        point: Annotated[int | None, Form(ge=1, le=1_000)] = None,
    ) -> HTMLResponse:
        """Begin a turn; a message with a file is planned first, and waits.

        point: of the curve of the analysis; the message is then that its audience be built.
        """
        live_turns(request.app).require_room()
        workspace = _workspace(visit, conversation_id, chosen)
        talk = Conversation(workspace, conversation_id or None)
        words = suggested.strip() or message.strip()
        if point is not None:
            words = _point_in_words(visit, conversation_id, analysis, point)
        if upload:
            turn = talk.begin_looked_at(words or text("chat.with_a_file"), upload, held=True)
        else:
            turn = talk.begin(words, held=hold)
        return begun(request, visit, turn, is_new=not conversation_id, to_turn=bool(suggested or point))

    @router.post("/chat/{conversation_id}/turns/{number}/cancel")
    def cancel(visit: PeopleRunner, request: Request, conversation_id: str, number: Number) -> HTMLResponse:
        """Let the turn end before its next step."""
        running = running_turn(request.app, visit, conversation_id, number)
        if running is not None:
            running.cancel()
        return page(request, "chat/turn/cancelling.html.j2", number=number)

    @router.post("/chat/{conversation_id}/turns/{number}/again")
    def say_again(
        visit: PeopleRunner, request: Request, conversation_id: str, number: Number
    ) -> HTMLResponse:
        """Say the message of a turn that broke off once more."""
        live_turns(request.app).require_room()
        workspace = known_talk(visit, conversation_id).keeping.workspace
        turn = Conversation(workspace, conversation_id).begin_again(number)
        return begun(request, visit, turn, to_turn=True)

    return router


def _point_in_words(visit: Visit, conversation_id: str, analysis: str, point: int) -> str:
    """The analysis is named unless it is the one that the conversation is about."""
    talk = known_talk(visit, conversation_id) if conversation_id else None
    if talk and talk.keeping.memory.state.analysis_id == analysis:
        return text("chat.say_point", point=point)
    return text("chat.say_point_of", point=point, analysis=analysis)


def _workspace(visit: Visit, conversation_id: str, chosen: str | None) -> Workspace:
    if conversation_id:
        return known_talk(visit, conversation_id).keeping.workspace
    return workspace_here(visit, chosen)


def begun(
    request: Request,
    visit: Visit,
    turn: OpenTurn,
    *,
    is_new: bool = False,
    to_turn: bool = False,
    decided: int | None = None,
) -> HTMLResponse:
    """The turn runs; its place in the conversation, or the page of a new one.

    to_turn: the keyboard goes to the turn, since what was pressed will be gone. decided: the number of the
    turn whose plan no longer waits.
    """
    live_turns(request.app).start(turn)
    if is_new:
        return gone_to(f"/chat/{turn.conversation_id}")
    seen = shown_turn(visit, known_talk(visit, turn.conversation_id).keeping, turn.number).begun()
    return page(request, "chat/begun.html.j2", turn=seen, settings=[], to_turn=to_turn, decided=decided)
