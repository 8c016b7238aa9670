"""What is done when a tool is asked for as a job: its workflow, or one call of it?"""

from dataclasses import replace
from typing import Any, TypeAlias

from agent import CATALOGUE
from agent.analyze_customers import ANALYSIS
from agent.analyze_outcomes import OUTCOMES
from agent.generate_audience import AUDIENCE
from agent.requests import RunBriefing
from agent.run_briefing import BRIEFING
from agent.runs.workflow import Workflow
from api.jobs.one_call import OneCall
from store.errors import BadInput, NotFound
from store.workspace import Workspace
from tools.calls import tool_named

Kind: TypeAlias = Workflow[Any, Any] | OneCall


def _shown_first(workspace: Workspace, run_id: str, query: RunBriefing) -> dict[str, Any]:
    """How a briefing begins. Raises BadInput for `send`, as the tool does: nothing is sent yet."""
    if query.send:
        raise BadInput(
            "A briefing cannot be sent yet: sending arrives with schedules",
            where="send",
            instead="Without it the briefing is shown and kept.",
        )
    return BRIEFING.first_state(workspace, run_id, query)


_SHOWN = replace(BRIEFING, first_state=_shown_first)
# Those with steps, each of which is saved; every other tool is one call.
KINDS: dict[str, Workflow[Any, Any]] = {each.tool: each for each in (ANALYSIS, AUDIENCE, OUTCOMES, _SHOWN)}


def kind_named(tool: str) -> Kind:
    """What does the jobs of this tool. Raises NotFound."""
    if tool in KINDS:
        return KINDS[tool]
    try:
        return OneCall(tool_named(CATALOGUE, tool))
    except NotFound:
        raise NotFound(
            "There is no such kind of job",
            where="tool",
            instead="Each tool is one; `GET /v1/tools` lists them.",
        ) from None


def kind_of_run(run_id: str) -> Workflow[Any, Any]:
    """The workflow whose runs have ids like this one. Raises NotFound."""
    for workflow in KINDS.values():
        if run_id.startswith(workflow.prefix):
            return workflow
    begins = " or ".join(f"`{workflow.prefix}`" for workflow in KINDS.values())
    raise NotFound("There is no such run", where="run_id", instead=f"The id of a run begins with {begins}.")
