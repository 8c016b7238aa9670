"""What do `$steps.0.analysis_id` and words in quotes stand for, once a plan runs?"""

import re
from collections.abc import Mapping
from typing import Any

from agent.planner.plan import PlanStep
from store.errors import BadInput
from store.population.catalogue import Cluster
from store.workspace import Workspace
from tools.declaration import ToolResult

REFERENCE = re.compile(r"\$steps\.(\d+)\.([a-z_]+)")
QUOTED = re.compile(r"\"([^\"]{1,200})\"|“([^”]{1,200})”")
EXPRESSIONS = ("expression", "among")


class Unresolved(Exception):  # noqa: N818  # told as a step that is left out
    """The step that should give a value gave none."""


def resolved(value: Any, results: Mapping[int, ToolResult]) -> Any:
    """The arguments with what earlier steps gave. Raises Unresolved."""
    if isinstance(value, dict):
        return {name: resolved(one, results) for name, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, results) for one in value]
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    given = getattr(results.get(int(found[1])), found[2], None)
    if given is None:
        raise Unresolved(value)
    return given


def left_over(steps: list[PlanStep], first: int, results: Mapping[int, ToolResult]) -> list[PlanStep]:
    """The steps from `first` on, as a plan of their own: what came before them is put in."""
    return [
        step.model_copy(update={"arguments": _moved(step.arguments, first, results)})
        for step in steps[first:]
    ]


def needs_earlier(value: Any) -> set[int]:
    """The places of the steps whose results a value refers to."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return set[int]().union(*map(needs_earlier, parts))
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return {int(found[1])} if found else set()


def _moved(value: Any, first: int, results: Mapping[int, ToolResult]) -> Any:
    if isinstance(value, dict):
        return {name: _moved(one, first, results) for name, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, first, results) for one in value]
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    at = int(found[1])
    if at >= first:
        return f"$steps.{at - first}.{found[2]}"
    return getattr(results.get(at), found[2], None)


def looked_up(workspace: Workspace, arguments: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Cluster]]:
    """The arguments, words in quotes in their expressions as cluster hashes, and what was understood."""
    understood: dict[str, Cluster] = {}

    def cluster(found: re.Match[str]) -> str:
        said = found[1] or found[2]
        understood[said] = _nearest(workspace, said)
        return understood[said].cluster_hash

    changed: dict[str, Any] = {
        name: QUOTED.sub(cluster, arguments[name])
        for name in EXPRESSIONS
        if isinstance(arguments.get(name), str)
    }
    if isinstance(arguments.get("exclude"), list):
        changed["exclude"] = [QUOTED.sub(cluster, str(one)) for one in arguments["exclude"]]
    return arguments | changed, understood


def _nearest(workspace: Workspace, said: str) -> Cluster:
    from tools.clusters.meaning import nearest  # the embedding takes a second to load

    codes = nearest(workspace, said, 1)
    if not codes:
        raise BadInput(
            "No trait is near these words in meaning", where="expression", instead="Say it differently."
        )
    return workspace.population.catalogue[codes[0]]
