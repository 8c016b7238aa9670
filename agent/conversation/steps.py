"""One step of a plan, run as a tool: its arguments made whole, its progress told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from agent import CATALOGUE
from agent.analyze_customers import start_analysis
from agent.analyze_outcomes import start_outcomes
from agent.conversation.leads import profiles_meant, score_file
from agent.conversation.masking import masked
from agent.conversation.memory import Memory
from agent.conversation.profiles import OF_PROFILES, profile_call
from agent.conversation.references import looked_up
from agent.customer_requests import request_of_file
from agent.explain.explain import explain_beside
from agent.generate_audience import start_audience
from agent.planner.plan import PlanStep
from agent.planner.requests import Explain, ScoreFile
from agent.run_briefing import start_briefing
from agent.state import RunContext
from store.errors import BadInput
from store.population.catalogue import Cluster
from store.workspace import Workspace
from tools.calls import call, checked, tool_named, traced
from tools.declaration import ToolResult
from tools.profiles.catalogue import PROFILE_TOOLS
from tools.standing.queries import SOURCES

Counted = Callable[[str, int, int, int | None], None]  # part, done, of how many, what it counted
STARTS: dict[str, Callable[..., ToolResult]] = {
    "analyze_customers": start_analysis,
    "generate_audience": start_audience,
    "analyze_outcomes": start_outcomes,
    "run_briefing": start_briefing,
}


class Given(NamedTuple):
    """What every step of a turn is given."""

    workspace: Workspace
    workflow_id: str
    memory: Memory
    file: Path | None
    is_cancelled: Callable[[], bool]


class Done(NamedTuple):
    """What came of a step."""

    arguments: dict[str, Any]
    result: ToolResult
    notes: list[str]
    understood: dict[str, Cluster]
    has_read_file: bool


def is_there(tool: str) -> bool:
    """Whether this version has the tool."""
    return tool in OF_PROFILES or any(each.name == tool for each in CATALOGUE)


def may_run(step: PlanStep) -> bool:
    """Whether the step can come to anything; else its refusal need not wait for a yes."""
    return is_there(step.tool)


def done(step: PlanStep, arguments: dict[str, Any], given: Given, counted: Counted) -> Done:
    """The result of the step with these arguments. Raises ToolRefused and Cancelled."""
    wants_file = arguments.get("file") is not None
    if step.tool == "score_leads":
        arguments = profiles_meant(arguments)
        if wants_file:
            return _done_with_leads(arguments, given)
    if step.tool in OF_PROFILES:
        return _done_with_profile(step.tool, arguments, given)
    arguments, notes = _with_file(arguments, given.file)
    arguments, understood = looked_up(given.workspace, arguments)
    arguments = _fitted(step.tool, arguments, given) | {"workflow_id": given.workflow_id}
    result = _run(step.tool, arguments, given, counted)
    return Done(arguments, result, notes, understood, wants_file)


def _with_file(arguments: dict[str, Any], file: Path | None) -> tuple[dict[str, Any], list[str]]:
    """The arguments with the customers of the file in the place of its name."""
    kept = {name: value for name, value in arguments.items() if name != "file"}
    if arguments.get("file") is None:
        return kept, []
    request = request_of_file(_sent(file))
    return kept | request.arguments, request.notes


def _sent(file: Path | None) -> Path:
    if file is None:
        raise BadInput("There is no file", where="file", instead="Send it along with the message.")
    return file


def _done_with_leads(arguments: dict[str, Any], given: Given) -> Done:
    """The leads of the file, scored: its rows are what they are known by, not identifiers alone."""
    file = _sent(given.file)
    arguments = arguments | {"workflow_id": given.workflow_id}
    query = checked(replace(tool_named(CATALOGUE, "score_leads"), query=ScoreFile), arguments)
    result = traced("score_leads", given.workspace, query, lambda: score_file(given.workspace, query, file))
    return Done(arguments, result, [], {}, has_read_file=True)


def _done_with_profile(tool: str, arguments: dict[str, Any], given: Given) -> Done:
    """A profile made, copied, shared or looked back on; made of the customers of a file that was sent."""
    called, asked = profile_call(tool, arguments, _sent(given.file) if arguments.get("file") else None)
    asked |= {"workflow_id": given.workflow_id}
    result = call(tool_named(PROFILE_TOOLS, called), given.workspace, asked)
    return Done(arguments, result, [], {}, has_read_file=arguments.get("file") is not None)


def _fitted(tool: str, arguments: dict[str, Any], given: Given) -> dict[str, Any]:
    """The arguments with what only the conversation knows: what is spoken of."""
    state = given.memory.state
    spoken_of = {
        "explain": {
            "analysis_id": state.analysis_id,
            "previous_analysis_id": state.previous_analysis_id,
            "audience_id": given.memory.audience_id,
        },
        "compare_analyses": {"after": state.analysis_id, "before": state.previous_analysis_id},
    }
    if tool in spoken_of:
        return spoken_of[tool] | {name: value for name, value in arguments.items() if value is not None}
    if tool == "keep_audience" and not any(arguments.get(source) for source in SOURCES):
        return arguments | {"audience_id": _audience_meant(given)}
    if tool == "submit_feedback":
        return arguments | {"message": masked(str(arguments.get("message", "")))}
    return arguments


def _audience_meant(given: Given) -> str:
    if given.memory.audience_id is None:
        raise BadInput(
            "There is no audience to keep up to date",
            where="audience_id",
            instead="Build one first, then say it again.",
        )
    return given.memory.audience_id


def _run(tool: str, arguments: dict[str, Any], given: Given, counted: Counted) -> ToolResult:
    declared = tool_named(CATALOGUE, tool)
    if tool == "explain":
        return _explained(checked(declared, arguments), given)
    start = STARTS.get(tool)
    if start is None:
        if tool == "submit_feedback" and given.memory.workflow_id:
            arguments = arguments | {"workflow_id": given.memory.workflow_id}  # it is about what was done
        return call(declared, given.workspace, arguments)
    query = checked(declared, arguments)
    context = RunContext(
        given.workspace,
        given.is_cancelled,
        counted=lambda part, count: counted(part, 1, 1, count),
    )

    def progress(part: str, done: int, of: int) -> None:
        if done < of:  # its end is told with what it counted
            counted(part, done, of, None)

    return traced(tool, given.workspace, query, lambda: start(given.workspace, query, progress, context))


def _explained(query: Explain, given: Given) -> ToolResult:
    """The explanation, with the outcomes that the conversation speaks of beside its analysis."""
    memory = given.memory
    beside = memory.outcome_analysis_id
    return traced(
        "explain",
        given.workspace,
        query,
        lambda: explain_beside(given.workspace, query, beside, first=memory.speaks_of_outcomes),
    )
