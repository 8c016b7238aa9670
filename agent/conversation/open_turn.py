"""One turn while it runs: decided, planned, run, told and kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from agent.conversation import answering
from agent.conversation.answers.answer import Answer
from agent.conversation.approval import decision
from agent.conversation.keeping import Keeping
from agent.conversation.masking import identifiers_in, masked, masked_plan
from agent.conversation.references import needs_earlier
from agent.conversation.running import PlanRun, StepTold, is_small_talk, masked_step
from agent.conversation.steps import Given
from agent.conversation.turn import Event, EventKind, Reply, Section, Status, Watch, nobody
from agent.markdown import told
from agent.planner.plan import ConversationState, Plan, PlanStep, Uploaded
from agent.state import Cancelled
from store.errors import ToolRefused
from store.records.conversations import Turn
from store.workspace import Workspace

Planner: TypeAlias = Callable[[str, ConversationState, Uploaded | None, Workspace | None], Plan]
BETWEEN = "\n\n---\n\n"
MOST_FOLLOW_UPS = 3


class OpenTurn:
    """A turn that has begun. It is run once, and then lets its conversation go."""

    def __init__(
        self,
        keeping: Keeping,
        turn: Turn,
        message: str,
        file: Path | None,
        approved: bool | None,
        planner: Planner,
        held: bool = False,
    ) -> None:
        self._keeping, self._turn, self._message, self._planner = keeping, turn, message, planner
        self._approved = approved
        self._memory, self._pending = keeping.memory, keeping.pending
        # What was to be seen first before it was asked about is to be seen first once it is answered.
        self._held = held or (self._pending.held and self._pending.asked is not None)
        self._came_with_file = file is not None
        if file is not None:
            self._pending.file = str(file)
        self._sections: list[Section] = []
        self._results: list[dict[str, Any]] = []
        self._follow_ups: list[str] = []
        self._preface = ""  # how the words were understood, for the first answer
        self._run: PlanRun | None = None
        self._events, self._watch = 0, nobody
        self._is_cancelled: Callable[[], bool] = lambda: False

    @property
    def conversation_id(self) -> str:
        return self._turn.conversation_id

    @property
    def number(self) -> int:
        return self._turn.number

    def run(self, watch: Watch = nobody, is_cancelled: Callable[[], bool] = lambda: False) -> Reply:
        """What comes of it; what fails in the house is kept as a failed turn, and raised."""
        self._watch, self._is_cancelled = watch, is_cancelled
        status: Status = "failed"
        try:
            status = self._outcome()
        except Cancelled:
            status = "cancelled"
            self._answer(Answer(text=told("answer_cancelled")))
        except ToolRefused as refusal:
            status = "refused"
            self._answer(answering.refused(refusal))
        finally:
            if status == "failed":
                self._answer(Answer(text=told("answer_failed")))
            self._end(status)
        return self._reply(status)

    def _outcome(self) -> Status:
        said = self._approved if self._approved is not None and not self._message.strip() else None
        said = decision(self._message) if said is None else said
        if said is not None and (self._pending.waiting is not None or not self._message.strip()):
            return self._decided(said)
        state = self._memory.state.model_copy(update={"asked": self._pending.asked})
        return self._planned(self._planner(self._message, state, self._uploaded(), self._keeping.workspace))

    def _uploaded(self) -> Uploaded | None:
        return Uploaded(name=Path(self._pending.file).name) if self._pending.file else None

    def _decided(self, yes: bool) -> Status:
        """A plan that waits is run, or left."""
        waiting, was_held = self._pending.waiting, self._pending.held
        self._pending.waiting, self._pending.held = None, False
        if waiting is None:
            self._answer(Answer(text=told("answer_nothing_waits")))
            return "done"
        if not yes:
            words = answering.in_words(masked_step(waiting.steps[0]))
            self._answer(Answer(text=told("answer_not_done", in_words=words)))
            return "done"
        # A yes to a whole plan is none to what it sends out: those steps wait once more.
        return self._run_plan(waiting, lambda at: at == 0 and not was_held, says_how=False)

    def _planned(self, plan: Plan) -> Status:
        self._turn.message = masked(self._message, identifiers_in(plan))
        if plan.decline:
            self._tell_plan(plan)
            self._answer(answering.said_back(masked(plan.decline, identifiers_in(plan))))
            return "declined"
        if plan.ask:
            self._tell_plan(plan)
            self._pending.asked, self._pending.held = plan, self._held
            self._answer(answering.said_back(masked(plan.ask, identifiers_in(plan))))
            return "asked"
        if is_small_talk(plan):
            return self._run_plan(plan, lambda at: self._approved is True)
        # Something else was asked for.
        self._pending.asked, self._pending.waiting, self._pending.held = None, None, self._held
        if self._held:
            return self._hold(plan)
        return self._run_plan(plan, lambda at: self._approved is True)

    def _hold(self, plan: Plan) -> Status:
        """Show the plan; it waits as it is for a yes, a no or a change."""
        self._tell_plan(plan)
        self._pending.waiting = plan
        for step in plan.steps:
            if not needs_earlier(step.arguments):
                self._memory.expect(step.tool, step.arguments)
        understood = answering.understood_of(plan, self._keeping.workspace.population.catalogue)
        self._answer(answering.prefaced(answering.held(plan), understood if plan.understood else ""))
        return "waiting"

    def _run_plan(self, plan: Plan, approved: Callable[[int], bool], *, says_how: bool = True) -> Status:
        self._tell_plan(plan)
        given = Given(
            self._keeping.workspace,
            self._turn.workflow_id,
            self._memory,
            Path(self._pending.file) if self._pending.file else None,
            self._is_cancelled,
        )
        self._run = PlanRun(plan, given, self._tell_step, self._step_answered)
        if plan.understood and says_how:
            self._preface = answering.understood_of(plan, given.workspace.population.catalogue)
        self._run.run(approved)
        return self._ran(self._run)

    def _ran(self, run: PlanRun) -> Status:
        if run.waiting is not None:
            self._pending.waiting = run.waiting
            return "waiting"
        return "refused" if "refused" in run.statuses.values() else "done"

    def _tell_plan(self, plan: Plan) -> None:
        self._turn.plan = masked_plan(plan)
        self._tell("plan", self._turn.plan)

    def _tell_step(self, step: StepTold) -> None:
        self._tell("progress", step.model_dump(exclude_none=True))

    def _step_answered(self, at: int, step: PlanStep, answer: Answer) -> None:
        self._results.append({"step": at, "tool": step.tool, **answer.shown})
        self._answer(answering.prefaced(answer, self._preface))
        self._preface = ""

    def _answer(self, answer: Answer) -> None:
        """Tell the whole text so far; what is kept of it holds nobody's values."""
        self._sections.append(Section(answer.text, answer.text if answer.kept is None else answer.kept))
        if answer.follow_ups:
            self._follow_ups = answer.follow_ups[:MOST_FOLLOW_UPS]
        body = {"results": list(self._results), "follow_ups": list(self._follow_ups)}
        self._tell("answer", body | {"text": self._text}, body | {"text": self._kept_text})

    @property
    def _text(self) -> str:
        return BETWEEN.join(section.text for section in self._sections)

    @property
    def _kept_text(self) -> str:
        return BETWEEN.join(section.kept for section in self._sections)

    def _tell(self, kind: EventKind, body: dict[str, Any], kept: dict[str, Any] | None = None) -> None:
        self._events += 1
        self._keeping.keep_event(
            self._turn.turn_id, Event(self._events, kind, body if kept is None else kept)
        )
        self._watch(Event(self._events, kind, body))

    def _end(self, status: Status) -> None:
        """Keep the turn, what it left in mind and what waits; let the conversation go."""
        try:
            if self._run is not None and (self._run.results or self._run.waiting):
                self._memory.workflow_id = self._turn.workflow_id
            self._forget_file()
            self._keep(status)
            self._tell("done", self._done(status))
        finally:
            self._keeping.let_go()

    def _forget_file(self) -> None:
        """A file is kept until it has been read, and for a plan that waits to read it."""
        has_served = self._run is not None and self._run.has_read_file
        if not self._pending.wants_file and (has_served or not self._came_with_file):
            self._keeping.forget_file(self._pending.file)
            self._pending.file = None

    def _keep(self, status: Status) -> None:
        turn = self._turn
        turn.status, turn.text, turn.follow_ups = status, self._kept_text, self._follow_ups
        turn.ended_at = self._keeping.workspace.now()
        self._keeping.keep_pending(self._pending)
        self._keeping.keep_memory(self._memory, turn.message)
        self._keeping.keep_turn(turn)

    def _done(self, status: Status) -> dict[str, Any]:
        return {
            "status": status,
            "turn": self._turn.number,
            "conversation_id": self._turn.conversation_id,
            "workflow_id": self._turn.workflow_id,
        }

    def _reply(self, status: Status) -> Reply:
        return Reply(
            conversation_id=self._turn.conversation_id,
            turn=self._turn.number,
            status=status,
            text=self._text,
            follow_ups=self._follow_ups,
            plan=self._turn.plan,
            results=self._results,
            whole_results=list(self._run.results.values()) if self._run else [],
            workflow_id=self._turn.workflow_id,
        )
