"""A plan that waits is changed, run, or left."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from agent.conversation.conversation import Conversation
from agent.conversation.keeping import Keeping
from agent.conversation.waiting import revise
from api.access.visit import PeopleRunner, Visit
from api.pages.chat.saying import begun
from api.pages.chat.settings_of_steps import changes_of
from api.pages.chat.showing import settings_now, shown_turn, waiting_number
from api.pages.rendering import page
from api.pages.words import text
from api.talking import known_talk, live_turns
from store.errors import Conflict

MOST_FIELDS = 400


def deciding_routes() -> APIRouter:
    """`POST /chat/{conversation_id}/plan`."""
    router = APIRouter()

    @router.post("/chat/{conversation_id}/plan")
    async def received(visit: PeopleRunner, request: Request, conversation_id: str) -> HTMLResponse:
        """The plan with the settings of the form; `decide` = `yes` runs it so, `no` leaves it."""
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(_decided, visit, request, conversation_id, sent)

    return router


def _decided(visit: Visit, request: Request, conversation_id: str, sent: dict[str, str]) -> HTMLResponse:
    keeping = known_talk(visit, conversation_id).keeping
    decide = sent.get("decide", "")
    number = None if decide == "no" else _changed(visit, keeping, sent)
    if decide not in ("yes", "no"):
        turn = shown_turn(visit, keeping, number or _waiting(keeping))
        return page(request, "chat/revised.html.j2", turn=turn, settings=settings_now(keeping))
    live_turns(request.app).require_room()
    decided = waiting_number(keeping, keeping.turns())
    turn = Conversation(keeping.workspace, conversation_id).begin(
        text("chat.say_yes" if decide == "yes" else "chat.say_no"), approved=decide == "yes"
    )
    return begun(request, visit, turn, to_turn=True, decided=decided)


def _changed(visit: Visit, keeping: Keeping, sent: dict[str, str]) -> int | None:
    """The number of the turn whose plan was changed; None where the form says what the plan says."""
    waiting = keeping.pending.waiting
    if waiting is None:
        raise Conflict("No plan waits any more", where="plan", instead="Ask anew.")
    changes = changes_of(waiting, sent)
    if changes is None:
        return None
    turn = revise(keeping.workspace, keeping.conversation_id, changes)
    visit.note("plan.revised", keeping.conversation_id, steps=len(changes.changes))
    return turn.number


def _waiting(keeping: Keeping) -> int:
    return next(turn.number for turn in reversed(keeping.turns()) if turn.status == "waiting")
