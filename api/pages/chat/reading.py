"""A conversation as it is read: its last turns, those before them, one that runs, the cards of one."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.access.visit import PeopleReader, Reader, Visit
from api.pages.cards.of_results import cards_of
from api.pages.chat.seen_turns import TurnSeen
from api.pages.chat.showing import settings_now, shown_turn, shown_turns
from api.pages.chat.streaming import AGAIN, Frames, followed, replayed
from api.pages.here import Chosen, workspace_if_any
from api.pages.rendering import frame, is_fragment, page
from api.pages.welcome.shown import welcome_of
from api.pages.welcome.suggestions import suggestions
from api.rest.form.paging import Page, Pages, page_of
from api.rest.work.events import HEADERS, MEDIA_TYPE, number_after
from api.talking import Talk, conversations, known_talk, place_of_conversation, running_turn
from store.errors import NotFound
from store.records.conversations import Conversation
from store.records.newest import Place

LISTED = 20  # conversations at a time
Number = Annotated[int, Path(ge=1, lt=1 << 31)]


def reading_routes() -> APIRouter:
    """What changes nothing."""
    router = APIRouter()

    @router.get("/")
    def new_conversation(visit: Reader, request: Request, chosen: Chosen) -> HTMLResponse:
        """A conversation that has not begun, and those there were; where the first warehouse has just come,
        what is new of it."""
        workspace = workspace_if_any(visit, chosen)
        if workspace is None or not visit.principal.may("people"):
            state = "no_warehouse" if workspace is None else "not_open"
            return page(request, f"chat/{state}.html.j2", screen="chat", past=None, welcome=welcome_of(visit))
        return page(
            request,
            "chat/begin.html.j2" if is_fragment(request) else "chat/page.html.j2",
            screen="chat",
            talk=None,
            shown=None,
            settings=[],
            suggestions=suggestions(visit, workspace),
            warehouse=workspace.warehouse.name,
            welcome=welcome_of(visit),
            past=_past(visit, None),
        )

    @router.get("/chat/past")
    def past_conversations(visit: PeopleReader, request: Request, pages: Pages) -> HTMLResponse:
        """Earlier conversations, from a place on."""
        return page(request, "chat/past.html.j2", past=_past(visit, pages.after), current="")

    @router.get("/chat/{conversation_id}")
    def one_conversation(visit: PeopleReader, request: Request, conversation_id: str) -> HTMLResponse:
        """A conversation with its last turns."""
        talk = known_talk(visit, conversation_id)
        talk.keeping.mend()
        return page(
            request,
            "chat/page.html.j2",
            screen="chat",
            talk=talk.record,
            shown=shown_turns(visit, talk.keeping),
            settings=settings_now(talk.keeping),
            suggestions=[],
            warehouse=talk.record.warehouse,
            past=_past(visit, None),
        )

    @router.get("/chat/{conversation_id}/earlier")
    def earlier_turns(
        visit: PeopleReader,
        request: Request,
        conversation_id: str,
        before: Annotated[int, Query(ge=1, lt=1 << 31)],
    ) -> HTMLResponse:
        """The turns before a number."""
        talk = known_talk(visit, conversation_id)
        shown = shown_turns(visit, talk.keeping, before)
        settings = settings_now(talk.keeping)
        return page(request, "chat/earlier.html.j2", talk=talk.record, shown=shown, settings=settings)

    @router.get("/chat/{conversation_id}/turns/{number}/events")
    def follow_turn(
        visit: PeopleReader,
        request: Request,
        conversation_id: str,
        number: Number,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """The turn as it comes, in fragments; of an unknown one, that it is over."""
        after = max(0, number_after(last_event_id))
        found = _found(visit, conversation_id, number)
        if found is None:
            return StreamingResponse(iter((AGAIN, frame("done", ""))), media_type=MEDIA_TYPE, headers=HEADERS)
        talk, turn = found
        frames = Frames(request, visit, talk.keeping, turn)
        running = running_turn(request.app, visit, conversation_id, number)
        told = (
            followed(running, frames, after)
            if running is not None
            else replayed(talk.keeping.events(number), frames, after)
        )
        return StreamingResponse(told, media_type=MEDIA_TYPE, headers=HEADERS)

    @router.get("/chat/{conversation_id}/turns/{number}/cards/{at}")
    def cards_of_step(
        visit: PeopleReader, request: Request, conversation_id: str, number: Number, at: int
    ) -> HTMLResponse:
        """The cards of one step of a turn."""
        talk = known_talk(visit, conversation_id)
        turn = shown_turn(visit, talk.keeping, number)
        for event in talk.keeping.events(number) if turn.is_running else ():
            turn.hear(event)
        results = [result for result in turn.results if result["step"] == at]
        cards = cards_of(request, visit, talk.keeping.workspace, results, conversation_id)
        return page(request, "chat/turn/cards.html.j2", turn=turn, at=at, cards=cards)

    return router


def _found(visit: Visit, conversation_id: str, number: int) -> tuple[Talk, TurnSeen] | None:
    """The conversation and its turn before it has told anything; ends it where its process died."""
    try:
        talk = known_talk(visit, conversation_id)
        talk.keeping.mend()
        turn = next((one for one in talk.keeping.turns() if one.number == number), None)
    except NotFound:
        return None
    return (talk, TurnSeen.of(turn)) if turn is not None else None


def _past(visit: Visit, after: Place | None) -> Page[Conversation]:
    return page_of(conversations(visit, LISTED, after), LISTED, place_of_conversation)
