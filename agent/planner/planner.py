"""What is to be done for a message? Tool calls, a question back, or a polite no; no model is asked."""

from pathlib import Path

from agent.planner.checking import misfit
from agent.planner.followups import altered_audience, answered
from agent.planner.intents import Guess, guess
from agent.planner.plan import MOST_CHARACTERS, ConversationState, Plan, PlanStep, Uploaded
from agent.planner.reading.identifiers import put_identifiers_aside
from agent.planner.reading.sentence import Marked, spelled, tidied
from agent.planner.routing import Request, requests
from agent.planner.steps.asking import NOT_PLACED
from agent.planner.steps.building import built, is_buildable
from agent.planner.telling import in_words, needs_approval
from agent.planner.traits.geography import written_in_full
from agent.planner.turn import Draft, Message, Turn
from store.errors import BadInput
from store.workspace import Workspace

TOO_LONG = (
    f"A message may have {MOST_CHARACTERS:,} characters. Upload a longer list as a file, "
    f"and say in a sentence what to do with it."
)
NOT_OURS = (
    "This is not something Fieldmark does. It analyzes customers, builds audiences of "
    "people like them, finds and counts people "
    "by their traits, matches identifiers, scores leads and keeps customer profiles."
)


def plan(
    message: str,
    state: ConversationState | None = None,
    file: Uploaded | None = None,
    workspace: Workspace | None = None,
    *,
    cache: Path | None = None,
) -> Plan:
    """The plan for a message: nothing runs, and nothing is sent.

    With a workspace the traits that are described become clusters of its population; without one they
    stay phrases in quotes. cache: where the vectors of the labelled examples are kept; a folder of the
    workspace's house by default. Raises BadInput for a state that no earlier turn left.
    """
    if len(message) > MOST_CHARACTERS:
        return Plan(decline=TOO_LONG)
    state = state or ConversationState()
    _require_own(state)
    read = _read(message, state, file, workspace)
    folder = cache or (workspace.home / "cache" / "planner" if workspace else None)
    wanted = requests(read, lambda text: _guessed(read, text, folder))
    if wanted is None:
        return Plan(decline=NOT_OURS)
    if not wanted:
        return Plan(ask=NOT_PLACED)
    return _planned(read, _drafts(read, wanted))


def _require_own(state: ConversationState) -> None:
    if state.asked and not all(is_buildable(step.tool) for step in state.asked.steps):
        raise BadInput(
            "The plan that waits has a step that no plan has",
            where="conversation.asked.steps",
            instead="Give the state as the last answer left it, or none.",
        )


def _read(
    message: str, state: ConversationState, file: Uploaded | None, workspace: Workspace | None
) -> Message:
    marked = Marked(tidied(message))
    found = put_identifiers_aside(marked)
    marked.text = written_in_full(spelled(marked.text))
    return Message(message, marked, found, state, file, workspace)


def _guessed(read: Message, text: str, cache: Path | None) -> Guess:
    return guess(text, [each for each in read.found if each.mark in text], cache)


def _drafts(read: Message, wanted: list[Request]) -> list[Draft]:
    drafts: list[Draft] = []
    for request in wanted:
        turn = Turn(read, request.text, list(drafts))
        drafts += _steps(turn, request)
    return drafts


def _steps(turn: Turn, request: Request) -> list[Draft]:
    if request.kind == "altered":
        return [altered_audience(turn)]
    steps = built(request.tool, turn)
    asked = turn.state.asked
    if request.kind == "answer" and asked:
        waiting = [Draft(step.tool, step.arguments) for step in asked.steps]
        return answered(turn, waiting, steps)
    return steps


def _planned(read: Message, drafts: list[Draft]) -> Plan:
    """The plan of these drafts; what does not fit its tool becomes a question."""
    asks = [draft.ask for draft in drafts if draft.ask]
    carried = frozenset(_expressions_of(read.state))
    for draft in drafts:
        if not asks and (problem := misfit(draft.tool, draft.arguments, carried=carried)):
            asks.append(f"I could not make a request for {draft.tool} of this: {problem}. What is wanted?")
    return Plan(
        steps=[_step(draft, read) for draft in drafts],
        ask=" ".join(dict.fromkeys(asks)) or None,
        understood=read.understood,
    )


def _expressions_of(state: ConversationState) -> list[str]:
    """Expressions that earlier turns left, as they were said then."""
    found = [state.audience.expression, state.audience.among] if state.audience else []
    for step in state.asked.steps if state.asked else []:
        found += [step.arguments.get("expression"), step.arguments.get("among")]
    return [text for text in found if text]


def _step(draft: Draft, read: Message) -> PlanStep:
    return PlanStep(
        tool=draft.tool,
        arguments=draft.arguments,
        in_words=in_words(draft.tool, draft.arguments, read.said),
        needs_approval=needs_approval(draft.tool, draft.arguments),
    )
