"""A plan, run: its steps in order, until one waits for a yes, or there are no more."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel

from agent.conversation import answering
from agent.conversation.answers.answer import Answer
from agent.conversation.approval import why_approval
from agent.conversation.masking import masked_plan
from agent.conversation.references import Unresolved, left_over, resolved
from agent.conversation.steps import Given, done, is_there, may_run
from agent.planner.plan import Plan, PlanStep
from agent.state import Cancelled
from store.errors import ToolRefused
from store.uploads import named_alone
from tools.declaration import ToolResult

StepStatus = Literal["running", "done", "refused", "waiting", "planned", "skipped", "cancelled"]
SMALL_TALK = {"explain", "help"}  # what a plan that waits for a yes outlives


class StepTold(BaseModel):
    """How far a step is."""

    step: int
    tool: str
    status: StepStatus
    part: str = ""
    done: int = 0
    of: int = 1
    count: int | None = None
    seconds: float | None = None  # from its beginning, once it has ended


class PlanRun:
    """One run of a plan. `tell` hears how far each step is, `say` each answer as it comes."""

    def __init__(
        self,
        plan: Plan,
        given: Given,
        tell: Callable[[StepTold], None],
        say: Callable[[int, PlanStep, Answer], None],
    ) -> None:
        self.plan, self._given, self._tell, self._say = plan, given, tell, say
        self.results: dict[int, ToolResult] = {}
        self.statuses: dict[int, StepStatus] = {}
        self.waiting: Plan | None = None
        self.has_read_file = False
        self._begun = given.workspace.now()

    def run(self, approved: Callable[[int], bool]) -> None:
        """Run the steps; a step that needs approval and has none ends the run, and is kept in `waiting`.

        Raises Cancelled, between steps or within one.
        """
        for at, step in enumerate(self.plan.steps):
            if self._given.is_cancelled():
                raise Cancelled
            why = why_approval(step) if may_run(step) else None
            if why and not approved(at):
                self._wait(at, step, why)
                return
            self._do(at, step)

    def _do(self, at: int, step: PlanStep) -> None:
        if not is_there(step.tool):
            self._given.memory.expect(step.tool, step.arguments)
            self._end(at, step, "planned", answering.planned(masked_step(step)))
            return
        self._begun = self._given.workspace.now()
        self._told(at, step, "running")
        try:
            with named_alone(self._given.file):
                self.results[at] = self._result(at, step)
        except Cancelled:
            self._told(at, step, "cancelled")
            raise
        except Unresolved:
            self._end(at, step, "skipped", answering.skipped(masked_step(step)))
        except ToolRefused as refusal:
            self._end(at, step, "refused", answering.refused(refusal))

    def _result(self, at: int, step: PlanStep) -> ToolResult:
        arguments = resolved(step.arguments, self.results)
        found = done(
            step,
            arguments,
            self._given,
            lambda part, ready, of, count: self._told(
                at, step, "running", part=part, done=ready, of=of, count=count
            ),
        )
        self.has_read_file |= found.has_read_file
        self._given.memory.learn(step.tool, found.arguments, found.result)
        answer = answering.answer_of(found, self._given.workspace)
        self._end(at, step, "done", answer, count=count_of(found.result))
        return found.result

    def _wait(self, at: int, step: PlanStep, why: str) -> None:
        steps = left_over(self.plan.steps, at, self.results)
        self.waiting = Plan(steps=steps, understood=self.plan.understood)
        self._given.memory.expect(step.tool, steps[0].arguments)
        self._end(at, step, "waiting", answering.waiting(masked_step(step), why))

    def _end(
        self, at: int, step: PlanStep, status: StepStatus, answer: Answer, count: int | None = None
    ) -> None:
        self.statuses[at] = status
        took = self._given.workspace.now() - self._begun
        seconds = round(took.total_seconds(), 3) if status in ("done", "refused") else None
        self._told(at, step, status, done=int(status == "done"), count=count, seconds=seconds)
        self._say(at, step, answer)

    def _told(self, at: int, step: PlanStep, status: StepStatus, **more: Any) -> None:
        self._tell(StepTold(step=at, tool=step.tool, status=status, **more))


def is_small_talk(plan: Plan) -> bool:
    """Whether the plan only asks about what is there, so that what waits still waits."""
    return all(step.tool in SMALL_TALK for step in plan.steps)


def masked_step(step: PlanStep) -> PlanStep:
    """The step with what identifies people counted, not told."""
    return PlanStep.model_validate(masked_plan(Plan(steps=[step]))["steps"][0])


def count_of(result: ToolResult) -> int | None:
    """The one number that a tick in a list of steps shows."""
    stats = getattr(result, "stats", None)
    match = getattr(result, "match", None)
    overview = getattr(result, "overview", None)
    counted = ((result, "total"), (stats, "resolved"), (match, "analysed"), (overview, "records"))
    for holder, name in counted:
        value = getattr(holder, name, None)
        if isinstance(value, int):
            return value
    profiles = getattr(result, "profiles", None)
    return len(profiles) if isinstance(profiles, list) else None
