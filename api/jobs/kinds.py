"""Which tools can be asked for as a job?"""

from typing import Any

from agent.analyze_customers import ANALYSIS
from agent.analyze_outcomes import OUTCOMES
from agent.generate_audience import AUDIENCE
from agent.runs.workflow import Workflow
from store.errors import NotFound

KINDS: dict[str, Workflow[Any, Any]] = {each.tool: each for each in (ANALYSIS, AUDIENCE, OUTCOMES)}


def kind_named(tool: str) -> Workflow[Any, Any]:
    """The workflow that is this tool. Raises NotFound with the names there are."""
    if tool not in KINDS:
        raise NotFound(
            "There is no such kind of job", where="tool", instead=f"There are {', '.join(sorted(KINDS))}."
        )
    return KINDS[tool]


def kind_of_run(run_id: str) -> Workflow[Any, Any]:
    """The workflow whose runs have ids like this one. Raises NotFound."""
    for workflow in KINDS.values():
        if run_id.startswith(workflow.prefix):
            return workflow
    begins = " or ".join(f"`{workflow.prefix}`" for workflow in KINDS.values())
    raise NotFound("There is no such run", where="run_id", instead=f"The id of a run begins with {begins}.")
