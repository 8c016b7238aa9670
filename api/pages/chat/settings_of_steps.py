"""Which settings of a plan that waits can be changed on the page, and what was changed of them?"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from agent.conversation.masking import masked_plan
from agent.conversation.revising import PlanChanges, StepChange
from agent.planner.catalogue import query_of
from agent.planner.plan import Plan
from store.errors import BadInput

STRATEGIES = ("precision", "hybrid", "reach", "ranked")
WAYS = ("email", "phone", "address", "maid")
FORMATS = ("none", "csv", "json", "jsonl")
TIERS = ("", "A", "B", "C", "D")
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
# Each with what it is when the step does not say: as the tools have it.
CHOICES: dict[str, tuple[tuple[str, ...], str]] = {
    "strategy": (STRATEGIES, "precision"),
    "identifier_type": (WAYS, "email"),
    "format": (FORMATS, "none"),
    "tier": (TIERS, ""),
}
WHOLE = {"point": 1, "target_size": 1, "top": 1, "min_score": 0, "last_days": 1}  # the least of each
NAME = re.compile(r"s(\d{1,2})\.([a-z_]+)")


class Setting(NamedTuple):
    """One control of a step."""

    name: str
    kind: str  # choice, whole, share, radius or switch
    value: Any
    choices: tuple[str, ...] = ()
    least: float = 0
    unit: str = ""


class StepSettings(NamedTuple):
    """The controls of one step that waits."""

    at: int
    in_words: str
    settings: list[Setting]


def settings_of(plan: Plan) -> list[StepSettings]:
    """The controls of each step."""
    shown = masked_plan(plan)["steps"]
    return [
        StepSettings(at, step["in_words"], _settings(step["tool"], step["arguments"]))
        for at, step in enumerate(shown)
    ]


def _settings(tool: str, arguments: dict[str, Any]) -> list[Setting]:
    fields = query_of(tool).model_fields
    found = [
        Setting(name, "choice", arguments.get(name) or usual, choices)
        for name, (choices, usual) in CHOICES.items()
        if name in fields and arguments.get(name, usual) in choices and not _is_on_curve(name, arguments)
    ]
    found += [
        Setting(name, "whole", arguments.get(name), least=least)
        for name, least in WHOLE.items()
        if name in fields and (name != "point" or arguments.get("point"))
    ]
    if "min_quality" in fields:
        default = fields["min_quality"].default
        found.append(Setting("min_quality", "share", arguments.get("min_quality", default)))
    if arguments.get("location"):
        place = arguments["location"]
        found.append(Setting("radius", "radius", place["radius"], least=0.1, unit=place.get("unit", "miles")))
    if "exclude" in fields and (arguments.get("analysis_id") or arguments.get("icp_profile_id")):
        found.append(Setting("without_customers", "switch", "customers" in arguments.get("exclude", [])))
    return found


def _is_on_curve(name: str, arguments: dict[str, Any]) -> bool:
    """A point of a curve was picked: a strategy would contradict it."""
    return name == "strategy" and (arguments.get("point") is not None or arguments.get(name) == "curve")


def changes_of(plan: Plan, sent: Mapping[str, str]) -> PlanChanges | None:
    """What the form says otherwise than the plan; None where it says the same. Raises BadInput."""
    given: dict[int, dict[str, str]] = {}
    for key, value in sent.items():
        if found := NAME.fullmatch(key):
            given.setdefault(int(found[1]), {})[found[2]] = value.strip()
    changes = [
        change
        for at, step in enumerate(plan.steps)
        if at in given and (change := _change(at, step.tool, step.arguments, given[at]))
    ]
    return PlanChanges(changes=changes) if changes else None


def _change(at: int, tool: str, arguments: dict[str, Any], sent: dict[str, str]) -> StepChange | None:
    if "drop" in sent:
        return StepChange(step=at, drop=True)
    changed: dict[str, Any] = {}
    for setting in _settings(tool, arguments):
        if setting.name not in sent and setting.kind != "switch":
            continue
        value = _read(setting, sent.get(setting.name, ""))
        if value != setting.value and not (value is None and setting.value == ""):
            changed |= _argument(setting.name, value, arguments)
    return StepChange(step=at, arguments=changed) if changed else None


def _read(setting: Setting, text: str) -> Any:
    if setting.kind == "switch":
        return text == "on"
    if setting.kind == "choice":
        return text or None
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise BadInput("This is no number", where=setting.name, instead="Write it in digits.")
    value = float(text)
    if setting.kind == "share":
        return value / 100
    return int(value) if setting.kind == "whole" and value.is_integer() else value


def _argument(name: str, value: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    if name == "radius":
        return (
            {"location": arguments["location"] | {"radius": value}}
            if value is not None
            else {"location": None}
        )
    if name == "without_customers":
        others = [one for one in arguments.get("exclude", []) if one != "customers"]
        return {"exclude": [*others, "customers"] if value else others}
    return {name: value}
