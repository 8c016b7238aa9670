"""Where is the plan that waits kept, and what of it is shown once it was changed?"""

from agent.conversation import answering
from agent.conversation.approval import why_approval
from agent.conversation.keeping import Keeping
from agent.conversation.masking import masked_plan
from agent.conversation.revising import PlanChanges, revised
from agent.conversation.running import masked_step
from agent.conversation.turn import Event
from agent.planner.plan import Plan
from store.errors import Conflict, NotFound
from store.records.conversations import Turn
from store.workspace import Workspace


def revise(workspace: Workspace, conversation_id: str, changes: PlanChanges) -> Turn:
    """The turn whose plan waits, its plan changed; a yes runs it as it is now.

    Raises NotFound, BadInput where a step would no longer fit its tool, Busy while a turn runs, and
    Conflict where no plan waits.
    """
    keeping = Keeping.known(workspace, conversation_id)
    keeping.take()
    try:
        return _revised(keeping, changes)
    finally:
        keeping.let_go()


def _revised(keeping: Keeping, changes: PlanChanges) -> Turn:
    pending = keeping.pending
    if pending.waiting is None:
        raise Conflict(
            "No plan waits in this conversation",
            where="conversation_id",
            instead="Ask with `hold` to see a plan before it runs.",
        )
    before, after = pending.waiting, revised(pending.waiting, changes.changes)
    turn = _turn_of(keeping)
    pending.waiting = after
    if not pending.wants_file:
        keeping.forget_file(pending.file)
        pending.file = None
    keeping.keep_pending(pending)
    _tell_anew(keeping, turn, before, after, held=pending.held)
    return turn


def _turn_of(keeping: Keeping) -> Turn:
    for turn in reversed(keeping.turns()):
        if turn.status == "waiting":
            return turn
    raise NotFound("The turn of the plan is not there", where="conversation_id")


def _tell_anew(keeping: Keeping, turn: Turn, before: Plan, after: Plan, *, held: bool) -> None:
    """Put the changed plan in the place of the one that was told, for all who read the turn later."""
    told = [*turn.plan.get("steps", [])]
    run = told[: len(told) - len(before.steps)]
    turn.plan = turn.plan | {"steps": run + masked_plan(after)["steps"]}
    texts = {} if held else {_asked(before): _asked(after)}
    for was, now in texts.items():
        turn.text = turn.text.replace(was, now)
    keeping.keep_turn(turn)
    for event in keeping.events(turn.number):
        if event.kind == "plan":
            keeping.keep_event(turn.turn_id, Event(event.number, "plan", turn.plan))
        if event.kind == "answer" and not held:
            keeping.keep_event(turn.turn_id, Event(event.number, "answer", event.body | {"text": turn.text}))
        if event.kind == "progress" and event.body["step"] == len(run):
            body = event.body | {"tool": after.steps[0].tool}
            keeping.keep_event(turn.turn_id, Event(event.number, "progress", body))


def _asked(plan: Plan) -> str:
    """What was said when the plan stopped before its first step; empty steps never wait."""
    step = plan.steps[0]
    return answering.waiting(masked_step(step), why_approval(step) or "").text
