"""What does a plan that waits become, once somebody changed what its steps are given?"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agent.conversation.references import REFERENCE, needs_earlier
from agent.planner.checking import misfit
from agent.planner.plan import Plan, PlanStep
from agent.planner.telling import in_words, needs_approval
from store.errors import BadInput

# What may be changed: settings, never whose customers they are nor what an earlier step gives.
EDITABLE = (
    *("strategy", "point", "target_size", "location", "exclude", "identifier_type", "format"),
    *("min_quality", "include_sensitive", "icp_profiles", "min_score", "tier", "top", "last_days"),
)
MOST_STEPS = 50


class StepChange(BaseModel):
    """What is changed of one step."""

    model_config = ConfigDict(extra="forbid")

    step: int = Field(ge=0, lt=MOST_STEPS, description="Its place among the steps that wait, from 0.")
    drop: bool = Field(default=False, description="Leave the step out, and those that need what it gives.")
    arguments: dict[str, Any] = Field(
        default_factory=dict,
        max_length=len(EDITABLE),
        description=f"Arguments by name; null takes one away. These may be changed: {', '.join(EDITABLE)}.",
    )


class PlanChanges(BaseModel):
    """Changes of a plan that waits."""

    model_config = ConfigDict(extra="forbid")

    changes: list[StepChange] = Field(min_length=1, max_length=MOST_STEPS)


def revised(plan: Plan, changes: list[StepChange]) -> Plan:
    """The plan with these changes; every step still fits its tool. Raises BadInput."""
    by_step = {change.step: change for change in changes}
    beyond = [at for at in by_step if at >= len(plan.steps)]
    if beyond:
        raise BadInput(
            f"The plan that waits has {len(plan.steps)} steps", where="step", instead="They count from 0."
        )
    said = {one.cluster_hash: one.said for one in plan.understood}
    steps = [
        _changed(at, step, by_step[at], said) if at in by_step else step for at, step in enumerate(plan.steps)
    ]
    kept = _kept(steps, {at for at, change in by_step.items() if change.drop})
    if not kept:
        raise BadInput(
            "One step at least must stay", where="changes", instead="Say no to leave the whole plan."
        )
    places = {old: new for new, old in enumerate(kept)}
    return plan.model_copy(update={"steps": [_renumbered(steps[at], places) for at in kept]})


def _changed(at: int, step: PlanStep, change: StepChange, said: dict[str, str]) -> PlanStep:
    if change.drop or not change.arguments:
        return step
    _require_editable(at, change.arguments)
    arguments = {
        name: value for name, value in (step.arguments | change.arguments).items() if value is not None
    }
    carried = frozenset(str(arguments[name]) for name in ("expression", "among") if arguments.get(name))
    problem = misfit(step.tool, arguments, carried=carried)
    if problem:
        raise BadInput(f"Step {at + 1} does not fit: {problem}", where=f"changes.{at}.arguments")
    return step.model_copy(
        update={
            "arguments": arguments,
            "in_words": in_words(step.tool, arguments, said),
            "needs_approval": _why(step, arguments),
        }
    )


def _require_editable(at: int, arguments: dict[str, Any]) -> None:
    others = sorted(set(arguments) - set(EDITABLE))
    if others:
        raise BadInput(
            f"{', '.join(others)[:200]} cannot be changed",
            where=f"changes.{at}.arguments",
            instead=f"These can: {', '.join(EDITABLE)}. For anything else, ask anew.",
        )


def _why(step: PlanStep, arguments: dict[str, Any]) -> str | None:
    """Why the step waits for a yes; a reason that the arguments do not give stays."""
    if step.needs_approval == needs_approval(step.tool, step.arguments):
        return needs_approval(step.tool, arguments)
    return step.needs_approval


def _kept(steps: list[PlanStep], dropped: set[int]) -> list[int]:
    """The places of the steps that stay: not those that were dropped, nor what needs one of these."""
    gone = set(dropped)
    for at, step in enumerate(steps):
        if gone & needs_earlier(step.arguments):
            gone.add(at)
    return [at for at in range(len(steps)) if at not in gone]


def _renumbered(step: PlanStep, places: dict[int, int]) -> PlanStep:
    return step.model_copy(update={"arguments": _moved(step.arguments, places)})


def _moved(value: Any, places: dict[int, int]) -> Any:
    if isinstance(value, dict):
        return {name: _moved(one, places) for name, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, places) for one in value]
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return f"$steps.{places[int(found[1])]}.{found[2]}" if found else value
