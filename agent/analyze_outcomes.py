"""The workflow from recorded outcomes to criteria, chances, patterns and measures."""

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from agent.outcome_analysis import OutcomeAnalysis
from agent.requests import AnalyzeOutcomes
from agent.runs.workflow import Workflow
from agent.state import Progress, RunContext, silent
from agent.version import CODE_VERSION
from store.errors import NotFound
from store.outcomes.ledger import ledger_of
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.runs.running import Graph

RUN = "outcomes_"  # how the ids of these runs begin
KEY_DIGITS = 32


def analyze_outcomes(workspace: Workspace, query: AnalyzeOutcomes) -> OutcomeAnalysis:
    """What the outcomes say: criteria, chances, anti-patterns, losses, churn, expansion, emerging segments.

    Models are learned from won and lost, churned and expanded; each is tried on outcomes that it has not
    seen, and published only where it is not worse than the one in use. The same records asked the same give
    the answer that is kept. Parts for which there are too few records say so.
    """
    return start_outcomes(workspace, query)


def start_outcomes(
    workspace: Workspace,
    query: AnalyzeOutcomes,
    progress: Progress = silent,
    context: RunContext | None = None,
) -> OutcomeAnalysis:
    """A new run of the graph, or what an earlier one of the same records found."""
    key = cache_key(workspace, query)
    try:
        kept = workspace.artifacts.document("outcome_answers", key)
        found = OUTCOMES.saved(workspace, kept["run_id"])
        return found.model_copy(update={"from_cache": True, "about": query.about})
    except NotFound:
        found = OUTCOMES.start(workspace, query, progress, context)
    workspace.artifacts.save_document("outcome_answers", key, {"run_id": found.outcome_analysis_id})
    return found


def resume_outcomes(
    workspace: Workspace, run_id: str, progress: Progress = silent, context: RunContext | None = None
) -> OutcomeAnalysis:
    """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
    return OUTCOMES.resume(workspace, run_id, progress, context)


def cache_key(workspace: Workspace, query: AnalyzeOutcomes) -> str:
    """The hash of everything that the answer depends on. Raises NotFound where nothing was recorded."""
    asked = query.model_dump(mode="json", exclude={"workflow_id", "about", "outcomes"})
    day = workspace.now().date().isoformat()  # what is of the last days depends on today
    snapshot = workspace.warehouse.current_id if workspace.warehouse.exists else ""
    inputs = [
        workspace.warehouse.name,
        ledger_of(workspace.warehouse).manifest.data_hash,
        snapshot,
        asked,
        day,
        CODE_VERSION,
    ]
    return hashlib.sha256(orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS)).hexdigest()[:KEY_DIGITS]


def _graph() -> "Graph":
    from agent.learn import learning_graph

    return learning_graph()


def _first_state(workspace: Workspace, run_id: str, query: AnalyzeOutcomes) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "warehouse": workspace.warehouse.name,
        "workflow_id": query.workflow_id or "",
        "query": query.model_dump(mode="json"),
        "data_hash": ledger_of(workspace.warehouse).manifest.data_hash,
        "not_told": {},
    }


OUTCOMES = Workflow(
    tool="analyze_outcomes",
    noun="analysis of outcomes",
    prefix=RUN,
    query=AnalyzeOutcomes,
    graph=_graph,
    first_state=_first_state,
    result=OutcomeAnalysis,
    result_kind="outcome_analysis",
)
