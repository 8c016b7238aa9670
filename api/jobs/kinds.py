"""What is done when a tool is asked for as a job: its workflow, or one call of it?"""

from typing import Any, TypeAlias

from agent import CATALOGUE
from agent.analyze_customers import ANALYSIS
from agent.analyze_outcomes import OUTCOMES
from agent.generate_audience import AUDIENCE
from agent.run_briefing import BRIEFING
from agent.runs.workflow import Workflow
from api.jobs.one_call import OneCall
from store.errors import NotFound
from tools.calls import tool_named

Kind: TypeAlias = Workflow[Any, Any] | OneCall

# Those with steps, each of which is saved; every other tool is one call.
KINDS: dict[str, Workflow[Any, Any]] = {each.tool: each for each in (ANALYSIS, AUDIENCE, OUTCOMES, BRIEFING)}


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
